//go:build linux

package mirrors_test

import (
	"errors"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
)

// inNamespace runs a command in a namespace: it is started by a thread that is there.
func inNamespace(ns *testenv.NetNS, cmd *exec.Cmd) (out []byte, err error) {
	runtime.LockOSThread()
	own, err := unix.Open("/proc/thread-self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	defer unix.Close(own)
	if err = unix.Setns(ns.FD(), unix.CLONE_NEWNET); err == nil {
		out, err = cmd.CombinedOutput()
	}
	if unix.Setns(own, unix.CLONE_NEWNET) == nil {
		runtime.UnlockOSThread() // else it ends with this goroutine
	}
	return out, err
}

// isLoaded reports whether a module could not be loaded because it is.
func isLoaded(err error) bool { return errors.Is(err, netlink.EEXIST) || errors.Is(err, unix.EEXIST) }
