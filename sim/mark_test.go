package sim_test

import (
	"context"
	"encoding/binary"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// TestMarkBarrier has a writer whose requests are multicast before they are
// acknowledged, into queues large and small: when a mark comes, all that was
// acknowledged before it was asked for has come or was told as lost.
func TestMarkBarrier(t *testing.T) {
	const writes = 5000
	for _, o := range []netlink.Options{
		{ReceiveBuffer: 16 << 20},
		{ReceiveBuffer: 4096},
		{ReceiveBuffer: 4096, NoENOBUFS: true},
	} {
		k := sim.NewKernel()
		err := k.HandleProtocol(wire.Route, sim.Protocol{UnprivilegedReceive: true, Do: func(r *sim.Request) error {
			err := k.Multicast(wire.Route, 1, r.Message())
			if err == netlink.ESRCH { // every queue is full
				err = nil
			}
			return err
		}})
		if err != nil {
			t.Fatal(err)
		}
		o.Via = k
		s, err := netlink.Subscribe(wire.Route, &o, 1)
		if err != nil {
			t.Fatal(err)
		}
		c, err := netlink.Dial(wire.Route, &netlink.Options{Via: k})
		if err != nil {
			t.Fatal(err)
		}
		var acked atomic.Uint32
		written := make(chan error, 1)
		go func() {
			for i := range uint32(writes) {
				var b wire.Builder
				b.Message(wire.Header{Type: 24})
				b.Raw(binary.NativeEndian.AppendUint32(nil, i+1))
				req, err := b.Bytes()
				if err == nil {
					_, err = c.Do(context.Background(), req, nil)
				}
				if err != nil {
					written <- err
					return
				}
				acked.Store(i + 1)
			}
			written <- nil
		}()
		// seen is the last event; up to covered, loss was told.
		seen, covered, marks, overruns := uint32(0), uint32(0), 0, 0
		for seen < writes {
			for acked.Load() < min(max(seen, covered)+uint32(marks%16), writes) {
				runtime.Gosched() // so that small queues overflow
			}
			least, missing := acked.Load(), uint32(0)
			seq, err := s.Mark()
			if err != nil {
				t.Fatal(err)
			}
			for reached := false; !reached; {
				ev, err := s.Receive(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case ev.Mark != 0 && ev.Mark <= seq:
					reached = ev.Mark == seq
				case ev.Overrun:
					// The mark may be among what was lost.
					overruns++
					covered = acked.Load() + 1
					if seq, err = s.Mark(); err != nil {
						t.Fatal(err)
					}
				default:
					n := binary.NativeEndian.Uint32(ev.Message.Data())
					if n <= seen {
						t.Fatalf("event %d after %d", n, seen)
					}
					if n > seen+1 && n-1 > covered {
						missing = n
					}
					seen = n
				}
			}
			marks++
			if max(seen, covered) < least || missing > covered+1 {
				t.Fatalf("mark %d after event %d, but %d was acknowledged before, event %d came behind a gap, and loss was told up to %d", seq, seen, least, missing, covered)
			}
			if least == writes {
				break
			}
		}
		if err := <-written; err != nil {
			t.Fatal(err)
		}
		if marks == 0 || overruns > 0 == (o.ReceiveBuffer > 1<<20) {
			t.Errorf("%+v: %d marks, %d overruns", o, marks, overruns)
		}
		t.Logf("%d marks, %d overruns", marks, overruns)
		s.Close()
		c.Close()
		k.Close()
	}
}

// TestMarkUnprivileged: those who may do nothing are answered as well.
func TestMarkUnprivileged(t *testing.T) {
	k := sim.NewKernel()
	defer k.Close()
	s, err := netlink.Subscribe(wire.Generic, &netlink.Options{Via: k.Unprivileged()})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	seq, err := s.Mark()
	if err != nil {
		t.Fatal(err)
	}
	if ev, ok, err := s.TryReceive(); err != nil || !ok || ev.Mark != seq {
		t.Errorf("%+v, %v, %v, want mark %d", ev, ok, err, seq)
	}
}
