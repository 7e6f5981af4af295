package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

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

// Explain adds what to do next to errors whose own text does not say so. limit
// is the time limit of the command, if it is over, else 0.
func Explain(err error, limit time.Duration) string { return explain(err, limit, os.Geteuid()) }

func explain(err error, limit time.Duration, euid int) string {
	text := err.Error()
	if ns, ok := errors.AsType[*netlink.NamespaceError](err); ok {
		return strings.Replace(text, ns.Error(), namespaceText(ns, euid), 1)
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		late := "no answer in time"
		if limit > 0 {
			late = fmt.Sprintf("no answer within %v (--timeout)", limit)
		}
		if bare := context.DeadlineExceeded.Error(); strings.Contains(text, bare) {
			return strings.Replace(text, bare, late, 1)
		}
		return text + ": " + late
	case errors.Is(err, os.ErrPermission) && euid != 0 && !ofFile(err):
		return text + ": try it as root, or inside \"unshare -Urn\""
	}
	return text
}

// ofFile reports whether an error is about a file, which a namespace is no help
// with.
func ofFile(err error) bool {
	_, ok := errors.AsType[*fs.PathError](err)
	return ok
}

// namespaceText says once which namespace is meant, what is wrong and what to do.
func namespaceText(e *netlink.NamespaceError, euid int) string {
	what := fmt.Sprintf("network namespace %v", e.Namespace)
	cause := e.Err
	if path, ok := errors.AsType[*fs.PathError](cause); ok && path.Path == e.Namespace.String() {
		cause = path.Err // what names the path once more
	}
	switch {
	case errors.Is(cause, os.ErrNotExist):
		return what + " does not exist: give a name that \"ip netns\" lists, or a path such as /proc/PID/ns/net"
	case errors.Is(cause, os.ErrPermission) && euid != 0:
		return fmt.Sprintf("%s: %v: entering a network namespace takes root", what, cause)
	case errors.Is(cause, os.ErrPermission):
		return fmt.Sprintf("%s: %v: entering it takes CAP_SYS_ADMIN, and a path in /proc/PID takes CAP_SYS_PTRACE over that process",
			what, cause)
	}
	return fmt.Sprintf("%s: %v", what, cause)
}
