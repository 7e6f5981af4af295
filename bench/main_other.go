//go:build !linux

// Command bench measures nlkit beside other Netlink libraries. It needs Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: it measures a kernel's Netlink sockets, which exist on Linux only")
	os.Exit(1)
}
