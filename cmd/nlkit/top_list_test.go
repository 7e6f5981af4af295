package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/sockets"
	"github.com/nlkit/nlkit/wire"
)

// someSockets is a list as a busy system may have it, and the one of two seconds
// before.
func someSockets() (*topList, *sockets.GroupNames) {
	row := func(p wire.Protocol, port, inode uint32, queued, limit, drops uint32, flags sockets.Flags, groups ...uint32) topRow {
		return topRow{Socket: sockets.Socket{Protocol: p, Port: port, Inode: inode, Queued: queued, Limit: limit, Drops: drops, Groups: groups, Flags: flags, HasFlags: true}}
	}
	owned := func(r topRow, owners ...sockets.Owner) topRow {
		r.owners = owners
		return r
	}
	kernel := func(r topRow) topRow {
		r.kernel = true
		return r
	}
	at := time.Date(2026, 11, 24, 9, 30, 2, 0, time.UTC)
	l := &topList{at: at, source: sockets.Diag, root: false, rows: []topRow{
		kernel(row(wire.Route, 0, 4, 832, 212992, 0, 0)),
		owned(row(wire.Route, 812, 4711, 0, 134217728, 0, sockets.CapAck, 1, 5, 7, 9, 11, 20, 32), sockets.Owner{PID: 812, Name: "systemd-network"}),
		owned(row(wire.Route, 4294963131, 4712, 4608, 4608, 21050, sockets.CapAck|sockets.NoENOBUFS|sockets.ListenAllNSID, 1, 7), sockets.Owner{PID: 91234, Name: "a\x1b[31mgent"}, sockets.Owner{PID: 91235, Name: "b"}),
		kernel(row(wire.SockDiag, 0, 416, 832, 212992, 0, 0)),
		row(wire.KobjectUevent, 4294967, 31, 1536, 2097152, 3, 0, 1, 2),
		owned(row(wire.Generic, 77, 32, 200000, 212992, 4294967295, 0, 16, 17, 70), sockets.Owner{PID: 77, Name: "ändern"}),
		row(17, 5, 33, 0, 212992, 0, 0),
	}}
	last := *l
	last.at = at.Add(-2 * time.Second)
	last.rows = append([]topRow(nil), l.rows...)
	last.rows[2].Drops = 20000
	last.rows[5].Drops = 4294967292
	last.rows = last.rows[:6] // the last one is new
	l.since(&last)
	names := &sockets.GroupNames{}
	names.SetFamilies([]*genetlink.Family{{Name: "nlctrl", Groups: []genetlink.Group{{Name: "notify", ID: 16}}}, {Name: "ethtool", Groups: []genetlink.Group{{Name: "monitor", ID: 17}}}})
	return l, names
}

// golden compares a text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got (-update writes it anew)\n%s", name, diff)
	}
}

func TestTopGolden(t *testing.T) {
	l, names := someSockets()
	all := l.only(&topFlags{})
	var b strings.Builder
	show := func(what string, lines []string) {
		fmt.Fprintf(&b, "== %s\n%s\n", what, strings.Join(lines, "\n"))
	}
	show("text", all.table(names, 0))
	for _, size := range [][2]int{{200, 40}, {120, 40}, {80, 24}, {80, 6}, {40, 3}, {20, 2}, {1, 1}} {
		show(fmt.Sprintf("terminal of %dx%d", size[0], size[1]), all.frame(names, size[0], size[1], false))
	}
	for i, line := range all.frame(names, 100, 30, true) {
		if i > 1 {
			line = fmt.Sprintf("%.60q", line)
		} else {
			line = fmt.Sprintf("%.20q", line)
		}
		fmt.Fprintln(&b, line)
	}
	for _, order := range topOrders() {
		show("by "+order, l.only(&topFlags{order: topOrder(order), noKernel: true}).table(names, 60))
	}
	show("of processes", l.only(&topFlags{pids: pidSet{77, 91235}}).table(names, 0))
	show("of protocols", l.only(&topFlags{protocols: protocolSet{wire.SockDiag, 17}}).table(names, 0))
	show("none", l.only(&topFlags{pids: pidSet{1}}).frame(names, 80, 24, false))
	proc := *all
	proc.source, proc.root, proc.rows = sockets.Proc, true, all.rows[2:4]
	for i := range proc.rows {
		proc.rows[i].Limit = 0
	}
	show("of /proc", proc.frame(names, 120, 24, false))
	proc.unreadable = 3
	show("restricted", proc.notes())
	golden(t, "top/text.golden", b.String())
}

func TestTopFitsWidth(t *testing.T) {
	l, names := someSockets()
	for width := 1; width < 250; width++ {
		for height := 1; height < 14; height++ {
			lines := l.frame(names, width, height, false)
			if len(lines) > max(height-1, 1) {
				t.Fatalf("%dx%d: %d lines", width, height, len(lines))
			}
			for _, line := range lines {
				if n := utf8.RuneCountInString(line); n > width {
					t.Fatalf("%dx%d: a line of %d columns: %q", width, height, n, line)
				}
				if strings.ContainsAny(line, "\x1b\n") {
					t.Fatalf("a control character in %q", line)
				}
			}
		}
	}
}

func TestTopJSONGolden(t *testing.T) {
	l, names := someSockets()
	var b bytes.Buffer
	out := cli.NewArray(&b, cli.JSONL)
	if err := l.json(out, names); err != nil {
		t.Fatal(err)
	}
	golden(t, "top/json.golden", b.String())
}

// TestTopSince: the count of drops wraps around; a clock that stands still and a
// socket that is new have no rate.
func TestTopSince(t *testing.T) {
	l, _ := someSockets()
	if r := l.rows[5]; !r.hasRate || r.rate != 1.5 {
		t.Errorf("rate %v, want 1.5", r.rate)
	}
	if r := l.rows[6]; r.hasRate {
		t.Errorf("rate %v of a socket that is new", r.rate)
	}
	now := &topList{at: l.at, rows: []topRow{l.rows[0]}}
	now.rows[0].hasRate = false
	now.since(l)
	if now.rows[0].hasRate {
		t.Error("a rate over no time")
	}
}

func TestAmount(t *testing.T) {
	for n, want := range map[uint32]string{
		0: "0", 1023: "1023", 1024: "1K", 4608: "4.5K", 10239: "10.0K", 10240: "10K", 212992: "208K", 1048575: "1023K",
		1 << 20: "1M", 3 << 19: "1.5M", 134217728: "128M", 1<<32 - 1: "4095M",
	} {
		if got := amount(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
