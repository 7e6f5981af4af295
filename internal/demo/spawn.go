package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Command is how to start this program once more.
type Command struct {
	Path   string   // the program; empty: this one
	Args   []string // its arguments, without its name
	Stdout io.Writer
	Stderr io.Writer
}

// cmd makes c runnable. When ctx ends the process is asked to stop, then made to.
func (c Command) cmd(ctx context.Context) (*exec.Cmd, error) {
	path := c.Path
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("finding this program to start it once more: %w", err)
		}
	}
	cmd := exec.CommandContext(ctx, path, c.Args...)
	cmd.Args[0] = os.Args[0]
	cmd.Stdout, cmd.Stderr = c.Stdout, c.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 2 * time.Second
	return cmd, nil
}

// AlreadyIsolated is what Isolate returns inside the namespaces.
const AlreadyIsolated = -1

// ErrNoNamespace says why Isolate has run nothing.
var ErrNoNamespace = errors.New("no user namespace can be made here")

// isolatedEnv tells a process that it is inside.
const isolatedEnv = "NLKIT_DEMO_ISOLATED"

// WantsNamespace reports whether one of the demos joins a group, which
// NETLINK_USERSOCK allows in a namespace of one's own. No names stand for all.
func WantsNamespace(names []string) bool {
	for _, d := range All() {
		if d.group && (len(names) == 0 || slices.Contains(names, d.Name)) {
			return true
		}
	}
	return false
}

// userSockSide is the kernel side in another process.
type userSockSide struct {
	opener  userSock
	process *exec.Cmd
	in      io.WriteCloser
	ended   chan struct{} // its output has ended

	mu      sync.Mutex
	logger  func(string)
	last    uint64               // number of the last command
	waiting map[uint64]chan line // for the answers to commands, by their numbers
}

// NewUserSock starts c, which has to call [ServeUserSock], and returns the
// kernel side it is. ctx ends the process.
func NewUserSock(ctx context.Context, c Command) (Side, error) {
	cmd, err := c.cmd(ctx)
	if err != nil {
		return nil, err
	}
	s := &userSockSide{process: cmd, ended: make(chan struct{}), waiting: map[uint64]chan line{}}
	if s.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	hello := s.expect(helloNumber)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the kernel side: %w", err)
	}
	go s.read(out)
	ready, err := s.answer(ctx, helloNumber, hello)
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("starting the kernel side: %w", err)
	}
	s.opener = userSock{peers: map[wire.Protocol]uint32{PlainProtocol: ready.Plain, wire.Generic: ready.Generic}}
	return s, nil
}

// read takes the process's output apart until it ends. An answer nobody waits
// for any more is dropped.
func (s *userSockSide) read(out io.Reader) {
	defer close(s.ended)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			continue
		}
		s.mu.Lock()
		log, answer := s.logger, s.waiting[l.Number]
		if l.Log == "" {
			delete(s.waiting, l.Number)
		}
		s.mu.Unlock()
		switch {
		case l.Log != "" && log != nil:
			log(l.Log)
		case l.Log == "" && answer != nil:
			answer <- l
		}
	}
}

// expect makes room for the answer of that number.
func (s *userSockSide) expect(number uint64) chan line {
	ch := make(chan line, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting[number] = ch
	return ch
}

// answer waits for what expect made room for.
func (s *userSockSide) answer(ctx context.Context, number uint64, ch chan line) (line, error) {
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.waiting, number)
	}()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case l := <-ch:
		return l, nil
	case <-s.ended:
	case <-ctx.Done():
		return line{}, ctx.Err()
	}
	select {
	case l := <-ch: // its last words
		return l, nil
	default:
		return line{}, errors.New("the process of the kernel side has ended")
	}
}

func (s *userSockSide) Opener() netlink.Opener { return s.opener }

func (s *userSockSide) About() string {
	return fmt.Sprintf("The kernel side of these demos is another process (%d) behind real AF_NETLINK sockets of "+
		"NETLINK_USERSOCK: port id %d stands for the kernel's protocol %d, port id %d for generic netlink. The clients "+
		"believe these two senders and nobody else.", s.process.Process.Pid, s.opener.peers[PlainProtocol], int(PlainProtocol),
		s.opener.peers[wire.Generic])
}

func (s *userSockSide) Check(context.Context, Demo) error { return nil }

func (s *userSockSide) Trigger(ctx context.Context) error {
	return s.command(ctx, triggerCommand)
}

func (s *userSockSide) Unload(ctx context.Context, _ func(string)) (time.Duration, error) {
	return patience, s.command(ctx, unloadCommand)
}

func (s *userSockSide) Load(ctx context.Context, _ func(string)) (time.Duration, error) {
	return patience, s.command(ctx, loadCommand)
}

func (s *userSockSide) Settle(ctx context.Context) error {
	return s.command(ctx, settleCommand)
}

// command gives the process a command and waits for the answer to this very
// one: the answer to one that was given up may still come.
func (s *userSockSide) command(ctx context.Context, word string) error {
	s.mu.Lock()
	s.last++
	number := s.last
	s.mu.Unlock()
	ch := s.expect(number)
	if _, err := fmt.Fprintln(s.in, word, number); err != nil {
		return fmt.Errorf("the process of the kernel side: %w", err)
	}
	l, err := s.answer(ctx, number, ch)
	if err != nil {
		return err
	}
	if l.Error != "" {
		return fmt.Errorf("the kernel side could not %s: %s", word, l.Error)
	}
	return nil
}

func (s *userSockSide) HidesESRCH() bool { return true }

func (s *userSockSide) Logger(f func(string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logger = f
}

// Close ends the process.
func (s *userSockSide) Close() error {
	s.in.Close()
	<-s.ended
	return s.process.Wait()
}
