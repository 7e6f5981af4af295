//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/bench/internal/hand"
)

// insideEnv is set in the process that runs in the namespace.
const insideEnv = "NLKIT_BENCH_INSIDE"

// errNoNamespace says that this process may not make a network namespace.
var errNoNamespace = errors.New("cannot make a network namespace: run as root, or where user namespaces are allowed")

// runInNamespace runs this program again, with the same arguments, in a network
// namespace of its own, and returns its exit status. The namespace has no name
// and ends with the process, whatever ends it.
func runInNamespace() (int, error) {
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), insideEnv+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Cloneflags: syscall.CLONE_NEWNET}
	if os.Geteuid() != 0 {
		// Root in a user namespace of its own may do the same, more slowly where
		// a limit cannot be overridden.
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	cmd.SysProcAttr = attr
	// The signal on death is tied to the thread that started the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	// The child is in this process's group and gets an interrupt by itself.
	signal.Ignore(os.Interrupt)
	defer signal.Reset(os.Interrupt)
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("%w: %w", errNoNamespace, err)
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, nil
	case !errors.As(err, &exit):
		return 1, err
	case exit.Exited():
		return exit.ExitCode(), nil
	}
	return 1, fmt.Errorf("ended by %v", exit.ProcessState)
}

// inside reports whether this is the process in the namespace.
func inside() bool { return os.Getenv(insideEnv) != "" }

// prepareNamespace brings lo up, on which all routes are. It refuses a namespace
// that is in use, where lo is up already: emptying its tables would do harm.
func prepareNamespace() error {
	return withSocket(func(s *hand.Socket) error {
		var lo hand.Link
		err := s.Do(linkRequest(nil, loopback, unix.NLM_F_ACK), func(m []byte) { hand.ParseLink(m, &lo) })
		if err != nil {
			return fmt.Errorf("look at lo: %w", err)
		}
		if lo.Flags&unix.IFF_UP != 0 {
			return fmt.Errorf("this network namespace is in use: do not set %s by hand", insideEnv)
		}
		if err := s.Do(linkFlags(nil, loopback, unix.IFF_UP), nil); err != nil {
			return fmt.Errorf("bring lo up: %w", err)
		}
		return nil
	})
}
