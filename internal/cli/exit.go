package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/nlkit/nlkit/netlink"
)

// Exit statuses of nlkit.
const (
	ExitOK          = 0
	ExitRefused     = 1   // the kernel, or the data, said no
	ExitUsage       = 2   // the command line is wrong
	ExitInterrupted = 130 // stopped by a signal, as shells report it
)

// UsageError says that the command line is wrong: the usage is worth showing.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *UsageError) Unwrap() error { return e.Err }

// Usagef makes a [UsageError].
func Usagef(format string, args ...any) error {
	return &UsageError{fmt.Errorf(format, args...)}
}

// StatusError asks for an exit status; what is to be said was said already.
type StatusError struct{ Status int }

func (e *StatusError) Error() string { return fmt.Sprintf("exit status %d", e.Status) }

// ExitStatus returns the exit status an error means. nil is success.
func ExitStatus(err error) int {
	if err == nil {
		return ExitOK
	}
	if _, ok := errors.AsType[*UsageError](err); ok {
		return ExitUsage
	}
	if s, ok := errors.AsType[*StatusError](err); ok {
		return s.Status
	}
	if errors.Is(err, context.Canceled) {
		return ExitInterrupted
	}
	return ExitRefused
}

// Explain adds what to do next to errors whose own text does not say so.
func Explain(err error) string {
	switch {
	case isNamespace(err) && errors.Is(err, os.ErrNotExist):
		return fmt.Sprintf("%v: give the name of one of those that \"ip netns\" lists, or a path such as /proc/PID/ns/net", err)
	case isNamespace(err) && errors.Is(err, os.ErrPermission):
		return fmt.Sprintf("%v: entering a network namespace takes root", err)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("%v: no answer in time; give more with --timeout", err)
	case errors.Is(err, os.ErrPermission):
		return fmt.Sprintf("%v: try it as root, or inside \"unshare -Urn\"", err)
	}
	return err.Error()
}

func isNamespace(err error) bool {
	_, ok := errors.AsType[*netlink.NamespaceError](err)
	return ok
}
