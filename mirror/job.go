package mirror

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/nlkit/nlkit/netlink"
)

// job is a refresh to be made.
type job struct {
	t     *table
	scope Scope
	why   Reason
	due   time.Time
	tries int
	// asked is when it became doubtful what is to be confirmed.
	asked time.Time
	round int // how often it was read before, and stayed doubtful
	// resync tells that it is part of what f.resync stands for.
	resync bool
	// verify tells that a reading of the same before this one may have missed something.
	verify bool
	// report, of an audit that somebody waits for.
	report func(TableDrift)
}

const (
	// attempts is how often a dump that may be incomplete is made anew at once.
	attempts = 4
	// verifyAfter is when it is looked again at what remained doubtful.
	verifyAfter = 2 * time.Second
	// pumpEvery is after how many rows of a dump events are looked for.
	pumpEvery = 256
	// settleRounds is how often what was doubtful is read before a resync ends, maxRounds
	// before a Sync does: where something changes all the time it may never end.
	settleRounds = 1
	maxRounds    = 4
	// maxParts is how many parts of a table are read one by one: each costs the kernel a
	// walk through all of it.
	maxParts = 2 * maxScopes
)

// enqueue adds a job, unless there is one that does as much as soon. Where many parts of
// a table are to be read, all of it is.
func (f *feed) enqueue(j *job) {
	if j.asked.IsZero() {
		j.asked = time.Now()
	}
	parts := 0
	for _, other := range f.jobs {
		switch {
		case other.t != j.t || other.why == Audited || other.why == Polled:
		case other.resync:
			return // what is to be read then is not published before
		case other.doesFor(j):
			other.join(j)
			return
		case other.why == Confirmed && other.tired() == j.tired():
			parts++
		}
	}
	if parts >= maxParts && j.scope != (Scope{}) {
		j.scope, j.verify = Scope{}, false
		f.jobs = slices.DeleteFunc(f.jobs, func(other *job) bool {
			if other.t != j.t || other.why != Confirmed || other.tired() != j.tired() {
				return false
			}
			j.join(other)
			return true
		})
	}
	f.jobs = append(f.jobs, j)
}

// tired reports whether it is looked again at what was doubtful after a reading. Such a
// job does not do for a new one, nor the other way: while events come what is looked at
// again may never end, and whoever waits for what is new would wait for that.
func (j *job) tired() bool { return j.round > 0 }

// doesFor reports whether a job does for another one.
func (j *job) doesFor(other *job) bool {
	return j.tired() == other.tired() && (j.scope == other.scope || j.scope == Scope{} && !j.due.After(other.due))
}

// join makes a job do for another one, of the same or less.
func (j *job) join(other *job) {
	// One that could not be done is not tried sooner for that.
	if tries := max(j.tries, other.tries); tries == 0 && other.due.Before(j.due) || tries > j.tries {
		j.due = other.due
	}
	if other.asked.Before(j.asked) {
		j.asked = other.asked
	}
	j.round, j.tries = max(j.round, other.round), max(j.tries, other.tries)
	j.verify = j.verify || other.verify && j.scope == other.scope
}

