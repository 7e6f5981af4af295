package text

import (
	"bytes"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

var update = flag.Bool("update", false, "write the golden files anew")

// attr makes a field of an attribute that the spec knows.
func attr(name string, t ynl.Type, v any) codec.Field {
	return codec.Field{Name: name, Value: v, Attr: &ynl.Attr{Name: name, Type: t}}
}

// member makes a field of a struct's member.
func member(name string, t ynl.Type, v any) codec.Field {
	return codec.Field{Name: name, Value: v, Member: &ynl.Member{Name: name, Type: t}}
}

func names(index uint32) string {
	return map[uint32]string{1: "lo", 2: "eth0", 3: "odd name"}[index]
}

// link has a little of everything.
var link = codec.Object{
	member("ifi-family", ynl.U8, uint64(0)), member("ifi-index", ynl.S32, int64(2)),
	member("ifi-flags", ynl.U32, codec.Flags{"up", "broadcast", "running", "multicast", "lower-up"}),
	attr("ifname", ynl.String, "eth0"), attr("mtu", ynl.U32, uint64(1500)), attr("group", ynl.U32, uint64(0)),
	attr("operstate", ynl.U8, "up"), attr("qdisc", ynl.String, "fq_codel"), attr("master", ynl.U32, uint64(3)),
	attr("link", ynl.U32, uint64(1)), attr("link-netnsid", ynl.S32, int64(0)),
	attr("address", ynl.Binary, net.HardwareAddr{2, 0, 0, 0, 0, 1}),
	attr("ifalias", ynl.String, "the first \x1b[31mone"), attr("empty", ynl.String, ""),
	attr("carrier", ynl.Flag, true), attr("flagless", ynl.U32, codec.Flags{}),
	attr("alt-ifname", ynl.String, "a"), attr("alt-ifname", ynl.String, "b"),
	attr("padding", ynl.Pad, []byte{0, 0, 0, 0}),
	attr("stats64", ynl.Binary, codec.Object{
		member("rx-packets", ynl.U64, uint64(12)), member("tx-packets", ynl.U64, uint64(34)),
		member("rx-bytes", ynl.U64, uint64(840)), member("tx-bytes", ynl.U64, uint64(123456789)),
		member("rx-errors", ynl.U64, uint64(0)), member("tx-errors", ynl.U64, uint64(0)),
	}),
	attr("linkinfo", ynl.Nested, codec.Object{
		attr("kind", ynl.String, "vlan"),
		attr("data", ynl.SubMsg, codec.Object{attr("id", ynl.U16, uint64(5)), attr("none", ynl.Nested, codec.Object{})}),
	}),
	attr("hop", ynl.Nested, codec.Object{attr("a", ynl.U32, uint64(1))}),
	attr("hop", ynl.Nested, codec.Object{attr("a", ynl.U32, uint64(2))}),
	attr("peers", ynl.IndexedArray, codec.Array{
		{Index: 1, Value: codec.Object{attr("b", ynl.U32, uint64(1))}}, {Index: 5, Value: codec.Object{attr("b", ynl.U32, uint64(2))}},
	}),
	attr("clocks", ynl.IndexedArray, codec.Array{{Index: 0, Value: uint64(7)}, {Index: 1, Value: uint64(8)}}),
	attr("trees", ynl.NestTypeValue, []any{codec.Object{attr("c", ynl.U32, uint64(1))}}),
	attr("uuid", ynl.Binary, codec.UUID{0x12, 0x34}),
	attr("blob", ynl.Binary, []byte{1, 2, 3}), attr("none", ynl.Binary, []byte{}),
	attr("wrong", ynl.U32, codec.Raw{1, 2}),
	{Name: "attr-60", Value: bytes.Repeat([]byte{0xab}, 60)},
	{Name: "attr-61", Value: codec.Object{{Name: "attr-1", Value: []byte{9}}}},
}

func route(dst string, bits int, more ...codec.Field) codec.Object {
	o := codec.Object{
		member("rtm-family", ynl.U8, uint64(2)), member("rtm-dst-len", ynl.U8, uint64(bits)), member("rtm-src-len", ynl.U8, uint64(0)),
		member("rtm-tos", ynl.U8, uint64(0)), member("rtm-table", ynl.U8, uint64(254)), member("rtm-protocol", ynl.U8, uint64(2)),
		member("rtm-scope", ynl.U8, uint64(253)), member("rtm-type", ynl.U8, "unicast"), member("rtm-flags", ynl.U32, uint64(0)),
	}
	if dst != "" {
		o = append(o, attr("dst", ynl.Binary, netip.MustParseAddr(dst)))
	}
	return append(o, more...)
}

func TestGolden(t *testing.T) {
	oif := attr("oif", ynl.U32, uint64(2))
	tests := []struct {
		name  string
		print func(p *Printer) error
	}{
		{"link", func(p *Printer) error { return p.Message("getlink", link) }},
		{"routes", func(p *Printer) error {
			for _, o := range []codec.Object{
				route("", 0, attr("gateway", ynl.Binary, netip.MustParseAddr("10.0.0.1")), oif),
				route("10.0.0.0", 8, oif, attr("priority", ynl.U32, uint64(100))),
				route("fe80::", 64, attr("oif", ynl.U32, uint64(9))),
			} {
				if err := p.Entry("getroute", o); err != nil {
					return err
				}
			}
			return p.Note("3 messages were lost here")
		}},
		{"others", func(p *Printer) error {
			for _, o := range []codec.Object{
				{member("ifa-prefixlen", ynl.U8, uint64(24)), member("ifa-index", ynl.U32, uint64(2)), attr("local", ynl.Binary, netip.MustParseAddr("10.0.0.7"))},
				{member("ndm-ifindex", ynl.S32, int64(2)), attr("dst", ynl.Binary, netip.MustParseAddr("10.0.0.9"))},
				{attr("header", ynl.Nested, codec.Object{attr("dev-index", ynl.U32, uint64(1)), attr("dev-name", ynl.String, "lo")}), attr("rx-max", ynl.U32, uint64(0)), attr("rx-usecs", ynl.U32, uint64(20000))},
				{attr("ifindex", ynl.U32, uint64(3)), attr("id", ynl.U32, uint64(4)), attr("inflight-mem-bytes", ynl.Uint, uint64(5<<20))},
				{attr("ifindex", ynl.U32, uint64(77))},
				{},
			} {
				if err := p.Entry("op-get", o); err != nil {
					return err
				}
			}
			return nil
		}},
	}
	for _, tt := range tests {
		for _, o := range []Options{{Interface: names}, {Interface: names, Color: true}, {Width: 40}} {
			name := fmt.Sprintf("%s-%d", tt.name, o.Width)
			if o.Color {
				name += "-color"
			}
			t.Run(name, func(t *testing.T) {
				var b bytes.Buffer
				if err := tt.print(NewPrinter(&b, o)); err != nil {
					t.Fatal(err)
				}
				golden(t, filepath.Join("testdata", name+".golden"), b.Bytes())
				if o.Color {
					return
				}
				if strings.Contains(b.String(), "\x1b") {
					t.Error("an escape sequence of a value, or a colour, was written")
				}
				width := NewPrinter(nil, o).options.Width
				for line := range strings.Lines(b.String()) {
					// A word is not broken.
					if n := len([]rune(line)) - 1; n > width && len(strings.Fields(line)) > 2 {
						t.Errorf("%d columns: %s", n, line)
					}
					if strings.HasSuffix(line, " \n") {
						t.Errorf("spaces at the end: %q", line)
					}
				}
			})
		}
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s (rewrite with -update):\n%s", path, got)
	}
}

func TestUnit(t *testing.T) {
	tests := []struct {
		name   string
		v      uint64
		signed bool
		want   string
	}{
		{"rx-bytes", 840, false, ""},
		{"rx-bytes", 123456789, false, "118 MiB"},
		{"bytes", 1 << 63, false, "8 EiB"},
		{"mtu", 123456789, false, ""},
		{"delay-ns", 999, false, ""},
		{"delay-ns", 1500000, false, "1.5 ms"},
		{"rx-usecs", 20000, false, "20 ms"},
		{"rx-usecs", 2500, false, "2.5 ms"},
		{"x-ms", 90000, false, "90 s"},
		{"x-ms", 600000, false, "10 min"},
		{"x-ms", 36000000, false, "10 h"},
		{"x-ms", 864000000, false, "10 days"},
		{"clock-ns", 1700000000000000000, false, ""}, // a point in time
		{"offset-ns", ^uint64(0) - 5, true, ""},
	}
	for _, tt := range tests {
		if got := unit(tt.name, tt.v, tt.signed); got != tt.want {
			t.Errorf("%s %d: %q, want %q", tt.name, tt.v, got, tt.want)
		}
	}
}

func TestValue(t *testing.T) {
	for _, tt := range []struct {
		f    codec.Field
		want string
	}{
		{attr("n", ynl.U32, uint64(5)), "5"},
		{attr("table", ynl.U32, uint64(254)), "254 (main)"},
		{attr("table", ynl.U32, uint64(100)), "100"},
		{attr("family", ynl.U16, uint64(2)), "inet"},
		{attr("operstate", ynl.U8, uint64(6)), "6 (up)"},
		{attr("ifa-valid", ynl.U32, uint64(1<<32-1)), "4294967295 (forever)"},
		{attr("ifa-valid", ynl.U32, uint64(300)), "300 (300 s)"},
		{attr("ifa-valid", ynl.U32, uint64(86300)), "86300 (24 h)"},
		{codec.Field{Name: "n", Value: uint64(31), Attr: &ynl.Attr{Type: ynl.U8, Hint: ynl.HintHex}}, "0x1f"},
		{codec.Field{Name: "n", Value: int64(-1), Attr: &ynl.Attr{Type: ynl.S16, Hint: ynl.HintHex}}, "0xffff"},
		{attr("o", ynl.Nested, codec.Object{attr("a", ynl.U8, uint64(1)), attr("b", ynl.String, "x y")}), `{a 1, b "x y"}`},
		{attr("l", ynl.IndexedArray, codec.Array{{Index: 3, Value: codec.Object{attr("a", ynl.U8, uint64(1))}}}), `{[3] {a 1}}`},
		{attr("o", ynl.Nested, codec.Object{}), "{}"},
	} {
		if got := Value(tt.f); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.f.Value, got, tt.want)
		}
	}
}
