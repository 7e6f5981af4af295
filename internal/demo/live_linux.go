package demo

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

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
	return fmt.Errorf("nobody serves netlink protocol %d in this kernel: %s", int(p), loadModule)
}

// writeTrigger makes the module multicast.
func writeTrigger(path string) error {
	err := os.WriteFile(path, []byte("1\n"), 0)
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return fmt.Errorf("write %s: %w", path, netlink.Errno(errno))
	}
	return err
}
