package netlink

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// These are the facts about Linux that the package is built on, each checked
// against the kernel the tests run on.

// receiveAll reads what is queued and says at which positions ENOBUFS came.
func receiveAll(t *testing.T, s Transport, buf []byte) (n int, overruns []int) {
	t.Helper()
	for {
		switch _, err := s.Receive(buf, false); err {
		case nil:
			n++
		case ENOBUFS:
			overruns = append(overruns, n)
		case EAGAIN:
			return n, overruns
		default:
			t.Fatal(err)
		}
	}
}

func memInfo(t *testing.T, s Transport) MemInfo {
	t.Helper()
	info, err := s.MemInfo()
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestKernelOverrun: ENOBUFS comes ahead of what is queued, then there is
// silence until the queue has been read empty, and the drops are counted.
func TestKernelOverrun(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	for _, silent := range []bool{false, true} {
		s := openTest(t, wire.Route, with(o, func(o *Options) { o.ReceiveBuffer, o.NoENOBUFS = 4096, silent }))
		if err := s.Join(groupRoute); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 4096)
		const sent = 100
		addRoutes(t, c, 0, sent)
		info := memInfo(t, s)
		if info.Drops == 0 || info.Queued == 0 || info.Queued > info.Limit || info.Limit != 8192 {
			t.Errorf("after %d events: %+v, want drops and a queue within its limit", sent, info)
		}
		if !silent {
			if _, err := s.Receive(buf, true); err != ENOBUFS {
				t.Errorf("the first Receive: %v, want ENOBUFS", err)
			}
		}
		// One is read: there is room again, but nothing comes while congested.
		if _, err := s.Receive(buf, false); err != nil {
			t.Fatal(err)
		}
		do(t, c, addRoute(t, sent))
		if more := memInfo(t, s).Drops - info.Drops; (more == 1) == silent {
			t.Errorf("NO_ENOBUFS %v: %d drops with room in the queue, want them only where the loss was reported", silent, more)
		}
		n, overruns := receiveAll(t, s, buf)
		n++
		info = memInfo(t, s)
		if n+int(info.Drops) != sent+1 || info.Queued != 0 || len(overruns) > 0 {
			t.Errorf("%d received, %+v, ENOBUFS at %v: want %d in all", n, info, overruns, sent+1)
		}
		do(t, c, addRoute(t, sent+1))
		if n, _ := receiveAll(t, s, buf); n != 1 || memInfo(t, s).Drops != info.Drops {
			t.Errorf("empty again: %d received", n)
		}
		s.Close()
		for n := range uint32(sent + 2) {
			do(t, c, delRoute(t, n))
		}
	}
}

// TestKernelOneDump: a second dump on the same socket is refused.
func TestKernelOneDump(t *testing.T) {
	_, o := table(t, 2000)
	s := openTest(t, wire.Route, o)
	for seq := range uint32(2) {
		req := wire.Message(getRoutes(t, 0))
		req.SetSeq(seq + 1)
		req.SetFlags(wire.Request | wire.Dump)
		if err := s.Send(req, Address{}); err != nil {
			t.Fatal(err)
		}
	}
	buf := make([]byte, bufferSize)
	refused, done := false, false
	for !refused || !done {
		d, err := s.Receive(buf, false)
		if err != nil {
			t.Fatalf("refused %v, done %v: %v", refused, done, err)
		}
		for m := range wire.Messages(buf[:d.N]) {
			f, _ := wire.ParseAck(m)
			refused = refused || m.Seq() == 2 && m.Type() == wire.TypeError && f.Errno == -int32(EBUSY)
			done = done || m.Seq() == 1 && m.Type() == wire.TypeDone
		}
	}
}

// TestKernelDumpSizes: dumps come in datagrams as large as the largest buffer
// seen on the socket, up to 32 KiB.
func TestKernelDumpSizes(t *testing.T) {
	_, o := table(t, 3000)
	largest := func(size int) int {
		s := openTest(t, wire.Route, o)
		req := wire.Message(getRoutes(t, 0))
		req.SetFlags(wire.Request | wire.Dump)
		if err := s.Send(req, Address{}); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, size)
		most := 0
		for {
			d, err := s.Receive(buf, false)
			if err == EAGAIN {
				return most
			}
			if err != nil || d.Len > size {
				t.Fatalf("buffer of %d: datagram of %d bytes, %v", size, d.Len, err)
			}
			most = max(most, d.Len)
		}
	}
	small, usual, huge := largest(8<<10), largest(bufferSize), largest(1<<20)
	if small > 8<<10 || usual < 24<<10 || usual > 32<<10 || huge > 32<<10 {
		t.Errorf("largest datagrams %d, %d, %d bytes with buffers of 8 KiB, 64 KiB and 1 MiB, want 8, 32 and 32 KiB at most", small, usual, huge)
	}
}

