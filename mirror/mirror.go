package mirror

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// ErrClosed is what a mirror's iterations end with after Close.
var ErrClosed = errors.New("mirror: closed")

// keptResyncs is how many of the last resyncs are remembered.
const keptResyncs = 16

// Mirror keeps a copy of tables of the kernel. All methods may be called at any
// time from any goroutine.
type Mirror struct {
	opts   Options
	tables []asked
	feeds  []*feed

	current atomic.Pointer[Snapshot]

	mu   sync.Mutex    // guards what follows, and the making of snapshots
	wake chan struct{} // closed with the next version, if somebody waits

	spaces    *namespaces // nil where only the own one is mirrored
	manyFeeds bool        // rules reach from one to another

	cancel context.CancelCauseFunc
	ctx    context.Context // ends with the mirror
	done   sync.WaitGroup
}

// asked is a table that a mirror has.
type asked struct {
	def    *Definition
	filter filter
	hidden bool // only a rule asks for it
}

// Snapshot returns the newest state.
func (m *Mirror) Snapshot() *Snapshot { return m.current.Load() }

// Close ends the mirror and waits for its goroutines. Snapshots stay.
func (m *Mirror) Close() error {
	m.cancel(ErrClosed)
	m.done.Wait()
	return nil
}

// Err returns why the mirror has ended; nil while it goes on.
func (m *Mirror) Err() error { return context.Cause(m.ctx) }

// after waits for a snapshot of another version than the given one. base is the given
// one, or the same state as it is kept now: what the other holds on to can be free.
func (m *Mirror) after(ctx context.Context, from *Snapshot) (base, to *Snapshot, err error) {
	for {
		if err := m.ended(ctx); err != nil {
			return nil, nil, err
		}
		s := m.current.Load()
		if from == nil || s.of != from.of || s.version != from.version {
			return from, s, nil
		}
		from = s
		m.mu.Lock()
		if m.wake == nil {
			m.wake = make(chan struct{})
		}
		wake := m.wake
		again := m.current.Load() != from
		m.mu.Unlock()
		if again {
			continue
		}
		select {
		case <-wake:
		case <-ctx.Done():
		case <-m.ctx.Done():
		}
	}
}

func (m *Mirror) ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	return m.Err()
}

// publish makes a feed's changes visible, to other feeds as well.
func (f *feed) publish() {
	f.publishTables()
	f.tellSynced()
}

func (f *feed) publishTables() {
	if f.resync != nil && !f.force || f.resync == nil && f.congested() {
		return
	}
	m := f.m
	m.mu.Lock()
	defer m.mu.Unlock()
	old := m.current.Load()
	s := *old
	changed := f.force
	f.force = false
	copied := false
	for _, sp := range f.spaces {
		for _, t := range sp.tables {
			if synced := t.inSync(); synced != t.told {
				t.told, t.dirty = synced, true
			}
			if f.resync != nil && !t.synced {
				// As it was before the loss.
				copied = f.set(&s, t, nil, copied)
				continue
			}
			if !t.dirty && !t.tidied || m.tables[t.ordinal].hidden {
				continue
			}
			changed = changed || t.dirty
			t.dirty, t.tidied = false, false
			copied = f.set(&s, t, t, copied)
		}
	}
	if len(f.gone) > 0 {
		s.tables = slices.Clone(s.tables)
		for _, i := range f.ordinals {
			s.tables[i] = slices.DeleteFunc(slices.Clone(s.tables[i]), func(v view) bool { return slices.Contains(f.gone, v.nsid) })
		}
		f.gone = nil
	}
	if !changed && !copied {
		return
	}
	if changed {
		s.version++
	}
	for r := range reasons {
		if f.resync == nil { // else what they count is not shown yet
			s.counts[r] += f.counts[r]
			f.counts[r] = 0
		}
	}
	if r := f.finished; r != nil {
		f.finished = nil
		s.resync++
		r.Number = s.resync
		s.resyncs = append(slices.Clone(s.resyncs[max(0, len(s.resyncs)-keptResyncs+1):]), *r)
	}
	m.current.Store(&s)
	if m.wake != nil {
		close(m.wake)
		m.wake = nil
	}
}

// congested reports whether something was lost of which the stream will tell only later:
// what has come since may lie behind it, and is not shown.
func (f *feed) congested() bool { return f.events != nil && f.events.Congested() }

// set puts a table's state into a snapshot that is being made: of fresh, or where
// that is nil as it was, but not in sync.
func (f *feed) set(s *Snapshot, t, fresh *table, copied bool) bool {
	if f.m.tables[t.ordinal].hidden {
		return copied
	}
	views := s.tables[t.ordinal]
	i, found := slices.BinarySearchFunc(views, t.space.nsid, func(v view, nsid int32) int { return cmp.Compare(v.nsid, nsid) })
	if !found && fresh == nil {
		return copied
	}
	if !copied {
		s.tables = slices.Clone(s.tables)
	}
	views = slices.Clone(views)
	if !found {
		views = slices.Insert(views, i, view{def: t.def, nsid: t.space.nsid})
	}
	if views[i].synced = fresh != nil && t.inSync(); fresh != nil {
		views[i].store, views[i].shown, views[i].visible = t.store.Snapshot(), t.shown, t.visible
		views[i].changes = t.stats.Changes
	}
	s.tables[t.ordinal] = views
	return true
}

// Resync has everything read anew, as after a loss, and waits until it is done.
func (m *Mirror) Resync(ctx context.Context) error {
	err := m.ask(ctx, func(f *feed, done func()) {
		f.asked = append(f.asked, done)
		f.resyncAsked()
	})
	if err == nil && m.manyFeeds {
		err = m.Sync(ctx) // what each has told the others
	}
	return err
}

// ask has every feed do something, and waits until all have.
func (m *Mirror) ask(ctx context.Context, do func(f *feed, done func())) error {
	finished := make(chan struct{}, len(m.feeds))
	for _, f := range m.feeds {
		f.post(func() { do(f, func() { finished <- struct{}{} }) })
	}
	for range m.feeds {
		select {
		case <-finished:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-m.ctx.Done():
			return m.Err()
		}
	}
	return nil
}
