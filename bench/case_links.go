//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	vishvananda "github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

const (
	linksCaseName = "dump 1k links"
	dumpedLinks   = 1000 // ends of veth pairs, beside lo
	linkGroup     = 1000 // of all of them, so that one request deletes them
	vishAlone     = vishName + ", decoding alone"
	jsimAlone     = jsimName + ", decoding alone"
)

// linkSum is what a dump of links adds up.
type linkSum struct {
	n   int // links
	sum uint64
}

func (d *linkSum) add(index, mtu, queue int, name string) {
	d.n++
	d.sum += uint64(index) + uint64(mtu) + uint64(queue) + uint64(len(name))
}

// linksCase: all links, every attribute decoded into a struct (except "receive
// only", which counts), and four of its values read. The kernel takes its time for
// a link: what is "decoding alone" has the messages of a dump in memory.
func linksCase() *Case {
	c := &Case{
		Name: linksCaseName, Op: "one dump of 1,000 links, all attributes decoded",
		Reference: typedName, Yardstick: receiveOnly, Ops: 1,
		Setup: fillLinks,
	}
	var want linkSum // by the first that reads
	for _, m := range []struct {
		name string
		open func() (dump func() (linkSum, error), close func() error, err error)
	}{
		{typedName, typedLinks(false)},
		{typedListName, typedLinks(true)},
		{receiveOnly, handLinks},
		{vishName, vishvanandaLinks},
		{jsimName, jsimonettiLinks},
		{typedAlone, typedLinksAlone},
		{vishAlone, vishvanandaLinksAlone},
		{jsimAlone, jsimonettiLinksAlone},
	} {
		c.Candidates = append(c.Candidates, Candidate{Name: m.name, Open: func() (Runner, error) {
			dump, closeIt, err := m.open()
			if err != nil {
				return Runner{}, err
			}
			return Runner{Close: closeIt, Run: func(_ Clock, n int) error {
				for range n {
					got, err := dump()
					if err != nil {
						return err
					}
					if err := checkLinks(got, &want); err != nil {
						return err
					}
				}
				return nil
			}}, nil
		}})
	}
	return c
}

// checkLinks compares a dump with the first that was made. Counting alone has no
// sum.
func checkLinks(got linkSum, want *linkSum) error {
	if got.n != dumpedLinks+1 {
		return fmt.Errorf("found %d links where %d were expected", got.n, dumpedLinks+1)
	}
	if want.n == 0 && got.sum != 0 {
		*want = got
	}
	if got.sum != 0 && got != *want {
		return fmt.Errorf("read a sum of %d out of the links where others read %d", got.sum, want.sum)
	}
	return nil
}

