package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
)

// talk is a userSockSide whose process is the test.
type talk struct {
	side     *userSockSide
	commands *bufio.Scanner
	answers  *io.PipeWriter
}

func newTalk(t *testing.T) *talk {
	t.Helper()
	in, inW := io.Pipe()
	out, outW := io.Pipe()
	s := &userSockSide{in: inW, ended: make(chan struct{}), waiting: map[uint64]chan line{}}
	go s.read(out)
	t.Cleanup(func() {
		in.Close()
		outW.Close()
		<-s.ended
	})
	return &talk{side: s, commands: bufio.NewScanner(in), answers: outW}
}

// give calls command and returns where its result will be, once the process has
// read the command, which is to be want.
func (k *talk) give(t *testing.T, command func() error, want string) chan error {
	t.Helper()
	result := make(chan error, 1)
	go func() { result <- command() }()
	if !k.commands.Scan() || k.commands.Text() != want {
		t.Fatalf("the process was told %q, want %q", k.commands.Text(), want)
	}
	return result
}

// say returns once the text was read.
func (k *talk) say(t *testing.T, text string) {
	t.Helper()
	if _, err := fmt.Fprintln(k.answers, text); err != nil {
		t.Fatal(err)
	}
}

// TestLateAnswer: the answer to a command that was given up is not taken for the
// next one's.
func TestLateAnswer(t *testing.T) {
	k := newTalk(t)
	ctx, cancel := context.WithCancel(t.Context())
	given := k.give(t, func() error { return k.side.Trigger(ctx) }, "trigger 1")
	cancel()
	if err := <-given; !errors.Is(err, context.Canceled) {
		t.Fatalf("cancelled: %v", err)
	}
	settled := k.give(t, func() error { return k.side.Settle(t.Context()) }, "settle 2")
	k.say(t, `{"number":1,"error":"too late"}`)
	k.say(t, `{"number":2}`)
	if err := <-settled; err != nil {
		t.Errorf("settle: %v", err)
	}
	// Nobody waits for these, and they keep nobody from being heard.
	logged := make(chan string, 1)
	k.side.Logger(func(text string) { logged <- text })
	for range 3 {
		k.say(t, `{"number":2,"error":"again"}`)
		k.say(t, `{}`)
	}
	k.say(t, `{"log":"hello"}`)
	if text := <-logged; text != "hello" {
		t.Errorf("logged %q", text)
	}
	triggered := k.give(t, func() error { return k.side.Trigger(t.Context()) }, "trigger 3")
	k.say(t, `{"number":3,"error":"no such group"}`)
	if err := <-triggered; err == nil || err.Error() != "the kernel side could not trigger: no such group" {
		t.Errorf("trigger: %v", err)
	}
	// The answer and the end at once: the answer counts.
	last := k.give(t, func() error { return k.side.Settle(t.Context()) }, "settle 4")
	k.say(t, `{"number":4}`)
	k.answers.Close()
	if err := <-last; err != nil {
		t.Errorf("the last answer: %v", err)
	}
	ended := k.give(t, func() error { return k.side.Settle(t.Context()) }, "settle 5")
	if err := <-ended; err == nil {
		t.Error("no error from a process that has ended")
	}
	if n := len(k.side.waiting); n != 0 {
		t.Errorf("%d answers still waited for", n)
	}
}
