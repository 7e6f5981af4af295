package mirror

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// feed keeps the tables of one protocol, or of one generic netlink family. All of
// it but what is said otherwise belongs to one goroutine.
type feed struct {
	m          *Mirror
	protocol   wire.Protocol
	family     string
	groups     []uint32
	groupNames []string
	ordinals   []int // of its tables among the mirror's
	// byType are the tables that messages of a type concern.
	byType map[uint16][]target

	// abroad are the rules of other feeds' tables about this one's.
	abroad []abroad

	events source
	spaces []*space // the own namespace first

	jobs  []*job
	marks uint32 // the last one given to a pass
	// reached is the mark that the stream has come to last.
	reached uint32
	// lost says that messages were lost since the refresh that is going on began.
	lost bool
	// resync is what is being done about a loss, nil if all is well.
	resync  *Resync
	pending int // jobs of it that are not done
	// finished is one to be published with what it has found; afterResync are those
	// who wait for the next one.
	finished    *Resync
	afterResync []func()
	asked       []func() // the same, of the one after that
	syncs       []*syncing
	storm       int       // losses in a row, each before the last was made good
	reading     time.Time // when the reading of all tables began, or is to begin
	refused     int       // times in a row that the socket could not be opened
	calm        time.Time
	allRead     time.Time // when the last reading of a resync ended; zero for not yet

	counts [reasons]uint64
	// resyncs counts those that have ended.
	resyncs [resyncKinds]uint64
	gone    []int32 // namespaces that have gone since the last version
	// retired are the counters of namespaces that have gone, by id.
	retired map[int32][]TableHealth
	force   bool // a version is due although nothing has changed

	key, value []byte // scratch

	told   time.Time // when health was made known
	untold bool      // there may be more
	shared feedShared
	first  chan error // told of the first sync, or why there is none
	opened bool       // that it was told
}

// target is a table that a type of message concerns, and what it says.
type target struct {
	index int // in space.tables
	verb  verb
}

// space is a namespace that a feed mirrors.
type space struct {
	nsid   int32
	name   netlink.Namespace
	file   fs.FileInfo // what was found by the name; nil for the own namespace
	tables []*table    // as feed.ordinals
	reader reader      // of the own namespace: a socket keeps a namespace alive
	// unread is how many tables of a new namespace are still to be read for the first
	// time; meeting tells of that.
	unread  int
	meeting *Resync
	told    []bool // to f.abroad, whether their tables are in sync
	// links are those of another feed, as far as it has told.
	links map[uint32][]byte
}

// errLost ends a refresh whose events are not complete.
var errLost = errors.New("messages were lost")

const (
	// batch is how many events are taken in before they are published.
	batch = 4096
	// markTimeout is how long the queue may need to come to a mark. It takes
	// longer than that only if the process does not run.
	markTimeout = 30 * time.Second
	minBackoff  = 5 * time.Millisecond
	maxBackoff  = 10 * time.Second
	minLull     = 250 * time.Millisecond
	lullShare   = 10
	// calmAfter is how long nothing must be lost for backoff to begin anew.
	calmAfter = 2 * time.Second
)

// run keeps the tables until ctx ends.
func (f *feed) run(ctx context.Context) {
	kind, cause := ResyncOpened, "opened"
	for {
		err := f.serve(ctx, kind, cause)
		if ctx.Err() != nil || f.failFirst(err) {
			return
		}
		// The socket is gone, and with it everything it would have told.
		f.note(err)
		f.shared.runPosted() // which would grow else for as long as there is none
		kind, cause = ResyncSocket, "socket: "+err.Error()
		f.unsynced(kind, cause)
		f.publish()
		f.untold = true
		f.tellAll()
		if !pause(ctx, max(f.lull(), backoff(f.refused))) {
			return
		}
	}
}

// serve opens the sockets and keeps the tables until one of them fails.
func (f *feed) serve(ctx context.Context, kind ResyncKind, cause string) error {
	events, err := f.openEvents(ctx)
	if err != nil {
		f.refused++
		return err
	}
	f.refused, f.reached = 0, 0 // marks are of another socket now
	f.setEvents(events)
	for _, s := range f.syncs {
		s.mark, s.seen = 0, time.Time{} // of another socket
	}
	defer func() {
		f.setEvents(nil)
		events.Close()
		for _, sp := range f.spaces {
			sp.closeReader()
		}
	}()
	f.jobs = slices.DeleteFunc(f.jobs, func(j *job) bool { return j.report == nil })
	f.resyncAll(kind, cause, 0)
	f.scheduleAll()
	for {
		if err := f.drain(ctx, batch); err != nil {
			return err
		}
		f.shared.runPosted()
		f.publish()
		f.tell()
		tidying, err := f.tidy()
		if err != nil {
			return err
		}
		if err := f.sync(); err != nil {
			return err
		}
		if j := f.due(); j != nil {
			if err := f.work(ctx, j); err != nil {
				return err
			}
			continue
		}
		if tidying {
			continue
		}
		f.tellAll()
		if err := f.wait(ctx, f.nextDue()); err != nil {
			return err
		}
	}
}

