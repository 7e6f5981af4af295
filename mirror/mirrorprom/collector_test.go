package mirrorprom

import (
	"bytes"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/nlkit/nlkit/mirror"
)

var update = flag.Bool("update", false, "write the golden file anew")

// fixed is a health that does not change.
type fixed mirror.Health

func (f *fixed) Health() mirror.Health { return mirror.Health(*f) }

// sample is a health in which no two numbers are the same.
func sample() *fixed {
	f := mirror.FeedHealth{
		Name: "NETLINK_ROUTE", Lag: 1500 * time.Millisecond, Queued: 4096, Limit: 33554432,
		Events: 120, Dropped: 30, Overruns: 2, Jobs: 5,
		// No metric may have it as a label: there are as many texts as errors.
		LastError: "netlink: receive: connection reset by peer",
	}
	for k := range f.Resyncs {
		f.Resyncs[k] = uint64(10 + k)
	}
	own := mirror.TableHealth{
		Name: "route", NSID: mirror.Own, Records: 1000, Bytes: 250000, Events: 110, Reads: 7, Confirms: 3, Audits: 4, Drift: 1,
		LastAudit: time.UnixMilli(1700000000250),
	}
	for r := range own.Changes {
		own.Changes[r] = uint64(20 + r)
	}
	other := mirror.TableHealth{Name: "route", NSID: 3, Synced: true, Records: 8, Bytes: 2000}
	return &fixed{
		Version: 42, Memory: 252000,
		Feeds:   []mirror.FeedHealth{f, {Name: "ethtool", Synced: true}},
		Tables:  []mirror.TableHealth{own, other, {Name: "ethtool", NSID: mirror.Own, Synced: true}},
		Resyncs: []mirror.Resync{{Cause: "socket: " + f.LastError, Kind: mirror.ResyncSocket}},
	}
}

// TestExposition compares what a scrape of a fixed health yields with
// testdata/metrics.txt. The registry compares it with what is described, too.
func TestExposition(t *testing.T) {
	const golden = "testdata/metrics.txt"
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(New(sample()))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&got, f); err != nil {
			t.Fatal(err)
		}
	}
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("not what %s says (go test -update writes it anew):\n%s", golden, diff)
	}
}

// TestNames has Prometheus's own rules look at the names and the help.
func TestNames(t *testing.T) {
	problems, err := testutil.CollectAndLint(New(sample()))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestEveryMetric: what is described is there.
func TestEveryMetric(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(New(sample()))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if len(families) != len(descs) {
		t.Errorf("%d metrics of %d", len(families), len(descs))
	}
}

// TestSeveral: two mirrors are one too many for a registry, unless they have labels.
func TestSeveral(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(New(sample())); err != nil {
		t.Fatal(err)
	}
	if err := registry.Register(New(sample())); err == nil {
		t.Error("a second mirror without a label was registered")
	}
	registry = prometheus.NewPedanticRegistry()
	for _, name := range []string{"a", "b"} {
		if err := prometheus.WrapRegistererWith(prometheus.Labels{"mirror": name}, registry).Register(New(sample())); err != nil {
			t.Fatal(err)
		}
	}
	n, err := testutil.GatherAndCount(registry, "nlkit_mirror_synced")
	if err != nil || n != 2 {
		t.Errorf("%d mirrors, error %v", n, err)
	}
}
