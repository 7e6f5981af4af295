package sim

import (
	"bytes"
	"errors"
	"iter"
	"os"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// table is a dump of n entries with a u32 and size bytes each.
func table(n, size int) Dumper {
	return func(*Request) iter.Seq2[Entry, error] {
		return func(yield func(Entry, error) bool) {
			for i := range n {
				if !yield(func(b *wire.Builder) { b.Uint32(1, uint32(i)); b.Attr(2, make([]byte, size)) }, nil) {
					return
				}
			}
		}
	}
}

// dumps registers a family with a dump as op 1.
func dumps(t *testing.T, k *Kernel, d Dumper, o DumpOptions) uint16 {
	t.Helper()
	fam, err := k.Register(Family{Name: "dumps", Ops: []Op{{Cmd: 1, Dump: d, DumpOptions: o}}})
	if err != nil {
		t.Fatal(err)
	}
	return fam.ID()
}

// readDump reads with buffers of the given sizes, the last one repeated, until
// NLMSG_DONE, and returns the messages and the datagrams' lengths.
func readDump(t *testing.T, s netlink.Transport, sizes ...int) (messages []wire.Message, lengths []int) {
	t.Helper()
	for i := 0; ; i++ {
		buf := make([]byte, sizes[min(i, len(sizes)-1)])
		d, err := s.Receive(buf, false)
		if err != nil {
			t.Fatalf("after %d datagrams: %v", i, err)
		}
		lengths = append(lengths, d.Len)
		for m, err := range wire.Messages(buf[:d.N]) {
			if err != nil {
				t.Fatal(err)
			}
			messages = append(messages, m)
			if m.Type() == wire.TypeDone {
				return messages, lengths
			}
		}
	}
}

const dumpFlags = wire.Request | wire.Dump

func TestDumpPacing(t *testing.T) {
	k := newKernel(t)
	const n = 5000
	id := dumps(t, k, table(n, 100), DumpOptions{})
	s := open(t, k, wire.Generic, nil)
	send(t, s, genl(t, id, dumpFlags|wire.Ack, 1, nil))
	if m, _ := s.MemInfo(); m.Queued != 4352 {
		t.Errorf("%d bytes queued before the first read, want one datagram in a page", m.Queued)
	}
	messages, lengths := readDump(t, s, 32<<10)
	if lengths[0] > goodSize || lengths[1] <= goodSize || lengths[1] > maxDump {
		t.Errorf("datagrams of %v bytes", lengths)
	}
	if len(messages) != n+1 {
		t.Fatalf("%d messages, want %d and the end", len(messages), n)
	}
	for i, m := range messages[:n] {
		if m.Flags() != wire.Multi || !bytes.Equal(m.Data()[8:12], wireU32(uint32(i))) {
			t.Fatalf("message %d: % x", i, []byte(m))
		}
	}
	if m := messages[n]; m.Flags() != wire.Multi || !bytes.Equal(m.Data(), make([]byte, 4)) {
		t.Errorf("end % x", []byte(m))
	}
	if all := drain(t, s); len(all) != 0 {
		t.Errorf("%d datagrams after the end: a dump is not acknowledged", len(all))
	}
}

func TestDumpEnds(t *testing.T) {
	failing := func(after int) Dumper {
		return func(r *Request) iter.Seq2[Entry, error] {
			return func(yield func(Entry, error) bool) {
				for i := range after {
					if !yield(func(b *wire.Builder) { b.Uint32(1, uint32(i)) }, nil) {
						return
					}
				}
				r.SetText("no more")
				yield(nil, netlink.EIO)
			}
		}
	}
	tests := []struct {
		name    string
		d       Dumper
		o       DumpOptions
		entries int
		lengths []int
		errno   netlink.Errno
		text    string
	}{
		{"empty", table(0, 0), DumpOptions{}, 0, []int{20}, 0, ""},
		{"empty, joined", table(0, 0), DumpOptions{DoneWithData: true}, 0, []int{20}, 0, ""},
		{"alone", table(1, 0), DumpOptions{}, 1, []int{32, 20}, 0, ""},
		{"joined", table(1, 0), DumpOptions{DoneWithData: true}, 1, []int{52}, 0, ""},
		{"joined, no room", table(1, 3776-20-8-4-16), DumpOptions{DoneWithData: true}, 1, []int{3760, 20}, 0, ""},
		{"joined, just room", table(1, 3776-20-8-4-20), DumpOptions{DoneWithData: true}, 1, []int{3776}, 0, ""},
		{"fails at once", failing(0), DumpOptions{}, 0, []int{32}, netlink.EIO, "no more"},
		{"fails later", failing(2), DumpOptions{}, 2, []int{56, 32}, netlink.EIO, "no more"},
		{"fails later, joined", failing(2), DumpOptions{DoneWithData: true}, 2, []int{88}, netlink.EIO, "no more"},
		{"entry too large", table(1, 4000), DumpOptions{}, 0, []int{20}, netlink.EMSGSIZE, ""},
		{"entry large, room asked for", table(1, 4000), DumpOptions{MinSize: 8000}, 1, []int{4032, 20}, 0, ""},
		{"entry too large for an attribute", table(1, 70000), DumpOptions{MinSize: 1 << 20}, 0, []int{20}, netlink.EMSGSIZE, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := newKernel(t)
			id := dumps(t, k, tt.d, tt.o)
			s := open(t, k, wire.Generic, nil)
			send(t, s, genl(t, id, dumpFlags, 1, nil))
			messages, lengths := readDump(t, s, 5000)
			if len(messages) != tt.entries+1 {
				t.Errorf("%d entries, want %d", len(messages)-1, tt.entries)
			}
			if !slices.Equal(lengths, tt.lengths) {
				t.Errorf("datagrams of %v bytes, want %v", lengths, tt.lengths)
			}
			errno, tlvs := ackOf(t, messages[len(messages)-1])
			if errno != tt.errno || tlvs[wire.AckMessage].Text() != tt.text {
				t.Errorf("end %v %q, want %v %q", errno.Name(), tlvs[wire.AckMessage].Text(), tt.errno.Name(), tt.text)
			}
			if messages[len(messages)-1].Flags().Has(wire.AckTLVs) != (tt.text != "") {
				t.Errorf("flags %v", messages[len(messages)-1].Flags())
			}
		})
	}
}