// drain takes in what is queued, but at most n events.
func (f *feed) drain(ctx context.Context, n int) error {
	for range n {
		ev, ok, err := f.events.tryReceive()
		if err != nil {
			return err
		}
		if !ok {
			return nil
		}
		f.take(ev)
	}
	return ctx.Err()
}

// wait takes in the next event, or returns when it is time for work.
func (f *feed) wait(ctx context.Context, due time.Time) error {
	waiting := ctx
	if !due.IsZero() {
		var cancel context.CancelFunc
		waiting, cancel = context.WithDeadline(ctx, due)
		defer cancel()
	}
	ev, err := f.events.receive(waiting)
	switch {
	case err == nil:
		f.take(ev)
		return nil
	case ctx.Err() == nil && waiting.Err() != nil:
		return nil
	}
	return err
}

// take applies one event.
func (f *feed) take(ev event) {
	switch ev.kind {
	case eventMessage:
		f.shared.events.Add(1)
		targets, ok := f.byType[ev.typ]
		if !ok {
			if f.protocol == wire.Route {
				f.namespace(ev)
			}
			return
		}
		sp := f.space(ev.nsid)
		if sp == nil {
			f.stranger()
			return
		}
		for _, to := range targets {
			sp.tables[to.index].message(to.verb, ev.flags, ev.payload)
		}
	case eventMark:
		f.reached = ev.mark
	case eventOverrun:
		f.overrun(ev.lost)
	case eventUnloaded:
		for _, t := range f.tables() {
			t.clear(Announced)
		}
	case eventLoaded:
		f.lost = true
		f.resyncAll(ResyncLoaded, "the family was loaded again", 0)
	}
}

// space finds a namespace by its id; nil if it is not mirrored.
func (f *feed) space(nsid int32) *space {
	if len(f.spaces) > 0 && f.spaces[0].nsid == nsid {
		return f.spaces[0]
	}
	for _, sp := range f.spaces {
		if sp.nsid == nsid {
			return sp
		}
	}
	return nil
}

// stranger has a namespace looked for that an event has told of.
func (f *feed) stranger() {
	if f.m.spaces != nil {
		f.m.spaces.wake()
	}
}

// namespace takes in that the own namespace has an id for another one, or has it no
// more. What others say of their ids is no matter.
func (f *feed) namespace(ev event) {
	if f.m.spaces == nil || ev.nsid != Own || len(ev.payload) < rtGenMsgLen {
		return
	}
	switch nsid, ok := attrU32(ev.payload[rtGenMsgLen:], netnsaNSID); {
	case ev.typ == rtmNewNSID:
		f.stranger()
	case ev.typ == rtmDelNSID && ok:
		f.m.spaces.gone(int32(nsid))
	}
}

// tables are all tables of all namespaces.
func (f *feed) tables() []*table {
	var list []*table
	for _, sp := range f.spaces {
		list = append(list, sp.tables...)
	}
	return list
}

// overrun begins to make good a loss.
func (f *feed) overrun(lost uint64) {
	f.shared.overruns.Add(1)
	f.shared.dropped.Add(lost)
	f.lost = true
	f.resyncAll(ResyncOverrun, "overrun", lost)
}

// resyncAll has everything read anew after a loss. If that is being done already it
// begins again, after a pause.
func (f *feed) resyncAll(kind ResyncKind, cause string, lost uint64) {
	f.unsynced(kind, cause)
	f.resync.Lost += lost
	if f.unbegun() {
		return // what is to be read will hold this too
	}
	due := time.Now()
	if f.storm++; f.storm > 1 {
		due = due.Add(f.lull())
	}
	f.readAll(due)
}

// resyncAsked does the same for those who ask for it. It neither begins again for
// them what is going on, nor pauses: they wait for the next one, so that it comes.
func (f *feed) resyncAsked() {
	if len(f.asked) == 0 || f.resync != nil && !f.unbegun() {
		return
	}
	f.afterResync = append(f.afterResync, f.asked...)
	f.asked = nil
	f.unsynced(ResyncAsked, "asked for")
	if !f.unbegun() {
		f.readAll(time.Now())
	}
}

// unbegun reports whether all is to be read anew and nothing has been yet.
func (f *feed) unbegun() bool {
	waiting := 0
	for _, j := range f.jobs {
		if j.resync {
			waiting++
		}
	}
	return waiting > 0 && waiting == f.pending && waiting == len(f.tables())
}

