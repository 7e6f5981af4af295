package nl_test

import (
	"context"
	"encoding/binary"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

func soon(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

func dial(t testing.TB, p wire.Protocol, o *netlink.Options) *nl.Conn {
	t.Helper()
	c, err := nl.Dial(p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// crates is a simulated kernel with the generic family.
type crates struct {
	*sim.Kernel
	reg *sim.Registered

	mu         sync.Mutex
	generation uint32 // of the table
	changes    int    // how many datagrams to come see the table changed
}

func (k *crates) dial(t testing.TB) *nl.Conn {
	return dial(t, wire.Generic, &netlink.Options{Via: k.Kernel})
}

func (k *crates) register(t testing.TB) {
	t.Helper()
	k.registerWithHeader(t, 4)
}

func (k *crates) registerWithHeader(t testing.TB, n int) {
	t.Helper()
	policy := sim.Policy{
		1: {Kind: sim.NulString, Len: 15}, 2: {Kind: sim.U32},
		3: {Kind: sim.Nested, Nested: sim.Policy{1: {Kind: sim.U32}}}, 4: {Kind: sim.Binary},
	}
	var err error
	k.reg, err = k.Register(sim.Family{
		Name: "crate", Version: 1, HeaderLen: n, Policy: policy, ReservedFrom: 200,
		Ops: []sim.Op{
			{Cmd: 1, Do: k.get, Dump: k.dump, DumpOptions: sim.DumpOptions{Generation: k.now}},
			{Cmd: 2, Do: k.set},
		},
		Groups: []sim.Group{{Name: "changes"}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func newCrates(t testing.TB) *crates {
	t.Helper()
	k := &crates{Kernel: sim.NewKernel()}
	t.Cleanup(func() { k.Close() })
	k.register(t)
	return k
}

func entry(shelf uint32, label string) sim.Entry {
	return func(b *wire.Builder) {
		b.Raw(u32(shelf))
		b.Text(1, label)
		b.Uint32(2, uint32(len(label)))
		n := b.Nest(3)
		b.Uint32(1, 5)
		b.End(n)
		b.Attr(4, []byte{1, 2, 3})
		b.Uint8(60, 9)
	}
}

// get answers with the label asked for; "none" with an acknowledgement alone,
// "two" with two replies.
func (k *crates) get(r *sim.Request) error {
	a, ok := r.Attr(1)
	if !ok {
		r.SetMissing(1, nil)
		return netlink.EINVAL
	}
	shelf := binary.NativeEndian.Uint32(r.UserHeader())
	switch a.Text() {
	case "none":
		return nil
	case "gone":
		return netlink.ENOENT
	case "two":
		if err := r.Reply(entry(shelf, "two")); err != nil {
			return err
		}
	}
	return r.Reply(entry(shelf, a.Text()))
}

// set echoes what it was asked if that is wanted, and warns of "odd".
func (k *crates) set(r *sim.Request) error {
	a, _ := r.Attr(1)
	if a.Text() == "odd" {
		r.SetText("an odd label")
	}
	if r.Header().Flags.Has(wire.Echo) {
		if err := r.ReplyCommand(4, 0, entry(1, a.Text())); err != nil {
			return err
		}
		return r.ReplyCommand(99, 0, entry(2, a.Text()))
	}
	return nil
}

func (k *crates) now() uint32 {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.changes > 0 {
		k.changes--
		k.generation++
	}
	return k.generation + 1
}

var dumped = func() []string {
	list := []string{"a", "bb", "ccc"}
	for i := range 600 {
		list = append(list, "crate-"+string(rune('a'+i%26)))
	}
	return list
}()

func (k *crates) dump(*sim.Request) iter.Seq2[sim.Entry, error] {
	return func(yield func(sim.Entry, error) bool) {
		for _, l := range dumped {
			if !yield(entry(7, l), nil) {
				return
			}
		}
	}
}

// batchKernel is a simulated kernel with the raw family. As netfilter does, it
// answers nothing behind a request that failed but that, and acknowledges begin
// and end only if modern. Requests that want no acknowledgement have none.
func batchKernel(t testing.TB, modern bool) *sim.Kernel {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	err := k.HandleProtocol(wire.Netfilter, sim.Protocol{Groups: 64, Datagram: func(from uint32, datagram []byte) {
		for _, m := range answers(slices.Clone(datagram), modern) {
			// The socket may have been closed meanwhile.
			if err := k.Unicast(wire.Netfilter, from, m); err != nil && err != netlink.ECONNREFUSED && err != netlink.EAGAIN {
				t.Errorf("unicast: %v", err)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func answers(datagram []byte, modern bool) (out [][]byte) {
	failed := false
	for m := range wire.Messages(datagram) {
		mark := m.Type() < 0x20
		errno := int32(0)
		a, _ := wire.FindAttr(m.Data()[4:], 1)
		switch a.Text() {
		case "bad":
			errno = -int32(netlink.EEXIST)
			failed = true
		case "denied":
			return [][]byte{build(wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: m.Seq()}, errnoOf(-int32(netlink.EPERM), m))}
		case "silence":
			continue
		}
		if m.Type() == 0x20 && errno == 0 && m.Flags().Has(wire.Echo) {
			out = append(out, build(wire.Header{Type: 0x24, Seq: m.Seq()}, m.Data()))
		}
		if m.Type() == 0x20 && errno == 0 {
			out = append(out, build(wire.Header{Type: 0x21, Seq: m.Seq()}, m.Data()))
		}
		if errno != 0 || m.Flags().Has(wire.Ack) && (!mark || modern && !failed) {
			out = append(out, build(wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: m.Seq()}, errnoOf(errno, m)))
		}
	}
	return out
}

func errnoOf(errno int32, m wire.Message) []byte {
	return append(u32(uint32(errno)), m[:wire.HeaderLen]...)
}

func build(h wire.Header, payload []byte) []byte {
	var b wire.Builder
	b.Message(h)
	b.Raw(payload)
	out, err := b.Bytes()
	if err != nil {
		panic(err) // no such message is made here
	}
	return out
}
