package netlink

import (
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// TestLiveBurst: datagrams that are read many at a time are those that were sent, in
// order and of any size, each with its sender and group; what is too large is told in
// its place.
func TestLiveBurst(t *testing.T) {
	o := with(inNew(t), func(o *Options) { o.ReceiveBuffer = 8 << 20 })
	from := openTest(t, wire.UserSock, with(o, func(o *Options) { o.SendBuffer = 1 << 20 }))
	s, err := Subscribe(wire.UserSock, with(o, func(o *Options) { o.Peer = from.Port() }), 5)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const large = 500 // the one that is larger than the buffer
	sizes := []int{0, 1, 30, 1000, bufferSize - wire.HeaderLen}
	send := func(i int) {
		payload := make([]byte, sizes[i%len(sizes)])
		if i == large {
			payload = make([]byte, 2*bufferSize)
		}
		for k := range payload {
			payload[k] = byte(i + k)
		}
		to := Address{Group: 5}
		if i%3 == 0 {
			to = Address{Port: s.Port()}
		}
		if err := from.Send(message(20, 0, uint32(i), payload), to); err != nil && err != ECONNREFUSED {
			t.Fatal(err)
		}
	}
	for round := range 2 {
		bursts := 0
		for i := range 1000 {
			if i%50 == 0 { // as many as there is room for
				for k := range 50 {
					send(i + k)
				}
			}
			ev, ok, err := s.TryReceive()
			if s.burst.n > 1 && s.burst.at == 1 {
				bursts++
			}
			switch {
			case err != nil || !ok:
				t.Fatalf("message %d: %v", i, err)
			case i == large && round == 0:
				if !ev.Overrun || ev.Lost != 1 {
					t.Fatalf("message %d, which is too large: %+v", i, ev)
				}
				continue
			}
			m := ev.Message
			if m.Seq() != uint32(i) || ev.From != from.Port() || (ev.Group == 5) != (i%3 != 0) {
				t.Fatalf("message %d: %v %d, %d from %d", i, m.Seq(), len(m), ev.Group, ev.From)
			}
			for k, b := range m[wire.HeaderLen:] {
				if b != byte(i+k) {
					t.Fatalf("message %d: byte %d is %d", i, k, b)
				}
			}
		}
		if ev, ok, err := s.TryReceive(); ok || err != nil {
			t.Fatalf("behind all: %+v, %v", ev, err)
		}
		// After one that was too large the buffer is larger, and bursts end.
		if (bursts > 0) != (round == 0) {
			t.Errorf("round %d: %d bursts", round, bursts)
		}
	}
}

// TestLiveBurstNamespaces: the namespace of each of many events is told.
func TestLiveBurstNamespaces(t *testing.T) {
	const id = 57
	here, there := inNew(t), inNew(t)
	do(t, dialTest(t, here), build(t, rtmNewNSID, 0, func(b *wire.Builder) {
		b.Raw(make([]byte, 4))
		b.Int32(1, id)
		b.Uint32(3, uint32(there.Namespace.fd-1))
	}))
	s := subscribeTest(t, with(here, func(o *Options) { o.ListenAllNSID, o.ReceiveBuffer = true, 4<<20 }), groupRoute)
	a, b := dialTest(t, here), dialTest(t, there)
	for i := uint32(0); i < 500; i += 10 {
		addRoutes(t, a, i, i+10)
		addRoutes(t, b, i, i+10)
	}
	for i := range uint32(1000) {
		ev, ok, err := s.TryReceive()
		if err != nil || !ok {
			t.Fatalf("event %d: %v", i, err)
		}
		n, other := i/20*10+i%10, i/10%2 == 1
		if routeNumber(ev.Message) != n || ev.HasNSID != other || other && ev.NSID != id {
			t.Fatalf("event %d: route %d of %d (%v), want %d", i, routeNumber(ev.Message), ev.NSID, ev.HasNSID, n)
		}
	}
}

// TestLiveBurstLoss: of a queue that has overflowed everything that was in it is told,
// then the loss, with its number.
func TestLiveBurstLoss(t *testing.T) {
	o := inNew(t)
	s := subscribeTest(t, with(o, func(o *Options) { o.ReceiveBuffer = 64 << 10 }), groupRoute)
	c := dialTest(t, o)
	next := uint32(0)
	for round := range 20 {
		// As few as fit first, so that it is read in bursts, then too many.
		for _, n := range []uint32{64, 64, 1000} {
			first := next
			addRoutes(t, c, first, first+n)
			next += n
			got, lost := uint32(0), uint64(0)
			for got+uint32(lost) < n {
				ev, ok, err := s.TryReceive()
				switch {
				case err != nil || !ok:
					t.Fatalf("round %d: %d and %d lost of %d: %v", round, got, lost, n, err)
				case ev.Overrun:
					lost += ev.Lost
				case lost > 0 || routeNumber(ev.Message) != first+got:
					t.Fatalf("round %d: route %d, %d lost before it, want %d", round, routeNumber(ev.Message), lost, first+got)
				default:
					got++
				}
			}
			if (lost > 0) != (n == 1000) {
				t.Fatalf("round %d: %d lost of %d", round, lost, n)
			}
		}
	}
	if s.burst.buf == nil {
		t.Error("there was no burst")
	}
}
