//go:build linux

package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"time"

	"github.com/jsimonetti/rtnetlink/v2"
	mdlayher "github.com/mdlayher/netlink"
	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	vishvananda "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	linkCaseName     = "get link"
	parallelCaseName = "get link, 32 goroutines"
	mdlayherPooled   = "mdlayher, pooled buffer"
	mdlayherAck      = "mdlayher, with ACK"
	handNoAck        = "by hand, without ACK"
	bareName         = "system calls alone"
	bareNoAck        = "system calls alone, without ACK"
	oneGoroutine     = "nlkit, 1 goroutine"
	goroutines       = 32
)

// getter asks for the loopback link once and checks the answer. It is one
// connection; whether many goroutines may use it is its maker's affair.
type getter struct {
	get   func() error
	close func() error
}

// linkCase: one request, its reply, and the name and MTU out of it.
func linkCase() *Case {
	return &Case{
		Name: linkCaseName, Op: "RTM_GETLINK by index, name and MTU read",
		Reference: nlkitName, Yardstick: handName,
		Candidates: []Candidate{
			sequential(nlkitName, nlkitGetter(nil)),
			sequential(nlkitName+", with deadline", nlkitGetter(cancellable)),
			sequential(typedName, typedGetter),
			sequential(typedReused, typedReuser),
			sequential(handName, handGetter(true)),
			sequential(handNoAck, handGetter(false)),
			sequential(bareName, bareGetter(true)),
			sequential(bareNoAck, bareGetter(false)),
			sequential(mdlayherAck, mdlayherGetter(nil, true)),
			sequential(mdlayherName, mdlayherGetter(nil, false)),
			sequential(mdlayherPooled, mdlayherGetter(&mdlayher.Config{MessageBufferSize: hand.BufferSize}, false)),
			sequential(vishName, vishvanandaGetter),
			sequential(jsimName, jsimonettiGetter),
		},
	}
}

// parallelCase: the same from many goroutines on one connection. An operation
// is one request; its time is the wall time over the number of requests.
func parallelCase() *Case {
	return &Case{
		Name: parallelCaseName, Op: "as get link, on one connection",
		Reference: oneGoroutine,
		Candidates: []Candidate{
			sequential(oneGoroutine, nlkitGetter(nil)),
			parallel(nlkitName, nlkitGetter(nil)),
			parallel(mdlayherName, mdlayherGetter(nil, false)),
			parallel(vishName, vishvanandaGetter),
		},
	}
}

