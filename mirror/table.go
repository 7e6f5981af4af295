package mirror

import (
	"bytes"
	"iter"
	"slices"
	"time"

	"github.com/nlkit/nlkit/mirror/internal/expr"
	"github.com/nlkit/nlkit/mirror/internal/store"
	"github.com/nlkit/nlkit/wire"
)

// matcher is a compiled filter.
type matcher interface {
	Match(value []byte) bool
}

// table is a table of one namespace, as its feed's goroutine keeps it.
type table struct {
	def     *Definition
	feed    *feed
	space   *space
	ordinal int          // of the mirror's tables
	filter  matcher      // what is kept
	shown   matcher      // which of that is shown to readers; nil for all
	visible int          // how many of the records are
	pushed  *expr.Filter // of filter, what requests are narrowed by; nil for nothing
	store   *store.Table
	// dependents are the rules that other tables have about this one.
	dependents []dependent

	// ambiguous is one of two different records that a dump has shown with the same key.
	ambiguous []byte
	blind     bool // its Dump has asked for links that nobody watches for it
	dirty     bool // changed since it was published
	tidied    bool // the same, elsewhere in memory: what was published holds what is free
	synced    bool // published, and not known to be behind
	// unproven is set when a dump of all may have missed records each time that it was
	// made, until one has not: meanwhile the table is shown, but not said to be in sync.
	unproven bool

	// watches are the tables of the same feed that rules of this one watch; awaits tells of
	// the rules about other feeds' whether these are not in sync. What would follow from
	// them is missing here then.
	watches []*table
	awaits  map[*rule]bool
	told    bool // was in sync when it was published last

	// pass is the refresh that is going on, nil for none.
	pass *pass

	// suspects are the runs of records that are not known for sure: see suspect.
	suspects    map[string]uint32 // with the last mark before
	suspectAll  bool
	suspectedAt uint32

	stats TableHealth
	// parts are where the next audits go on.
	parts []Scope
	// drifted is what the audit that is going on has found wrong.
	drifted []Change
}

// dependent is a table that a rule changes.
type dependent struct {
	t    *table
	rule *rule
}

func newTable(f *feed, sp *space, ordinal int) *table {
	a := &f.m.tables[ordinal]
	t := &table{feed: f, space: sp, ordinal: ordinal, def: a.def, shown: a.filter.matcher()}
	if a.filter.kept != nil {
		t.filter = a.filter.kept
		if f.m.pushesDown() {
			t.pushed = a.filter.kept
		}
	}
	t.store = store.New(t.tags())
	t.suspects, t.awaits = map[string]uint32{}, map[*rule]bool{}
	t.stats = TableHealth{Name: t.def.Name, NSID: sp.nsid}
	return t
}

// inSync reports whether the table is what the kernel has, as far as it has told.
// It is not while one that it depends on is not; some depend on each other.
func (t *table) inSync() bool {
	return t.ready() && !slices.ContainsFunc(t.watches, func(on *table) bool { return !on.ready() })
}

func (t *table) ready() bool {
	for _, await := range t.awaits {
		if await {
			return false
		}
	}
	return t.synced
}

func (t *table) tags() func(key, value []byte, add func(uint32)) {
	return t.def.Links
}

// message takes in an event of this table.
func (t *table) message(v verb, flags wire.Flags, payload []byte) {
	if t.def.records == nil {
		t.record(v, flags, payload)
		return
	}
	for payload, err := range t.def.records(one(payload)) {
		if err == nil {
			t.record(v, flags, payload)
		}
	}
}

// one is a sequence of one message.
func one(payload []byte) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) { yield(payload, nil) }
}

// record takes in one record of an event.
func (t *table) record(v verb, flags wire.Flags, payload []byte) {
	key, value := t.feed.normal(t.def, payload)
	if key == nil {
		if t.def.aside != nil {
			t.def.aside(t, payload)
		}
		return
	}
	t.stats.Events++
	switch {
	case t.def.apply != nil:
		t.def.apply(t, v, flags, key, value)
	case v == verbPut:
		t.put(key, value, Announced)
	default:
		if len(t.dependents) > 0 && t.store.Get(key) == 0 {
			// It was there without having been announced, as IPv6 addresses are of a
			// link that is down.
			t.infer(bytes.Clone(value), nil)
		}
		t.remove(key, Announced)
	}
}

// get returns the value of a record, nil if it is not there.
func (t *table) get(key []byte) []byte {
	r := t.store.Get(key)
	if r == 0 {
		return nil
	}
	return t.store.Value(r)
}

// put records what an event says is there.
func (t *table) put(key, value []byte, why Reason) {
	if !t.wanted(value) {
		t.remove(key, why)
		return
	}
	old := t.store.Get(key)
	if old != 0 && bytes.Equal(t.store.Value(old), value) {
		t.touch(key, old)
		return
	}
	r, _ := t.store.Put(key, value)
	if r == 0 {
		return // full, which ends the mirror
	}
	if old == 0 {
		t.moved(key)
	}
	t.touch(key, r)
	t.changed(old, r, why)
}

