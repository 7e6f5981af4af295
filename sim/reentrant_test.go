package sim

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// within fails the test where f hangs.
func within(t *testing.T, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	select {
	case <-done:
	case <-time.After(patience):
		t.Fatal("hangs")
	}
}

// TestFromInsideADump uses the kernel and the socket in the midst of the dump
// that is made for it.
func TestFromInsideADump(t *testing.T) {
	type place string
	const (
		inStart, inFirst, inLater, inEnd place = "Start", "first datagram", "later datagram", "end"
	)
	closeKernel := func(t *testing.T, r *Request, s netlink.Transport) {
		if err := r.Kernel().Close(); err != nil {
			t.Error(err)
		}
	}
	closeSocket := func(t *testing.T, r *Request, s netlink.Transport) {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	for _, at := range []place{inStart, inFirst, inLater, inEnd} {
		for _, tt := range []struct {
			name   string
			do     func(*testing.T, *Request, netlink.Transport)
			closed bool
		}{
			{"close the kernel", closeKernel, true},
			{"close the socket", closeSocket, true},
			{"receive", func(t *testing.T, r *Request, s netlink.Transport) {
				if _, err := s.Receive(make([]byte, 8192), false); err != nil && !errors.Is(err, netlink.EAGAIN) {
					t.Error(err)
				}
			}, false},
			{"receive, then close", func(t *testing.T, r *Request, s netlink.Transport) {
				s.Receive(make([]byte, 8192), false)
				closeSocket(t, r, s)
			}, true},
			{"another dump", func(t *testing.T, r *Request, s netlink.Transport) {
				before := len(drain(t, s))
				if err := s.Send(r.Message(), netlink.Address{}); err != nil {
					t.Error(err)
				}
				all := drain(t, s)
				if len(all) != 1 {
					t.Fatalf("%d answers (%d before), want EBUSY", len(all), before)
				}
				if errno, _ := ackOf(t, all[0]); errno != netlink.EBUSY {
					t.Errorf("answer %s, want EBUSY", errno.Name())
				}
			}, false},
		} {
			t.Run(string(at)+"/"+tt.name, func(t *testing.T) {
				k := newKernel(t)
				var s netlink.Transport
				ran, released := 0, 0
				act := func(r *Request, here place) {
					if here == at && ran == 0 {
						ran++
						tt.do(t, r, s)
					}
				}
				id := dumps(t, k, func(r *Request) iter.Seq2[Entry, error] {
					return func(yield func(Entry, error) bool) {
						defer func() { released++; act(r, inEnd) }()
						act(r, inFirst)
						for i := range 100 {
							if i == 50 {
								act(r, inLater)
							}
							if !yield(func(b *wire.Builder) { b.Attr(1, make([]byte, 100)) }, nil) {
								return
							}
						}
					}
				}, DumpOptions{Start: func(r *Request) error { act(r, inStart); return nil }})
				s = open(t, k, wire.Generic, nil)
				within(t, func() {
					send(t, s, genl(t, id, dumpFlags, 1, nil))
					buf := make([]byte, 32<<10)
					for {
						d, err := s.Receive(buf, false)
						if tt.closed && errors.Is(err, os.ErrClosed) {
							return
						}
						if err != nil {
							t.Errorf("receive: %v", err)
							return
						}
						if wire.Message(buf[:d.N]).Type() == wire.TypeDone {
							return
						}
					}
				})
				want := 1
				if at == inStart && tt.closed {
					want = 0 // the Dumper was never begun
				}
				if ran != 1 || released != want {
					t.Errorf("ran %d times, released %d times, want 1 and %d", ran, released, want)
				}
				if !tt.closed {
					within(t, func() {
						send(t, s, genl(t, id, dumpFlags, 1, nil))
						readDump(t, s, 32<<10)
					})
				}
			})
		}
	}
}

// TestClosedKernel: nothing works on a kernel that was closed.
func TestClosedKernel(t *testing.T) {
	k := NewKernel()
	fam, err := k.Register(Family{Name: "f", Groups: []Group{{Name: "g"}}, Ops: []Op{{Cmd: 1, Do: nothing}}})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k, wire.Generic, nil)
	if err := s.Join(ctrlID); err != nil {
		t.Fatal(err)
	}
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	msg := genl(t, fam.ID(), wire.Request, 1, nil)
	for name, got := range map[string]func() error{
		"Open":                 func() error { _, err := k.Open(wire.Generic, nil); return err },
		"Unprivileged":         func() error { _, err := k.Unprivileged().Open(wire.Generic, nil); return err },
		"Call":                 func() error { _, err := k.Call(ctx, wire.Generic, msg); return err },
		"CallFamily":           func() error { _, err := k.CallFamily(ctx, "f", 1, 0, nil); return err },
		"Register":             func() error { _, err := k.Register(Family{Name: "new"}); return err },
		"HandleProtocol":       func() error { return k.HandleProtocol(wire.Route, Protocol{}) },
		"Multicast":            func() error { return k.Multicast(wire.UserSock, 1, msg) },
		"Unicast":              func() error { return k.Unicast(wire.UserSock, 1, msg) },
		"Registered.Multicast": func() error { return fam.Multicast("g", 1, nil) },
		"Unregister":           fam.Unregister,
		"Send":                 func() error { return s.Send(msg, netlink.Address{}) },
		"Join":                 func() error { return s.Join(ctrlID) },
		"Leave":                func() error { return s.Leave(ctrlID) },
	} {
		if err := got(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: %v, want os.ErrClosed", name, err)
		}
	}
	if fam.HasListeners("g") || k.HasListeners(wire.Generic, ctrlID) {
		t.Error("somebody listens to a closed kernel")
	}
}

