package demo

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// checkProtocol reports whether the kernel itself has a socket of the protocol,
// that is, whether somebody in it serves the protocol.
func checkProtocol(p wire.Protocol) error {
	f, err := os.Open("/proc/net/netlink")
	if err != nil {
		return err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// sk, Eth (the protocol), Pid (the port id; 0 is the kernel), ...
		fields := strings.Fields(lines.Text())
		if len(fields) > 2 && fields[1] == strconv.Itoa(int(p)) && fields[2] == "0" {
			return nil
		}
	}
	return fmt.Errorf("nobody serves netlink protocol %d in this kernel: %s", int(p), loadPlain())
}

// deleteModule unloads a module. One in use, as while a request to it is being
// worked off, is asked for again until ctx or patience ends.
func deleteModule(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := unix.DeleteModule(name, unix.O_NONBLOCK)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, unix.EAGAIN):
			return moduleError("unload "+name, err)
		}
		select {
		case <-ctx.Done():
			return moduleError("unload "+name, err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// insertModule loads the module in a file.
func insertModule(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.FinitModule(int(f.Fd()), "", 0); err != nil {
		return moduleError("load "+path, err)
	}
	return nil
}

func moduleError(what string, err error) error {
	errno, ok := errors.AsType[syscall.Errno](err)
	if !ok {
		return fmt.Errorf("%s: %w", what, err)
	}
	if errno == syscall.EPERM {
		return fmt.Errorf("%s: %w: run it as root", what, netlink.Errno(errno))
	}
	return fmt.Errorf("%s: %w (what the kernel says of it is in dmesg)", what, netlink.Errno(errno))
}

// writeTrigger makes the module multicast.
func writeTrigger(path string) error {
	err := os.WriteFile(path, []byte("1\n"), 0)
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return fmt.Errorf("write %s: %w", path, netlink.Errno(errno))
	}
	return err
}
