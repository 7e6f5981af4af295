package mirror

import (
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// definitions are those of this package that filters are tried on.
var definitions = []*Definition{&linkDefinition, &addrDefinition, &routeDefinition, &neighbourDefinition, &fdbDefinition, &fibRuleDefinition,
	&qdiscDefinition, &classDefinition, &filterDefinition, &conntrackDefinition}

// TestWhereDocument compiles what docs/mirror.md shows.
func TestWhereDocument(t *testing.T) {
	text, err := os.ReadFile("../docs/mirror.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(text), "```filters\n")
	block, _, _ = strings.Cut(block, "```")
	n := 0
	for line := range strings.Lines(block) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		for _, d := range definitions {
			if d.Name != name {
				continue
			}
			n++
			if _, err := compile(d, strings.TrimSpace(text)); err != nil {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
	if n != strings.Count(block, "\n") || n == 0 {
		t.Errorf("%d of %d filters are of a table", n, strings.Count(block, "\n"))
	}
}

// TestWhereErrors: what is wrong is told at once, with the table and the place.
func TestWhereErrors(t *testing.T) {
	bare := NewRaw(Definition{Name: "bare", Protocol: wire.Route, Poll: 1, Dump: func(View, Scope) []Request { return nil },
		Key: func(dst, value []byte) []byte { return append(dst, value...) }})
	for _, tt := range []struct {
		table Source
		want  string
	}{
		{Routes.Where("table == mian"), `mirror route: 1:10: there is no routing table "mian"; write its number, or one of default, main, local; did you mean main?`},
		{Links.Where("mtu >"), `mirror link: 1:6: expected a value behind ">", not the end`},
		{Links.Where(""), `mirror link: 1:1: the filter is empty: write a condition, as in mtu > 1400`},
		{Links.Where("mtu > 5").Where("mtu <"), `mirror link: 1:6: expected a value behind "<", not the end`},
		{Addrs.Where("dev == eth0"), "mirror addr: 1:8: ifa-index is the number of a link, not \"eth0\": a record has no names of links, and these may change while it does not; write the number, which `ip link show eth0` tells"},
		{bare.Where("a == 1"), `mirror bare: the table has no names to filter by: its Definition has no Layout`},
	} {
		if _, err := Open(t.Context(), tt.table); err == nil || err.Error() != tt.want {
			t.Errorf("%v\nwant %s", err, tt.want)
		}
	}
	o := Options{Netlink: netlink.Options{Filter: []netlink.BPFInstruction{{Op: bpfReturn, K: passAll}}}}
	if _, err := o.Open(t.Context(), Links); err == nil || !strings.Contains(err.Error(), "Options.Netlink.Filter is set") {
		t.Errorf("a socket filter: %v", err)
	}
}

// TestPushdownNames: what is left to the kernel, and what is kept, is by names that
// there are.
func TestPushdownNames(t *testing.T) {
	for _, d := range definitions {
		l := d.Layout()
		has := func(name string) bool {
			return l.Set.Attr(name) != nil || l.Header != nil && l.Header.Member(name) != nil
		}
		names := append([]string{d.linkName}, d.identity...)
		for _, f := range d.told {
			names = append(names, f.name)
			m := l.Header.Member(f.name)
			if f.attr != 0 {
				if a := l.Set.Attr(f.name); a == nil || a.ID != f.attr {
					t.Errorf("%s: %s is not attribute %d", d.Name, f.name, f.attr)
				}
				m = l.Header.Member(d.names.Otherwise[f.name])
			}
			if m == nil || m.Offset != f.at || m.Size != f.size {
				t.Errorf("%s: %s is not at %d", d.Name, f.name, f.at)
			}
		}
		for attr, member := range d.names.Otherwise {
			names = append(names, attr, member)
		}
		for attr, p := range d.names.Prefixes {
			names = append(names, attr, p.Length, p.Family)
		}
		for _, name := range names {
			if name != "" && !has(name) {
				t.Errorf("%s has no %s", d.Name, name)
			}
		}
		if len(d.told) > 0 && d.narrow == nil && d.linkName == "" && d.Name != "fdb" {
			t.Errorf("%s: its events are dropped, and its dumps are not narrowed", d.Name)
		}
	}
}

// TestNarrow lists what is asked for.
func TestNarrow(t *testing.T) {
	for _, tt := range []struct {
		def   *Definition
		text  string
		scope Scope
		want  int // requests
	}{
		{&routeDefinition, "oif == 1", Scope{}, 2},
		{&routeDefinition, "table == main", Scope{}, 2},
		{&routeDefinition, "table in (main, 100) && oif == 1", Scope{}, 4},
		{&routeDefinition, "table in (main, 100) && rtm-family == inet", Scope{Link: 5}, 2},
		{&routeDefinition, "table in (main, 100)", Scope{Prefix: "\x02\x00\x00\x00\x64"}, 1},
		{&routeDefinition, "table == main", Scope{Prefix: "\x02\x00\x00\x00\x64"}, 0},
		{&routeDefinition, "table in (1, 2, 3, 4, 5, 6, 7, 8, 9)", Scope{}, 2},
		{&routeDefinition, "table == 1 && table == 2", Scope{}, 0},
		{&routeDefinition, "table == 0", Scope{}, 0},
		{&routeDefinition, "rtm-family == mpls", Scope{}, 0},
		{&routeDefinition, "table == main || rtm-family == inet", Scope{}, 2},
		{&addrDefinition, "ifa-index in (1, 2)", Scope{}, 2},
		{&addrDefinition, "ifa-index in (1, 2)", Scope{Link: 2}, 1},
		{&addrDefinition, "ifa-index in (1, 2)", Scope{Link: 3}, 0},
		{&addrDefinition, "ifa-family in (inet, inet6)", Scope{}, 2},
		{&addrDefinition, "ifa-family == inet && dev in (1, 2)", Scope{}, 2},
		{&linkDefinition, "ifi-index in (1, 2)", Scope{}, 2},
		{&linkDefinition, "ifi-index == -1", Scope{}, 1},
		{&linkDefinition, "master == 5 && linkinfo.kind == veth", Scope{}, 1},
		{&neighbourDefinition, "ndm-family == inet && ndm-ifindex == 3", Scope{}, 1},
		{&fibRuleDefinition, "family == inet", Scope{}, 1},
		{&fibRuleDefinition, "table == 5", Scope{}, 2},
	} {
		f, err := compile(tt.def, tt.text)
		if err != nil {
			t.Fatal(err)
		}
		tbl := &table{def: tt.def, pushed: f.kept}
		if list := tbl.requests(tt.scope); len(list) != tt.want {
			t.Errorf("%s where %s, %+v: %d requests, want %d", tt.def.Name, tt.text, tt.scope, len(list), tt.want)
		}
	}
}
