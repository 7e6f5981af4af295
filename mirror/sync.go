package mirror

import (
	"context"
	"time"
)

// Sync waits until the mirror has taken in everything that the kernel had announced
// when it was called, and everything inferred from it is confirmed: the next
// [Mirror.Snapshot] holds it.
func (m *Mirror) Sync(ctx context.Context) error {
	wait := func(f *feed, done func()) { f.syncs = append(f.syncs, &syncing{done: done}) }
	if m.manyFeeds {
		// What the first wait has found is told to other feeds, which have to be waited
		// for after that.
		if err := m.ask(ctx, wait); err != nil {
			return err
		}
	}
	return m.ask(ctx, wait)
}

// syncing is a wait for the feed to be up to date.
type syncing struct {
	done func()
	mark uint32    // asked for; 0 for not yet
	seen time.Time // when the stream had come to it; zero for not yet
}

// sync goes on with those who wait for it.
func (f *feed) sync() error {
	if len(f.syncs) == 0 {
		return nil
	}
	waiting := f.syncs[:0]
	for _, s := range f.syncs {
		if s.mark == 0 {
			mark, err := f.events.Mark()
			if err != nil {
				return err
			}
			s.mark = mark
		}
		// Marks are given in order.
		if s.seen.IsZero() && f.reached-s.mark < 1<<31 {
			s.seen = time.Now()
			f.refreshJobs(s.seen)
		}
		f.hasten(s.seen)
		if s.seen.IsZero() || f.resync != nil || f.confirming(s.seen, maxRounds) {
			waiting = append(waiting, s)
			continue
		}
		f.untold = true
		f.tellAll() // who waited finds health as new as the snapshot
		s.done()
	}
	clear(f.syncs[len(waiting):])
	f.syncs = waiting
	return nil
}