// lull is how long to wait after losses that came one before the other was made good:
// longer each time, but no longer than that the readings that come to nothing take a
// small part of the time.
func (f *feed) lull() time.Duration {
	return min(backoff(f.storm), max(minLull, lullShare*time.Since(f.reading)))
}

// readAll plans to read all tables.
func (f *feed) readAll(due time.Time) {
	f.resync.Restarts++
	f.reading, f.allRead = due, time.Time{}
	for _, sp := range f.spaces {
		sp.unread = 0
	}
	f.jobs = slices.DeleteFunc(f.jobs, func(j *job) bool { return j.why == Resynced || j.why == Confirmed })
	f.pending = 0
	for _, t := range f.tables() {
		f.pending++
		f.jobs = append(f.jobs, &job{t: t, why: Resynced, due: due, resync: true})
	}
}

// unsynced notes a loss: what is published from now on says so.
func (f *feed) unsynced(kind ResyncKind, cause string) {
	if f.resync == nil {
		now := time.Now()
		// Its beginning is no restart.
		f.resync = &Resync{Kind: kind, Cause: cause, Feed: f.name(), Began: now, Restarts: -1}
		if now.After(f.calm) {
			f.storm = 0
		}
	}
	for _, t := range f.tables() {
		if t.synced {
			t.synced = false
			f.force = true
		}
	}
}

// tidy frees some of what has been replaced and deleted, and reports whether there is
// more. It is not for while something is read: what is staged would be lost.
func (f *feed) tidy() (more bool, err error) {
	for _, sp := range f.spaces {
		for _, t := range sp.tables {
			if t.store.Full() {
				err := fmt.Errorf("mirror %s: there are more records than a table can hold", t.def.Name)
				f.m.cancel(err)
				return false, err
			}
			if size := t.store.Bytes(); t.store.Tidy() {
				more = true
			} else if t.store.Bytes() == size {
				continue
			}
			t.tidied = true
		}
	}
	return more, nil
}

// backoff is how long to wait after as many losses in a row.
func backoff(n int) time.Duration { return min(minBackoff<<min(n, 20), maxBackoff) }

// normal makes key and value of a payload, in scratch memory; the key is nil where
// it is no record.
func (f *feed) normal(d *Definition, payload []byte) (key, value []byte) {
	value = d.normalise(f.value[:0], payload)
	if value == nil {
		return nil, nil
	}
	f.value = value
	key = d.Key(f.key[:0], value)
	if key == nil {
		return nil, nil
	}
	f.key = key
	return key, value
}

// name is what the feed is called: the protocol's or the family's.
func (f *feed) name() string {
	if f.family != "" {
		return f.family
	}
	return f.protocol.String()
}

// note remembers an error for Health.
func (f *feed) note(err error) {
	s := err.Error()
	f.shared.lastError.Store(&s)
}

// failFirst reports the failure of the first attempt, which is Open's.
func (f *feed) failFirst(err error) bool {
	if f.opened {
		return false
	}
	f.opened = true
	f.first <- err
	return true
}

// tableNames are the names of the tables that were asked for, or of those that rules of
// others need, for messages.
func (f *feed) tableNames() string {
	var names, hidden []string
	for _, i := range f.ordinals {
		if t := f.m.tables[i]; t.hidden {
			hidden = append(hidden, t.def.Name)
		} else {
			names = append(names, t.def.Name)
		}
	}
	if len(names) == 0 {
		names = hidden
	}
	return strings.Join(names, ", ")
}

// explainSocket explains that the events socket could not be opened.
func (f *feed) explainSocket(err error) error {
	if f.m.opts.AllNamespaces && (errors.Is(err, netlink.EPERM) || errors.Is(err, netlink.EACCES)) {
		return fmt.Errorf("mirror %s: the events of all namespaces may not be heard (it takes CAP_NET_BROADCAST in the mirror's own one: run as root, or mirror one namespace): %w", f.tableNames(), err)
	}
	return fmt.Errorf("mirror %s: %w", f.tableNames(), err)
}

// explainGroup explains that a group could not be joined.
func (f *feed) explainGroup(err error, group string) error {
	if errors.Is(err, netlink.EPERM) || errors.Is(err, netlink.EACCES) {
		return fmt.Errorf("mirror %s: %s of %s may not be joined (it takes CAP_NET_ADMIN in the namespace: run as root; `unshare -Urn` gives it in a namespace of its own, which is empty): %w", f.tableNames(), group, f.name(), err)
	}
	return fmt.Errorf("mirror %s: %w", f.tableNames(), err)
}

// pause waits, and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
