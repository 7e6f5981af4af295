package netlink

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

func FuzzParseAck(f *testing.F) {
	req := request(18, u32(0), attr(3, 'e', 't', 'h', '0', 0))
	policy := encodePolicy(f, policies[1].p)
	for _, m := range [][]byte{
		ack(1), nack(1, ENODEV), nack(1, EINVAL, text("no"), attr(wire.AckOffset, u32(20)...)), done(1, 0), done(1, EIO, text("late")),
		nack(1, ERANGE, attr(wire.AckPolicy, policy...), attr(wire.AckCookie, 1, 2), attr(wire.AckMissingType, u32(7)...), attr(wire.AckMissingNest, u32(20)...)),
		message(wire.TypeError, 0, 1, u32(1), req), message(wire.TypeError, wire.AckTLVs, 1), {},
	} {
		f.Add(m, req)
	}
	f.Fuzz(func(t *testing.T, m, req []byte) {
		a, err := ParseAck(m, req)
		var e *Error
		switch {
		case err == nil:
		case !a.IsZero():
			t.Errorf("an ACK %+v beside the error %v", a, err)
		case errors.As(err, &e):
			if e.Errno == 0 || e.Error() == "" {
				t.Errorf("error %#v", e)
			}
			if e.Value != nil && (!e.HasOffset || len(e.Value) > len(req)-e.Offset || len(e.Value) < wire.AttrHeaderLen) {
				t.Errorf("value of %d bytes at offset %d of %d", len(e.Value), e.Offset, len(req))
			}
			if len(e.Text)+len(e.Cookie) > len(m) {
				t.Errorf("%d bytes became a text of %d and a cookie of %d", len(m), len(e.Text), len(e.Cookie))
			}
		}
	})
}

func FuzzParseAttrPolicy(f *testing.F) {
	for _, c := range policies {
		f.Add(encodePolicy(f, c.p))
	}
	f.Add([]byte{1, 0, 0})
	f.Add(attr(PolicyAttrPolicyMaxType, u32(5)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseAttrPolicy(b)
		if p.String() == "" {
			t.Error("no text")
		}
		if err != nil {
			return
		}
		if got, err := ParseAttrPolicy(encodePolicy(t, p)); err != nil || got != p {
			t.Errorf("%+v came back as %+v, %v", p, got, err)
		}
	})
}

// script makes arrivals of fuzzed bytes: a length of two bytes, whose upper
// bits say what kind it is, then the datagram. The sequence numbers of the
// requests the fuzz target makes are 1 and up.
func script(b []byte) (as []arrival) {
	for len(b) >= 2 {
		v := binary.BigEndian.Uint16(b)
		n := min(int(v&0x0fff), len(b)-2)
		a := arrival{data: b[2 : 2+n]}
		switch v >> 12 {
		case 1:
			a = arrival{err: ENOBUFS}
		case 2:
			a.from.Port = 4711
		case 3:
			a.data = append(slices.Clone(a.data), make([]byte, bufferSize)...)
		case 4:
			a.from.Group = 7
		}
		as = append(as, a)
		b = b[2+n:]
	}
	return as
}

// unscript is the reverse of script, for seeds.
func unscript(kinds []uint16, datagrams ...[]byte) (b []byte) {
	for i, d := range datagrams {
		b = binary.BigEndian.AppendUint16(b, kinds[i%len(kinds)]<<12|uint16(len(d)))
		b = append(b, d...)
	}
	return b
}

func fuzzSeeds(f *testing.F) {
	row := message(20, wire.Multi, 2, []byte("row"))
	f.Add(unscript([]uint16{0}, message(20, 0, 1, u32(5)), ack(1), row, slices.Concat(row, done(2, 0)), ack(3), ack(5)))
	f.Add(unscript([]uint16{0, 1, 2}, ack(1), nil, row, row, nil, done(2, EIO, text("x"))))
	f.Add(unscript([]uint16{3, 0}, message(20, 0, 1, u32(1)), ack(1), row, row[:11], slices.Concat(ack(4), row, ack(3), ack(5))))
	f.Add(unscript([]uint16{4}, event("a"), slices.Concat(event("b"), event("c")), []byte{1, 2, 3}))
	f.Add([]byte{})
}

// FuzzConn feeds arbitrary datagrams to a Conn with a request, a dump that is
// broken off, another dump and a batch on it.
func FuzzConn(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		fk := newFake(nil)
		fk.queue = script(b)
		conn := New(fk, nil)
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		// What is not answered is lost: calls end when the queue is empty.
		lossy := fk.queue
		fk.onSend = func(f *fake, req []byte, _ Address) error {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.queue = append(f.queue, arrival{err: ENOBUFS})
			return nil
		}
		before := len(lossy)
		shown := 0
		see := func(m wire.Message) error {
			if len(m) < wire.HeaderLen {
				t.Errorf("message of %d bytes", len(m))
			}
			shown += len(m)
			return nil
		}
		errs := []error{}
		_, err := conn.Do(ctx, request(18), see)
		errs = append(errs, err)
		for m, err := range conn.Dump(ctx, request(18)) {
			if err == nil {
				see(m)
			}
			errs = append(errs, err)
			break
		}
		for m, err := range conn.DumpWith(ctx, request(18), DumpOptions{Retries: 1}) {
			if err == nil {
				see(m)
			}
			errs = append(errs, err)
		}
		batch := conn.Batch(ctx, BatchOptions{OnReply: func(i int, m wire.Message) {
			if i < 0 || i > 2 {
				t.Errorf("reply to item %d", i)
			}
			see(m)
		}})
		for range 3 {
			errs = append(errs, batch.Add(request(18, u32(1))))
		}
		errs = append(errs, batch.Flush())
		for _, err := range errs {
			if errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("hung: %v, %d of %d arrivals left", err, len(fk.queue), before)
			}
		}
		total := 0
		for _, a := range lossy {
			total += len(a.data)
		}
		if shown > total {
			t.Errorf("%d bytes were shown of %d that arrived", shown, total)
		}
		conn.mu.Lock()
		if len(conn.waiters)+len(conn.dumpQueue)+len(conn.ranges) > 0 || len(conn.inFlight) > 1 || len(conn.free) > maxFree {
			t.Errorf("left: %d waiting, %d queued, %d batches, %d in flight", len(conn.waiters), len(conn.dumpQueue), len(conn.ranges), len(conn.inFlight))
		}
		conn.mu.Unlock()
		conn.Close()
	})
}

// FuzzSubscription feeds arbitrary datagrams to a Subscription.
func FuzzSubscription(f *testing.F) {
	fuzzSeeds(f)
	f.Fuzz(func(t *testing.T, b []byte) {
		fk := newFake(nil)
		fk.queue = script(b)
		s := NewSubscription(fk, nil)
		defer s.Close()
		n, total, lost := len(fk.queue), 0, uint64(0)
		for _, a := range fk.queue {
			total += len(a.data)
		}
		for range total + 2*n + 1 {
			ev, ok, err := s.TryReceive()
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				st := s.Stats()
				if st.Lost != lost || lost < st.Truncated+st.Malformed {
					t.Errorf("told %d lost, counted %+v", lost, st)
				}
				return
			}
			if ev.Overrun == (ev.Message != nil) || ev.From != 0 {
				t.Errorf("event %+v", ev)
			}
			lost += ev.Lost
			total -= len(ev.Message)
		}
		t.Errorf("no end after %d arrivals, %d bytes left", n, total)
	})
}
