package mirrorprom

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/churn"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// scrape reads all metrics, by name and labels.
func scrape(t *testing.T, g prometheus.Gatherer) map[string]float64 {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			v := m.GetGauge().GetValue()
			if f.GetType() == dto.MetricType_COUNTER {
				v = m.GetCounter().GetValue()
			}
			all[strings.TrimPrefix(f.GetName(), "nlkit_mirror_")+" "+strings.Join(labels, " ")] = v
		}
	}
	return all
}

// expect waits until metrics are what they should be: health is told up to 50 ms late.
func expect(t *testing.T, g prometheus.Gatherer, want map[string]float64) {
	t.Helper()
	var text string
	for range 100 {
		text = ""
		got := scrape(t, g)
		for name, v := range want {
			if n, ok := got[name]; !ok || n != v {
				text += fmt.Sprintf("%s is %v, want %v\n", name, n, v)
			}
		}
		if text == "" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error(text)
}

// TestLive scrapes a mirror while its namespace changes, and after its end.
func TestLive(t *testing.T) {
	ns := testenv.NewNetNS(t)
	o := mirror.Options{Netlink: netlink.Options{Namespace: netlink.NamespaceFD(ns.FD())}, AuditEvery: -1}
	w, err := churn.Open(&o.Netlink)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	do := func(err error) {
		t.Helper()
		if err == nil {
			err = w.Flush()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	do(w.AddLink(50, "one", "bridge"))
	// Routes of IPv6 come by themselves, when addresses are no longer tentative.
	m, err := o.Open(t.Context(), mirror.Routes.Where("rtm-family == inet"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(New(m))
	feed := m.Health().Feeds[0].Name
	expect(t, registry, map[string]float64{
		"synced ": 1, "lag_seconds " + feed: 0, "table_records own route": 0,
		"resyncs_total opened " + feed: 1, "resyncs_total overrun " + feed: 0,
	})
	if _, ok := scrape(t, registry)["table_last_audit_timestamp_seconds own route"]; ok {
		t.Error("an audit is told of that was not made")
	}
	do(w.Up(50, true))
	if err := m.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := m.Health().Tables[0]
	for i := range 3 {
		do(w.AddRoute(churn.Add, churn.Simple(false, i, 50)))
	}
	do(w.DelRoute(churn.Simple(false, 2, 50)))
	if err := m.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, registry, map[string]float64{
		"table_records own route":                 float64(before.Records + 2),
		"table_changes_total own announced route": float64(before.Changes[mirror.Announced] + 4),
	})
	do(w.Up(50, false)) // takes the routes along, without a word
	if err := m.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, registry, map[string]float64{"table_records own route": float64(mirror.Routes.Len(m.Snapshot())), "table_changes_total own inferred route": 2})
	if _, err := m.Audit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.Resync(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect(t, registry, map[string]float64{"table_audits_total own route": 1, "table_drift_total own route": 0, "resyncs_total asked " + feed: 1})
	if at := scrape(t, registry)["table_last_audit_timestamp_seconds own route"]; time.Since(time.Unix(int64(at), 0)) > time.Minute {
		t.Errorf("the last audit was at %v", at)
	}
	m.Close()
	expect(t, registry, map[string]float64{"synced ": 0, "feed_synced " + feed: 0, "table_synced own route": 0, "table_audits_total own route": 1})
}

// named gives a namespace an id in another one, and a name, by which the mirror finds
// it. Both end with what it returns.
func named(t *testing.T, home, ns *testenv.NetNS, nsid int32) (path string, end func()) {
	t.Helper()
	c, err := netlink.Dial(wire.Route, &netlink.Options{Namespace: netlink.NamespaceFD(home.FD())})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var b wire.Builder
	b.Message(wire.Header{Type: unix.RTM_NEWNSID, Flags: wire.Request})
	b.Raw(make([]byte, 4)) // struct rtgenmsg
	b.Int32(unix.NETNSA_NSID, nsid)
	b.Uint32(unix.NETNSA_FD, uint32(ns.FD()))
	req, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	// The kernel takes namespaces apart later, on its own: until then the id is in use.
	for deadline := time.Now().Add(15 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err = c.Do(t.Context(), req, nil); !errors.Is(err, netlink.EEXIST) || time.Now().After(deadline) {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("/run/netns", 0o755); err != nil {
		t.Fatal(err)
	}
	path = fmt.Sprintf("/run/netns/nlkit-prom-%d", os.Getpid())
	if err := os.WriteFile(path, nil, 0o444); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount(fmt.Sprintf("/proc/self/fd/%d", ns.FD()), path, "", unix.MS_BIND, ""); err != nil {
		os.Remove(path)
		testenv.Missing(t, "root", "a namespace cannot be given a name: "+err.Error())
	}
	return path, func() {
		t.Helper()
		if err := errors.Join(unix.Unmount(path, unix.MNT_DETACH), os.Remove(path), ns.File.Close()); err != nil {
			t.Error(err)
		}
	}
}

// TestNamespaces: the counters of a namespace do not go backwards where another one
// gets its id.
func TestNamespaces(t *testing.T) {
	const nsid = 4711
	home := testenv.NewNetNS(t)
	// A namespace is made by a thread that is in it meanwhile, where the mirror could find it.
	first, second := testenv.NewNetNS(t), testenv.NewNetNS(t)
	_, end := named(t, home, first, nsid)
	o := mirror.Options{Netlink: netlink.Options{Namespace: netlink.NamespaceFD(home.FD())}, AllNamespaces: true, AuditEvery: -1}
	m, err := o.Open(t.Context(), mirror.Links)
	if err != nil {
		end()
		t.Fatal(err)
	}
	defer m.Close()
	reads := func() (n uint64, there bool) {
		for _, h := range m.Health().Tables {
			if h.NSID == nsid {
				return h.Reads, true
			}
		}
		return 0, false
	}
	wait := func(what string, ok func(n uint64, there bool) bool) {
		t.Helper()
		for deadline := time.Now().Add(15 * time.Second); !ok(reads()); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Errorf("%s: %+v", what, m.Health())
				return
			}
		}
	}
	if err := m.Resync(t.Context()); err != nil {
		t.Error(err)
	}
	wait("it is not read", func(n uint64, _ bool) bool { return n >= 2 })
	before, _ := reads()
	end()
	wait("it stays", func(_ uint64, there bool) bool { return !there })
	_, end = named(t, home, second, nsid)
	defer end()
	wait("its successor is not found", func(_ uint64, there bool) bool { return there })
	if n, _ := reads(); n < before {
		t.Errorf("%d readings, %d before", n, before)
	}
	wait("its successor is not read", func(n uint64, _ bool) bool { return n > before })
}
