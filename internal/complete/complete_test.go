package complete

import (
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

const text = `
name: boat
doc: d
protocol: netlink-raw
protonum: 20
definitions:
  - name: hdr
    type: struct
    members:
      - {name: family, type: u8, enum: family}
      - {name: pad, type: pad, len: 3}
      - {name: ifi-index, type: s32}
      - {name: flags, type: u32, enum: flags}
      - {name: inner, type: binary, struct: inner}
  - {name: inner, type: struct, members: [{name: deep, type: u32, display-hint: hex}]}
  - {name: family, type: enum, entries: [inet, inet6]}
  - {name: flags, type: flags, entries: [up, upper, down]}
attribute-sets:
  - name: boat
    attributes:
      - {name: nothing, type: unused, value: 0}
      - {name: name, type: string}
      - {name: ifname, type: string}
      - {name: master, type: u32}
      - {name: mode, type: u8, enum: family}
      - {name: wants, type: bitfield32, enum: flags}
      - {name: sunk, type: flag}
      - {name: info, type: nest, nested-attributes: info}
      - {name: crew, type: nest, multi-attr: true, nested-attributes: sailor}
      - {name: cabins, type: indexed-array, sub-type: nest, nested-attributes: sailor}
      - {name: decks, type: indexed-array, sub-type: u32}
      - {name: stats, type: binary, struct: inner}
      - {name: address, type: binary, display-hint: mac}
      - {name: secret, type: u32}
      - {name: pad, type: pad}
  - name: info
    attributes:
      - {name: kind, type: string}
      - {name: data, type: sub-message, sub-message: data, selector: kind}
  - name: sailor
    attributes:
      - {name: rank, type: u32, enum: family}
      - {name: alias, type: string, multi-attr: true}
  - name: crane
    attributes:
      - {name: reach, type: u32}
sub-messages:
  - name: data
    formats:
      - {value: crane, attribute-set: crane}
      - {value: rope, fixed-header: inner}
      - {value: raft}
operations:
  enum-model: directional
  fixed-header: hdr
  list:
    - name: newboat
      doc: d
      attribute-set: boat
      do: {request: {attributes: [name, ifname, master, mode, wants, sunk, info, crew, cabins, decks, stats, address]}}
    - name: getboat
      doc: d
      attribute-set: boat
      do: &get {request: {attributes: [name]}, reply: {attributes: [name]}}
      dump: {reply: {attributes: [name]}}
    - {name: boat-ntf, doc: d, notify: getboat}
    - {name: storm, doc: d, attribute-set: boat, event: {}}
mcast-groups:
  list: [{name: boats, value: 1}, {name: storms, value: 2}]
`

func boat(t *testing.T) *ynl.Spec {
	t.Helper()
	s, err := ynl.Parse("boat.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// words takes the descriptions off.
func words(list []string) string {
	var out []string
	for _, w := range list {
		word, _, _ := strings.Cut(w, "\t")
		out = append(out, word)
	}
	return strings.Join(out, " ")
}

func TestAssignments(t *testing.T) {
	s := boat(t)
	links := Options{Interfaces: func() []string { return []string{"lo", "eth0"} }}
	for _, tt := range []struct {
		op    string
		use   Use
		given string
		begun string
		want  string
		more  bool
	}{
		{"newboat", Do, "", "", "family= ifi-index= flags= inner. dev= name= ifname= master= mode= wants= sunk info. crew[+]. cabins[+]. decks= stats. address=", true},
		{"newboat", Do, "", "s", "sunk stats.", true},
		{"newboat", Do, "", "su", "sunk", false},
		{"newboat", Do, "", "i", "ifi-index= inner. ifname= info.", true},
		{"newboat", Do, "", "se", "secret=", true}, // not what the request lists
		{"newboat", Do, "", "x", "", false},
		{"newboat", Do, "name=a sunk", "n", "", false}, // given already
		{"newboat", Do, "name=a sunk", "su", "", false},
		{"newboat", Do, "crew[+].rank=1", "crew", "crew[+].", true},
		{"newboat", Do, "", "info.", "info.kind= info.data.", true},
		{"newboat", Do, "", "info.kind=", "info.kind=crane info.kind=rope info.kind=raft", false},
		{"newboat", Do, "", "info.kind=r", "info.kind=rope info.kind=raft", false},
		{"newboat", Do, "info.kind=crane", "info.data.", "info.data.reach=", true},
		{"newboat", Do, "info.kind=crane info.kind=rope", "info.data.", "info.data.deep=", true},
		{"newboat", Do, "info.kind=raft", "info.data.", "", false},
		{"newboat", Do, "", "info.data.", "", false}, // nothing is known without the kind
		{"newboat", Do, "kind=crane", "info.data.", "", false},
		{"newboat", Do, "", "crew[+].", "crew[+].rank= crew[+].alias=", true},
		{"newboat", Do, "", "crew[2].r", "crew[2].rank=", true},
		{"newboat", Do, "", "crew.rank=", "crew.rank=inet crew.rank=inet6", false},
		{"newboat", Do, "", "cabins[1].rank=inet6", "cabins[1].rank=inet6", false},
		{"newboat", Do, "", "stats.", "stats.deep=", true},
		{"newboat", Do, "", "inner.d", "inner.deep=", true},
		{"newboat", Do, "", "name.", "", false},
		{"newboat", Do, "", "nosuch.a.b", "", false},
		{"newboat", Do, "", "nosuch.a=b", "", false},
		{"newboat", Do, "", "nosuch=", "", false},
		{"newboat", Do, "", "family=", "family=inet family=inet6", false},
		{"newboat", Do, "", "mode=inet6", "mode=inet6", false},
		{"newboat", Do, "", "flags=", "flags=up flags=upper flags=down", false},
		{"newboat", Do, "", "flags=up", "flags=up flags=upper", false},
		{"newboat", Do, "", "flags=up,", "flags=up,upper flags=up,down", false},
		{"newboat", Do, "", "wants=down,u", "wants=down,up wants=down,upper", false},
		{"newboat", Do, "", "sunk=", "sunk=true sunk=false", false},
		{"newboat", Do, "", "name=", "", false},
		{"newboat", Do, "", "dev=", "dev=lo dev=eth0", false},
		{"newboat", Do, "", "ifi-index=l", "ifi-index=lo", false},
		{"newboat", Do, "", "master=e", "master=eth0", false},
		{"newboat", Do, "", "ifname=", "ifname=lo ifname=eth0", false},
		{"getboat", Do, "", "n", "name=", true},
		{"getboat", Dump, "", "se", "secret=", true}, // the dump lists nothing: all there is
	} {
		out, more := Assignments(s.Op(tt.op), tt.use, strings.Fields(tt.given), tt.begun, links)
		if got := words(out); got != tt.want || more != tt.more {
			t.Errorf("%s, given %q, %q: %s, more %v; want %s, more %v", tt.op, tt.given, tt.begun, got, more, tt.want, tt.more)
		}
	}
	if out, _ := Assignments(s.Op("newboat"), Do, nil, "dev=", Options{}); len(out) > 0 {
		t.Errorf("interfaces that nobody told: %v", out)
	}
	out, _ := Assignments(s.Op("newboat"), Do, nil, "", Options{})
	for _, want := range []string{
		"family=\tu8, family, header", "crew[+].\tnest, repeatable", "decks=\tlist of u32", "stats.\tstruct inner", "address=\tmac",
		"wants=\tbitfield32, flags", "dev=\tthe interface it is about",
	} {
		if !slices.Contains(out, want) {
			t.Errorf("%q is not among %q", want, out)
		}
	}
}

func TestOps(t *testing.T) {
	s := boat(t)
	for _, tt := range []struct {
		use   Use
		begun string
		want  string
	}{
		{Any, "", "newboat getboat boat-ntf storm"},
		{Do, "", "newboat getboat"},
		{Dump, "", "getboat"},
		{Do, "n", "newboat"},
		{Any, "boat_", "boat-ntf"},
		{Any, "x", ""},
	} {
		if got := words(Ops(s, tt.use, tt.begun)); got != tt.want {
			t.Errorf("%v %q: %s, want %s", tt.use, tt.begun, got, tt.want)
		}
	}
	if got := Ops(s, Any, "g"); !slices.Equal(got, []string{"getboat\tdo, dump"}) {
		t.Errorf("%q", got)
	}
}

func TestGroups(t *testing.T) {
	s := boat(t)
	for _, tt := range []struct {
		kernel, given, begun, want string
	}{
		{"", "", "", "boats storms"},
		{"storms more", "", "", "boats storms more"},
		{"more", "boats", "", "storms more"},
		{"", "", "s", "storms"},
	} {
		if got := words(Groups(s, strings.Fields(tt.kernel), strings.Fields(tt.given), tt.begun)); got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
	if got := Groups(nil, []string{"a"}, nil, ""); !slices.Equal(got, []string{"a"}) {
		t.Errorf("without a spec: %v", got)
	}
}

func TestFamilies(t *testing.T) {
	entries := []specs.Entry{{Name: "net_shaper", Family: "net-shaper"}, {Name: "rt-link", Family: "rt-link", Level: ynl.NetlinkRaw}, {Name: "netdev", Family: "netdev"}}
	kernel := []string{"netdev", "netx"}
	for begun, want := range map[string][]string{
		"":    {"net-shaper\tgeneric netlink family", "rt-link\tprotocol of its own", "netdev\tin this kernel", "netx\tin this kernel, without a spec"},
		"net": {"net-shaper\tgeneric netlink family", "netdev\tin this kernel", "netx\tin this kernel, without a spec"},
		"rt_": {"rt-link\tprotocol of its own"},
		"z":   nil,
	} {
		if got := Families(entries, kernel, begun); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", begun, got, want)
		}
	}
}

func TestParts(t *testing.T) {
	s := boat(t)
	if got, want := words(Parts(s, "")), "boat info sailor crane data family flags hdr inner"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := Parts(s, "f"), []string{"family\tenum, 2 entries", "flags\tflags, 3 entries"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestCatalogue completes every name of every operation of the catalogue, three
// levels deep: what is offered can be entered, and nothing is offered twice.
func TestCatalogue(t *testing.T) {
	for _, name := range specs.Names() {
		s, err := specs.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range s.Ops {
			if op.Do == nil && op.Dump == nil {
				continue
			}
			walk(t, op, "", 2)
		}
	}
}

func walk(t *testing.T, op *ynl.Op, begun string, deep int) {
	t.Helper()
	out, _ := Assignments(op, Do, nil, begun, Options{})
	seen := map[string]bool{}
	for _, w := range out {
		word, description, _ := strings.Cut(w, "\t")
		if seen[word] || description == "" || !strings.HasPrefix(word, begun) {
			t.Errorf("%s: %q behind %q", op.Name, w, begun)
		}
		seen[word] = true
		if strings.HasSuffix(word, ".") && deep > 0 {
			walk(t, op, word, deep-1)
		}
	}
}
