package sockets

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/specs"
)

// TestWellKnownAsSpecs compares the table with what the catalogue's specs tell.
func TestWellKnownAsSpecs(t *testing.T) {
	// These specs have names of their own for groups.
	other := map[string]string{"nftables mgmt": "nftables", "nftables trace": "nftrace"}
	entries, err := specs.Finder{}.List()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range entries {
		s, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		if !s.IsRaw() {
			continue
		}
		for _, g := range s.Groups {
			want := strings.TrimPrefix(g.Name, "rtnlgrp-")
			if name, ok := other[s.Name+" "+g.Name]; ok {
				want = name
			}
			var n GroupNames
			if got := n.Name(s.Protocol, uint32(g.ID)); got != want {
				t.Errorf("%v, group %d: %q, in the spec of %s %q", s.Protocol, g.ID, got, s.Name, want)
			}
			seen++
		}
	}
	if seen < 20 {
		t.Errorf("the specs have %d groups, expected at least 20", seen)
	}
}

func TestGroupNames(t *testing.T) {
	var n GroupNames
	n.SetFamilies([]*genetlink.Family{
		{Name: "nlctrl", Groups: []genetlink.Group{{Name: "notify", ID: 16}}},
		{Name: "nlbl", Groups: nil},
	})
	for _, tt := range []struct {
		p    wire.Protocol
		id   uint32
		want string
	}{
		{wire.Generic, 16, "nlctrl:notify"},
		{wire.Generic, 17, "17"},
		{wire.Route, 1, "link"},
		{wire.Route, 32, "nexthop"},
		{wire.Route, 14, "14"},
		{wire.Route, 0, "0"},
		{wire.Route, 1<<32 - 1, "4294967295"},
		{wire.KobjectUevent, 2, "udev"},
		{wire.UserSock, 1, "1"},
	} {
		if got := n.Name(tt.p, tt.id); got != tt.want {
			t.Errorf("%v %d: %q, want %q", tt.p, tt.id, got, tt.want)
		}
	}
	n.SetFamilies(nil)
	if got := n.Name(wire.Generic, 16); got != "16" {
		t.Errorf("%q after the family has gone", got)
	}
}
