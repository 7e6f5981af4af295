package expr

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func compile(t testing.TB, text string) *Filter {
	t.Helper()
	f, err := Compile(text, layout(t, "rt-route", "getroute"), routeNames)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return f
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ text, name, want string }{
		{"table == main", "table", "[254]"},
		{"table in (main, 100, 100)", "table", "[100 254]"},
		{"table == 1 || table in (2, 3)", "table", "[1 2 3]"},
		{"(table == 1 || table == 2) && table in (2, 3) && oif == 5", "table", "[2]"},
		{"table == 1 && table == 2", "table", "[]"},
		{"dev == 5", "oif", "[5]"},
		{"header:rtm-table == 7", "rtm-table", "any"},
		{"cacheinfo.rta-expires == -1", "cacheinfo.rta-expires", "[18446744073709551615]"},
		{"table == 1 || oif == 2", "table", "any"},
		{"table != 1", "table", "any"},
		{"!(table == 1)", "table", "any"},
		{"table not in (1, 2)", "table", "any"},
		{"table < 5", "table", "any"},
		{"table has 1", "table", "any"},
		{"header:rtm-table == 1", "table", "any"},
		{"metrics.mtu == 1", "mtu", "any"},
		{"has table", "table", "any"},
	} {
		values, ok := compile(t, tt.text).Numbers(tt.name)
		got := "any"
		if ok {
			got = fmt.Sprint(values)
		}
		if got != tt.want {
			t.Errorf("%s: %s is %s, want %s", tt.text, tt.name, got, tt.want)
		}
	}
}

