package netlink

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
)

func sysctl(t testing.TB, name string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("/proc/sys", name))
	if err != nil {
		testenv.Missing(t, "sysctl", err.Error())
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// option reads a socket option of a live transport.
func option(t testing.TB, tr Transport, level, name int) int {
	t.Helper()
	v := -1
	var errno error
	err := tr.(*socket).conn.Control(func(fd uintptr) { v, errno = unix.GetsockoptInt(int(fd), level, name) })
	if err := errors.Join(err, errno); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestOptionsAreSet(t *testing.T) {
	for _, c := range []struct {
		name        string
		option      int
		byDefault   int
		change      func(*Options)
		afterChange int
	}{
		{"strict", unix.NETLINK_GET_STRICT_CHK, 1, func(o *Options) { o.NoStrict = true }, 0},
		{"extended ACK", unix.NETLINK_EXT_ACK, 1, func(o *Options) { o.NoExtAck = true }, 0},
		{"CAP_ACK", unix.NETLINK_CAP_ACK, 1, func(o *Options) { o.NoCapAck = true }, 0},
		{"NO_ENOBUFS", unix.NETLINK_NO_ENOBUFS, 0, func(o *Options) { o.NoENOBUFS = true }, 1},
		{"BROADCAST_ERROR", unix.NETLINK_BROADCAST_ERROR, 0, func(o *Options) { o.BroadcastError = true }, 1},
	} {
		o := &Options{}
		if v := option(t, openTest(t, wire.Route, o), unix.SOL_NETLINK, c.option); v != c.byDefault {
			t.Errorf("%s: %d by default, want %d", c.name, v, c.byDefault)
		}
		c.change(o)
		if v := option(t, openTest(t, wire.Route, o), unix.SOL_NETLINK, c.option); v != c.afterChange {
			t.Errorf("%s: %d, want %d", c.name, v, c.afterChange)
		}
	}
	s := openTest(t, wire.Route, &Options{ReceiveBuffer: 10000, SendBuffer: 20000})
	if r, w := option(t, s, unix.SOL_SOCKET, unix.SO_RCVBUF), option(t, s, unix.SOL_SOCKET, unix.SO_SNDBUF); r != 20000 || w != 40000 {
		t.Errorf("buffers %d, %d, want twice what was asked for", r, w)
	}
	for _, o := range []*Options{{ReceiveBuffer: -1}, {SendBuffer: -1}, {Filter: make([]BPFInstruction, 1<<16)}, {Filter: []BPFInstruction{{Op: 0xffff}}}} {
		if s, err := Open(wire.Route, o); !errors.Is(err, EINVAL) {
			t.Errorf("%+v: %v, want EINVAL", o, err)
			s.Close()
		}
	}
	if strconv.IntSize == 64 {
		huge := uint64(1) << 32 // would be 0 in 32 bits
		if s, err := Open(wire.Route, &Options{ReceiveBuffer: int(huge)}); !errors.Is(err, EINVAL) {
			t.Errorf("a receive buffer of 4 GiB: %v, want EINVAL", err)
			s.Close()
		}
	}
	if _, err := Open(31, nil); !errors.Is(err, EPROTONOSUPPORT) || !errors.Is(err, syscall.EPROTONOSUPPORT) {
		t.Errorf("a protocol nobody has: %v, want EPROTONOSUPPORT", err)
	}
}

func TestReceiveBufferForced(t *testing.T) {
	testenv.NeedRoot(t)
	limit := sysctl(t, "net/core/rmem_max")
	info, err := openTest(t, wire.Route, &Options{ReceiveBuffer: 2 * limit}).MemInfo()
	if err != nil || info.Limit != uint32(4*limit) {
		t.Errorf("%+v, %v, want %d: twice what was asked for, beyond net.core.rmem_max", info, err, 4*limit)
	}
}

func TestOptionPort(t *testing.T) {
	const port = 0x7ab00000
	s := openTest(t, wire.Route, &Options{Port: port + uint32(os.Getpid())})
	if s.Port() != port+uint32(os.Getpid()) {
		t.Errorf("port %d", s.Port())
	}
	if _, err := Open(wire.Route, &Options{Port: s.Port()}); !errors.Is(err, EADDRINUSE) || !strings.Contains(err.Error(), "bind to port") {
		t.Errorf("the same port again: %v, want EADDRINUSE", err)
	}
}

// TestOptionNoStrict: only with strict checking the kernel looks at the filter
// of a route dump.
func TestOptionNoStrict(t *testing.T) {
	o := inNew(t)
	c := dialTest(t, o)
	addRoutes(t, c, 0, 100)
	for n := range uint32(5) {
		do(t, c, route(t, rtmNewRoute, wire.Create, n, 1000))
	}
	for _, k := range []struct {
		noStrict bool
		want     int
	}{{false, 5}, {true, 105}} {
		c := dialTest(t, with(o, func(o *Options) { o.NoStrict = k.noStrict }))
		if n := rows(t, c, patience(t), getRoutes(t, 1000)); n != k.want {
			t.Errorf("NoStrict %v: %d routes, want %d", k.noStrict, n, k.want)
		}
	}
}

// TestOptionExtAck: without extended ACKs there is no text, without CAP_ACK the
// whole request comes back and is found.
func TestOptionExtAck(t *testing.T) {
	req := build(t, rtmGetLink, 0, func(b *wire.Builder) {
		b.Raw(ifinfo(1, 0, 0))
		b.Uint32(4, 1400)
	})
	for _, o := range []*Options{{}, {NoExtAck: true}, {NoCapAck: true}, {NoExtAck: true, NoCapAck: true}} {
		received := 0
		o.Tap = func(d Direction, b []byte) {
			if d == Received {
				received = len(b)
			}
		}
		_, err := dialTest(t, o).Do(patience(t), req, nil)
		var e *Error
		if !errors.As(err, &e) || e.Errno != EINVAL || (e.Text == "") != o.NoExtAck {
			t.Errorf("%v, want EINVAL and a text: %v", err, !o.NoExtAck)
		}
		if whole := received >= wire.HeaderLen+4+len(req); whole != o.NoCapAck && o.NoExtAck {
			t.Errorf("answer of %d bytes, the request among them: want %v", received, o.NoCapAck)
		}
	}
}

// TestOptionFilter drops all RTM_NEWLINK before they are queued.
func TestOptionFilter(t *testing.T) {
	swapped := uint32(rtmNewLink) // classic BPF loads in network byte order
	if wire.Message(request(rtmNewLink))[4] != 0 {
		swapped = uint32(rtmNewLink) << 8
	}
	c := dialTest(t, &Options{Filter: []BPFInstruction{
		{Op: 0x28, K: 4},                     // load the message's type
		{Op: 0x15, Jt: 0, Jf: 1, K: swapped}, // is it RTM_NEWLINK?
		{Op: 0x06, K: 0},                     // drop
		{Op: 0x06, K: 1<<32 - 1},             // keep
	}})
	n := 0
	if _, err := c.Do(patience(t), getLink(t, 1), func(wire.Message) error { n++; return nil }); err != nil || n != 0 {
		t.Errorf("%d replies, %v, want the ACK alone", n, err)
	}
	if _, err := c.Do(patience(t), getLink(t, 1<<30), nil); !errors.Is(err, ENODEV) {
		t.Errorf("an error: %v", err)
	}
}

func TestOptionListenAllNSID(t *testing.T) {
	own, other := testenv.NewNetNS(t), testenv.NewNetNS(t)
	o := &Options{Namespace: NamespaceFD(own.FD())}
	c, far := dialTest(t, o), dialTest(t, &Options{Namespace: NamespaceFD(other.FD())})
	do(t, c, build(t, rtmNewNSID, 0, func(b *wire.Builder) {
		b.Raw([]byte{0, 0, 0, 0})
		b.Int32(1, 57)
		b.Uint32(3, uint32(other.FD()))
	}))
	all := subscribeTest(t, with(o, func(o *Options) { o.ListenAllNSID = true }), groupRoute)
	one := subscribeTest(t, o, groupRoute)
	do(t, far, addRoute(t, 1))
	do(t, c, addRoute(t, 2))
	ctx := patience(t)
	first, err := all.Receive(ctx)
	if err != nil || !first.HasNSID || first.NSID != 57 || first.Group != groupRoute {
		t.Errorf("from the other namespace: %+v, %v, want nsid 57", first, err)
	}
	if ev, err := all.Receive(ctx); err != nil || ev.HasNSID {
		t.Errorf("from the own namespace: %+v, %v, want no nsid", ev, err)
	}
	if ev, err := one.Receive(ctx); err != nil || ev.HasNSID || routeNumber(ev.Message) != 2 {
		t.Errorf("without the option: %+v, %v, want the own namespace's route", ev, err)
	}
}

func TestOptionTap(t *testing.T) {
	var sent, received []wire.Type
	c := dialTest(t, &Options{Tap: func(d Direction, b []byte) {
		for m := range wire.Messages(b) {
			if d == Sent {
				sent = append(sent, m.Type())
			} else {
				received = append(received, m.Type())
			}
		}
	}})
	do(t, c, getLink(t, 1))
	if len(sent) != 1 || sent[0] != rtmGetLink || len(received) != 2 || received[0] != rtmNewLink || received[1] != wire.TypeError {
		t.Errorf("sent %v, received %v", sent, received)
	}
}
