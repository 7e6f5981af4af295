package nl_test

import (
	"context"
	"errors"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func TestDialFamily(t *testing.T) {
	k := newCrates(t)
	o := &netlink.Options{Via: k.Kernel}
	c, err := nl.DialFamily(soon(t), crateFamily, o)
	if err != nil {
		t.Fatal(err)
	}
	if c.Genetlink() == nil || c.Netlink() != c.Genetlink().Netlink() {
		t.Error("the Conns underneath are not those of the Conn")
	}
	c.Close()
	c, err = nl.DialFamily(soon(t), rawFamily, &netlink.Options{Via: batchKernel(t, true)})
	if err != nil {
		t.Fatal(err)
	}
	if c.Genetlink() != nil || c.Netlink().Protocol() != wire.Netfilter {
		t.Error("a raw family's Conn has generic netlink")
	}
	c.Close()
	if _, err := nl.DialFamily(soon(t), &nl.Family{Name: "crat", Protocol: wire.Generic}, o); !isUnknownFamily(err) {
		t.Errorf("unknown family: %v", err)
	}
	if _, err := nl.DialFamily(soon(t), rawFamily, o); !errors.Is(err, netlink.EPROTONOSUPPORT) {
		t.Errorf("unknown protocol: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := nl.DialFamily(ended, crateFamily, o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