// TestKernelBackPressure: between processes nothing is lost, the sender gets
// EAGAIN.
func TestKernelBackPressure(t *testing.T) {
	to := openTest(t, wire.UserSock, &Options{ReceiveBuffer: 4096})
	from := openTest(t, wire.UserSock, nil)
	buf := make([]byte, 4096)
	sent, received, full := 0, 0, 0
	for sent < 2000 {
		err := from.Send(message(20, 0, uint32(sent)), Address{Port: to.Port()})
		switch err {
		case nil:
			sent++
			continue
		case EAGAIN:
			full++
		default:
			t.Fatal(err)
		}
		for {
			d, err := to.Receive(buf, false)
			if err == EAGAIN {
				break
			}
			if err != nil || d.Port != from.Port() || wire.Message(buf[:d.N]).Seq() != uint32(received) {
				t.Fatalf("datagram %d: %+v, %v", received, d, err)
			}
			received++
		}
	}
	n, overruns := receiveAll(t, to, buf)
	if received+n != sent || full == 0 || len(overruns) > 0 || memInfo(t, to).Drops > 0 {
		t.Errorf("%d sent, %d received, EAGAIN %d times, %d dropped", sent, received+n, full, memInfo(t, to).Drops)
	}
	if err := from.Send(message(20, 0, 0), Address{Port: 4711}); err != ECONNREFUSED {
		t.Errorf("to a port nobody has: %v, want ECONNREFUSED", err)
	}
}

// TestKernelGroupSend: a multicast between processes with port 0 is delivered,
// and then refused where there is no kernel side.
func TestKernelGroupSend(t *testing.T) {
	o := inNew(t)
	to, from := openTest(t, wire.UserSock, o), openTest(t, wire.UserSock, o)
	if err := to.Join(5); err != nil {
		t.Fatal(err)
	}
	if err := from.Send(message(20, 0, 3), Address{Group: 5}); err != ECONNREFUSED {
		t.Errorf("%v, want ECONNREFUSED", err)
	}
	buf := make([]byte, 100)
	if d, err := to.Receive(buf, false); err != nil || d.Group != 5 || d.Port != from.Port() {
		t.Errorf("%+v, %v, want it in group 5", d, err)
	}
	if err := from.Send(message(20, 0, 3), Address{Group: 33}); err != EINVAL {
		t.Errorf("to group 33: %v, want EINVAL: the address has 32", err)
	}
}

