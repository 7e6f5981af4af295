package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/text"
	"github.com/nlkit/nlkit/mirror"
)

// auditOf is a run that has found a little of everything.
func auditOf(t *testing.T, format cli.Format) (*auditing, *bytes.Buffer) {
	t.Helper()
	old := payloadOf(t, "link", "ifi-index", 2, "ifname", "eth0", "group", 0)
	new := payloadOf(t, "link", "ifi-index", 2, "ifname", "eth0", "group", 7)
	changes := func(announced, inferred uint64) (c [6]uint64) {
		c[mirror.Announced], c[mirror.Inferred] = announced, inferred
		return c
	}
	var out bytes.Buffer
	cmd := &cobra.Command{}
	cmd.SetOut(&out)
	r := &auditing{app: &app{format: format}, cmd: cmd}
	r.report = auditReport{
		reading: 12 * time.Millisecond, held: 10 * time.Second,
		health: mirror.Health{
			Version: 12, Synced: true, Memory: 12345,
			Tables: []mirror.TableHealth{
				{Name: "link", NSID: mirror.Own, Synced: true, Records: 4, Bytes: 3200, Events: 17, Reads: 2, Changes: changes(5, 0), Audits: 1, Drift: 1},
				{Name: "link", NSID: 3, Synced: true, Records: 1, Bytes: 800, Events: 1, Reads: 2, Changes: changes(1, 0), Audits: 1},
				{Name: "route", NSID: mirror.Own, Synced: true, Records: 1000000, Bytes: 250 << 20, Events: 200000, Reads: 3, Changes: changes(199000, 12), Confirms: 1, Audits: 1},
			},
			Feeds: []mirror.FeedHealth{{Name: "NETLINK_ROUTE", Synced: true, Events: 200018, Dropped: 3, Overruns: 1, Queued: 512, Limit: 32 << 20, LastError: "once"}},
			Resyncs: []mirror.Resync{
				{Number: 1, Feed: "NETLINK_ROUTE", Cause: "opened", Changes: 5, Began: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Took: 12 * time.Millisecond},
				{Number: 2, Feed: "NETLINK_ROUTE", Cause: "overrun", Lost: 3, Began: time.Date(2026, 1, 2, 3, 4, 6, 0, time.UTC), Took: time.Second},
			},
		},
		left: []leftOut{{"conntrack", errors.New("mirror [conntrack]: it may not be read")}},
	}
	r.report.add(mirror.AuditReport{Records: 1000005, Drift: 0, Took: time.Second})
	r.report.add(mirror.AuditReport{Records: 1000005, Drift: 4, Took: 900 * time.Millisecond, Tables: []mirror.TableDrift{
		{Table: "link", NSID: mirror.Own, Records: 4, Drift: 4, Drifted: []mirror.Change{
			{Kind: mirror.Changed, Table: "link", NSID: mirror.Own, Old: old, New: new},
			{Kind: mirror.Added, Table: "link", NSID: mirror.Own, New: new},
			{Kind: mirror.Deleted, Table: "link", NSID: 3, Old: old},
		}},
	}})
	return r, &out
}

func TestAuditReport(t *testing.T) {
	r, b := auditOf(t, cli.Text)
	s := &mirrorText{w: bufio.NewWriter(b), layouts: layoutsOf(t, "link"), tableWidth: 5, paths: testPaths, printers: map[int32]*text.Printer{}}
	if err := r.print(s); err != nil {
		t.Fatal(err)
	}
	golden(t, "mirror/audit.golden", b.String())

	r, b = auditOf(t, cli.JSONL)
	if err := r.print(&mirrorJSON{w: bufio.NewWriter(b), lines: true, layouts: layoutsOf(t, "link"), paths: testPaths}); err != nil {
		t.Fatal(err)
	}
	golden(t, "mirror/audit.jsonl.golden", b.String())
	for line := range strings.Lines(b.String()) {
		var v struct{ Kind string }
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Kind == "" {
			t.Errorf("%v: %s", err, line)
		}
	}
}

// TestAuditKeeps keeps a bounded number of records that were wrong.
func TestAuditKeeps(t *testing.T) {
	var r auditReport
	for range 2 * maxDrifted / mirror.MaxDrifted {
		r.add(mirror.AuditReport{Drift: mirror.MaxDrifted, Tables: []mirror.TableDrift{{Drifted: make([]mirror.Change, mirror.MaxDrifted)}}})
	}
	if len(r.drifted) != maxDrifted || r.drift <= maxDrifted {
		t.Errorf("%d kept of %d", len(r.drifted), r.drift)
	}
}
