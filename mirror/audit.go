package mirror

import (
	"bytes"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/nlkit/nlkit/mirror/internal/store"
)

// AuditReport is what a comparison with the kernel has found.
type AuditReport struct {
	Records int // that were compared
	Drift   int // that were wrong
	Took    time.Duration
	Tables  []TableDrift
}

// TableDrift is what an audit has found of one table.
type TableDrift struct {
	Table   string
	NSID    int32
	Records int
	Drift   int
	// Drifted are the records that were wrong, the first [MaxDrifted] of them. What
	// was missing is Added, what should not have been there is Deleted: Old is what the
	// mirror had, New is what the kernel has.
	Drifted []Change
}

// MaxDrifted is of how many records an audit tells what was wrong with them.
const MaxDrifted = 32

// auditShare is how small a part of the time the audits of a feed may take: one in so
// many.
const auditShare = 50

// pollShare is the same for the regular reading of one table.
const pollShare = 4

// Audit compares every table with the kernel now, repairs what differs, and reports
// it. A difference is a bug: of the rules by which this package infers what the
// kernel does not announce, or of the kernel.
func (m *Mirror) Audit(ctx context.Context) (AuditReport, error) {
	began := time.Now()
	var mu sync.Mutex
	var r AuditReport
	err := m.ask(ctx, func(f *feed, done func()) {
		left := 0
		for _, t := range f.tables() {
			if f.m.tables[t.ordinal].hidden {
				continue
			}
			left++
			f.jobs = append(f.jobs, &job{t: t, why: Audited, due: time.Now(), report: func(d TableDrift) {
				mu.Lock()
				defer mu.Unlock()
				r.Records += d.Records
				r.Drift += d.Drift
				r.Tables = append(r.Tables, d)
				if left--; left == 0 {
					done()
				}
			}})
		}
		if left == 0 {
			done()
		}
	})
	mu.Lock()
	defer mu.Unlock()
	r.Tables = slices.Clone(r.Tables)
	r.Took = time.Since(began)
	return r, err
}

// scheduleAll plans the audits and the regular readings.
func (f *feed) scheduleAll() {
	for _, t := range f.tables() {
		f.scheduleTable(t)
	}
}

func (f *feed) scheduleTable(t *table) {
	if t.def.Poll > 0 {
		f.schedule(&job{t: t, why: Polled}, 0)
	}
	f.schedule(&job{t: t, why: Audited}, 0)
}

// schedule plans the next one after one that took some time.
func (f *feed) schedule(j *job, took time.Duration) {
	if j.report != nil {
		return
	}
	every := f.m.opts.AuditEvery
	if j.why == Polled {
		every = j.t.def.Poll
	} else if every < 0 || j.t.def.Poll > 0 {
		return
	} else if every == 0 {
		every = DefaultAuditEvery
	}
	next := *j
	next.tries = 0
	if j.why == Audited {
		next.scope = j.t.nextPart()
	}
	pause := pollShare * took
	if j.why == Audited {
		pause = time.Duration(auditShare*len(f.tables())) * took
	}
	next.due = time.Now().Add(max(every, pause))
	f.jobs = append(f.jobs, &next)
}

// nextPart is the part of a table to audit next: all of it, one after the other.
func (t *table) nextPart() Scope {
	if t.def.parts == nil {
		return Scope{}
	}
	if len(t.parts) == 0 {
		t.parts = t.def.parts(t)
	}
	if len(t.parts) == 0 {
		return Scope{}
	}
	s := t.parts[0]
	t.parts = t.parts[1:]
	return s
}

// drift notes what an audit has found wrong. old and new are 0 for nothing.
func (t *table) drift(old, new store.Ref) {
	if len(t.drifted) == MaxDrifted {
		return
	}
	c := Change{Kind: Changed, Table: t.def.Name, NSID: t.space.nsid, Reasons: 1 << Audited, def: t.def}
	r := new
	switch {
	case old == 0:
		c.Kind = Added
	case new == 0:
		c.Kind, r = Deleted, old
	}
	// What is in the store can move, and be freed.
	c.Key = bytes.Clone(t.store.Key(r))
	if old != 0 {
		c.Old = bytes.Clone(t.store.Value(old))
	}
	if new != 0 {
		c.New = bytes.Clone(t.store.Value(new))
	}
	t.drifted = append(t.drifted, c)
}

// audited reports the end of an audit to whoever has asked for it.
func (f *feed) audited(j *job, drift int) {
	found := j.t.drifted
	j.t.drifted = nil
	if j.report != nil {
		j.report(TableDrift{j.t.def.Name, j.t.space.nsid, j.t.store.Len(), drift, found})
	}
}
