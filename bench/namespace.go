//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/bench/internal/hand"
)

// insideEnv is set in the process that runs in the namespace. Its value is the
// namespace outside, so that the process can tell that it is not in it.
const insideEnv = "NLKIT_BENCH_OUTSIDE"

// runInNamespace runs this program again, with the same arguments, in a network
// namespace of its own, and returns its exit status. The namespace has no name
// and ends with the process, whatever ends it.
func runInNamespace() (int, error) {
	outside, err := namespaceID()
	if err != nil {
		return 1, err
	}
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Env = append(os.Environ(), insideEnv+"="+strconv.FormatUint(outside, 10))
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
		return 1, fmt.Errorf("make a network namespace: %w: run as root, or where user namespaces are allowed", err)
	}
	err = cmd.Wait()
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

// prepareNamespace refuses to touch a namespace that is not the new one, and
// brings lo up, on which all routes are.
func prepareNamespace() error {
	id, err := namespaceID()
	if err != nil {
		return err
	}
	if outside, err := strconv.ParseUint(os.Getenv(insideEnv), 10, 64); err != nil || outside == id {
		return fmt.Errorf("not in a network namespace of its own: %s must not be set by hand", insideEnv)
	}
	err = withSocket(func(s *hand.Socket) error { return s.Do(linkFlags(nil, loopback, unix.IFF_UP), nil) })
	if err != nil {
		return fmt.Errorf("bring lo up: %w", err)
	}
	return nil
}

func namespaceID() (uint64, error) {
	var st unix.Stat_t
	if err := unix.Stat("/proc/self/ns/net", &st); err != nil {
		return 0, &os.PathError{Op: "stat", Path: "/proc/self/ns/net", Err: err}
	}
	return st.Ino, nil
}