func TestText(t *testing.T) {
	l := layout(t, "rt-link", "getlink")
	for text, want := range map[string]string{
		"linkinfo.kind == veth":                      "veth",
		"mtu > 5 && linkinfo.kind in (veth)":         "veth",
		"linkinfo.kind != veth":                      "",
		"linkinfo.kind in (veth, vlan)":              "",
		"linkinfo.kind == veth || ifi-index == 5":    "",
		"!(linkinfo.kind == veth)":                   "",
		"ifname == veth && has linkinfo.data(veth)":  "",
		"(ifname == a && linkinfo.kind == 'a veth')": "a veth",
	} {
		f, err := Compile(text, l, Names{})
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := f.Text("linkinfo.kind"); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestSplit(t *testing.T) {
	own := []string{"table", "rtm-family", "dst"}
	route := record(t, layout(t, "rt-route", "getroute"), `{"rtm-family":2,"table":254,"oif":7,"priority":20}`)
	for _, tt := range []struct {
		text     string
		of, rest int // conditions, 0 for no filter
	}{
		{"table == main", 1, 0},
		{"oif == 7", 0, 1},
		{"table == main && oif == 7 && dst == default", 2, 1},
		{"(table == main && oif == 8) && dst == default", 2, 1},
		{"table == main || oif == 7", 0, 1},
		{"table == main || !(rtm-family == inet)", 1, 0},
	} {
		f := compile(t, tt.text)
		of, rest := f.Split(func(name string) bool { return slices.Contains(own, name) })
		both := true
		for _, part := range []struct {
			f *Filter
			n int
		}{{of, tt.of}, {rest, tt.rest}} {
			if (part.f != nil) != (part.n > 0) || part.f != nil && len(part.f.terms) != part.n {
				t.Errorf("%s: %+v, want %d conditions", tt.text, part.f, part.n)
				continue
			}
			both = both && (part.f == nil || part.f.Match(route))
		}
		if both != f.Match(route) {
			t.Errorf("%s: the parts say %v", tt.text, both)
		}
	}
}

// texts are filters for the tests of bytes that are none.
var texts = []string{
	"table == main && rtm-protocol == bgp && dst in 10.0.0.0/8",
	"dst == default || dst in (fd00::/8, 10.0.0.0/8) || dst != 10.0.0.1",
	"metrics.mtu > 5 || has metrics.window || metrics.cc-algo == cubic",
	"encap(6).in.fd == 5 || encap(2).dst == 10.0.0.1 || encap(7).bpf.prog-name == a || has encap",
	"cacheinfo.rta-expires < 0 || gateway in ::/0 || multipath != 00 || attr-60 == 00",
	"rtm-flags has 5 || oif not in (1, 2) || sport >= 7",
}

// TestMatchCut: a record that is cut anywhere is no trouble, and a byte that is wrong
// is none either.
func TestMatchCut(t *testing.T) {
	whole := record(t, layout(t, "rt-route", "getroute"), `{"rtm-family":2,"rtm-dst-len":8,"dst":"10.0.0.0","table":254,
		"metrics":{"mtu":5,"cc-algo":"cubic"},"encap-type":6,"encap":{"in":{"fd":5}},"cacheinfo":{"rta-expires":-5},"multipath":"0a"}`)
	for _, text := range texts {
		f := compile(t, text)
		for n := range len(whole) {
			f.Match(whole[:n:n])
			bad := slices.Clone(whole)
			for _, c := range []byte{0, 1, 5, 0x80, 0xff} {
				bad[n] = c
				f.Match(bad)
			}
		}
	}
	if compile(t, "rtm-type != local").Match(whole[:7]) || compile(t, "!(rtm-type == local)").Match(whole[:7]) != true {
		t.Error("what is not there has a value")
	}
}

// FuzzCompile puts in what is no filter: nothing may panic, an error says where it is,
// and what is taken divides into what says the same.
func FuzzCompile(f *testing.F) {
	for _, s := range texts {
		f.Add(s)
	}
	for _, s := range []string{"", "(", "!!(has dst)", "table in (main, 'a b', \"c\\\"\")", "encap(", "a.b(c).d", "oif == 0x", "table == 1|2|", "dev not in (1"} {
		f.Add(s)
	}
	l := layout(f, "rt-route", "getroute")
	route := record(f, l, `{"rtm-family":2,"rtm-dst-len":8,"dst":"10.0.0.0","table":254,"oif":7,"metrics":{"mtu":5}}`)
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := Compile(text, l, routeNames)
		if err != nil {
			e, ok := err.(*Error)
			if !ok || e.Line < 1 || e.Line > 1+strings.Count(text, "\n") || e.Column < 1 || e.Column > len(text)+1 || e.Text == "" {
				t.Fatalf("%q: %#v", text, err)
			}
			return
		}
		whole := filter.Match(route)
		of, rest := filter.Split(func(name string) bool { return name == "table" || name == "dst" })
		if whole != ((of == nil || of.Match(route)) && (rest == nil || rest.Match(route))) {
			t.Fatalf("%q: the parts say something else", text)
		}
		if values, ok := filter.Numbers("table"); ok && whole && !slices.Contains(values, 254) {
			t.Fatalf("%q: matches, but for the values %v", text, values)
		}
	})
}