func TestDumpStart(t *testing.T) {
	k := newKernel(t)
	id := dumps(t, k, table(1, 0), DumpOptions{Start: func(r *Request) error {
		r.SetText("not today")
		return netlink.EAGAIN
	}})
	s := open(t, k, wire.Generic, nil)
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	b := wire.Message(receive(t, s))
	if errno, tlvs := ackOf(t, b); b.Type() != wire.TypeError || errno != netlink.EAGAIN || tlvs[wire.AckMessage].Text() != "not today" {
		t.Errorf("got % x, want NLMSG_ERROR with EAGAIN and a text", []byte(b))
	}
	// No dump is left under way.
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	if errno, _ := ackOf(t, receive(t, s)); errno != netlink.EAGAIN {
		t.Errorf("the second time: %v, want EAGAIN again", errno.Name())
	}
}

func TestDumpInterrupted(t *testing.T) {
	k := newKernel(t)
	generation := uint32(1)
	id := dumps(t, k, table(300, 100), DumpOptions{Generation: func() uint32 { return generation }})
	s := open(t, k, wire.Generic, nil)
	marked := func() (n int) {
		messages, _ := readDump(t, s, 4096)
		for _, m := range messages {
			if m.Flags().Has(wire.DumpInterrupted) {
				n++
			}
		}
		return n
	}
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	if n := marked(); n != 0 {
		t.Errorf("%d messages marked, nothing changed", n)
	}
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	generation++
	if n := marked(); n != 1 {
		t.Errorf("%d messages marked, want the first after the change", n)
	}
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	if n := marked(); n != 0 {
		t.Errorf("%d messages of the next dump marked", n)
	}
}

func TestDumpReleased(t *testing.T) {
	k := newKernel(t)
	released := 0
	id := dumps(t, k, func(r *Request) iter.Seq2[Entry, error] {
		return func(yield func(Entry, error) bool) {
			defer func() { released++ }()
			table(1000, 100)(r)(yield)
		}
	}, DumpOptions{})
	s := open(t, k, wire.Generic, nil)
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	receive(t, s)
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	s.Close()
	if released != 1 {
		t.Errorf("closed in the middle: released %d times, want 1", released)
	}
	s = open(t, k, wire.Generic, nil)
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	readDump(t, s, 32<<10)
	if released != 2 {
		t.Errorf("read to the end: released %d times, want 2", released)
	}
	if err := s.Close(); err != nil || released != 2 {
		t.Errorf("closed after the end: %v, released %d times, want 2", err, released)
	}
	k2 := NewKernel()
	id = dumps(t, k2, func(r *Request) iter.Seq2[Entry, error] {
		return func(yield func(Entry, error) bool) {
			defer func() { released++ }()
			table(1000, 100)(r)(yield)
		}
	}, DumpOptions{})
	s = open(t, k2, wire.Generic, nil)
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	k2.Close()
	if _, err := s.Receive(nil, false); !errors.Is(err, os.ErrClosed) || released != 3 {
		t.Errorf("kernel closed: %v, released %d times, want 3", err, released)
	}
}

