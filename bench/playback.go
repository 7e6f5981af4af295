//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"os"
	"time"

	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// playback is a transport that answers each dump with the messages of a recording,
// over and over until there are as many as wanted. It copies them into the buffer
// of the receiver, as the kernel does, and does nothing else: what is measured is
// the receiver. It has no locks and is for one goroutine.
type playback struct {
	datagram []byte // as many of the messages as fit
	ends     []int  // where each of them ends
	n        int    // messages that are wanted of a dump
	left     int    // of the dump that goes on; -1: none does
	done     []byte // the message at its end
	closed   bool
}

var _ netlink.Opener = (*playback)(nil)

func newPlayback(messages []byte) *playback {
	p := &playback{left: -1}
	for m, err := range wire.Messages(messages) {
		if err != nil || len(p.datagram)+len(m) > hand.BufferSize {
			break
		}
		p.datagram = append(p.datagram, m...)
		p.ends = append(p.ends, len(p.datagram))
	}
	p.done = wire.Header{Len: wire.HeaderLen + 4, Type: wire.TypeDone, Flags: wire.Multi}.Append(nil)
	p.done = append(p.done, 0, 0, 0, 0)
	return p
}

// want sets how many messages a dump has.
func (p *playback) want(n int) { p.n = n }

// Open opens the one socket there is.
func (p *playback) Open(wire.Protocol, *netlink.Options) (netlink.Transport, error) {
	return p, nil
}

// Send begins a dump: all answers get the number of the request.
func (p *playback) Send(request []byte, _ netlink.Address) error {
	h, ok := wire.ParseHeader(request)
	if !ok {
		return errors.New("a request shorter than its header")
	}
	binary.NativeEndian.PutUint32(p.done[8:], h.Seq)
	for start, rest := 0, p.ends; len(rest) > 0; start, rest = rest[0], rest[1:] {
		binary.NativeEndian.PutUint32(p.datagram[start+8:], h.Seq)
		binary.NativeEndian.PutUint32(p.datagram[start+12:], p.Port())
	}
	p.left = p.n
	return nil
}

func (p *playback) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	d := p.done
	switch {
	case p.closed:
		return netlink.Datagram{}, os.ErrClosed
	case p.left < 0 && wait:
		return netlink.Datagram{}, errors.New("nothing to wait for: no dump was asked for")
	case p.left < 0:
		return netlink.Datagram{}, netlink.EAGAIN
	case p.left == 0:
		p.left = -1
	default:
		n := min(p.left, len(p.ends))
		d = p.datagram[:p.ends[n-1]]
		p.left -= n
	}
	return netlink.Datagram{N: copy(buf, d), Len: len(d)}, nil
}

func (p *playback) SetReadDeadline(time.Time) error         { return nil }
func (p *playback) Join(uint32) error                       { return nil }
func (p *playback) Leave(uint32) error                      { return nil }
func (p *playback) MemInfo() (m netlink.MemInfo, err error) { return m, nil }
func (p *playback) Port() uint32                            { return 1 }
func (p *playback) Protocol() wire.Protocol                 { return wire.Netfilter }

func (p *playback) Close() error {
	p.closed = true
	return nil
}
