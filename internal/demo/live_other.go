//go:build !linux

package demo

import (
	"context"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func checkProtocol(wire.Protocol) error { return netlink.ErrNotLinux }

func deleteModule(context.Context, string) error { return netlink.ErrNotLinux }

func insertModule(string) error { return netlink.ErrNotLinux }

func writeTrigger(string) error { return netlink.ErrNotLinux }

// Isolate is for Linux only.
func Isolate(context.Context, Command) (int, error) { return 0, netlink.ErrNotLinux }
