package sim

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestMulticastFromUser(t *testing.T) {
	k := newKernel(t)
	var s []netlink.Transport
	for range 4 {
		s = append(s, open(t, k, wire.UserSock, nil))
	}
	for _, m := range s[:3] {
		if err := m.Join(5); err != nil {
			t.Fatal(err)
		}
		if err := m.Join(5); err != nil { // twice is once
			t.Fatal(err)
		}
	}
	// Delivered to all members but the sender, then refused: no kernel side.
	if err := s[0].Send([]byte{1}, netlink.Address{Group: 5}); !errors.Is(err, netlink.ECONNREFUSED) {
		t.Errorf("send: %v, want ECONNREFUSED", err)
	}
	for i, want := range []int{0, 1, 1, 0} {
		if got := len(drain(t, s[i])); got != want {
			t.Errorf("socket %d got %d, want %d", i, got, want)
		}
	}
	// With a port as well, that socket gets one copy.
	if err := s[0].Send([]byte{1}, netlink.Address{Group: 5, Port: s[1].Port()}); err != nil {
		t.Error(err)
	}
	for i, want := range []int{0, 1, 1, 0} {
		if got := len(drain(t, s[i])); got != want {
			t.Errorf("socket %d got %d, want %d", i, got, want)
		}
	}
	if err := s[1].Leave(5); err != nil {
		t.Error(err)
	}
	s[2].Close()
	if k.HasListeners(wire.UserSock, 5) != true {
		t.Error("the sender itself is a member still")
	}
	s[0].Close()
	if k.HasListeners(wire.UserSock, 5) {
		t.Error("nobody is a member any more")
	}
}

func TestMulticastFromKernel(t *testing.T) {
	k := newKernel(t)
	if err := k.HandleProtocol(20, Protocol{UnprivilegedReceive: true}); err != nil {
		t.Fatal(err)
	}
	msg := build(t, wire.Header{Type: wire.TypeMin}, nil)
	if err := k.Multicast(20, 5, msg); !errors.Is(err, netlink.ESRCH) {
		t.Errorf("nobody listens: %v, want ESRCH", err)
	}
	a := open(t, k, 20, nil)
	b := open(t, k, 20, &netlink.Options{ReceiveBuffer: 1})
	c := open(t, k, 20, &netlink.Options{ReceiveBuffer: 1, BroadcastError: true})
	a.Join(5)
	for i, want := range []error{nil, nil, nil} {
		if err := k.Multicast(20, 5, msg); !errors.Is(err, want) {
			t.Errorf("multicast %d: %v, want %v", i, err, want)
		}
	}
	buf := make([]byte, 20)
	d, err := a.Receive(buf, false)
	if err != nil || d.Group != 5 || d.Port != 0 {
		t.Errorf("received %+v, %v, want group 5 from port 0", d, err)
	}
	a.Close()
	b.Join(5)
	// Two fit into the smallest buffer; then all members have dropped it.
	for i, want := range []error{nil, nil, netlink.ESRCH} {
		if err := k.Multicast(20, 5, msg); !errors.Is(err, want) {
			t.Errorf("multicast %d: %v, want %v", i, err, want)
		}
	}
	c.Join(5)
	for i, want := range []error{nil, nil, netlink.ENOBUFS} {
		if err := k.Multicast(20, 5, msg); !errors.Is(err, want) {
			t.Errorf("multicast %d: %v, want %v", i, err, want)
		}
	}
	if m, _ := b.MemInfo(); m.Drops != 4 || m.Queued != 1664 {
		t.Errorf("%+v, want 2 datagrams queued and 4 drops", m)
	}
}

func TestUnicastFromKernel(t *testing.T) {
	k := newKernel(t)
	s := open(t, k, wire.Generic, &netlink.Options{ReceiveBuffer: 1})
	msg := build(t, wire.Header{Type: wire.TypeMin}, nil)
	for i, want := range []error{nil, nil, netlink.EAGAIN} {
		if err := k.Unicast(wire.Generic, s.Port(), msg); !errors.Is(err, want) {
			t.Errorf("unicast %d: %v, want %v", i, err, want)
		}
	}
	// What the kernel could not deliver is lost, and told.
	if _, err := s.Receive(nil, false); !errors.Is(err, netlink.ENOBUFS) {
		t.Errorf("receive: %v, want ENOBUFS", err)
	}
	if got := len(drain(t, s)); got != 2 {
		t.Errorf("%d datagrams, want 2", got)
	}
	if err := k.Unicast(wire.Generic, 1, msg); !errors.Is(err, netlink.ECONNREFUSED) {
		t.Errorf("nobody there: %v, want ECONNREFUSED", err)
	}
	if err := k.Unicast(wire.Route, 1, msg); !errors.Is(err, netlink.EPROTONOSUPPORT) {
		t.Errorf("no such protocol: %v, want EPROTONOSUPPORT", err)
	}
}

