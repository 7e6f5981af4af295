//go:build linux

package live_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// TestLinksOfEveryKind dumps the links and looks at what the steps have set, by
// the names of each kind's own attributes.
func TestLinksOfEveryKind(t *testing.T) {
	s := scene.New(t)
	links := map[string]codec.Object{}
	c := s.Dial(t, scene.Open(t, "rt-link"))
	for m, err := range c.Dump(t.Context(), client.Request{Op: "getlink"}) {
		if err != nil {
			t.Fatal(err)
		}
		o := m.Object(codec.Options{})
		links[fmt.Sprint(o.Get("ifname"))] = o
	}
	for _, test := range []struct {
		group, link, kind string
		want              string // paths and values
	}{
		{"links", "va", "veth", "txqlen=500 num-tx-queues=2 num-rx-queues=2 address=02:00:00:00:00:10 link=11 prop-list.alt-ifname=a-name-that-is-longer-than-fifteen"},
		{"links", "vc", "veth", "group=42"},
		{"links", "ve", "veth", "link-netnsid=0"},
		{"links", "bri", "bridge", "linkinfo.data.ageing-time=12300 linkinfo.data.forward-delay=1500 linkinfo.data.priority=4096" +
			" linkinfo.data.group-fwd-mask=8 linkinfo.data.mcast-querier=1"},
		{"links", "vd", "veth", "linkinfo.slave-kind=bridge linkinfo.slave-data.cost=37 linkinfo.slave-data.priority=5" +
			" linkinfo.slave-data.unicast-flood=0 linkinfo.slave-data.learning=1 linkinfo.slave-data.mode=1"},
		{"tun", "tun0", "tun", "linkinfo.data.type=1 linkinfo.data.owner=1000 linkinfo.data.group=100 linkinfo.data.multi-queue=1 linkinfo.data.persist=1"},
		{"tun", "tap0", "tun", "linkinfo.data.type=2 linkinfo.data.pi=1 linkinfo.data.vnet-hdr=1 linkinfo.data.multi-queue=0"},
		{"vxlan", "vx4", "vxlan", "mtu=1400 linkinfo.data.id=100 linkinfo.data.port=4789 linkinfo.data.local=10.0.0.1 linkinfo.data.group=10.0.0.2" +
			" linkinfo.data.link=10 linkinfo.data.ttl=7 linkinfo.data.ageing=301 linkinfo.data.learning=0"},
		{"vxlan", "vx6", "vxlan", "linkinfo.data.id=16777215 linkinfo.data.port=8472 linkinfo.data.local6=fd00::1 linkinfo.data.group6=ff05::100" +
			" linkinfo.data.udp-zero-csum6-tx=1 proto-down=1 proto-down-reason.value=8"},
		{"vxlan", "vxm", "vxlan", "linkinfo.data.collect-metadata=1 linkinfo.data.vnifilter=1 linkinfo.data.port=4790"},
		{"macvlan", "mv0", "macvlan", "link=10 linkinfo.data.mode=bridge linkinfo.data.macaddr-count=0"},
		{"macvlan", "mv1", "macvlan", "linkinfo.data.mode=source linkinfo.data.macaddr-count=1 linkinfo.data.macaddr-data.macaddr=02:00:00:00:aa:01"},
		{"macvlan", "mt0", "macvtap", "link=11 linkinfo.data.mode=vepa"},
		{"ipvlan", "iv0", "ipvlan", "linkinfo.data.mode=l3 linkinfo.data.flags=[private]"},
		{"ipvtap", "it0", "ipvtap", "linkinfo.data.mode=l3"},
		{"ifb", "ifb9", "ifb", "operstate=0"},
		{"dummy", "dum", "dummy", "operstate=2"},
		{"vlan", "ve.7", "vlan", "linkinfo.data.id=7 linkinfo.data.protocol=8021ad"},
		{"bond", "bo", "bond", "linkinfo.data.mode=4 linkinfo.data.miimon=100"},
		{"vrf", "vr", "vrf", "linkinfo.data.table=77"},
		{"geneve", "ge", "geneve", "linkinfo.data.id=9 linkinfo.data.ttl=5 linkinfo.data.remote=10.0.0.3"},
		{"gre", "gr", "gretap", "linkinfo.data.local=10.0.0.1 linkinfo.data.remote=10.0.0.4"},
		{"xfrm", "xf", "xfrm", "linkinfo.data.if-id=5"},
		{"wireguard", "wg", "wireguard", "operstate=2"},
	} {
		t.Run(test.link, func(t *testing.T) {
			if !s.Done[test.group] {
				t.Logf("this kernel has no %s", test.group)
				return
			}
			o, ok := links[test.link]
			if !ok {
				t.Fatalf("no link %q in the dump", test.link)
			}
			for _, pair := range strings.Fields("linkinfo.kind=" + test.kind + " " + test.want) {
				path, want, _ := strings.Cut(pair, "=")
				if got := fmt.Sprint(at(o, path)); got != want {
					t.Errorf("%s is %s, want %s", path, got, want)
				}
			}
		})
	}
}

// at is the value at the end of a path of names; nil where there is none.
func at(o codec.Object, path string) any {
	for {
		name, rest, more := strings.Cut(path, ".")
		v := o.Get(name)
		if !more {
			return v
		}
		inner, ok := v.(codec.Object)
		if !ok {
			return nil
		}
		o, path = inner, rest
	}
}
