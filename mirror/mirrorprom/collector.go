package mirrorprom

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nlkit/nlkit/mirror"
)

// Source is what has a health: a [mirror.Mirror].
type Source interface{ Health() mirror.Health }

// Collector reads the metrics of one mirror. It may be used from many goroutines, and
// outlive the mirror: what it tells then is the end, and not in sync.
type Collector struct{ source Source }

// New makes a collector, which has to be registered.
func New(s Source) *Collector { return &Collector{s} }

// Describe sends all metrics that there can be.
func (*Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range descs {
		ch <- d
	}
}

// Collect reads the mirror's health and sends it as metrics.
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	h := c.source.Health()
	gauge(ch, synced, truth(h.Synced))
	gauge(ch, version, float64(h.Version))
	gauge(ch, memory, float64(h.Memory))
	for i := range h.Feeds {
		collectFeed(ch, &h.Feeds[i])
	}
	for i := range h.Tables {
		collectTable(ch, &h.Tables[i])
	}
	for i := range h.Rules {
		h.Rules[i].Name += forRules // one of the same name may have been asked for
		collectTable(ch, &h.Rules[i])
	}
}

// forRules is behind the name of a table that only rules of others watch.
const forRules = " (rules)"

func collectFeed(ch chan<- prometheus.Metric, f *mirror.FeedHealth) {
	gauge(ch, feedSynced, truth(f.Synced), f.Name)
	gauge(ch, lag, f.Lag.Seconds(), f.Name)
	gauge(ch, queue, float64(f.Queued), f.Name)
	gauge(ch, queueLimit, float64(f.Limit), f.Name)
	gauge(ch, jobs, float64(f.Jobs), f.Name)
	counter(ch, events, f.Events, f.Name)
	counter(ch, dropped, f.Dropped, f.Name)
	counter(ch, overruns, f.Overruns, f.Name)
	for k, n := range f.Resyncs {
		counter(ch, resyncs, n, f.Name, mirror.ResyncKind(k).String())
	}
}

func collectTable(ch chan<- prometheus.Metric, t *mirror.TableHealth) {
	nsid := namespace(t.NSID)
	gauge(ch, tableSynced, truth(t.Synced), t.Name, nsid)
	gauge(ch, records, float64(t.Records), t.Name, nsid)
	gauge(ch, tableMemory, float64(t.Bytes), t.Name, nsid)
	counter(ch, tableEvents, t.Events, t.Name, nsid)
	counter(ch, reads, t.Reads, t.Name, nsid)
	counter(ch, confirms, t.Confirms, t.Name, nsid)
	counter(ch, audits, t.Audits, t.Name, nsid)
	counter(ch, drift, t.Drift, t.Name, nsid)
	for r, n := range t.Changes {
		counter(ch, changes, n, t.Name, nsid, mirror.Reason(r).String())
	}
	// Before the first audit there is no time of it: 1970 would look like one that is
	// long overdue.
	if !t.LastAudit.IsZero() {
		gauge(ch, lastAudit, float64(t.LastAudit.UnixMilli())/1e3, t.Name, nsid)
	}
}

// namespace is the value of the label nsid.
func namespace(nsid int32) string {
	if nsid == mirror.Own {
		return "own"
	}
	return strconv.Itoa(int(nsid))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func gauge(ch chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func counter(ch chan<- prometheus.Metric, d *prometheus.Desc, v uint64, labels ...string) {
	ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
}
