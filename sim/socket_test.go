package sim

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestUnicastBetweenSockets(t *testing.T) {
	k := newKernel(t)
	a := open(t, k, wire.UserSock, nil)
	b := open(t, k, wire.UserSock, &netlink.Options{Port: 4711})
	if a.Port() == 0 || b.Port() != 4711 {
		t.Fatalf("ports %d and %d, want a number and 4711", a.Port(), b.Port())
	}
	// The header claims another sender; the receiver sees the true one.
	msg := build(t, wire.Header{Type: wire.TypeMin, Port: 99}, nil)
	if err := a.Send(msg, netlink.Address{Port: 4711}); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 100)
	d, err := b.Receive(buf, true)
	if err != nil {
		t.Fatal(err)
	}
	if d != (netlink.Datagram{N: 16, Len: 16, Port: a.Port()}) || !bytes.Equal(buf[:16], msg) {
		t.Errorf("received %+v % x", d, buf[:d.N])
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.Send(msg, netlink.Address{Port: 4711}); !errors.Is(err, netlink.ECONNREFUSED) {
		t.Errorf("send to a closed port: %v, want ECONNREFUSED", err)
	}
	// The number is free again.
	open(t, k, wire.UserSock, &netlink.Options{Port: 4711})
}

func TestOpenRefuses(t *testing.T) {
	k := newKernel(t)
	taken := open(t, k, wire.Generic, nil)
	tests := []struct {
		name string
		p    wire.Protocol
		o    *netlink.Options
		via  netlink.Opener
		want error
	}{
		{"port taken", wire.Generic, &netlink.Options{Port: taken.Port()}, k, netlink.EADDRINUSE},
		{"protocol nobody has", wire.Route, nil, k, netlink.EPROTONOSUPPORT},
		{"protocol out of range", 32, nil, k, netlink.EPROTONOSUPPORT},
		{"negative protocol", -1, nil, k, netlink.EPROTONOSUPPORT},
		{"negative buffer", wire.Generic, &netlink.Options{ReceiveBuffer: -1}, k, netlink.EINVAL},
		{"filter", wire.Generic, &netlink.Options{Filter: make([]netlink.BPFInstruction, 1)}, k, netlink.EOPNOTSUPP},
		{"all namespaces without rights", wire.Generic, &netlink.Options{ListenAllNSID: true}, k.Unprivileged(), netlink.EPERM},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := tt.via.Open(tt.p, tt.o)
			if s != nil || !errors.Is(err, tt.want) {
				t.Errorf("got %v, %v, want %v", s, err, tt.want)
			}
		})
	}
	// A port id belongs to a protocol, not to the kernel.
	open(t, k, wire.UserSock, &netlink.Options{Port: taken.Port()})
	if _, err := k.Open(wire.Generic, &netlink.Options{Namespace: netlink.NamespaceName("x")}); err == nil {
		t.Error("a namespace was accepted")
	}
}

func TestTruncation(t *testing.T) {
	k := newKernel(t)
	a, b := open(t, k, wire.UserSock, nil), open(t, k, wire.UserSock, nil)
	msg := bytes.Repeat([]byte{7}, 50)
	a.Send(msg, netlink.Address{Port: b.Port()})
	a.Send([]byte{1, 2}, netlink.Address{Port: b.Port()})
	buf := make([]byte, 20)
	d, err := b.Receive(buf, false)
	if err != nil || d.N != 20 || d.Len != 50 || !bytes.Equal(buf, msg[:20]) {
		t.Errorf("got %+v, %v, want 20 of 50 bytes", d, err)
	}
	// The rest is gone.
	if d, err := b.Receive(buf, false); err != nil || d.N != 2 || d.Len != 2 {
		t.Errorf("got %+v, %v, want the next datagram of 2 bytes", d, err)
	}
}

func TestSendKeepsNothing(t *testing.T) {
	k := newKernel(t)
	a, b := open(t, k, wire.UserSock, nil), open(t, k, wire.UserSock, nil)
	msg := []byte{1, 2, 3, 4}
	a.Send(msg, netlink.Address{Port: b.Port()})
	msg[0] = 99
	if got := receive(t, b); got[0] != 1 {
		t.Errorf("received % x: the queue holds the sender's bytes", got)
	}
}

func TestCloseWakes(t *testing.T) {
	k := newKernel(t)
	s := open(t, k, wire.Generic, nil)
	result := make(chan error)
	go func() {
		_, err := s.Receive(make([]byte, 10), true)
		result <- err
	}()
	s.Close()
	select {
	case err := <-result:
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("receive: %v, want os.ErrClosed", err)
		}
	case <-time.After(patience):
		t.Fatal("Close did not wake the reader")
	}
	for name, err := range map[string]error{
		"send": s.Send(make([]byte, 16), netlink.Address{}), "join": s.Join(1), "leave": s.Leave(1),
		"deadline": s.SetReadDeadline(time.Time{}), "close": s.Close(),
		"meminfo": func() error { _, err := s.MemInfo(); return err }(),
	} {
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s after Close: %v, want os.ErrClosed", name, err)
		}
	}
}