// TestDumpFullQueue: a dump cannot begin on a full queue, and goes on once it is
// read.
func TestDumpFullQueue(t *testing.T) {
	k := newKernel(t)
	id := dumps(t, k, table(3, 0), DumpOptions{})
	s := open(t, k, wire.Generic, &netlink.Options{ReceiveBuffer: 1664 / 2})
	if err := k.Unicast(wire.Generic, s.Port(), make([]byte, 700)); err != nil {
		t.Fatal(err)
	}
	// 1280 bytes of 2304: a dump's datagram is queued beyond the limit.
	send(t, s, genl(t, id, dumpFlags, 1, nil))
	if m, _ := s.MemInfo(); m.Queued != 1280+4352 {
		t.Errorf("%d bytes queued, want %d", m.Queued, 1280+4352)
	}
	s2 := open(t, k, wire.Generic, &netlink.Options{ReceiveBuffer: 1})
	if err := k.Unicast(wire.Generic, s2.Port(), make([]byte, 5000)); err != nil {
		t.Fatal(err)
	}
	send(t, s2, genl(t, id, dumpFlags, 1, nil)) // refused, and so is the answer
	if _, err := s2.Receive(make([]byte, 5000), false); !errors.Is(err, netlink.ENOBUFS) {
		t.Errorf("%v, want ENOBUFS", err)
	}
	if d, err := s2.Receive(make([]byte, 5000), false); err != nil || d.Len != 5000 {
		t.Errorf("got %+v, %v, want the datagram of 5000 bytes", d, err)
	}
	messages, _ := readDump(t, s2, 5000)
	if len(messages) != 4 {
		t.Errorf("%d messages, want the dump's three and the end", len(messages))
	}
}

// TestDumpSeesCopy: the request of a dump outlives the sender's bytes.
func TestDumpSeesCopy(t *testing.T) {
	k := newKernel(t)
	fam, err := k.Register(Family{Name: "echo", Policy: Policy{1: {Kind: NulString}}, Ops: []Op{{Cmd: 1, Dump: func(r *Request) iter.Seq2[Entry, error] {
		return func(yield func(Entry, error) bool) {
			r.MarkFiltered()
			for range 100 {
				a, _ := r.Attr(1)
				if !yield(func(b *wire.Builder) { b.Attr(1, append(a.Data(), make([]byte, 100)...)) }, nil) {
					return
				}
			}
		}
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k, wire.Generic, nil)
	req := genl(t, fam.ID(), dumpFlags, 1, func(b *wire.Builder) { b.Text(1, "mine") })
	send(t, s, req)
	clear(req)
	messages, _ := readDump(t, s, 4096)
	for _, m := range messages[:100] {
		if a, ok := wire.FindAttr(m.Data()[4:], 1); !ok || a.Text() != "mine" {
			t.Fatalf("entry %q", a.Text())
		}
	}
	for _, m := range messages {
		if m.Flags() != wire.Multi|wire.DumpFiltered {
			t.Errorf("flags %v, want MULTI|DUMP_FILTERED", m.Flags())
		}
	}
}

func BenchmarkDump(b *testing.B) {
	k := newKernel(b)
	fam, err := k.Register(Family{Name: "dumps", Ops: []Op{{Cmd: 1, Dump: table(10000, 40)}}})
	if err != nil {
		b.Fatal(err)
	}
	s := open(b, k, wire.Generic, nil)
	req := genl(b, fam.ID(), dumpFlags, 1, nil)
	buf := make([]byte, 32<<10)
	b.ReportAllocs()
	for b.Loop() {
		send(b, s, req)
		for {
			d, err := s.Receive(buf, false)
			if err != nil {
				b.Fatal(err)
			}
			if wire.Message(buf[:d.N]).Type() == wire.TypeDone {
				break
			}
		}
	}
}