func sequential(name string, open func() (getter, error)) Candidate {
	return Candidate{Name: name, Open: func() (Runner, error) {
		g, err := open()
		if err != nil {
			return Runner{}, err
		}
		return Runner{Close: g.close, Run: func(_ Clock, n int) error {
			for range n {
				if err := g.get(); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}}
}

func parallel(name string, open func() (getter, error)) Candidate {
	return Candidate{Name: name, Open: func() (Runner, error) {
		g, err := open()
		if err != nil {
			return Runner{}, err
		}
		return Runner{Close: g.close, Run: func(_ Clock, n int) error { return spread(n, g.get) }}, nil
	}}
}

// spread calls op n times from all goroutines together.
func spread(n int, op func() error) error {
	var wg sync.WaitGroup
	errs := make([]error, goroutines)
	for i := range goroutines {
		share := n / goroutines
		if i < n%goroutines {
			share++
		}
		wg.Go(func() {
			for range share {
				if errs[i] = op(); errs[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkLink(l *hand.Link) error {
	if l.Index != loopback || string(l.Name[:l.NameLen]) != "lo" || l.MTU == 0 {
		return fmt.Errorf("got link %d %q with MTU %d, want %d \"lo\"", l.Index, l.Name[:l.NameLen], l.MTU, loopback)
	}
	return nil
}

// cancellable is a context of the kind programs have: it can end.
func cancellable() (context.Context, func()) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	return ctx, cancel
}

// nlkitGetter writes it as a user would: the request built for each call on the
// caller's stack or in its buffer, the reply read in a closure.
func nlkitGetter(withContext func() (context.Context, func())) func() (getter, error) {
	return func() (getter, error) {
		c, err := netlink.Dial(wire.Route, nil)
		if err != nil {
			return getter{}, err
		}
		ctx, cancel := context.Background(), func() {}
		if withContext != nil {
			ctx, cancel = withContext()
		}
		return getter{
			get: func() error { return getLink(ctx, c, loopback) },
			close: func() error {
				cancel()
				return c.Close()
			},
		}, nil
	}
}

// getLink makes its own buffer for each request: it is called from many
// goroutines at once.
func getLink(ctx context.Context, c *netlink.Conn, index uint32) error {
	var b wire.Builder
	b.Reset(make([]byte, 0, 64))
	b.Message(wire.Header{Type: unix.RTM_GETLINK})
	var fixed [unix.SizeofIfInfomsg]byte
	binary.NativeEndian.PutUint32(fixed[4:], index)
	b.Raw(fixed[:])
	req, err := b.Bytes()
	if err != nil {
		return err
	}
	var l hand.Link
	if _, err := c.Do(ctx, req, func(m wire.Message) error { return parseLink(m, &l) }); err != nil {
		return err
	}
	return checkLink(&l)
}

// parseLink reads with nlkit what hand.ParseLink reads by hand.
func parseLink(m wire.Message, l *hand.Link) error {
	data := m.Data()
	if m.Type() != unix.RTM_NEWLINK || len(data) < unix.SizeofIfInfomsg {
		return fmt.Errorf("unexpected message of type %v", m.Type())
	}
	l.Index = int32(binary.NativeEndian.Uint32(data[4:]))
	l.Flags = binary.NativeEndian.Uint32(data[8:])
	for a, err := range wire.Attrs(data[unix.SizeofIfInfomsg:]) {
		if err != nil {
			return err
		}
		switch a.Type() {
		case unix.IFLA_IFNAME:
			l.NameLen = copy(l.Name[:], a.TextBytes())
		case unix.IFLA_MTU:
			if l.MTU, err = a.Uint32(); err != nil {
				return err
			}
		}
	}
	return nil
}

func handGetter(ack bool) func() (getter, error) {
	return func() (getter, error) {
		s, err := hand.Open()
		if err != nil {
			return getter{}, err
		}
		buf := make([]byte, 0, 64)
		var l hand.Link
		each := func(m []byte) { hand.ParseLink(m, &l) }
		return getter{close: s.Close, get: func() error {
			l = hand.Link{}
			if ack {
				err = s.Do(linkRequest(buf, loopback, unix.NLM_F_ACK), each)
			} else {
				err = s.DoReply(linkRequest(buf, loopback, 0), each)
			}
			if err != nil {
				return err
			}
			return checkLink(&l)
		}}, nil
	}
}

// bareGetter makes the system calls and looks at nothing: the kernel's own time.
func bareGetter(ack bool) func() (getter, error) {
	return func() (getter, error) {
		flags, replies := uint16(0), 1
		if ack {
			flags, replies = unix.NLM_F_ACK, 2
		}
		s, err := hand.OpenBare()
		if err != nil {
			return getter{}, err
		}
		req := linkRequest(nil, loopback, flags)
		return getter{close: s.Close, get: func() error { return s.Exchange(req, replies) }}, nil
	}
}

// mdlayherGetter asks with or without NLM_F_ACK. With it, this library leaves the
// ACK in the queue for the next request to trip over, and the caller has to
// receive it. That is what nlkit and the hand-written loop do; without it the
// kernel has less to do.
func mdlayherGetter(config *mdlayher.Config, ack bool) func() (getter, error) {
	return func() (getter, error) {
		c, err := mdlayher.Dial(unix.NETLINK_ROUTE, config)
		if err != nil {
			return getter{}, err
		}
		return getter{close: c.Close, get: func() error {
			if !ack {
				return mdlayherGetLink(c, 0)
			}
			if err := mdlayherGetLink(c, mdlayher.Acknowledge); err != nil {
				return err
			}
			_, err := c.Receive()
			return err
		}}, nil
	}
}

func mdlayherGetLink(c *mdlayher.Conn, flags mdlayher.HeaderFlags) error {
	fixed := make([]byte, unix.SizeofIfInfomsg)
	binary.NativeEndian.PutUint32(fixed[4:], loopback)
	replies, err := c.Execute(mdlayher.Message{
		Header: mdlayher.Header{Type: unix.RTM_GETLINK, Flags: mdlayher.Request | flags},
		Data:   fixed,
	})
	if err != nil {
		return err
	}
	if len(replies) != 1 {
		return fmt.Errorf("%d replies, want 1", len(replies))
	}
	m := replies[0]
	l := hand.Link{Index: int32(binary.NativeEndian.Uint32(m.Data[4:]))}
	ad, err := mdlayher.NewAttributeDecoder(m.Data[unix.SizeofIfInfomsg:])
	if err != nil {
		return err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.IFLA_IFNAME:
			l.NameLen = copy(l.Name[:], ad.String())
		case unix.IFLA_MTU:
			l.MTU = ad.Uint32()
		}
	}
	if err := ad.Err(); err != nil {
		return err
	}
	return checkLink(&l)
}

func vishvanandaGetter() (getter, error) {
	h, err := vishvananda.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return getter{}, err
	}
	return getter{
		close: func() error { h.Close(); return nil },
		get: func() error {
			link, err := h.LinkByIndex(loopback)
			if err != nil {
				return err
			}
			a := link.Attrs()
			l := hand.Link{Index: int32(a.Index), MTU: uint32(a.MTU)}
			l.NameLen = copy(l.Name[:], a.Name)
			return checkLink(&l)
		},
	}, nil
}

func jsimonettiGetter() (getter, error) {
	c, err := rtnetlink.Dial(nil)
	if err != nil {
		return getter{}, err
	}
	return getter{close: c.Close, get: func() error {
		link, err := c.Link.Get(loopback)
		if err != nil {
			return err
		}
		l := hand.Link{Index: int32(link.Index), MTU: link.Attributes.MTU}
		l.NameLen = copy(l.Name[:], link.Attributes.Name)
		return checkLink(&l)
	}}, nil
}
