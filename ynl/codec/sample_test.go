package codec

import (
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/specs"
)

// catalogued is the layout of an operation of the catalogue.
func catalogued(t testing.TB, family, op string) Layout {
	t.Helper()
	s, err := specs.Open(family)
	if err != nil {
		t.Fatal(err)
	}
	if s.Op(op) == nil {
		t.Fatalf("%s has no %s", family, op)
	}
	return Of(s.Op(op))
}

// routeMessage is one as a kernel sends it for a route.
func routeMessage(t testing.TB, l Layout) []byte {
	t.Helper()
	var b wire.Builder
	err := l.Append(&b, map[string]any{
		"rtm-family": 2, "rtm-dst-len": 24, "rtm-table": 254, "rtm-protocol": 3, "rtm-type": "unicast",
		"dst": "192.0.2.0", "gateway": "192.0.2.1", "oif": 2, "priority": 100, "prefsrc": "192.0.2.7",
		"metrics": map[string]any{"mtu": 1400},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// linkMessage is one as a kernel sends it for a device.
func linkMessage(t testing.TB, l Layout) []byte {
	t.Helper()
	var b wire.Builder
	err := l.Append(&b, map[string]any{
		"ifi-index": 7, "ifi-flags": []string{"up", "running"}, "ifname": "br0.7", "mtu": 1500, "address": "02:00:00:00:00:01",
		"linkinfo":  map[string]any{"kind": "vlan", "data": map[string]any{"id": 7, "flags": map[string]any{"flags": 1, "mask": 3}}},
		"prop-list": map[string]any{"alt-ifname": []string{"one", "two"}},
	}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkAppendJSON(b *testing.B) {
	routes, links := catalogued(b, "rt-route", "getroute"), catalogued(b, "rt-link", "getlink")
	for name, m := range map[string]struct {
		l Layout
		p []byte
	}{"route": {routes, routeMessage(b, routes)}, "link": {links, linkMessage(b, links)}} {
		b.Run(name, func(b *testing.B) {
			dst := make([]byte, 0, 1<<14)
			b.ReportAllocs()
			for b.Loop() {
				dst = m.l.AppendJSON(dst[:0], m.p, Options{})
			}
		})
	}
}