// TestEndAtOnce: when nothing can be sent to a socket any more it is closed or killed,
// and does not tell that nothing has come. Nor does a sender hear that a queue is full
// which is gone.
func TestEndAtOnce(t *testing.T) {
	const group = 1
	msg := build(t, wire.Header{Type: wire.TypeMin}, nil)
	for name, test := range map[string]struct {
		end  func(k *Kernel, s netlink.Transport) error
		want error
	}{
		"close": {func(_ *Kernel, s netlink.Transport) error { return s.Close() }, os.ErrClosed},
		"kill": {func(k *Kernel, s netlink.Transport) error {
			return k.Kill(wire.Netfilter, s.Port(), netlink.EIO)
		}, netlink.EIO},
	} {
		t.Run(name, func(t *testing.T) {
			k := newKernel(t)
			if err := k.HandleProtocol(wire.Netfilter, Protocol{Groups: group, Datagram: func(uint32, []byte) {}}); err != nil {
				t.Fatal(err)
			}
			for range 500 {
				s, err := k.Open(wire.Netfilter, &netlink.Options{BroadcastError: true, ReceiveBuffer: 1 << 20})
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Join(group); err != nil {
					t.Fatal(err)
				}
				ended := make(chan error, 1)
				go func() { ended <- test.end(k, s) }()
				var sent, got error
				for sent == nil {
					runtime.Gosched()
					if sent = k.Multicast(wire.Netfilter, group, msg); sent == nil {
						sent = k.Unicast(wire.Netfilter, s.Port(), msg)
					}
					for got = nil; got == nil; {
						_, got = s.Receive(nil, false)
					}
				}
				if sent != netlink.ECONNREFUSED && sent != netlink.ESRCH || got != test.want {
					t.Fatalf("send: %v, want ECONNREFUSED or ESRCH; then receive: %v, want %v", sent, got, test.want)
				}
				if err := <-ended; err != nil {
					t.Fatal(err)
				}
				_ = s.Close()
			}
		})
	}
}

func TestKernelClose(t *testing.T) {
	k := NewKernel()
	s := open(t, k, wire.Generic, nil)
	var wg sync.WaitGroup
	wg.Go(func() {
		if _, err := s.Receive(make([]byte, 10), true); !errors.Is(err, os.ErrClosed) {
			t.Errorf("receive: %v, want os.ErrClosed", err)
		}
	})
	k.Close()
	wg.Wait()
	if _, err := k.Open(wire.Generic, nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("open: %v, want os.ErrClosed", err)
	}
}

func TestReadDeadline(t *testing.T) {
	k := newKernel(t)
	a, b := open(t, k, wire.UserSock, nil), open(t, k, wire.UserSock, nil)
	buf := make([]byte, 10)
	wait := func(want error) {
		t.Helper()
		if _, err := b.Receive(buf, true); !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	b.SetReadDeadline(time.Now().Add(-time.Second))
	wait(os.ErrDeadlineExceeded)
	b.SetReadDeadline(time.Now().Add(time.Millisecond))
	wait(os.ErrDeadlineExceeded)
	wait(os.ErrDeadlineExceeded) // it stays
	a.Send([]byte{1}, netlink.Address{Port: b.Port()})
	wait(os.ErrDeadlineExceeded) // with something queued as well
	b.SetReadDeadline(time.Time{})
	wait(nil)
	// A Receive that waits already is reached too.
	done := make(chan error)
	go func() {
		_, err := b.Receive(make([]byte, 10), true)
		done <- err
	}()
	b.SetReadDeadline(time.Now())
	if err := <-done; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want os.ErrDeadlineExceeded", err)
	}
	// A deadline that was moved does not fire.
	b.SetReadDeadline(time.Now().Add(time.Nanosecond))
	b.SetReadDeadline(time.Now().Add(patience))
	a.Send([]byte{1}, netlink.Address{Port: b.Port()})
	wait(nil)
}

func TestUnicastBackPressure(t *testing.T) {
	k := newKernel(t)
	a, b := open(t, k, wire.UserSock, nil), open(t, k, wire.UserSock, &netlink.Options{ReceiveBuffer: 2496})
	const count = 1000
	sent, got := 0, 0
	for got < count {
		for sent < count {
			err := a.Send([]byte{byte(sent), byte(sent >> 8)}, netlink.Address{Port: b.Port()})
			if errors.Is(err, netlink.EAGAIN) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			sent++
		}
		if b := receive(t, b); int(b[0])+int(b[1])<<8 != got {
			t.Fatalf("message % x, want number %d", b, got)
		}
		got++
	}
	if m, _ := b.MemInfo(); m != (netlink.MemInfo{Limit: 4992}) {
		t.Errorf("%+v, want an empty queue and no drops", m)
	}
}