// fillLinks makes the links, all up: with addresses and statistics of IPv6.
func fillLinks() (undo func() error, err error) {
	ctx := context.Background()
	c, err := rtlink.Dial(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	up := rtlink.IfInfoMsg{Flags: unix.IFF_UP, Change: unix.IFF_UP}
	var calls []nl.BatchCall
	for i := range dumpedLinks / 2 {
		name, peer := nl.Some(fmt.Sprintf("bench%d", i)), nl.Some(fmt.Sprintf("peer%d", i))
		calls = append(calls,
			nl.Call(&rtlink.LinkNewRequest{
				IfName: name, Group: nl.U32(linkGroup),
				LinkInfo: &rtlink.LinkInfo{Data: &rtlink.LinkInfoVeth{Peer: &rtlink.Link{IfName: peer, Group: nl.U32(linkGroup)}}},
			}, nl.Create, nl.Excl),
			// Neither end can be up before both are there.
			nl.Call(&rtlink.LinkNewRequest{Header: up, IfName: name}),
			nl.Call(&rtlink.LinkNewRequest{Header: up, IfName: peer}))
	}
	results, err := c.Batch(ctx, calls...)
	for _, r := range results {
		if err == nil {
			err = r.Err
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make %d links: %w", dumpedLinks, err), emptyLinks())
	}
	return emptyLinks, nil
}

// emptyLinks deletes them all.
func emptyLinks() error {
	ctx := context.Background()
	c, err := rtlink.Dial(ctx, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.LinkDel(ctx, &rtlink.LinkDelRequest{Group: nl.U32(linkGroup)})
}

func addTyped(d *linkSum, l *rtlink.Link) {
	d.add(int(l.Header.Index), int(l.MTU.Value()), int(l.TxQLen.Value()), l.IfName.Value())
}

func typedLinks(list bool) func() (func() (linkSum, error), func() error, error) {
	return func() (func() (linkSum, error), func() error, error) {
		ctx := context.Background()
		c, err := rtlink.Dial(ctx, nil)
		if err != nil {
			return nil, nil, err
		}
		return func() (d linkSum, err error) {
			if !list {
				for l, err := range c.LinkGetDump(ctx, nil) {
					if err != nil {
						return d, err
					}
					addTyped(&d, l)
				}
				return d, nil
			}
			links, err := nl.Collect(c.LinkGetDump(ctx, nil))
			for i := range links {
				addTyped(&d, &links[i])
			}
			return d, err
		}, c.Close, nil
	}
}

func handLinks() (func() (linkSum, error), func() error, error) {
	s, err := hand.Open()
	if err != nil {
		return nil, nil, err
	}
	req := linkRequest(nil, 0, unix.NLM_F_DUMP)
	return func() (d linkSum, err error) {
		d.n, err = s.Count(req)
		return d, err
	}, s.Close, nil
}

func addVishvananda(d *linkSum, l vishvananda.Link) {
	a := l.Attrs()
	d.add(a.Index, a.MTU, a.TxQLen, a.Name)
}

func vishvanandaLinks() (func() (linkSum, error), func() error, error) {
	h, err := vishvananda.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, nil, err
	}
	return func() (d linkSum, err error) {
		links, err := h.LinkList()
		for _, l := range links {
			addVishvananda(&d, l)
		}
		return d, err
	}, func() error { h.Close(); return nil }, nil
}

func addJsimonetti(d *linkSum, l *rtnetlink.LinkMessage) {
	queue := 0
	if l.Attributes.TxQueueLen != nil {
		queue = int(*l.Attributes.TxQueueLen)
	}
	d.add(int(l.Index), int(l.Attributes.MTU), queue, l.Attributes.Name)
}

func jsimonettiLinks() (func() (linkSum, error), func() error, error) {
	c, err := rtnetlink.Dial(nil)
	if err != nil {
		return nil, nil, err
	}
	return func() (d linkSum, err error) {
		links, err := c.Link.List()
		for i := range links {
			addJsimonetti(&d, &links[i])
		}
		return d, err
	}, c.Close, nil
}

// linkMessages is a dump of the links there are, as the kernel sends it.
func linkMessages() ([]byte, error) {
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	var all []byte
	for m, err := range c.Dump(context.Background(), linkRequest(nil, 0, unix.NLM_F_DUMP)) {
		if err != nil {
			return nil, err
		}
		all = append(all, m...)
	}
	return all, nil
}

// decodeLinks makes a candidate of a function that decodes one message.
func decodeLinks(decode func(d *linkSum, m wire.Message) error) (func() (linkSum, error), func() error, error) {
	messages, err := linkMessages()
	return func() (d linkSum, err error) {
		for m, err := range wire.Messages(messages) {
			if err == nil {
				err = decode(&d, m)
			}
			if err != nil {
				return d, err
			}
		}
		return d, nil
	}, nil, err
}

func typedLinksAlone() (func() (linkSum, error), func() error, error) {
	var memory nl.Decoder
	var l rtlink.Link
	return decodeLinks(func(d *linkSum, m wire.Message) error {
		memory.Reset()
		l.DecodeNetlink(&memory, m.Data())
		addTyped(d, &l)
		return nil
	})
}

func vishvanandaLinksAlone() (func() (linkSum, error), func() error, error) {
	return decodeLinks(func(d *linkSum, m wire.Message) error {
		l, err := vishvananda.LinkDeserialize(nil, m.Data())
		if err == nil {
			addVishvananda(d, l)
		}
		return err
	})
}

func jsimonettiLinksAlone() (func() (linkSum, error), func() error, error) {
	return decodeLinks(func(d *linkSum, m wire.Message) error {
		var l rtnetlink.LinkMessage
		err := l.UnmarshalBinary(m.Data())
		if err == nil {
			addJsimonetti(d, &l)
		}
		return err
	})
}