func TestUnprivileged(t *testing.T) {
	k := newKernel(t)
	k.HandleProtocol(20, Protocol{})
	user := k.Unprivileged()
	plain, generic, usersock := open(t, user, 20, nil), open(t, user, wire.Generic, nil), open(t, user, wire.UserSock, nil)
	other := open(t, k, wire.Generic, nil)
	otherUser := open(t, k, wire.UserSock, nil)
	fam, err := k.Register(Family{Name: "f", Groups: []Group{{Name: "open"}, {Name: "shut", AdminPerm: true}}})
	if err != nil {
		t.Fatal(err)
	}
	openGroup, _ := fam.GroupID("open")
	shut, _ := fam.GroupID("shut")
	tests := []struct {
		name string
		err  error
		want error
	}{
		{"join, protocol that allows root only", plain.Join(1), netlink.EPERM},
		{"leave likewise", plain.Leave(1), netlink.EPERM},
		{"join USERSOCK", usersock.Join(1), netlink.EPERM},
		{"join GENERIC", generic.Join(openGroup), nil},
		{"join a guarded group", generic.Join(shut), netlink.EPERM},
		{"the same as root", other.Join(shut), nil},
		{"join a group nobody has", generic.Join(40), nil},
		{"send to a port, GENERIC", generic.Send([]byte{1}, netlink.Address{Port: other.Port()}), netlink.EPERM},
		{"send to a group, GENERIC", generic.Send([]byte{1}, netlink.Address{Group: 1}), netlink.EPERM},
		{"send to a port, USERSOCK", usersock.Send([]byte{1}, netlink.Address{Port: otherUser.Port()}), nil},
		{"send to a group, USERSOCK", usersock.Send([]byte{1}, netlink.Address{Group: 1, Port: otherUser.Port()}), nil},
	}
	for _, tt := range tests {
		if !errors.Is(tt.err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, tt.err, tt.want)
		}
	}
}

// TestConcurrency runs everything at once, for the race detector.
func TestConcurrency(t *testing.T) {
	k := newKernel(t)
	if err := k.HandleProtocol(20, Protocol{}); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	const rounds = 200
	for i := range 4 {
		wg.Go(func() {
			for n := range rounds {
				s, err := k.Open(20, nil)
				if err != nil {
					t.Error(err)
					return
				}
				s.Join(uint32(1 + i%2))
				k.Multicast(20, 1, []byte{byte(n)})
				s.Receive(make([]byte, 10), false)
				s.MemInfo()
				s.Close()
			}
		})
		wg.Go(func() {
			for n := range rounds {
				fam, err := k.Register(Family{Name: fmt.Sprint(i, n), Groups: []Group{{Name: "g"}}})
				if err != nil {
					t.Error(err)
					return
				}
				fam.Multicast("g", 1, nil)
				fam.Unregister()
			}
		})
		wg.Go(func() {
			s, err := k.Open(wire.Generic, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			s.Join(ctrlID)
			dump := genl(t, ctrlID, wire.Request|wire.Dump, genetlink.CtrlGetFamily, nil)
			buf := make([]byte, 4096)
			for range rounds {
				s.Send(dump, netlink.Address{})
				s.Receive(buf, false)
			}
		})
	}
	wg.Wait()
}

func BenchmarkMulticast(b *testing.B) {
	for _, members := range []int{1, 16} {
		b.Run(fmt.Sprint(members), func(b *testing.B) {
			k := newKernel(b)
			k.HandleProtocol(20, Protocol{})
			var s []netlink.Transport
			for range members {
				m := open(b, k, 20, nil)
				m.Join(1)
				s = append(s, m)
			}
			msg, buf := make([]byte, 200), make([]byte, 4096)
			b.ReportAllocs()
			for b.Loop() {
				if err := k.Multicast(20, 1, msg); err != nil {
					b.Fatal(err)
				}
				for _, m := range s {
					if _, err := m.Receive(buf, false); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
