package demo

import (
	"context"
	"time"

	"github.com/nlkit/nlkit/netlink"
)

// Side is a kernel side to run the demos against.
type Side interface {
	// Opener opens the clients' sockets; nil is the live kernel.
	Opener() netlink.Opener
	// About says in a sentence what the demos run on.
	About() string
	// Check reports why a demo cannot be run here, and what to do about it.
	Check(ctx context.Context, d Demo) error
	// Trigger makes the family multicast its text, as a write to
	// /sys/kernel/genl_test/genl_trigger does. The error is what the kernel's
	// own multicast function returned, as far as it can be seen from here.
	Trigger(ctx context.Context) error
	// Unload takes the module of DOC_EXMPL out of the kernel, and Load puts it back.
	// Where a person has to do that, instruct is given what to type. They return
	// how long to wait for it to have been done.
	Unload(ctx context.Context, instruct func(command string)) (wait time.Duration, err error)
	Load(ctx context.Context, instruct func(command string)) (wait time.Duration, err error)
	// HidesESRCH reports that Trigger cannot tell whether anybody listened.
	HidesESRCH() bool
	// Settle returns once the kernel side has worked off all that was sent to it
	// and has handed on what it logged. A kernel does so within sendmsg.
	Settle(ctx context.Context) error
	// Logger sets where the kernel side's log goes; nil discards it.
	Logger(func(text string))
	Close() error
}
