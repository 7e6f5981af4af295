//go:build !linux

package scratch

import (
	"os"

	"github.com/nlkit/nlkit/netlink"
)

func unshare() (*os.File, error) { return nil, netlink.ErrNotLinux }
