package ynl

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFindings has a spec with one of each: what is found stands in a comment in
// the line it is found in.
func TestFindings(t *testing.T) {
	const file = "testdata/findings.yaml"
	s, err := ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for i, line := range strings.Split(string(text), "\n") {
		_, comment, ok := strings.Cut(line, "# ")
		if !ok || i == 0 {
			continue
		}
		for _, w := range strings.Split(comment, "; ") {
			want = append(want, fmt.Sprintf("%s:%d: %s", file, i+1, w))
		}
	}
	var got []string
	for _, p := range s.Findings() {
		got = append(got, p.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestNumbersTwice has operations of one number: only a notification may have
// that of the operation whose reply it looks like.
func TestNumbersTwice(t *testing.T) {
	spec := func(op string) string {
		return `doc: d
name: f
attribute-sets: [{name: s, attributes: [{name: a, type: u8}]}]
operations:
  list:
    - {name: get, doc: x, attribute-set: s, do: {reply: {attributes: [a]}}}
    - {name: other, doc: x, attribute-set: s, do: {reply: {attributes: [a]}}}
    - ` + op + `
mcast-groups: {list: [{name: g}]}
`
	}
	for _, tt := range []struct{ op, want string }{
		{`{name: ntf, doc: x, value: 1, notify: get, mcgrp: g}`, ""},
		{`{name: ntf, doc: x, value: 2, notify: get, mcgrp: g}`, `t.yaml:8: operation "ntf" has the number 2, as "other" has`},
		{`{name: event, doc: x, value: 1, attribute-set: s, event: {}}`, `t.yaml:8: operation "event" has the number 1, as "get" has`},
		{`{name: event, doc: x, value: 1, attribute-set: s, event: {}, mcgrp: g}`, ""},
		{`{name: event, doc: x, value: 1, attribute-set: s, event: {}, mcgrp: g}
    - {name: again, doc: x, value: 1, attribute-set: s, event: {}, mcgrp: g}`, `t.yaml:9: operation "again" has the number 1, as "event" has`},
		{`{name: put, doc: x, value: 3, attribute-set: s, do: {request: {attributes: [a]}}}
    - {name: ntf, doc: x, value: 3, notify: get, mcgrp: g}`, ""},
		{`{name: put, doc: x, value: 1, attribute-set: s, do: {}}`, `t.yaml:8: operation "put" has the number 1, as "get" has`},
	} {
		s, err := Parse("t.yaml", []byte(spec(tt.op)))
		if err != nil {
			t.Errorf("%s: %v", tt.op, err)
			continue
		}
		var got []string
		for _, p := range s.Findings() {
			got = append(got, p.String())
		}
		if all := strings.Join(got, "\n"); all != tt.want {
			t.Errorf("%s: found %q, want %q", tt.op, all, tt.want)
		}
	}
}

// TestLongNames has names of a generic netlink family that the kernel has no room
// for, beside the longest ones it has room for.
func TestLongNames(t *testing.T) {
	const fifteen, sixteen = "fifteen-letters", "sixteen--letters"
	spec := func(family, group, level, number string) string {
		return "doc: d\nname: " + family + "\n" + level + `
attribute-sets: []
operations: {list: []}
mcast-groups: {list: [{name: ` + group + number + `}]}
`
	}
	for _, tt := range []struct {
		text string
		want []string
	}{
		{spec(fifteen, fifteen, "", ""), nil},
		{spec(sixteen, "g", "", ""), []string{`t.yaml:2: the name of family "sixteen--letters" has 16 bytes, and the kernel has room for 15`}},
		{spec("f", sixteen, "", ""), []string{`t.yaml:6: the name of group "sixteen--letters" has 16 bytes, and the kernel has room for 15`}},
		{spec(sixteen, sixteen, "protocol: netlink-raw\nprotonum: 3", ", value: 1"), nil},
	} {
		s, err := Parse("t.yaml", []byte(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range s.Findings() {
			got = append(got, p.String())
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
	}
}

// TestNoFindings has specs in good order.
func TestNoFindings(t *testing.T) {
	for _, level := range levelNames {
		s, err := ParseFile(filepath.Join("testdata", level+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Findings() {
			t.Errorf("%v", p)
		}
	}
}

// TestUpstreamFindings has what is wrong with the kernel's own specs.
func TestUpstreamFindings(t *testing.T) {
	var got []string
	for _, f := range upstreamFiles(t) {
		s, err := ParseFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Findings() {
			got = append(got, fmt.Sprintf("%s:%d", filepath.Base(p.File), p.Line))
		}
	}
	want := []string{
		"conntrack.yaml:578", "conntrack.yaml:614", "devlink.yaml:988", "devlink.yaml:990", "ethtool.yaml:1363", "nftables.yaml:2123",
		"rt-link.yaml:2488", "rt-link.yaml:2488", "rt-link.yaml:2562", "rt-link.yaml:2562", "rt-link.yaml:2571", "rt-link.yaml:2571",
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%v\nwant\n%v", got, want)
	}
}
