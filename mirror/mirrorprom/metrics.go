package mirrorprom

import "github.com/prometheus/client_golang/prometheus"

// descs are all metrics.
var descs []*prometheus.Desc

// metric describes one. Its labels are given in the order of their values.
func metric(name, help string, labels ...string) *prometheus.Desc {
	d := prometheus.NewDesc("nlkit_mirror_"+name, help, labels, nil)
	descs = append(descs, d)
	return d
}

// Of the mirror.
var (
	synced  = metric("synced", "Whether all tables are what the kernel has, as far as it has told: 1 or 0.")
	version = metric("snapshot_version", "Version of the newest snapshot, which grows with each change.")
	memory  = metric("memory_bytes", "Bytes that the newest state takes, about.")
)

// Of a feed: the stream of events of a protocol, or of a generic netlink family.
var (
	feedSynced = metric("feed_synced", "Whether nothing was lost that has not been made good: 1 or 0.", "feed")
	lag        = metric("lag_seconds", "How long the oldest loss has been waiting to be made good; 0 if there is none.", "feed")
	queue      = metric("queue_bytes", "Bytes in the kernel's queue of events, as it counts them.", "feed")
	queueLimit = metric("queue_limit_bytes", "Bytes that the queue may hold before the kernel drops events.", "feed")
	jobs       = metric("jobs", "Readings that are due or planned.", "feed")
	events     = metric("events_total", "Messages taken in.", "feed")
	dropped    = metric("dropped_events_total", "Messages that the kernel has dropped.", "feed")
	overruns   = metric("overruns_total", "Times that the kernel has dropped messages.", "feed")
	resyncs    = metric("resyncs_total", "Readings of everything that have ended, the first one included, by what made them necessary.", "feed", "cause")
)

// Of a table in a namespace.
var (
	tableSynced = metric("table_synced", "Whether the table is what the kernel has, as far as it has told: 1 or 0.", "table", "nsid")
	records     = metric("table_records", "Records in the table.", "table", "nsid")
	tableMemory = metric("table_memory_bytes", "Bytes that the table takes, index and all, about.", "table", "nsid")
	tableEvents = metric("table_events_total", "Records of messages that concerned the table.", "table", "nsid")
	reads       = metric("table_reads_total", "Dumps of the table, or of a part of it.", "table", "nsid")
	confirms    = metric("table_confirms_total", "Readings of what was inferred.", "table", "nsid")
	audits      = metric("table_audits_total", "Comparisons of the table, or of a part of it, with the kernel.", "table", "nsid")
	drift       = metric("table_drift_total", "Records that an audit has found wrong, and repaired.", "table", "nsid")
	changes     = metric("table_changes_total", "Changes of records, by how the mirror came to know of them.", "table", "nsid", "reason")
	lastAudit   = metric("table_last_audit_timestamp_seconds", "When the last audit ended, as seconds since 1970; absent before the first.", "table", "nsid")
)
