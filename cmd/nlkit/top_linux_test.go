package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
)

// pseudoTerminal is a terminal with a command on it.
type pseudoTerminal struct {
	t        *testing.T
	keyboard *os.File // what is written to it is typed; what is read was shown
	line     *os.File
	before   unix.Termios // its settings before the command
	cmd      *exec.Cmd
	done     chan error

	mu    sync.Mutex
	shown bytes.Buffer
}

// onTerminal starts nlkit with a terminal of that size as its own.
func onTerminal(t *testing.T, width, height uint16, args ...string) *pseudoTerminal {
	t.Helper()
	p := &pseudoTerminal{t: t, done: make(chan error, 1)}
	var err error
	if p.keyboard, err = os.OpenFile("/dev/ptmx", os.O_RDWR, 0); err != nil {
		testenv.Missing(t, "pty", err.Error())
	}
	var number int
	p.control(func(fd int) error {
		if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
			return err
		}
		number, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		return err
	})
	if p.line, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		p.keyboard.Close()
		testenv.Missing(t, "pty", err.Error())
	}
	p.resize(width, height)
	p.before = p.settings()
	p.cmd = exec.CommandContext(t.Context(), "nlkit", args...)
	p.cmd.Env = append(os.Environ(), "TERM=xterm")
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = p.line, p.line, p.line
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- p.cmd.Wait() }()
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(p, p.keyboard) // until it is closed
	}()
	t.Cleanup(func() {
		p.keyboard.Close()
		p.line.Close()
		<-read
	})
	return p
}

func (p *pseudoTerminal) control(f func(fd int) error) {
	p.t.Helper()
	raw, err := p.keyboard.SyscallConn()
	if err == nil {
		cerr := raw.Control(func(fd uintptr) { err = f(int(fd)) })
		err = errors.Join(err, cerr)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *pseudoTerminal) resize(width, height uint16) {
	p.t.Helper()
	p.control(func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: height, Col: width})
	})
}

func (p *pseudoTerminal) settings() unix.Termios {
	p.t.Helper()
	var s *unix.Termios
	p.control(func(fd int) (err error) {
		s, err = unix.IoctlGetTermios(fd, unix.TCGETS)
		return err
	})
	return *s
}

func (p *pseudoTerminal) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown.Write(b)
}

func (p *pseudoTerminal) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.shown.String()
}

func (p *pseudoTerminal) wait(text string, times int) {
	p.t.Helper()
	waitFor(p.t, func() bool { return strings.Count(p.text(), text) >= times })
}

// end waits for the command and returns its exit status.
func (p *pseudoTerminal) end() int {
	p.t.Helper()
	select {
	case err := <-p.done:
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			return exit.ExitCode()
		}
		if err != nil {
			p.t.Fatal(err)
		}
		return 0
	case <-time.After(10 * time.Second):
		p.cmd.Process.Kill()
		p.t.Fatalf("it does not end; it has shown %q", p.text())
		return -1
	}
}

