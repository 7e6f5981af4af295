package replay

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Player plays one recording to one program. It is what netlink.Options.Via
// wants. It may be used by many goroutines at once.
type Player struct {
	r *Recording

	mu      sync.Mutex
	played  []bool   // by exchange
	strange [][]byte // what was sent and is not in the recording
	ports   uint32
}

var _ netlink.Opener = (*Player)(nil)

// Play returns a Player at the recording's beginning.
func (r *Recording) Play() *Player {
	return &Player{r: r, played: make([]bool, len(r.exchanges))}
}

// Strange returns what was sent and is not in the recording, in order.
func (p *Player) Strange() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return cloneAll(p.strange)
}

// Unsent returns what was sent when the recording was made and has not been sent
// to the Player. The dump by which other programs find the families, in whose
// place a lookup by name is answered, is not counted.
func (p *Player) Unsent() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out [][]byte
	for i, e := range p.r.exchanges {
		if !p.played[i] && !e.listsFamilies() {
			out = append(out, bytes.Clone(e.sent))
		}
	}
	return out
}

func cloneAll(in [][]byte) [][]byte {
	out := make([][]byte, len(in))
	for i := range in {
		out[i] = bytes.Clone(in[i])
	}
	return out
}

// Open opens a socket. Of the options none matters.
func (p *Player) Open(protocol wire.Protocol, _ *netlink.Options) (netlink.Transport, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ports++
	s := &socket{player: p, protocol: protocol, port: p.ports}
	s.wake.L = &s.mu
	return s, nil
}

// StrangeError says that something was sent that is not in the recording.
type StrangeError struct {
	Sent []byte
	Near []byte // what was sent in its place when it was recorded; may be nil
}

func (e *StrangeError) Error() string {
	if e.Near == nil {
		return fmt.Sprintf("replay: sent %x, which is not in the recording", e.Sent)
	}
	return fmt.Sprintf("replay: sent %x, where the recording has %x", e.Sent, e.Near)
}

// answer finds the answers to a datagram.
func (p *Player) answer(protocol wire.Protocol, sent []byte, port uint32) ([][]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	want := masked(sent)
	again := -1
	var near []byte
	for i := range p.r.exchanges {
		e := &p.r.exchanges[i]
		if e.protocol != protocol {
			continue
		}
		if !bytes.Equal(masked(e.sent), want) {
			if !p.played[i] && !e.listsFamilies() && near == nil {
				near = e.sent
			}
			continue
		}
		if !p.played[i] {
			p.played[i] = true
			return e.answers(sent, port), nil
		}
		again = i
	}
	if protocol == wire.Generic {
		if q, ok := familyLookup(sent); ok {
			// The resolver may have asked what is in the recording as well.
			if again >= 0 {
				return p.r.exchanges[again].answers(sent, port), nil
			}
			if out, ok := p.r.lookUp(q, port); ok {
				return out, nil
			}
		}
		if listsFamilies(sent) {
			for i := range p.r.exchanges {
				if e := &p.r.exchanges[i]; e.listsFamilies() {
					return e.answers(sent, port), nil
				}
			}
		}
	}
	p.strange = append(p.strange, bytes.Clone(sent))
	return nil, &StrangeError{Sent: bytes.Clone(sent), Near: near}
}

// socket is a socket of a Player.
type socket struct {
	player   *Player
	protocol wire.Protocol
	port     uint32

	mu       sync.Mutex
	wake     sync.Cond // of a Receive that waits
	queue    [][]byte
	deadline bool // has passed
	timer    *time.Timer
	closed   bool
}

func (s *socket) Port() uint32            { return s.port }
func (s *socket) Protocol() wire.Protocol { return s.protocol }

func (s *socket) Send(datagram []byte, _ netlink.Address) error {
	answers, err := s.player.answer(s.protocol, datagram, s.port)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return os.ErrClosed
	}
	s.queue = append(s.queue, answers...)
	s.wake.Broadcast()
	return nil
}

func (s *socket) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.closed:
			return netlink.Datagram{}, os.ErrClosed
		case wait && s.deadline:
			return netlink.Datagram{}, os.ErrDeadlineExceeded
		case len(s.queue) > 0:
			d := s.queue[0]
			s.queue = s.queue[1:]
			return netlink.Datagram{N: copy(buf, d), Len: len(d)}, nil
		case !wait:
			return netlink.Datagram{}, netlink.EAGAIN
		}
		s.wake.Wait()
	}
}

func (s *socket) SetReadDeadline(t time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.deadline = false
	if t.IsZero() || s.closed {
		return nil
	}
	if d := time.Until(t); d > 0 {
		s.timer = time.AfterFunc(d, s.expire)
		return nil
	}
	s.deadline = true
	s.wake.Broadcast()
	return nil
}

func (s *socket) expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deadline = true
	s.wake.Broadcast()
}

// Join and Leave are accepted: what is multicast is not in a recording.
func (s *socket) Join(uint32) error  { return nil }
func (s *socket) Leave(uint32) error { return nil }

func (s *socket) MemInfo() (netlink.MemInfo, error) { return netlink.MemInfo{Limit: 212992}, nil }

func (s *socket) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
	}
	s.closed = true
	s.wake.Broadcast()
	return nil
}