// TestCallEndsWithKernel: a call under way ends with the kernel.
func TestCallEndsWithKernel(t *testing.T) {
	k := newKernel(t)
	if _, err := k.Register(Family{Name: "f", Ops: []Op{
		{Cmd: 1, Do: func(r *Request) error {
			r.Kernel().Close()
			select {
			case <-r.Context().Done():
				return io.EOF
			case <-time.After(patience):
				return netlink.ETIMEDOUT
			}
		}},
	}}); err != nil {
		t.Fatal(err)
	}
	if _, err := k.CallFamily(context.Background(), "f", 1, 0, nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("call: %v, want os.ErrClosed", err)
	}
	k = newKernel(t)
	endless := Dumper(func(r *Request) iter.Seq2[Entry, error] {
		return func(yield func(Entry, error) bool) {
			for yield(func(b *wire.Builder) { b.Attr(1, make([]byte, 1000)) }, nil) {
				r.Kernel().Close()
			}
		}
	})
	if _, err := k.Register(Family{Name: "f", Ops: []Op{{Cmd: 2, Dump: endless}}}); err != nil {
		t.Fatal(err)
	}
	within(t, func() {
		if _, err := k.CallFamily(context.Background(), "f", 2, wire.Dump, nil); !errors.Is(err, os.ErrClosed) {
			t.Errorf("dump: %v, want os.ErrClosed", err)
		}
	})
}

// TestMulticastOfTheGone: a family that goes while it multicasts never reaches
// the one that gets its group's number.
func TestMulticastOfTheGone(t *testing.T) {
	k := newKernel(t)
	s := open(t, k, wire.Generic, nil)
	// Nothing waits here, and all rounds together may take longer.
	if err := s.SetReadDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for round := range 1000 {
		a, err := k.Register(Family{Name: "a", Groups: []Group{{Name: "g"}}, Ops: []Op{{Cmd: 1, Do: nothing}}})
		if err != nil {
			t.Fatal(err)
		}
		group, _ := a.GroupID("g")
		done := make(chan error, 1)
		started := make(chan struct{})
		go func() {
			close(started)
			for {
				if err := a.Multicast("g", 1, nil); errors.Is(err, netlink.ENOENT) || !errors.Is(err, netlink.ESRCH) && err != nil {
					done <- err
					return
				}
				runtime.Gosched() // there may be one processor only
			}
		}()
		<-started
		if err := a.Unregister(); err != nil {
			t.Fatal(err)
		}
		b, err := k.Register(Family{Name: "b", Groups: []Group{{Name: "g"}}, Ops: []Op{{Cmd: 1, Do: nothing}}})
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := b.GroupID("g"); got != group {
			t.Fatalf("group %d, want %d again", got, group)
		}
		if err := s.Join(group); err != nil {
			t.Fatal(err)
		}
		if err := <-done; !errors.Is(err, netlink.ENOENT) {
			t.Fatalf("multicast: %v, want ENOENT", err)
		}
		if d, err := s.Receive(buf, false); !errors.Is(err, netlink.EAGAIN) {
			t.Fatalf("round %d: %d bytes of family %d, %v: want nothing", round, d.N, wire.Message(buf[:d.N]).Type(), err)
		}
		if err := s.Leave(group); err != nil {
			t.Fatal(err)
		}
		if err := b.Unregister(); err != nil {
			t.Fatal(err)
		}
	}
}
