package netlink

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// inNamespace runs fn on a thread that is in namespace n.
func inNamespace(n Namespace, fn func() error) error {
	if n.IsCurrent() {
		return fn()
	}
	target := n.fd - 1
	if n.fd == 0 {
		f, err := n.Open()
		if err != nil {
			return err
		}
		defer f.Close()
		target = int(f.Fd())
	}
	done := make(chan error)
	// On a goroutine of its own: where the way back fails, the thread is not
	// given back to the runtime but dies with the goroutine.
	go func() { done <- onThreadIn(n, target, fn) }()
	return <-done
}

func onThreadIn(n Namespace, target int, fn func() error) error {
	runtime.LockOSThread()
	own, err := os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
	if err != nil {
		runtime.UnlockOSThread()
		return &NamespaceError{n, err}
	}
	defer own.Close()
	if err := unix.Setns(target, unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		if err == unix.EINVAL {
			return &NamespaceError{n, fmt.Errorf("not a network namespace: %w", fromSyscall(err))}
		}
		return &NamespaceError{n, fromSyscall(err)}
	}
	err = fn()
	if unix.Setns(int(own.Fd()), unix.CLONE_NEWNET) == nil {
		runtime.UnlockOSThread()
	}
	return err
}
