package mirror

import (
	"slices"
	"time"
)

// Health is how a mirror is doing. Its counters do not go backwards while the mirror
// lives: those of a namespace go on where the last one with the same id has left them.
type Health struct {
	Version uint64 // of the newest snapshot
	Synced  bool   // false also after the mirror's end: see [Mirror.Err]
	Feeds   []FeedHealth
	Tables  []TableHealth
	Rules   []TableHealth // those that nobody asked for: rules of others watch them
	Resyncs []Resync      // the last 16, the first reading included
	Memory  uint64        // bytes that the newest state takes, about
}

// FeedHealth is the health of the stream of one protocol, or of one generic netlink
// family.
type FeedHealth struct {
	Name   string
	Synced bool
	// Lag is how long the oldest news that is known to be there has been waiting:
	// for a loss to be made good, or for what was inferred to be confirmed. 0 means
	// that there is none.
	Lag time.Duration
	// Queued of Limit bytes are in the kernel's queue now, as the kernel counts.
	Queued, Limit uint32
	Events        uint64 // messages taken in
	Dropped       uint64 // messages that the kernel dropped
	Overruns      uint64 // times that it did
	// Resyncs counts those that have ended, the first reading included, by
	// [ResyncKind].
	Resyncs   [resyncKinds]uint64
	Jobs      int    // readings that are due or planned
	LastError string // of a reading or of the socket; it was, or is being, tried again
}

// TableHealth is the health of a table in a namespace.
type TableHealth struct {
	Name    string
	NSID    int32 // Own, or the id of the namespace
	Synced  bool
	Records int
	Bytes   uint64 // that they take, index and all, about
	Events  uint64 // messages that concerned it
	Reads   uint64 // dumps of it, or of a part
	// Changes counts changes of records by [Reason].
	Changes  [reasons]uint64
	Confirms uint64 // readings of what was inferred
	Audits   uint64
	// Drift is how many records an audit has found wrong, and repaired. It should
	// be 0 for ever.
	Drift     uint64
	LastAudit time.Time
}

// Health tells how the mirror is doing.
func (m *Mirror) Health() Health {
	s := m.Snapshot()
	h := Health{Version: s.version, Synced: s.Synced(), Resyncs: slices.Clone(s.resyncs)}
	for _, f := range m.feeds {
		fh, tables, rules := f.health()
		h.Feeds = append(h.Feeds, fh)
		h.Tables, h.Rules = append(h.Tables, tables...), append(h.Rules, rules...)
	}
	for _, list := range [][]TableHealth{h.Tables, h.Rules} {
		for _, t := range list {
			h.Memory += t.Bytes
		}
	}
	if m.Err() != nil {
		h.end()
	}
	return h
}

// end says of what nobody keeps any more that it is not in sync.
func (h *Health) end() {
	h.Synced = false
	for i := range h.Feeds {
		h.Feeds[i].Synced = false
	}
	for _, list := range [][]TableHealth{h.Tables, h.Rules} {
		for i := range list {
			list[i].Synced = false
		}
	}
}

// health is that of a feed.
func (f *feed) health() (_ FeedHealth, tables, rules []TableHealth) {
	s := &f.shared
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.health
	h.Name = f.name()
	h.Events, h.Overruns, h.Dropped = s.events.Load(), s.overruns.Load(), s.dropped.Load()
	if e := s.lastError.Load(); e != nil {
		h.LastError = *e
	}
	if s.source != nil {
		if info, err := s.source.MemInfo(); err == nil {
			h.Queued, h.Limit = info.Queued, info.Limit
		}
	}
	if !s.behind.IsZero() {
		h.Lag = time.Since(s.behind)
	}
	return h, slices.Clone(s.tables), slices.Clone(s.rules)
}

// healthEvery is how often a busy feed tells of its health.
const healthEvery = 50 * time.Millisecond

// proven reports whether all tables are what the kernel has, as far as it has told.
func (f *feed) proven() bool {
	return f.resync == nil && !slices.ContainsFunc(f.tables(), func(t *table) bool { return t.unproven })
}

// tell makes the feed's health known to others, now and then; that something was
// lost at once, since a reading may follow that takes long.
func (f *feed) tell() {
	f.untold = true
	loss := f.resync != nil && f.shared.health.Synced
	if loss || time.Since(f.told) >= healthEvery {
		f.tellAll()
	}
}

// tellAll makes it known now, if there is anything new.
func (f *feed) tellAll() {
	if !f.untold {
		return
	}
	f.told, f.untold = time.Now(), false
	s := &f.shared
	s.mu.Lock()
	defer s.mu.Unlock()
	s.health.Synced, s.health.Jobs, s.health.Resyncs = f.proven(), len(f.jobs), f.resyncs
	s.behind = time.Time{}
	if f.resync != nil {
		s.behind = f.resync.Began
	}
	for _, j := range f.jobs {
		if j.why == Confirmed && (s.behind.IsZero() || j.asked.Before(s.behind)) {
			s.behind = j.asked
		}
	}
	s.tables, s.rules = s.tables[:0], s.rules[:0]
	for _, t := range f.tables() {
		h := t.stats
		h.Synced, h.Records = t.inSync(), t.visible
		h.Bytes = t.store.Bytes()
		if f.m.tables[t.ordinal].hidden {
			s.rules = append(s.rules, h)
		} else {
			s.tables = append(s.tables, h)
		}
	}
}
