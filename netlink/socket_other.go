//go:build !linux

package netlink

import "github.com/nlkit/nlkit/wire"

func openSocket(wire.Protocol, *Options) (Transport, error) { return nil, ErrNotLinux }
