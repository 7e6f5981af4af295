package netlink_test

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/nlkit/nlkit/netlink"
)

func ExampleError() {
	// What a call returned.
	err := fmt.Errorf("eth9: %w", &netlink.Error{
		Op:    "RTM_SETLINK",
		Errno: netlink.ENODEV,
	})

	fmt.Println(err)
	fmt.Println(errors.Is(err, netlink.ENODEV), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission))
	var e *netlink.Error
	if errors.As(err, &e) {
		fmt.Println(e.Op, e.Errno.Name())
	}
	// Output:
	// eth9: RTM_SETLINK: no such device
	// true true false
	// RTM_SETLINK ENODEV
}

// The kernel says what was wrong with which attribute.
func ExampleError_explained() {
	err := &netlink.Error{
		Op:    "netdev napi-set",
		Errno: netlink.ERANGE,
		ExtAck: netlink.ExtAck{
			Text:      "integer out of range",
			HasOffset: true,
			Offset:    28,
			Policy:    &netlink.AttrPolicy{Type: netlink.PolicyU32, HasUnsigned: true, MaxU: 1},
		},
		Attr: ".threaded",
	}
	fmt.Println(err)
	// Output:
	// netdev napi-set: integer out of range: numerical result out of range (attribute .threaded, must be u32 0..1)
}
