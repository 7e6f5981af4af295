package rtnames

import (
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
)

func TestMain(m *testing.M) { testenv.Main(m) }

func TestNames(t *testing.T) {
	for _, table := range []*Table{families, tables, scopes, protocols, states, hardware, lifetimes, RouteFlags} {
		seen := map[uint64]bool{}
		for _, name := range table.Names() {
			n, ok := table.Number(name)
			if !ok || table.Name(n) != name || seen[n] {
				t.Errorf("%s %s: %d, %v, which is %q", table.What, name, n, ok, table.Name(n))
			}
			seen[n] = true
		}
		if _, ok := table.Number("nosuch"); ok || table.Name(1<<40) != "" {
			t.Errorf("%s: there is no such number", table.What)
		}
	}
	var none *Table
	if _, ok := none.Number("main"); ok || none.Name(254) != "" {
		t.Error("no table has a word")
	}
}

func TestBits(t *testing.T) {
	for number, want := range map[uint64]string{
		0: "", 1: "dead", 0x11: "dead|linkdown", 0x20000040: "trap|rt-offload-failed",
		0x80: "", 0x81: "dead|0x80", 1 << 40: "", 1<<40 | 0x4: "onlink|0x10000000000",
	} {
		if got := RouteFlags.Name(number); got != want {
			t.Errorf("%#x is %q, want %q", number, got, want)
		}
	}
	if n, ok := RouteFlags.Number("LinkDown"); !ok || n != 0x10 {
		t.Errorf("LinkDown is %#x, %v", n, ok)
	}
	for _, word := range []string{"", "|", "dead|linkdown", "0x1"} {
		if got, ok := RouteFlags.Number(word); ok {
			t.Errorf("%q is %#x", word, got)
		}
	}
}

func TestValue(t *testing.T) {
	for _, tt := range []struct {
		table *Table
		text  string
		want  uint64
		wrong string // "" for none
	}{
		{tables, "Main", 254, ""}, {tables, "main|local", 0, "main|local"}, {tables, "254", 0, "254"}, {nil, "main", 0, "main"},
		{RouteFlags, "dead", 1, ""}, {RouteFlags, "dead|LinkDown, 0x80", 0x91, ""}, {RouteFlags, "010", 10, ""}, {RouteFlags, "", 0, ""},
		{RouteFlags, "dead|linkdwn|x", 0, "linkdwn"}, {RouteFlags, "dead|1_0", 0, "1_0"}, {RouteFlags, "0x", 0, "0x"}, {RouteFlags, "-1", 0, "-1"},
	} {
		got, wrong, ok := tt.table.Value(tt.text)
		if ok {
			wrong = ""
		}
		if got != tt.want || wrong != tt.wrong || ok != (tt.wrong == "") {
			t.Errorf("%q: %#x, wrong %q, %v, want %#x, %q", tt.text, got, wrong, ok, tt.want, tt.wrong)
		}
	}
}

func TestOf(t *testing.T) {
	rules, tunnels := &ynl.AttrSet{Name: "fib-rule-attrs"}, &ynl.AttrSet{Name: "linkinfo-iptun-attrs"}
	for _, tt := range []struct {
		a    *ynl.Attr
		m    *ynl.Member
		t    ynl.Type
		want *Table
	}{
		{nil, &ynl.Member{Name: "rtm-family"}, ynl.U8, families},
		{nil, &ynl.Member{Name: "nfgen-family"}, ynl.U8, nil},
		{&ynl.Attr{Name: "family"}, nil, ynl.U16, families},
		{&ynl.Attr{Name: "family"}, nil, ynl.U32, nil}, // of Netfilter
		{&ynl.Attr{Name: "table"}, nil, ynl.U32, tables},
		{&ynl.Attr{Name: "table"}, nil, ynl.String, nil}, // of nftables
		{&ynl.Attr{Name: "table", Enum: &ynl.Enum{}}, nil, ynl.U32, nil},
		{&ynl.Attr{Name: "protocol", Set: rules}, nil, ynl.U8, protocols},
		{&ynl.Attr{Name: "protocol", Set: tunnels}, nil, ynl.U8, nil},
		{nil, &ynl.Member{Name: "ifa-scope"}, ynl.U8, scopes},
		{nil, &ynl.Member{Name: "rtm-flags"}, ynl.U32, RouteFlags},
		{nil, nil, ynl.U8, nil},
	} {
		if got := Of(tt.a, tt.m, tt.t); got != tt.want {
			t.Errorf("%+v %+v %v: %v, want %v", tt.a, tt.m, tt.t, got, tt.want)
		}
	}
}
