package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/text"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
)

// payloadOf makes a record of a table.
func payloadOf(t *testing.T, table string, fields ...any) []byte {
	t.Helper()
	var o codec.Object
	for i := 0; i < len(fields); i += 2 {
		o = append(o, codec.Field{Name: fields[i].(string), Value: fields[i+1]})
	}
	var b wire.Builder
	if err := layoutsOf(t, table)[table].Append(&b, o, codec.Options{}); err != nil {
		t.Fatal(err)
	}
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func layoutsOf(t *testing.T, tables ...string) map[string]codec.Layout {
	t.Helper()
	layouts := map[string]codec.Layout{}
	for _, name := range tables {
		found, err := mirror.ByName(name)
		if err != nil {
			t.Fatal(err)
		}
		l, ok := found.Layout()
		if !ok {
			t.Fatalf("%s has no layout", name)
		}
		layouts[name] = l
	}
	return layouts
}

func testPaths(nsid int32) string {
	return map[int32]string{3: "/run/netns/blue", 4: "/proc/77/ns/net"}[nsid]
}

// tell is a little of everything that a mirror tells.
func tell(t *testing.T, out mirrorSink) {
	t.Helper()
	lo := payloadOf(t, "link", "ifi-index", 1, "ifi-flags", []any{"up", "loopback"}, "ifname", "lo", "mtu", 65536, "group", 0)
	before := payloadOf(t, "link", "ifi-index", 2, "ifi-flags", []any{"up", "broadcast"}, "ifname", "eth0", "mtu", 1500, "master", 1)
	after := payloadOf(t, "link", "ifi-index", 2, "ifi-flags", []any{"broadcast", "no-arp"}, "ifname", "eth0", "mtu", 1400, "ifalias", "a \x1b[31mname")
	route := payloadOf(t, "route", "rtm-family", 2, "rtm-dst-len", 24, "rtm-table", 254, "rtm-type", "unicast",
		"table", 254, "dst", netip.MustParseAddr("192.0.2.0"), "oif", 2)
	at := time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)
	const announced, both = 1 << mirror.Announced, 1<<mirror.Announced | 1<<mirror.Inferred
	first, second := step{at: at, version: 7}, step{at: at.Add(time.Second), version: 9}
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	check(out.record(mirror.Record{Table: "link", NSID: mirror.Own, Value: lo}))
	check(out.record(mirror.Record{Table: "link", NSID: 3, Value: lo}))
	check(out.record(mirror.Record{Table: "unknown", NSID: mirror.Own, Value: []byte{1, 0xab}}))
	check(out.synced(first, 3, 1234567*time.Microsecond))
	check(out.change(first, mirror.Change{Reasons: announced, Kind: mirror.Added, Table: "route", NSID: mirror.Own, New: route}))
	check(out.change(first, mirror.Change{Reasons: announced, Kind: mirror.Changed, Table: "link", NSID: mirror.Own, Old: before, New: after}))
	check(out.change(first, mirror.Change{Reasons: announced, Kind: mirror.Changed, Table: "link", NSID: 5, Old: before, New: append(before[:len(before):len(before)], 9)}))
	check(out.unsynced(first))
	check(out.coalesced(second, 2))
	check(out.resync(second, mirror.Resync{Feed: "NETLINK_ROUTE", Cause: "overrun", Lost: 1200, Restarts: 1, Changes: 1, Began: at, Took: 45600 * time.Microsecond}))
	check(out.resync(second, mirror.Resync{Feed: "wireguard", Cause: "the family was loaded again", Restarts: 2, Began: at}))
	check(out.change(second, mirror.Change{Reasons: both, Kind: mirror.Deleted, Table: "route", NSID: 4, Old: route}))
	check(out.synced(second, 3, 0))
	check(out.close())
}

func TestMirrorText(t *testing.T) {
	for _, tt := range []struct {
		file  string
		width int
		color bool
	}{{"mirror/text.golden", 0, false}, {"mirror/narrow.golden", 60, false}, {"mirror/color.golden", 0, true}} {
		var b bytes.Buffer
		s := &mirrorText{w: bufio.NewWriter(&b), layouts: layoutsOf(t, "link", "route"), tableWidth: 5, width: tt.width, color: tt.color, paths: testPaths, printers: map[int32]*text.Printer{}}
		s.printers[mirror.Own] = text.NewPrinter(nil, text.Options{Interface: func(i uint32) string { return map[uint32]string{1: "lo", 2: "eth0"}[i] }})
		tell(t, s)
		golden(t, tt.file, b.String())
		for line := range strings.Lines(b.String()) {
			if tt.width > 0 && len(line) > tt.width+1 && strings.Contains(line, " link ") {
				t.Errorf("%d columns: %q", len(line)-1, line)
			}
			if !tt.color && strings.Contains(line, "\x1b") {
				t.Errorf("control sequences of a record: %q", line)
			}
		}
	}
}

func TestMirrorJSON(t *testing.T) {
	for _, lines := range []bool{true, false} {
		var b bytes.Buffer
		tell(t, &mirrorJSON{w: bufio.NewWriter(&b), lines: lines, layouts: layoutsOf(t, "link", "route"), paths: testPaths})
		if !lines {
			golden(t, "mirror/json.golden", b.String())
			var all []map[string]any
			if err := json.Unmarshal(b.Bytes(), &all); err != nil || len(all) != 13 {
				t.Errorf("%d objects: %v", len(all), err)
			}
			continue
		}
		golden(t, "mirror/jsonl.golden", b.String())
		for line := range strings.Lines(b.String()) {
			var v struct{ Event string }
			if err := json.Unmarshal([]byte(line), &v); err != nil || v.Event == "" {
				t.Errorf("%v: %s", err, line)
			}
		}
	}
	var b bytes.Buffer
	if err := (&mirrorJSON{w: bufio.NewWriter(&b)}).close(); err != nil || b.String() != "[]\n" {
		t.Errorf("nothing at all is %q: %v", b.String(), err)
	}
}

func TestWhichTable(t *testing.T) {
	a := &app{}
	for _, tt := range []struct {
		tables, where, says string
	}{
		{"link", "mtu > 1400", ""},
		{"link", "link:mtu > 1400", ""},
		{"link", "address == 02:00:00:00:00:01", ""},
		{"link addr", "addr: local == 192.0.2.1", ""},
		{"link addr", "mtu > 1400", `say which of the tables it is for, with its name in front: 'TABLE:mtu > 1400', where TABLE is one of link, addr`},
		{"link addr", "route:mtu > 1400", "route is none of the tables given (link, addr)"},
		{"link", "", "there is no expression"},
		{"link addr", "addr: ", "there is no expression"},
		{"rt-link/getlink addr", "rt-link/getlink:mtu > 1400", ""},
		{"link link", "", "given twice"},
		{"rt-link/getlink link", "", "given twice"},
		{"ethtool-linkstate", "", "say how often it is to be read, --poll 10s"},
	} {
		_, err := a.tables(strings.Fields(tt.tables), &tableFlags{where: []string{tt.where}})
		switch {
		case tt.says == "" && err != nil:
			t.Errorf("%s, %q: %v", tt.tables, tt.where, err)
		case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s, %q: %v, want %q", tt.tables, tt.where, err, tt.says)
		}
	}
}