// TestForgedEvents: another process sends what looks like the kernel's.
func TestForgedEvents(t *testing.T) {
	o := inNew(t)
	forger := openTest(t, wire.Route, o)
	s := subscribeTest(t, o, groupRoute)
	c := dialTest(t, o)
	forged := message(rtmNewRoute, 0, 1, make([]byte, 12))
	for _, to := range []Address{{Port: s.Port()}, {Port: forger.Port(), Group: groupRoute}} {
		if err := forger.Send(forged, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := forger.Send(slices.Concat(message(20, 0, 1), ack(1), ack(2)), Address{Port: c.Port()}); err != nil {
		t.Fatal(err)
	}
	do(t, c, addRoute(t, 1))
	if ev, err := s.Receive(patience(t)); err != nil || ev.From != 0 || routeNumber(ev.Message) != 1 {
		t.Errorf("%+v, %v, want the kernel's event", ev, err)
	}
	if n := s.Stats().Foreign; n != 2 {
		t.Errorf("the subscription counted %d foreign datagrams, want 2", n)
	}
	if n := c.Stats().Foreign; n != 1 {
		t.Errorf("the Conn counted %d foreign datagrams, want 1", n)
	}
	// With the port configured it is believed.
	p := subscribeTest(t, with(o, func(o *Options) { o.Peer = forger.Port() }), groupRoute)
	if err := forger.Send(forged, Address{Port: p.Port()}); err != nil {
		t.Fatal(err)
	}
	if ev, err := p.Receive(patience(t)); err != nil || ev.From != forger.Port() {
		t.Errorf("%+v, %v, want the peer's", ev, err)
	}
}

// TestSocketDeadline interrupts a waiting Receive and lets it work again.
func TestSocketDeadline(t *testing.T) {
	s := openTest(t, wire.Route, nil)
	buf := make([]byte, 4096)
	errs := make(chan error)
	go func() {
		_, err := s.Receive(buf, true)
		errs <- err
	}()
	if err := s.SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := <-errs; err != os.ErrDeadlineExceeded {
		t.Errorf("waiting: %v, want os.ErrDeadlineExceeded", err)
	}
	if _, err := s.Receive(buf, true); err != os.ErrDeadlineExceeded {
		t.Errorf("afterwards: %v, want os.ErrDeadlineExceeded", err)
	}
	if err := s.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Receive(buf, false); err != EAGAIN {
		t.Errorf("without a deadline: %v, want EAGAIN", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	_, receive := s.Receive(buf, true)
	_, info := s.MemInfo()
	for name, err := range map[string]error{"Receive": receive, "MemInfo": info, "Send": s.Send(getLink(t, 1), Address{}), "Join": s.Join(1), "Leave": s.Leave(1)} {
		if err != os.ErrClosed {
			t.Errorf("%s of a closed socket: %v, want os.ErrClosed", name, err)
		}
	}
}

// TestTruncation: a datagram larger than the buffer tells its whole length.
func TestTruncation(t *testing.T) {
	s := openTest(t, wire.Route, nil)
	req := wire.Message(getLink(t, 1))
	req.SetFlags(wire.Request)
	for _, size := range []int{0, 1, 100} {
		if err := s.Send(req, Address{}); err != nil {
			t.Fatal(err)
		}
		if d, err := s.Receive(make([]byte, size), true); err != nil || d.N != size || d.Len < 500 {
			t.Errorf("buffer of %d: %+v, %v", size, d, err)
		}
	}
}

// TestLongSend hands over more than the send buffer takes.
func TestLongSend(t *testing.T) {
	s := openTest(t, wire.Route, &Options{SendBuffer: 5000})
	if err := s.Send(message(rtmGetLink, 0, 1, make([]byte, 20000)), Address{}); err != EMSGSIZE {
		t.Errorf("%v, want EMSGSIZE", err)
	}
	if err := s.Send(nil, Address{}); err == nil {
		t.Error("nothing was sent")
	}
}

// TestPeer makes requests to another process instead of the kernel.
func TestPeer(t *testing.T) {
	server := openTest(t, wire.UserSock, nil)
	c, err := Dial(wire.UserSock, &Options{Peer: server.Port()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		buf := make([]byte, bufferSize)
		for {
			d, err := server.Receive(buf, true)
			if err != nil {
				return
			}
			for m := range wire.Messages(buf[:d.N]) {
				to := Address{Port: d.Port}
				if m.Flags().Has(wire.Dump) {
					server.Send(slices.Concat(message(20, wire.Multi, m.Seq(), u32(1)), message(20, wire.Multi, m.Seq(), u32(2))), to)
					server.Send(done(m.Seq(), 0), to)
					continue
				}
				server.Send(message(20, 0, m.Seq(), m.Data()), to)
				server.Send(ack(m.Seq()), to)
			}
		}
	}()
	ctx := patience(t)
	for range 500 {
		works(t, c)
		if got, err := collectDump(c, ctx, request(22), DumpOptions{}); err != nil || len(got) != 2 {
			t.Fatalf("dump: %q, %v", got, err)
		}
		for range c.Dump(ctx, request(22)) {
			break
		}
		short, cancel := context.WithTimeout(ctx, 20*time.Microsecond)
		if _, err := c.Do(short, request(20), nil); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		cancel()
	}
	server.Close()
	<-stop
	if _, err := c.Do(ctx, request(20), nil); !errors.Is(err, ECONNREFUSED) {
		t.Errorf("with the peer gone: %v, want ECONNREFUSED", err)
	}
}