// wanted reports whether a value is one of a record that is kept.
func (t *table) wanted(value []byte) bool {
	return (t.filter == nil || t.filter.Match(value)) && (t.def.absent == nil || !t.def.absent(value))
}

// remove deletes what an event says is gone.
func (t *table) remove(key []byte, why Reason) {
	t.moved(key)
	old := t.store.Delete(key)
	t.touch(key, 0)
	if old != 0 {
		t.changed(old, 0, why)
	}
}

// touch notes that the refresh that is going on knows less of this key than the
// event just taken in. r is its record, 0 if it has none.
func (t *table) touch(key []byte, r store.Ref) {
	p := t.pass
	if p == nil {
		return
	}
	p.told = p.touched()
	if t.def.groupLen != nil {
		p.groups[string(key[:t.def.groupLen(key)])] = p.told
	}
	if r != 0 {
		t.store.SetMark(r, p.told)
	} else if t.def.groupLen == nil {
		p.gone[string(key)] = p.told
	}
}

// changed counts a change and tells those it may concern.
func (t *table) changed(old, new store.Ref, why Reason) {
	var before, after []byte
	if old != 0 {
		before = t.store.Value(old)
	}
	if new != 0 {
		after = t.store.Value(new)
	}
	if t.shows(before, after) {
		t.count(why, 1)
	}
	if why == Audited {
		t.drift(old, new)
	}
	t.infer(before, after)
}

// count counts changes that readers are to know of.
func (t *table) count(why Reason, n int) {
	t.dirty = true
	if !t.feed.m.tables[t.ordinal].hidden {
		t.feed.counts[why] += uint64(n)
	}
	t.stats.Changes[why] += uint64(n)
}

// infer tells those who depend on this table of a change.
func (t *table) infer(before, after []byte) {
	for _, d := range t.dependents {
		d.rule.infer(d.t, before, after)
	}
	t.tellAbroad(before, after)
}

// shows reports whether readers are to know of a change, and counts what they see.
func (t *table) shows(before, after []byte) bool {
	was := before != nil && (t.shown == nil || t.shown.Match(before))
	is := after != nil && (t.shown == nil || t.shown.Match(after))
	if was {
		t.visible--
	}
	if is {
		t.visible++
	}
	return was || is
}

// gone deletes the records of a link (0: of all) that match: the kernel has
// deleted them without a word.
func (t *table) gone(link uint32, match func(key, value []byte) bool) {
	var refs []store.Ref
	for r := range t.candidates(Scope{Link: link}) {
		if match(t.store.Key(r), t.store.Value(r)) {
			refs = append(refs, r)
		}
	}
	// From the last one on, so that those behind one that moves up stay.
	for _, r := range slices.Backward(refs) {
		t.pass.moved()
		key := t.store.Key(r)
		if t.store.Delete(key) == 0 {
			continue // with another one, just now
		}
		t.changed(r, 0, Inferred)
		if t.def.groupLen != nil {
			t.closeGap(key)
		}
	}
	t.pass.moved()
	if t.pass != nil {
		// What the dump has shown, or will show of the time before, is gone too;
		// what came after announces itself.
		t.pass.effect(t, link, match)
	}
}

// mayHave reports whether there are records with a tag, or may be among the rows that
// are being read and not merged yet.
func (t *table) mayHave(tag uint32) bool {
	if t.pass != nil {
		return true
	}
	for range t.store.Tagged(tag) {
		return true
	}
	return false
}

// confirm asks for a part of the table to be read, because something may have
// changed it unannounced.
func (t *table) confirm(s Scope) {
	t.feed.enqueue(&job{t: t, scope: s, why: Confirmed, due: time.Now()})
}

// clear deletes everything: the namespace or the family has gone.
func (t *table) clear(why Reason) {
	var refs []store.Ref
	for r := range t.store.All() {
		refs = append(refs, r)
	}
	for _, r := range refs {
		if t.store.Delete(t.store.Key(r)) != 0 {
			t.changed(r, 0, why)
		}
	}
	if t.pass != nil {
		// What is being read is of the time before.
		t.pass.effect(t, 0, func(_, _ []byte) bool { return true })
	}
}

// candidates yields the records that may lie in a scope. The table must not be
// changed meanwhile.
func (t *table) candidates(s Scope) func(yield func(store.Ref) bool) {
	all := t.store.All()
	if s.Link != 0 && t.def.Links != nil {
		all = t.store.Tagged(s.Link)
	}
	return func(yield func(store.Ref) bool) {
		for r := range all {
			if s.Prefix != "" && !bytes.HasPrefix(t.store.Key(r), []byte(s.Prefix)) {
				continue
			}
			if !yield(r) {
				return
			}
		}
	}
}

// covers reports whether a record lies in a scope.
func (t *table) covers(s Scope, key, value []byte) bool {
	if s.Prefix != "" && !bytes.HasPrefix(key, []byte(s.Prefix)) {
		return false
	}
	if s.Link == 0 || t.def.Links == nil {
		return true
	}
	found := false
	t.def.Links(key, value, func(link uint32) { found = found || link == s.Link })
	return found
}
