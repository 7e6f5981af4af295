package scratch

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// unshare makes a namespace and opens it. It is a thread that is in a namespace:
// this one returns to its own, or ends where it cannot.
func unshare() (*os.File, error) {
	runtime.LockOSThread()
	path := fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid())
	own, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer own.Close()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	file, err := os.Open(path)
	if unix.Setns(int(own.Fd()), unix.CLONE_NEWNET) == nil {
		runtime.UnlockOSThread()
	}
	return file, err
}
