package sockets

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/netlink"
)

// readProc reads the list of a namespace from /proc, which shows every thread the
// namespace that it is in.
func readProc(ns netlink.Namespace) ([]Socket, error) {
	if ns.IsCurrent() {
		return parseProcFile("/proc/thread-self/net/netlink")
	}
	target, err := ns.Open()
	if err != nil {
		return nil, err
	}
	defer target.Close()
	type result struct {
		all []Socket
		err error
	}
	done := make(chan result)
	// On a goroutine of its own: where the way back fails, the thread is not
	// given back to the runtime but dies with the goroutine.
	go func() {
		all, err := readProcIn(target)
		done <- result{all, err}
	}()
	r := <-done
	return r.all, r.err
}

func readProcIn(target *os.File) ([]Socket, error) {
	runtime.LockOSThread()
	own, err := os.Open(fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()))
	if err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	defer own.Close()
	if err := unix.Setns(int(target.Fd()), unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return nil, fmt.Errorf("entering the network namespace: %w", err)
	}
	all, err := parseProcFile("/proc/thread-self/net/netlink")
	if unix.Setns(int(own.Fd()), unix.CLONE_NEWNET) == nil {
		runtime.UnlockOSThread()
	}
	return all, err
}

func parseProcFile(path string) ([]Socket, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return parseProc(f)
}
