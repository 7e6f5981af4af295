package netlink

import (
	"errors"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
)

// TestLiveDumpBits: rtnetlink takes either bit of wire.Dump for a dump, as its
// getlink tells: without one it wants to know which link.
func TestLiveDumpBits(t *testing.T) {
	c := dialTest(t, inNew(t))
	ask := func(flags wire.Flags) (rows int, multi bool, err error) {
		req := build(t, rtmGetLink, flags, func(b *wire.Builder) { b.Raw(ifinfo(0, 0, 0)) })
		_, err = c.Do(patience(t), req, func(m wire.Message) error {
			rows++
			multi = m.Flags()&wire.Multi != 0
			return nil
		})
		return rows, multi, err
	}
	if rows, _, err := ask(0); !errors.Is(err, EINVAL) || rows != 0 {
		t.Errorf("no bit: %d rows, %v; want EINVAL", rows, err)
	}
	for _, flags := range []wire.Flags{wire.Root, wire.Match, wire.Dump} {
		if rows, multi, err := ask(flags); err != nil || rows == 0 || !multi {
			t.Errorf("%v: %d rows, multi %v, %v; want a table", flags, rows, multi, err)
		}
	}
}

// TestLiveNoDump asks nf_tables for a dump of what it has no table of, its
// generation: it answers once and sends no NLMSG_DONE. The ACK that a dump asks
// for ends it.
func TestLiveNoDump(t *testing.T) {
	const getGen = 10<<8 | 16 // NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN
	o := inNew(t)
	c, err := Dial(wire.Netfilter, o)
	if err != nil {
		testenv.Missing(t, "nftables", err.Error())
	}
	defer c.Close()
	rows := 0
	for _, err := range c.Dump(patience(t), build(t, getGen, 0, func(b *wire.Builder) { b.Raw(make([]byte, 4)) })) { // struct nfgenmsg
		if errors.Is(err, EINVAL) {
			testenv.Missing(t, "nftables", err.Error()) // no such subsystem
		}
		if err != nil {
			t.Fatal(err)
		}
		rows++
	}
	if rows != 1 {
		t.Errorf("%d answers, want 1", rows)
	}
}
