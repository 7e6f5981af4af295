package main

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/nlkit/nlkit/mirror"
)

// The objects that "nlkit audit -o json" prints: docs/nlkit-mirror.md has their
// shapes.
type (
	auditTableJSON struct {
		Kind     string            `json:"kind"`            // "table"
		Rules    bool              `json:"rules,omitempty"` // only rules of other tables watch it
		Table    string            `json:"table"`
		NSID     int32             `json:"nsid"`
		NetNS    string            `json:"netns,omitempty"`
		Synced   bool              `json:"synced"`
		Records  int               `json:"records"`
		Bytes    uint64            `json:"bytes"`
		Events   uint64            `json:"events"`
		Changes  map[string]uint64 `json:"changes"` // by reason
		Reads    uint64            `json:"reads"`
		Confirms uint64            `json:"confirms"`
		Audits   uint64            `json:"audits"`
		Drift    uint64            `json:"drift"`
	}
	auditFeedJSON struct {
		Kind     string  `json:"kind"` // "feed"
		Feed     string  `json:"feed"`
		Synced   bool    `json:"synced"`
		Events   uint64  `json:"events"`
		Dropped  uint64  `json:"dropped"`
		Overruns uint64  `json:"overruns"`
		Queued   uint32  `json:"queued"`
		Limit    uint32  `json:"limit"`
		Lag      float64 `json:"lag"` // seconds
		Error    string  `json:"error,omitempty"`
	}
	auditResyncJSON struct {
		Kind     string    `json:"kind"` // "resync"
		Number   uint64    `json:"number"`
		Feed     string    `json:"feed"`
		Cause    string    `json:"cause"`
		Lost     uint64    `json:"lost"`
		Restarts int       `json:"restarts"`
		Changes  uint64    `json:"changes"`
		Began    time.Time `json:"began"`
		Took     float64   `json:"took"` // seconds
	}
	auditDriftJSON struct {
		Kind  string          `json:"kind"` // "drift"
		Is    string          `json:"is"`   // "missing", "stale", "outdated"
		Table string          `json:"table"`
		NSID  int32           `json:"nsid"`
		NetNS string          `json:"netns,omitempty"`
		Had   json.RawMessage `json:"had,omitempty"` // the mirror
		Has   json.RawMessage `json:"has,omitempty"` // the kernel
	}
	auditLeftJSON struct {
		Kind  string `json:"kind"` // "left-out"
		Table string `json:"table"`
		Why   string `json:"why"`
	}
	auditJSON struct {
		Kind    string  `json:"kind"` // "audit"
		Drift   int     `json:"drift"`
		Records int     `json:"records"`
		Audits  int     `json:"audits"`
		Held    float64 `json:"held"`    // seconds
		Reading float64 `json:"reading"` // seconds
		Took    float64 `json:"took"`    // seconds
		Memory  uint64  `json:"memory"`  // bytes
	}
)

// driftWords say what is wrong with a record.
var driftWords = map[mirror.Kind]string{mirror.Added: "missing", mirror.Changed: "outdated", mirror.Deleted: "stale"}

func (r *auditing) printJSON(out *mirrorJSON) error {
	var err error
	add := func(v any) {
		if err == nil {
			err = out.add(v)
		}
	}
	rep := &r.report
	for _, l := range rep.left {
		add(auditLeftJSON{"left-out", l.name, l.reason()})
	}
	for i, t := range slices.Concat(rep.health.Tables, rep.health.Rules) {
		v := auditTableJSON{"table", i >= len(rep.health.Tables), t.Name, t.NSID, out.paths(t.NSID), t.Synced, t.Records, t.Bytes, t.Events, map[string]uint64{}, t.Reads, t.Confirms, t.Audits, t.Drift}
		for why, n := range t.Changes {
			v.Changes[mirror.Reason(why).String()] = n
		}
		add(v)
	}
	for _, f := range rep.health.Feeds {
		add(auditFeedJSON{"feed", feedName(f.Name), f.Synced, f.Events, f.Dropped, f.Overruns, f.Queued, f.Limit, f.Lag.Seconds(), f.LastError})
	}
	for _, s := range rep.health.Resyncs {
		add(auditResyncJSON{"resync", s.Number, feedName(s.Feed), s.Cause, s.Lost, s.Restarts, s.Changes, s.Began, s.Took.Seconds()})
	}
	for _, c := range rep.drifted {
		add(auditDriftJSON{"drift", driftWords[c.Kind], c.Table, c.NSID, out.paths(c.NSID), out.raw(c.Table, c.Old), out.raw(c.Table, c.New)})
	}
	add(auditJSON{"audit", rep.drift, rep.compared, rep.audits, rep.held.Seconds(), rep.reading.Seconds(), rep.took.Seconds(), rep.health.Memory})
	if cerr := out.close(); err == nil {
		err = cerr
	}
	return err
}
