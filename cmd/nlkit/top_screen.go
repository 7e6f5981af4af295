package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/nlkit/nlkit/internal/cli"
)

// isScreen reports whether a file is a terminal whose cursor can be moved.
func isScreen(f *os.File) bool {
	return os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// screen draws frames over each other on a terminal. It uses neither the
// alternate screen nor the whole one: the last frame stays where it is, and what
// was above it too.
type screen struct {
	out     *os.File
	drawn   int // lines of the last frame
	width   int // of the terminal at that time
	height  int
	keys    chan byte // closed where there are no more
	tty     *os.File  // keys are read from it; nil where there are none
	restore func()    // gives the terminal its settings back
	ended   chan struct{}
}

// What a terminal is told.
const (
	hideCursor = "\x1b[?25l"
	showCursor = "\x1b[?25h"
	cleanLine  = "\x1b[K" // from the cursor on
	cleanBelow = "\x1b[J"
	cleanAll   = "\x1b[H\x1b[2J"
)

// openScreen prepares a terminal. The screen must be closed, whatever happens.
func openScreen(out *os.File) *screen {
	s := &screen{out: out, keys: make(chan byte), ended: make(chan struct{})}
	s.openKeys()
	io.WriteString(out, hideCursor)
	return s
}

// openKeys makes keys arrive as they are pressed. Where the terminal does not
// allow that there are none, and signals are left to end the command.
func (s *screen) openKeys() {
	// It is opened anew rather than taken from the standard input, which may be
	// another file, and whose reading could not be broken off.
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		close(s.ended)
		return
	}
	raw, err := tty.SyscallConn()
	var before *term.State
	if err == nil {
		cerr := raw.Control(func(fd uintptr) { before, err = term.MakeRaw(int(fd)) })
		if err == nil {
			err = cerr
		}
	}
	if err != nil {
		tty.Close()
		close(s.ended)
		return
	}
	s.tty = tty
	s.restore = func() { _ = raw.Control(func(fd uintptr) { _ = term.Restore(int(fd), before) }) }
	go s.readKeys()
}

func (s *screen) readKeys() {
	defer close(s.ended)
	defer close(s.keys)
	var b [1]byte
	for {
		if n, err := s.tty.Read(b[:]); n == 0 || err != nil {
			return // closed, or the terminal has gone
		}
		s.keys <- b[0]
	}
}

// close gives the terminal back as it was, with the last frame on it.
func (s *screen) close() {
	io.WriteString(s.out, showCursor)
	if s.tty == nil {
		return
	}
	s.restore()
	s.tty.Close()
	for range s.keys { // lets the reader go
	}
	<-s.ended
}

// size returns how many columns and lines the terminal has.
func (s *screen) size() (width, height int) {
	width, height, err := term.GetSize(int(s.out.Fd()))
	if err != nil || width <= 0 || height <= 0 {
		return 80, 24 // a terminal that does not know, such as a serial line
	}
	return width, height
}

// draw shows lines in place of those before.
func (s *screen) draw(width, height int, lines []string) error {
	var b strings.Builder
	switch {
	case s.drawn > 0 && width != s.width, s.drawn >= height:
		// The terminal has laid out the last frame anew, or cut it off: where it
		// begins is not known.
		b.WriteString(cleanAll)
	case s.drawn > 0:
		fmt.Fprintf(&b, "\x1b[%dA\r", s.drawn)
	}
	for _, line := range lines {
		b.WriteString(line + cleanLine + "\r\n")
	}
	b.WriteString(cleanBelow)
	s.drawn, s.width, s.height = len(lines), width, height
	_, err := io.WriteString(s.out, b.String())
	return err
}

// lookAgain is how often it is looked whether the terminal has another size.
const lookAgain = 200 * time.Millisecond

// Keys that end it.
const (
	ctrlC = 3
	ctrlD = 4
)

// live shows lists on a terminal until somebody has seen enough.
func (t *top) live(out *os.File) error {
	// The terminal is given back before these end the program, too.
	ctx, stop := signal.NotifyContext(t.cmd.Context(), syscall.SIGHUP, syscall.SIGQUIT)
	defer stop()
	s := openScreen(out)
	defer s.close()
	keys := (<-chan byte)(s.keys)
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for n := uint64(1); ; n++ {
		l, err := t.read(ctx)
		if err != nil {
			return err
		}
		next := time.Now().Add(time.Duration(t.flags.interval))
		for first := true; first || time.Now().Before(next); first = false {
			width, height := s.size()
			if first || width != s.width || height != s.height {
				if err := s.draw(width, height, l.frame(&t.groups, width, height, cli.Color(out))); err != nil {
					return err
				}
			}
			if n == uint64(t.flags.count) {
				return nil
			}
			if done, err := wait(ctx, &keys, tick.C, next); done {
				return err
			}
		}
	}
}

// wait waits a little. It is done when the command is to end.
func wait(ctx context.Context, keys *<-chan byte, tick <-chan time.Time, until time.Time) (done bool, err error) {
	rest := time.NewTimer(time.Until(until))
	defer rest.Stop()
	select {
	case <-ctx.Done():
		return true, ctx.Err()
	case <-tick:
	case <-rest.C:
	case key, ok := <-*keys:
		switch {
		case !ok:
			*keys = nil // the terminal has gone; a signal will tell
		case key == 'q' || key == 'Q' || key == ctrlD:
			return true, nil
		case key == ctrlC:
			return true, context.Canceled
		}
	}
	return false, nil
}
