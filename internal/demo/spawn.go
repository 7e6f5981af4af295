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
	answers chan line

	mu     sync.Mutex
	logger func(string)
}

// NewUserSock starts c, which has to call [ServeUserSock], and returns the
// kernel side it is. ctx ends the process.
func NewUserSock(ctx context.Context, c Command) (Side, error) {
	cmd, err := c.cmd(ctx)
	if err != nil {
		return nil, err
	}
	s := &userSockSide{process: cmd, answers: make(chan line, 1)}
	if s.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the kernel side: %w", err)
	}
	go s.read(out)
	ready, err := s.answer(ctx)
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("starting the kernel side: %w", err)
	}
	s.opener = userSock{peers: map[wire.Protocol]uint32{PlainProtocol: ready.Plain, wire.Generic: ready.Generic}}
	return s, nil
}

// read takes the process's output apart until it ends.
func (s *userSockSide) read(out io.Reader) {
	defer close(s.answers)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var l line
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			continue
		}
		if l.Log != "" {
			s.mu.Lock()
			f := s.logger
			s.mu.Unlock()
			if f != nil {
				f(l.Log)
			}
			continue
		}
		s.answers <- l
	}
}

func (s *userSockSide) answer(ctx context.Context) (line, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case l, ok := <-s.answers:
		if !ok {
			return l, errors.New("the process of the kernel side has ended")
		}
		return l, nil
	case <-ctx.Done():
		return line{}, ctx.Err()
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
	l, err := s.command(ctx, triggerLine)
	if err != nil {
		return err
	}
	if l.Triggered == nil || *l.Triggered != "" {
		return fmt.Errorf("the kernel side did not multicast: %+v", l)
	}
	return nil
}

func (s *userSockSide) Settle(ctx context.Context) error {
	_, err := s.command(ctx, settleLine)
	return err
}

// command gives the process a line and waits for its answer.
func (s *userSockSide) command(ctx context.Context, text string) (line, error) {
	if _, err := io.WriteString(s.in, text+"\n"); err != nil {
		return line{}, fmt.Errorf("the process of the kernel side: %w", err)
	}
	return s.answer(ctx)
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
	// Drain, so that the reader of the output is not stuck on an answer.
	for range s.answers {
	}
	return s.process.Wait()
}