// FuzzMatch looks at bytes that are no record: nothing may panic, and a negation is
// one.
func FuzzMatch(f *testing.F) {
	l := layout(f, "rt-route", "getroute")
	f.Add([]byte{})
	f.Add(record(f, l, `{"rtm-family":2,"rtm-dst-len":8,"dst":"10.0.0.0","table":254,"metrics":{"mtu":5},"encap-type":6,"encap":{"in":{"fd":5}}}`))
	f.Add(record(f, l, `{"rtm-family":10,"table":1000,"cacheinfo":{"rta-expires":-5},"multipath":"0a0b","sport":7}`))
	var filters, negated []*Filter
	for _, text := range texts {
		filters = append(filters, compile(f, text))
		negated = append(negated, compile(f, "!("+text+")"))
	}
	texts := slices.Clone(texts)
	for _, other := range []struct{ spec, op, text string }{
		{"rt-link", "getlink", "ifi-flags has up && linkinfo.data(vlan).id == 5 || prop-list.alt-ifname != a"},
		{"rt-addr", "getaddr", "address in 10.0.0.0/8 || flags has permanent"},
		{"rt-neigh", "getneigh", "lladdr != 00 && dev == 3 || fdb-ext-attrs.activity-notify > 0"},
		{"rt-rule", "getrule", "table == 5 || uid-range.end > 5 || header:table in (1, 2)"},
		{"tc", "getqdisc", "kind == htb && handle == 1: || has options"},
		{"conntrack", "get", "tuple-orig.tuple-ip.ip-v4-src == 10.0.0.1 || tuple-reply.tuple-proto.proto-dst-port not in (80, 443)"},
		{"wireguard", "get-device", "peers.allowedips.ipaddr == 10.0.0.1"},
		{"devlink", "port-get", "port-function.caps.value has roce-bit"},
	} {
		for _, text := range []string{other.text, "!(" + other.text + ")"} {
			filter, err := Compile(text, layout(f, other.spec, other.op), Names{})
			if err != nil {
				f.Fatal(err)
			}
			if text == other.text {
				filters, texts = append(filters, filter), append(texts, text)
			} else {
				negated = append(negated, filter)
			}
		}
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		for i, filter := range filters {
			if filter.Match(p) == negated[i].Match(p) {
				t.Fatalf("%s and its negation: %x", texts[i], p)
			}
		}
	})
}

// BenchmarkMatch looks at the value of a route.
func BenchmarkMatch(b *testing.B) {
	route := record(b, layout(b, "rt-route", "getroute"), `{"rtm-family":2,"rtm-dst-len":24,"rtm-table":254,"rtm-protocol":186,"rtm-type":"unicast",
		"table":254,"dst":"10.1.2.0","priority":20,"gateway":"192.0.2.1","oif":7}`)
	for _, text := range []string{
		"table == main",
		"rtm-protocol == bgp",
		"dst in 10.0.0.0/8",
		"table == main && rtm-protocol == bgp && dst in 10.0.0.0/8 && oif in (5, 6, 7)",
		"has metrics.mtu || gateway in (198.51.100.0/24, 192.0.2.0/24)",
	} {
		f := compile(b, text)
		if !f.Match(route) {
			b.Fatal(text)
		}
		b.Run(strings.ReplaceAll(text, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(route)))
			for b.Loop() {
				f.Match(route)
			}
		})
	}
}

// TestParts: the halves of a bitfield, and the elements of arrays, of which one is
// enough.
func TestParts(t *testing.T) {
	for _, tt := range []struct{ spec, op, record, filters string }{
		{"devlink", "port-get", `{"port-function":{"caps":{"value":["roce-bit"],"selector":["roce-bit","migratable-bit"]}}}`,
			`port-function.caps.value has roce-bit
			-port-function.caps.value has migratable-bit
			port-function.caps.selector has migratable-bit
			-port-function.caps.selector == roce-bit
			has port-function.caps`},
		{"ethtool", "rss-get", `{"indir":[1,2,3]}`,
			`indir == 3
			-indir == 4
			indir > 2
			-indir < 1
			indir != 1
			has indir`},
		{"nl80211", "get-wiphy", `{"supported-commands":["get-wiphy","set-wiphy"]}`,
			`supported-commands == set-wiphy
			-supported-commands == get-key
			supported-commands in (get-key, get-wiphy)`},
	} {
		l := layout(t, tt.spec, tt.op)
		r := record(t, l, tt.record)
		for line := range strings.SplitSeq(tt.filters, "\n") {
			text, negative := strings.CutPrefix(strings.TrimSpace(line), "-")
			f, err := Compile(text, l, Names{})
			if err != nil {
				t.Errorf("%s: %v", text, err)
			} else if f.Match(r) == negative {
				t.Errorf("%s: %v", text, !negative)
			}
		}
	}
}