// TestTopLeaves ends it in each way there is: the terminal is as it was, the
// cursor is back, and no other screen was used.
func TestTopLeaves(t *testing.T) {
	for _, tt := range []struct {
		name   string
		end    func(p *pseudoTerminal)
		args   []string
		status int
	}{
		{"q", func(p *pseudoTerminal) { p.keyboard.Write([]byte("xq")) }, nil, 0},
		{"ctrl-c", func(p *pseudoTerminal) { p.keyboard.Write([]byte{3}) }, nil, 130},
		{"ctrl-d", func(p *pseudoTerminal) { p.keyboard.Write([]byte{4}) }, nil, 0},
		{"SIGTERM", func(p *pseudoTerminal) { p.cmd.Process.Signal(syscall.SIGTERM) }, nil, 130},
		{"SIGINT", func(p *pseudoTerminal) { p.cmd.Process.Signal(os.Interrupt) }, nil, 130},
		{"SIGHUP", func(p *pseudoTerminal) { p.cmd.Process.Signal(syscall.SIGHUP) }, nil, 130},
		{"SIGQUIT", func(p *pseudoTerminal) { p.cmd.Process.Signal(syscall.SIGQUIT) }, nil, 130},
		{"count", func(*pseudoTerminal) {}, []string{"--count", "3"}, 0},
		{"an error", func(*pseudoTerminal) {}, []string{"--timeout", "1ns"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := onTerminal(t, 100, 40, append([]string{"top", "--interval", "20ms"}, tt.args...)...)
			if tt.args == nil {
				p.wait("PROTOCOL", 3)
				if p.settings() == p.before {
					t.Error("keys are not read one by one")
				}
				tt.end(p)
			}
			if status := p.end(); status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			p.wait(showCursor, 1)
			if after := p.settings(); after != p.before {
				t.Errorf("the terminal is not as it was: %+v, before %+v", after, p.before)
			}
			shown := p.text()
			if strings.Contains(shown, "\x1b[?1049") || strings.Contains(shown, "\x1b[2J") {
				t.Errorf("the screen was cleared or another one used: %q", shown)
			}
			if strings.Count(shown, hideCursor) != 1 || strings.LastIndex(shown, showCursor) < strings.LastIndex(shown, hideCursor) {
				t.Errorf("the cursor is left hidden: %q", shown)
			}
			if tt.status != 1 && !strings.Contains(shown, "nlkit") {
				t.Errorf("its own socket is not shown: %q", shown)
			}
		})
	}
}

// TestTopResize fits its lines to the window, at once.
func TestTopResize(t *testing.T) {
	p := onTerminal(t, 100, 40, "top", "--interval", "1h")
	p.wait("FLAGS", 1)
	p.resize(40, 5)
	var frame string
	waitFor(t, func() bool {
		_, frame, _ = strings.Cut(p.text(), cleanAll)
		return strings.HasSuffix(frame, cleanBelow)
	})
	lines := strings.Split(frame, cleanLine+"\r\n")
	if len(lines) != 5 || lines[4] != cleanBelow {
		t.Errorf("%d lines, want 4 and the cursor's: %q", len(lines), frame)
	}
	p.keyboard.Write([]byte("q"))
	if status := p.end(); status != 0 {
		t.Errorf("status %d", status)
	}
}

// TestTopDumbTerminal prints once where the cursor cannot be moved.
func TestTopDumbTerminal(t *testing.T) {
	t.Setenv("TERM", "dumb")
	p := onTerminal(t, 100, 40, "top", "--once")
	if status := p.end(); status != 0 {
		t.Errorf("status %d", status)
	}
	p.wait("FLAGS", 1)
	if strings.Contains(p.text(), "\x1b") {
		t.Errorf("control sequences: %q", p.text())
	}
}

// TestTopAllNamespaces finds a socket in a namespace that has no name.
func TestTopAllNamespaces(t *testing.T) {
	testenv.NeedRoot(t)
	other := exec.CommandContext(t.Context(), "nlkit", "watch", "rt-link")
	other.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	said, err := other.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		testenv.Missing(t, "netns", err.Error())
	}
	defer other.Wait()
	defer other.Process.Kill()
	if _, err := said.Read(make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	status, out, errs := try(t, "top", "--all-netns", "--pid", fmt.Sprint(other.Process.Pid), "-o", "jsonl")
	if want := fmt.Sprintf(`"netns":"pid:%d","protocol":"route"`, other.Process.Pid); status != 0 || !strings.Contains(out, want) {
		t.Errorf("status %d, no %s in\n%s%s", status, want, out, errs)
	}
	status, out, _ = try(t, "top", "--pid", fmt.Sprint(other.Process.Pid), "-o", "jsonl")
	if status != 0 || out != "" {
		t.Errorf("status %d; it is not in the own namespace: %s", status, out)
	}
}
