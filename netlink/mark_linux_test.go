package netlink

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
)

// TestLiveMarkBarrier: the acknowledgement of the kernel (net/netlink/af_netlink.c,
// netlink_rcv_skb) is queued behind the events of all that was done before.
func TestLiveMarkBarrier(t *testing.T) {
	const rounds = 1000
	for _, c := range []struct {
		name     string
		protocol wire.Protocol
		group    uint32
		write    func(t *testing.T, o *Options) func(round uint32) (events int)
	}{
		{"route", wire.Route, groupRoute, func(t *testing.T, o *Options) func(uint32) int {
			c := dialTest(t, o)
			return func(round uint32) int {
				n := 1 + round%20
				addRoutes(t, c, round*20, round*20+n)
				return int(n)
			}
		}},
		{"netfilter", wire.Netfilter, nfGroupTables, func(t *testing.T, o *Options) func(uint32) int {
			w := openTest(t, wire.Netfilter, o)
			return func(uint32) int {
				nfTable(t, w, nfNewTable)
				nfTable(t, w, nfDelTable)
				return 4 // each with the event of a new generation
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := inNew(t)
			write := c.write(t, o)
			s, err := Subscribe(c.protocol, o, c.group)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			ctx := patience(t)
			for round := range uint32(rounds) {
				want := write(round)
				seq := mark(t, s)
				for got := 0; ; got++ {
					ev, err := s.Receive(ctx)
					if err != nil || ev.Overrun {
						t.Fatal(ev, err)
					}
					if ev.Mark == 0 {
						continue
					}
					if ev.Mark != seq || got != want {
						t.Fatalf("round %d: mark %d after %d events, want mark %d after %d", round, ev.Mark, got, seq, want)
					}
					break
				}
			}
		})
	}
}

// TestLiveMarkRace has a writer at work all the time: before a mark come the events
// of all that was acknowledged before it was asked for.
func TestLiveMarkRace(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	s := subscribeTest(t, with(o, func(o *Options) { o.ReceiveBuffer = 8 << 20 }), groupRoute)
	const n = 10_000
	var acked atomic.Uint32
	written := make(chan error, 1)
	go func() {
		for i := range uint32(n) {
			if _, err := c.Do(context.Background(), addRoute(t, i), nil); err != nil {
				written <- err
				return
			}
			acked.Store(i + 1)
		}
		written <- nil
	}()
	got, rounds := uint32(0), 0
	ctx := patience(t)
	for got < n {
		least := acked.Load()
		seq := mark(t, s)
		for {
			ev, err := s.Receive(ctx)
			if err != nil || ev.Overrun {
				t.Fatalf("%+v, %v after %d events", ev, err, got)
			}
			if ev.Mark == seq {
				break
			}
			got++
		}
		if got < least {
			t.Fatalf("mark %d after %d events, but %d routes were there before", seq, got, least)
		}
		rounds++
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	t.Logf("%d marks", rounds)
}

// TestLiveMarkLost fills a queue: a mark that it does not take is followed by an
// Overrun (netlink_attachskb drops and reports what a kernel's socket sends), one
// that it takes comes before the loss.
func TestLiveMarkLost(t *testing.T) {
	for _, silent := range []bool{false, true} {
		o := inNew(t)
		c := dialTest(t, o)
		s := subscribeTest(t, with(o, func(o *Options) { o.ReceiveBuffer, o.NoENOBUFS = 1, silent }), groupRoute)
		lost, came := 0, 0
		for round := range uint32(300) {
			n := round % 6
			addRoutes(t, c, round*6, round*6+n)
			seq := mark(t, s)
			got, told := 0, uint64(0)
			for mark := uint32(0); mark == 0 && told == 0; {
				ev, err := s.Receive(patience(t))
				switch {
				case err != nil:
					t.Fatal(err)
				case ev.Overrun:
					told = ev.Lost
				case ev.Mark != 0:
					mark = ev.Mark
				default:
					got++
				}
				if mark != 0 && (mark != seq || got != int(n)) {
					t.Fatalf("round %d: mark %d after %d events, want %d after %d", round, mark, got, seq, n)
				}
			}
			if told == 0 {
				came++
				continue
			}
			lost++
			if got+int(told) < int(n) || got+int(told) > int(n)+1 {
				t.Errorf("silent %v, round %d: %d events and %d lost, want %d and perhaps the mark", silent, round, got, told, n)
			}
			// The stream is whole again; if the queue had room for the mark alone it
			// stands behind the loss.
			for {
				ev, ok, err := s.TryReceive()
				if err != nil || ok && (ev.Overrun || ev.Mark != seq) {
					t.Fatal(ev, err)
				}
				if !ok {
					break
				}
			}
		}
		if lost < 50 || came < 50 {
			t.Errorf("silent %v: %d marks lost, %d came: want many of both", silent, lost, came)
		}
	}
}

// TestLiveMarkPermission: netfilter (nfnetlink_rcv) refuses whatever those without
// CAP_NET_ADMIN send, and its refusal is as good a mark.
func TestLiveMarkPermission(t *testing.T) {
	testenv.NeedRoot(t)
	o := inNew(t)
	refusals := 0
	s, err := Subscribe(wire.Netfilter, with(o, func(o *Options) {
		o.Tap = func(d Direction, b []byte) {
			if _, err := ParseAck(b, nil); d == Received && errors.Is(err, EPERM) {
				refusals++
			}
		}
	}), nfGroupTables)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	nfTable(t, openTest(t, wire.Netfilter, o), nfNewTable)
	withoutRights(t, func() { mark(t, s) })
	if got := stream(t, s); len(got) != 4 || got[2:] != "#1" || refusals != 1 {
		t.Errorf("%q, %d refusals, want two events and the mark", got, refusals)
	}
}

// TestLiveMarkNoKernel: a protocol that only processes speak.
func TestLiveMarkNoKernel(t *testing.T) {
	s, err := Subscribe(wire.UserSock, inNew(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Mark(); !errors.Is(err, ECONNREFUSED) {
		t.Errorf("%v, want ECONNREFUSED", err)
	}
}

// TestLiveMarkFilter: a filter is asked about marks too.
func TestLiveMarkFilter(t *testing.T) {
	s := subscribeTest(t, with(inNew(t), func(o *Options) { o.Filter = []BPFInstruction{{Op: 6}} }))
	mark(t, s)
	if got := stream(t, s); got != "" {
		t.Errorf("%q, want nothing: the filter drops all", got)
	}
}

func TestLiveMarkAllocs(t *testing.T) {
	s := subscribeTest(t, inNew(t), groupRoute)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if n := testing.AllocsPerRun(1000, func() {
		seq, _ := s.Mark()
		if ev, err := s.Receive(ctx); err != nil || ev.Mark != seq {
			t.Fatal(ev, err)
		}
	}); n > 0.1 {
		t.Errorf("%v allocations per mark", n)
	}
}

func BenchmarkLiveMark(b *testing.B) {
	s := subscribeTest(b, inNew(b), groupRoute)
	for b.Loop() {
		mark(b, s)
		if ev, ok, err := s.TryReceive(); err != nil || !ok || ev.Mark == 0 {
			b.Fatal(ev, ok, err)
		}
	}
}

// withoutRights runs f on a thread without effective capabilities.
func withoutRights(t *testing.T, f func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var had [2]unix.CapUserData
	if err := unix.Capget(&head, &had[0]); err != nil {
		t.Fatal(err)
	}
	none := had
	none[0].Effective, none[1].Effective = 0, 0
	if err := unix.Capset(&head, &none[0]); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := unix.Capset(&head, &had[0]); err != nil {
			t.Error(err)
			runtime.LockOSThread() // the thread ends with the goroutine
		}
	}()
	f()
}

// Numbers of nf_tables that the tests use.
const (
	nfTables      = 10
	nfNewTable    = nfTables << 8
	nfDelTable    = nfTables<<8 | 2
	nfBatchBegin  = 16
	nfBatchEnd    = 17
	nfGroupTables = 7
)

// nfTable adds or deletes a table of nf_tables, in a batch as it wants it.
func nfTable(t *testing.T, w Transport, typ wire.Type) {
	t.Helper()
	var b wire.Builder
	for _, m := range []wire.Type{nfBatchBegin, typ, nfBatchEnd} {
		h := wire.Header{Type: m, Flags: wire.Request}
		if m == typ {
			h.Flags |= wire.Ack
		}
		b.Message(h)
		b.Raw([]byte{2, 0, 0, nfTables})
		if m == typ {
			b.Text(1, "t")
		}
	}
	req, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Send(req, Address{}); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	d, err := w.Receive(buf, true)
	if err != nil {
		t.Fatal(err)
	}
	switch _, err := ParseAck(wire.Message(buf[:d.N]), nil); {
	case errors.Is(err, EOPNOTSUPP), errors.Is(err, EINVAL):
		testenv.Missing(t, "nftables", "this kernel has no nf_tables: "+err.Error())
	case err != nil:
		t.Fatal(err)
	}
}
