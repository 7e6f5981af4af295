package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// line is what the process of the kernel side writes to its output, as JSON: the
// port ids of its sockets once both are open, as number helloNumber; a line of
// the kernel's log; or the answer to a command, under the command's number.
type line struct {
	Plain   uint32 `json:"plain,omitempty"`
	Generic uint32 `json:"generic,omitempty"`
	Log     string `json:"log,omitempty"`
	Number  uint64 `json:"number,omitempty"`
	Error   string `json:"error,omitempty"` // why the command failed; else empty
}

// helloNumber is the number no command has.
const helloNumber = 0

// What the process reads from its input: one of these and a number, 1 and up,
// in a line. It disregards other lines.
const (
	triggerCommand = "trigger" // multicast the text of the notes
	settleCommand  = "settle"  // answer when all that was sent before is worked off
	unloadCommand  = "unload"  // take the family away
	loadCommand    = "load"    // register it anew
)

// server is a small kernel behind two sockets of NETLINK_USERSOCK: one stands for
// the plain protocol, the other for generic netlink. Each peer gets a socket of
// the simulated kernel under its own, true port id; datagrams go back and forth.
type server struct {
	service *service
	sockets map[wire.Protocol]netlink.Transport
	settled chan string // datagrams to oneself that have come out

	notices   netlink.Transport // nlctrl's, in the simulated kernel
	forwarder sync.WaitGroup

	mu  sync.Mutex
	out *json.Encoder
}

// ServeUserSock is the kernel side of the demos as a process of its own. It runs
// until in ends.
func ServeUserSock(ctx context.Context, in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sv, err := newServer(out)
	if err != nil {
		return err
	}
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	defer sv.close()
	for p, t := range sv.sockets {
		running.Go(func() { sv.serve(ctx, p, t) })
	}
	sv.say(line{Plain: sv.sockets[PlainProtocol].Port(), Generic: sv.sockets[wire.Generic].Port()})
	for text := range inputLines(ctx, in) {
		sv.obey(ctx, text)
	}
	return nil
}

// obey does what a line of the input says and answers it.
func (sv *server) obey(ctx context.Context, text string) {
	word, digits, _ := strings.Cut(text, " ")
	number, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || number == helloNumber {
		return
	}
	switch word {
	case triggerCommand:
		err = sv.service.trigger()
	case settleCommand:
		err = sv.settle(ctx, digits)
	case unloadCommand:
		err = sv.service.unload()
	case loadCommand:
		err = sv.service.load()
	default:
		return
	}
	answer := line{Number: number}
	if err != nil {
		answer.Error = err.Error()
	}
	sv.say(answer)
}

