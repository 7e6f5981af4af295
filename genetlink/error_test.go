package genetlink

import (
	"errors"
	"os"
	"testing"

	"github.com/nlkit/nlkit/netlink"
)

func TestErrorTexts(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&UnknownFamilyError{Name: "nosuch"}, `this kernel has no generic netlink family "nosuch" (is its module loaded?)`},
		{&UnknownFamilyError{Name: "ethool", Near: []string{"ethtool"}}, `this kernel has no generic netlink family "ethool"; did you mean "ethtool"?`},
		{&UnknownFamilyError{Name: "ovs", Near: []string{"a", "b", "c"}}, `this kernel has no generic netlink family "ovs"; did you mean "a", "b" or "c"?`},
		{&UnknownFamilyError{ID: 999}, `this kernel has no generic netlink family with the number 999`},
		{&UnknownGroupError{Family: "netdev", Group: "x", Groups: []string{"mgmt", "page-pool"}}, `generic netlink family "netdev" has no multicast group "x"; it has "mgmt" and "page-pool"`},
		{&UnknownGroupError{Family: "netdev"}, `generic netlink family "netdev" has no multicast groups`},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
		if !errors.Is(tt.err, netlink.ENOENT) || !errors.Is(tt.err, os.ErrNotExist) || errors.Is(tt.err, os.ErrPermission) {
			t.Errorf("%v: errors.Is is wrong", tt.err)
		}
	}
}