// due takes the next job whose time has come: resyncs first, in the order of
// tables, then what was inferred, then audits.
func (f *feed) due() *job {
	now := time.Now()
	best := -1
	for i, j := range f.jobs {
		if j.due.After(now) || f.resync != nil && j.why == Audited {
			continue // what a loss has hidden is no drift
		}
		if best < 0 || j.why.urgency() < f.jobs[best].why.urgency() {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	j := f.jobs[best]
	f.jobs = slices.Delete(f.jobs, best, best+1)
	return j
}

// nextDue is when the next job's time comes; zero for never.
func (f *feed) nextDue() time.Time {
	var next time.Time
	for _, j := range f.jobs {
		if f.resync != nil && j.why == Audited {
			continue
		}
		if next.IsZero() || j.due.Before(next) {
			next = j.due
		}
	}
	return next
}

// work does a job. Its error is one of the events socket; others are tried again.
func (f *feed) work(ctx context.Context, j *job) error {
	began := time.Now()
	f.lost = false
	changes, clean, err := f.refresh(ctx, j)
	took := time.Since(began)
	var ends *eventsError
	switch {
	case err == errLost:
		// What there is to do was enqueued by the loss.
		if j.report != nil {
			f.jobs = append(f.jobs, j) // once more, when all is well
		} else if j.why == Audited || j.why == Polled {
			f.schedule(j, took)
		}
		return nil
	case errors.As(err, &ends):
		if j.report != nil {
			f.jobs = append(f.jobs, j) // with the next socket
		}
		return ends.err
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && j.t.space.nsid != Own && errors.Is(err, fs.ErrNotExist):
		// The process or the name that it was found by has gone; if the namespace has
		// not, it is found by another one.
		if j.resync {
			f.pending--
		}
		if j.report != nil {
			j.report(TableDrift{Table: j.t.def.Name, NSID: j.t.space.nsid})
		}
		f.dropSpace(j.t.space.nsid)
		if f.m.spaces != nil {
			f.m.spaces.forget(j.t.space.nsid)
		}
		return nil
	case err != nil:
		if f.failFirst(f.explain(j, err)) {
			return err
		}
		f.note(f.explain(j, err))
		j.tries++
		j.due = time.Now().Add(backoff(j.tries))
		if j.why == Confirmed || j.why == Polled {
			f.unread(j)
		}
		if j.why == Confirmed {
			f.enqueue(j)
		} else {
			f.jobs = append(f.jobs, j)
		}
		return nil
	}
	f.finish(j, changes, clean, took)
	return nil
}

// finish notes that a job was done.
func (f *feed) finish(j *job, changes int, clean bool, took time.Duration) {
	t := j.t
	t.stats.Reads++
	switch {
	case !clean:
		if j.scope == (Scope{}) && j.why != Audited {
			// An audit is of what was sure, and goes on being what events have said.
			t.unproven = true
			if f.resync == nil && t.synced {
				t.synced, t.dirty = false, true
			}
		}
		again := &job{t: t, scope: j.scope, why: Confirmed, verify: true, asked: j.asked, round: max(j.round, settleRounds) + 1, due: time.Now().Add(max(verifyAfter, lullShare*took))}
		if j.verify {
			// A part that is never read for sure is no better than all.
			again.scope, again.verify = Scope{}, j.scope == Scope{}
		}
		f.enqueue(again)
	case t.unproven && j.scope == Scope{}:
		t.unproven = false
		if f.resync == nil {
			t.synced, t.dirty = true, true
		}
	}
	switch j.why {
	case Confirmed:
		t.stats.Confirms++
	case Audited:
		t.stats.Audits++
		t.stats.LastAudit = time.Now()
		if t.def.Poll > 0 {
			changes = 0
		}
		t.stats.Drift += uint64(changes)
		f.audited(j, changes)
	}
	if j.why == Audited || j.why == Polled {
		f.schedule(j, took)
	}
	if j.why == Resynced && !j.resync {
		t.space.meeting.Changes += uint64(changes)
		f.met(t)
	}
	if f.resync == nil {
		return
	}
	f.resync.Changes += uint64(changes)
	if j.resync {
		f.pending--
	}
	f.settleIfDone()
}

// unread notes that what may have changed cannot be read: until it is, all of it, the
// table is not said to be in sync.
func (f *feed) unread(j *job) {
	t := j.t
	if j.why == Confirmed {
		j.scope, j.verify = Scope{}, false
	}
	if t.unproven = true; t.synced {
		t.synced, t.dirty = false, true
	}
}

// settleIfDone ends a resync when everything has been read, and what was inferred until
// then is confirmed. What is inferred later does not put it off: it may never end.
func (f *feed) settleIfDone() {
	if f.resync == nil || f.pending > 0 || f.congested() {
		return // where something is lost again it begins again
	}
	if f.allRead.IsZero() {
		f.allRead = time.Now()
	}
	if !f.confirming(f.allRead, settleRounds) {
		f.settle()
	}
}

// confirming reports whether something inferred until some time is still to be
// confirmed, or could not be read: without that the first version after a resync might
// be wrong. What was read so many times and is doubtful still is not waited for.
func (f *feed) confirming(until time.Time, rounds int) bool {
	return slices.ContainsFunc(f.jobs, func(j *job) bool { return j.confirms(until, rounds) })
}

func (j *job) confirms(until time.Time, rounds int) bool {
	return j.why == Confirmed && (j.tries > 0 || j.round <= rounds) && !j.asked.After(until)
}

// hasten has what became doubtful until some time, and is to be looked at again later,
// looked at now.
func (f *feed) hasten(until time.Time) {
	now := time.Now()
	for _, j := range f.jobs {
		if j.tries == 0 && j.due.After(now) && j.confirms(until, maxRounds) {
			j.due = now
		}
	}
}

// refreshJobs has what is doubtful at some time looked at as if it were new, for those who
// begin to wait for it.
func (f *feed) refreshJobs(until time.Time) {
	for _, j := range f.jobs {
		if j.why == Confirmed && !j.asked.After(until) {
			j.round = 0
		}
	}
}

// settle ends a resync: everything is as the kernel has it.
func (f *feed) settle() {
	r := f.resync
	f.resync = nil
	r.Took = time.Since(r.Began)
	f.resyncs[r.Kind]++
	f.calm = time.Now().Add(calmAfter)
	for _, t := range f.tables() {
		if t.space.unread > 0 {
			continue // its namespace is new
		}
		t.synced = !t.unproven
		t.dirty = true
	}
	f.finished, f.force = r, true
	f.publish()
	f.untold = true
	f.tellAll() // health says so no later than the snapshot
	for _, done := range f.afterResync {
		done()
	}
	f.afterResync = nil
	f.failFirst(nil)
	f.resyncAsked()
}

// eventsError is an error of the events socket: it ends serve.
type eventsError struct{ err error }

func (e *eventsError) Error() string { return e.err.Error() }

// refresh reads a scope and makes the table what it finds. clean tells that it is
// sure that nothing was missed.
func (f *feed) refresh(ctx context.Context, j *job) (changes int, clean bool, err error) {
	t := j.t
	rd, done, err := f.reader(ctx, t.space)
	if err != nil {
		return 0, false, err
	}
	defer done(&err)
	t.pass = f.newPass(j.scope)
	defer func() { t.endPass(j) }()
	for try := 1; ; try++ {
		// Events can be sent before the kernel has done what they say: without the
		// fence the dump might show what an event taken in already has deleted.
		if err := rd.fence(ctx); err != nil {
			return 0, false, err
		}
		interrupted, err := f.readScope(ctx, rd, j)
		if err != nil {
			return 0, false, err
		}
		// And after: what the dump has shown of a change that is going on is told
		// before the mark.
		if err := rd.fence(ctx); err != nil {
			return 0, false, err
		}
		if err := f.awaitMark(ctx); err != nil {
			return 0, false, err
		}
		clean = !interrupted && !(t.def.Unsteady && t.pass.churn > 0)
		if clean || try == attempts {
			break
		}
		t.pass.again(f.nextMark())
	}
	why := j.why
	if why == Audited && t.def.Poll > 0 {
		why = Polled // it is as old as its interval, and so no drift
	}
	changes = t.merge(why, clean, clean || j.verify && j.scope == Scope{})
	if t.ambiguous != nil {
		err := fmt.Errorf("two different records of one dump have the same key, so that one of them would be lost: its key has to say more (one is %s)", t.def.appendJSON(nil, t.ambiguous))
		if t.ambiguous = nil; t.def.given && !f.opened {
			return 0, false, err
		}
		f.note(f.explain(j, err))
	}
	if clean {
		t.cleared(t.pass)
	}
	return changes, clean, nil
}

// endPass ends a refresh, whether or not it was merged.
func (t *table) endPass(j *job) {
	p := t.pass
	t.pass = nil
	if len(p.doubtful) > maxScopes {
		p.doubtful = []string{""}
	}
	for _, key := range p.doubtful {
		again := &job{t: t, scope: Scope{Prefix: key}, why: Confirmed, asked: j.asked, round: j.round + 1, due: time.Now()}
		if j.round > 0 {
			again.due = again.due.Add(verifyAfter) // it may go on for as long as there are events
		}
		t.feed.enqueue(again)
	}
}

// readScope makes the dumps of a scope, and takes in events meanwhile.
func (f *feed) readScope(ctx context.Context, rd reader, j *job) (interrupted bool, err error) {
	t := j.t
	n := 0
	requests := t.requests(j.scope)
	if t.blind {
		return false, errors.New("its Dump asks for links, which nothing watches: its Definition needs PerLink")
	}
	for _, q := range requests {
		t.pass.run = t.pass.run[:0] // what this one shows first is the first of its group
		rows := rd.read(ctx, q)
		if j.scope == (Scope{}) && !q.One {
			rows = readAhead(rows)
		}
		if t.def.records != nil {
			rows = t.def.records(rows)
		}
		for payload, err := range rows {
			if errors.Is(err, netlink.ErrDumpInterrupted) {
				interrupted = true
				break
			}
			if err != nil {
				if (j.scope != (Scope{}) || len(requests) > 1 || t.pushed != nil) && isAbsent(err) {
					break
				}
				return false, err
			}
			t.row(payload)
			if n++; n%pumpEvery == 0 {
				if err := f.pump(ctx); err != nil {
					return false, err
				}
				if t.crowded() {
					// As good as an overrun: of what this process can hold.
					f.lost = true
					f.resyncAll(ResyncOverrun, "more came and went during a reading than can be remembered", 0)
					return false, errLost
				}
			}
		}
	}
	return interrupted, f.pump(ctx)
}

// pump takes in events while a refresh is going on.
func (f *feed) pump(ctx context.Context) error {
	if err := f.drain(ctx, batch); err != nil {
		return &eventsError{err}
	}
	if f.lost {
		return errLost
	}
	f.shared.runChanges()
	f.publish()
	return nil
}

// awaitMark takes in events until all that happened before now has been.
func (f *feed) awaitMark(ctx context.Context) error {
	mark, err := f.events.Mark()
	if err != nil {
		return &eventsError{err}
	}
	deadline := time.Now().Add(markTimeout)
	for int32(f.reached-mark) < 0 {
		// What is there is taken in without a look at the clock.
		err := f.drain(ctx, pumpEvery)
		if err == nil && int32(f.reached-mark) < 0 && !f.lost {
			err = f.wait(ctx, deadline)
		}
		switch {
		case err != nil:
			return &eventsError{err}
		case f.lost:
			return errLost
		case time.Now().After(deadline) && int32(f.reached-mark) < 0:
			return &eventsError{fmt.Errorf("the queue has not come to its end in %v", markTimeout)}
		}
	}
	return nil
}

// reader returns the socket to read a namespace with, and what to do with it
// afterwards.
func (f *feed) reader(ctx context.Context, sp *space) (reader, func(*error), error) {
	if sp.reader == nil {
		rd, err := f.openReader(sp)
		if err != nil {
			return nil, nil, err
		}
		sp.reader = rd
	}
	return sp.reader, func(err *error) {
		var refusal *netlink.Error
		// After a loss, because what is left of a dump would have to be read first.
		if sp.nsid != Own || *err != nil && !errors.As(*err, &refusal) {
			sp.closeReader()
		}
	}, nil
}

func (sp *space) closeReader() {
	if sp.reader != nil {
		sp.reader.Close()
		sp.reader = nil
	}
}

// explain says which table could not be read.
func (f *feed) explain(j *job, err error) error {
	if errors.Is(err, netlink.EPERM) || errors.Is(err, netlink.EACCES) {
		return fmt.Errorf("mirror %s: the table may not be read (it takes CAP_NET_ADMIN in the namespace: run as root; `unshare -Urn` gives it in a namespace of its own, which is empty): %w", j.t.def.Name, err)
	}
	return fmt.Errorf("mirror %s: %w", j.t.def.Name, err)
}