// inputLines yields lines until in or ctx ends. A read that is in progress when
// ctx ends goes on in the background, until in ends.
func inputLines(ctx context.Context, in io.Reader) iter.Seq[string] {
	ch := make(chan string)
	go func() {
		defer close(ch)
		for lines := bufio.NewScanner(in); lines.Scan(); {
			select {
			case ch <- lines.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	return func(yield func(string) bool) {
		for {
			select {
			case text, ok := <-ch:
				if !ok || !yield(text) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// settle sends a datagram to each of the own sockets. Queues keep the order: when
// it comes out, all that was sent before has been worked off. The mark has to be
// a new one each time: a settle that was given up leaves its datagram behind.
func (sv *server) settle(ctx context.Context, mark string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for p, t := range sv.sockets {
		text := fmt.Sprintf("%s %d", mark, p)
		if err := sendAll(ctx, t, []byte(text), t.Port()); err != nil {
			return err
		}
		for got := ""; got != text; {
			select {
			case got = <-sv.settled:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

func newServer(out io.Writer) (*server, error) {
	s, err := newService()
	if err != nil {
		return nil, err
	}
	sv := &server{service: s, sockets: map[wire.Protocol]netlink.Transport{}, settled: make(chan string, 1), out: json.NewEncoder(out)}
	for _, p := range []wire.Protocol{PlainProtocol, wire.Generic} {
		t, err := netlink.Open(wire.UserSock, nil)
		if err != nil {
			sv.close()
			return nil, err
		}
		sv.sockets[p] = t
	}
	s.setLogger(func(text string) { sv.say(line{Log: text}) })
	s.multicast = sv.multicast
	if err := sv.forwardNotices(); err != nil {
		sv.close()
		return nil, err
	}
	return sv, nil
}

// forwardNotices hands on what nlctrl says on its multicast group, under the same
// number.
func (sv *server) forwardNotices() error {
	t, err := sv.service.kernel.Open(wire.Generic, nil)
	if err != nil {
		return err
	}
	if err := t.Join(genetlink.ControllerID); err != nil {
		t.Close()
		return err
	}
	sv.notices = t
	sv.forwarder.Go(func() {
		buf := make([]byte, datagramSize)
		for {
			d, err := t.Receive(buf, true)
			if err != nil {
				return
			}
			// That nobody took it is no failure of the sender.
			_ = sv.multicast(wire.Generic, d.Group, buf[:d.N])
		}
	})
	return nil
}

func (sv *server) close() {
	sv.service.kernel.Close()
	sv.forwarder.Wait()
	for _, t := range sv.sockets {
		t.Close()
	}
}

func (sv *server) say(l line) {
	sv.mu.Lock()
	defer sv.mu.Unlock()
	// Whoever reads this being gone is seen by the end of the input.
	_ = sv.out.Encode(l)
}

// multicast sends to a group of NETLINK_USERSOCK. The datagram also goes to port
// 0, where nobody is: that error says nothing about the group's members.
func (sv *server) multicast(p wire.Protocol, group uint32, msg []byte) error {
	err := sv.sockets[p].Send(msg, netlink.Address{Group: group})
	if errors.Is(err, netlink.ECONNREFUSED) {
		return nil
	}
	return err
}

// maxPeers bounds the peers known at a time: anybody may send to a socket of
// NETLINK_USERSOCK.
const maxPeers = 1024

// datagramSize is the largest datagram that is taken.
const datagramSize = 64 << 10

// serve receives the peers' datagrams until the socket is closed.
func (sv *server) serve(ctx context.Context, p wire.Protocol, t netlink.Transport) {
	peers := &peers{server: sv, protocol: p, socket: t, open: map[uint32]netlink.Transport{}}
	defer peers.close()
	buf := make([]byte, datagramSize)
	for {
		d, err := t.Receive(buf, true)
		switch {
		case errors.Is(err, netlink.ENOBUFS):
			continue
		case err != nil:
			return
		case d.Port == t.Port():
			select {
			case sv.settled <- string(buf[:d.N]):
			case <-ctx.Done():
				return
			}
			continue
		case d.Port == 0 || d.Len > d.N:
			continue
		}
		peer, err := peers.get(ctx, d.Port)
		if err != nil {
			continue
		}
		// The handler runs in here. Its errors are in the answer.
		_ = peer.Send(buf[:d.N], netlink.Address{})
	}
}

// peers are the sockets of the simulated kernel that stand for peers, by the
// peers' true port ids.
type peers struct {
	server   *server
	protocol wire.Protocol
	socket   netlink.Transport // to the peers
	running  sync.WaitGroup

	mu   sync.Mutex
	open map[uint32]netlink.Transport
}

func (ps *peers) get(ctx context.Context, port uint32) (netlink.Transport, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if t := ps.open[port]; t != nil {
		return t, nil
	}
	if len(ps.open) >= maxPeers {
		return nil, netlink.EMFILE
	}
	t, err := ps.server.service.kernel.Open(ps.protocol, &netlink.Options{Port: port})
	if err != nil {
		return nil, err
	}
	ps.open[port] = t
	ps.running.Go(func() { ps.forward(ctx, port, t) })
	return t, nil
}

func (ps *peers) close() {
	ps.mu.Lock()
	for _, t := range ps.open {
		t.Close()
	}
	ps.mu.Unlock()
	ps.running.Wait()
}

// forward takes what the kernel sends to a peer to the peer, until it is gone.
func (ps *peers) forward(ctx context.Context, port uint32, t netlink.Transport) {
	defer func() {
		ps.mu.Lock()
		delete(ps.open, port)
		ps.mu.Unlock()
		t.Close()
	}()
	buf := make([]byte, datagramSize)
	for {
		d, err := t.Receive(buf, true)
		if errors.Is(err, netlink.ENOBUFS) {
			continue
		}
		if err != nil {
			return
		}
		if err := sendAll(ctx, ps.socket, buf[:d.N], port); err != nil {
			return
		}
	}
}

// sendAll sends and waits while the peer's queue is full.
func sendAll(ctx context.Context, t netlink.Transport, b []byte, port uint32) error {
	for {
		err := t.Send(b, netlink.Address{Port: port})
		if !errors.Is(err, netlink.EAGAIN) {
			return err
		}
		select {
		case <-ctx.Done():
			return os.ErrClosed
		case <-time.After(time.Millisecond):
		}
	}
}
