package sim

import (
	"errors"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// TestFaultDrop: what is dropped is reported before what is queued, and closes the
// queue until it has been read empty.
func TestFaultDrop(t *testing.T) {
	k := newKernel(t)
	s := open(t, k, wire.UserSock, nil)
	other := open(t, k, wire.UserSock, nil)
	for _, x := range []netlink.Transport{s, other} {
		if err := x.Join(3); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	k.SetFaults(&Faults{Drop: func(port, group uint32) bool {
		if port != s.Port() || group != 3 {
			return false
		}
		n++
		return n == 3
	}})
	tick := build(t, wire.Header{Type: wire.TypeMin}, nil)
	for range 5 {
		if err := k.Multicast(wire.UserSock, 3, tick); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Receive(make([]byte, 100), false); err != netlink.ENOBUFS {
		t.Errorf("got %v, want ENOBUFS", err)
	}
	if got := len(drain(t, s)); got != 2 {
		t.Errorf("%d were queued, want 2", got)
	}
	if info, err := s.MemInfo(); err != nil || info.Drops != 3 {
		t.Errorf("%+v, %v: want 3 drops", info, err)
	}
	if got := len(drain(t, other)); got != 5 {
		t.Errorf("the other socket got %d of 5", got)
	}
	if err := k.Multicast(wire.UserSock, 3, tick); err != nil {
		t.Fatal(err)
	}
	if got := len(drain(t, s)); got != 1 {
		t.Error("the queue is closed although it was read empty")
	}
}

// TestFaultRefuse: the handler does not see what is refused.
func TestFaultRefuse(t *testing.T) {
	k := newKernel(t)
	id := dumps(t, k, table(3, 10), DumpOptions{})
	s := open(t, k, wire.Generic, nil)
	left := []error{netlink.EBUSY, errors.New("no memory for this"), &netlink.Error{Errno: netlink.ENOMEM, ExtAck: netlink.ExtAck{Text: "later"}}, nil}
	k.SetFaults(&Faults{Refuse: func(r *Request) error {
		if r.Header().Type != wire.Type(id) || r.Command() != 1 {
			t.Errorf("type %v, command %d", r.Header().Type, r.Command())
		}
		err := left[0]
		left = left[1:]
		return err
	}})
	for _, want := range []struct {
		errno netlink.Errno
		text  string
	}{{netlink.EBUSY, ""}, {netlink.EIO, "no memory for this"}, {netlink.ENOMEM, "later"}} {
		send(t, s, genl(t, id, wire.Request|wire.Dump, 1, nil))
		errno, tlvs := ackOf(t, receive(t, s))
		if errno != want.errno || tlvs[wire.AckMessage].Text() != want.text {
			t.Errorf("got %v %q, want %v %q", errno, tlvs[wire.AckMessage].Text(), want.errno, want.text)
		}
	}
	send(t, s, genl(t, id, wire.Request|wire.Dump, 1, nil))
	if messages, _ := readDump(t, s, 4096); len(messages) != 4 {
		t.Errorf("%d messages, want 3 entries and the end", len(messages))
	}
	k.SetFaults(nil)
	send(t, s, genl(t, id, wire.Request|wire.Dump, 1, nil))
	readDump(t, s, 4096)
}

// TestFaultDumps: a dump is interrupted, or broken off, in the datagram for which
// the fault is asked.
func TestFaultDumps(t *testing.T) {
	k := newKernel(t)
	id := dumps(t, k, table(9, 1000), DumpOptions{}) // three to a datagram
	s := open(t, k, wire.Generic, nil)
	at := func(n int) func() bool {
		return func() bool { n--; return n == 0 }
	}
	second, third := at(2), at(3)
	k.SetFaults(&Faults{
		Interrupt: func(*Request) bool { return second() },
		Break: func(*Request) error {
			if third() {
				return netlink.ENOMEM
			}
			return nil
		},
	})
	send(t, s, genl(t, id, wire.Request|wire.Dump, 1, nil))
	messages, _ := readDump(t, s, 4096)
	if len(messages) != 7 {
		t.Fatalf("%d messages, want 6 entries and the end", len(messages))
	}
	for i, m := range messages {
		if got := m.Flags().Has(wire.DumpInterrupted); got != (i == 3) {
			t.Errorf("message %d: flags %v", i, m.Flags())
		}
	}
	if errno, _ := ackOf(t, messages[6]); errno != netlink.ENOMEM {
		t.Errorf("the dump ends with %v, want ENOMEM", errno)
	}
	// The end alone can tell as well.
	k.SetFaults(&Faults{Interrupt: func(*Request) bool { return true }})
	empty, err := k.Register(Family{Name: "empty", Ops: []Op{{Cmd: 1, Dump: table(0, 0)}}})
	if err != nil {
		t.Fatal(err)
	}
	id = empty.ID()
	send(t, s, genl(t, id, wire.Request|wire.Dump, 1, nil))
	if messages, _ := readDump(t, s, 4096); !messages[0].Flags().Has(wire.DumpInterrupted) {
		t.Error("the end of an interrupted dump does not say so")
	}
}

// TestKill: a socket that is killed wakes its reader, and is of no use but to be
// closed.
func TestKill(t *testing.T) {
	k := newKernel(t)
	s := open(t, k, wire.UserSock, nil)
	if err := s.Join(1); err != nil {
		t.Fatal(err)
	}
	if ports := k.Ports(wire.UserSock); len(ports) != 1 || ports[0] != s.Port() {
		t.Errorf("ports %d, want %d", ports, s.Port())
	}
	waiting := make(chan error, 1)
	go func() {
		_, err := s.Receive(make([]byte, 100), true)
		waiting <- err
	}()
	time.Sleep(time.Millisecond)
	if err := k.Kill(wire.UserSock, s.Port(), netlink.EIO); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err != netlink.EIO {
		t.Errorf("the receive that waited: %v", err)
	}
	_, info := s.MemInfo()
	_, received := s.Receive(make([]byte, 100), false)
	for _, err := range []error{info, received, s.Send([]byte{1}, netlink.Address{}), s.Join(2), s.Leave(1), s.SetReadDeadline(time.Time{})} {
		if err != netlink.EIO {
			t.Errorf("%v, want EIO", err)
		}
	}
	if k.HasListeners(wire.UserSock, 1) {
		t.Error("it is still a member of its group")
	}
	if err := k.Kill(wire.UserSock, s.Port(), netlink.EIO); err != netlink.ECONNREFUSED {
		t.Errorf("killed twice: %v, want ECONNREFUSED", err)
	}
	if err := k.Kill(30, 1, netlink.EIO); err != netlink.EPROTONOSUPPORT {
		t.Errorf("a protocol that nobody has: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
