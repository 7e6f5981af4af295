package mirror

import (
	"bytes"
	"iter"
	"slices"

	"github.com/nlkit/nlkit/mirror/internal/store"
)

// pass is what is known of a refresh while it goes on.
//
// Marks of records are numbers that grow: each attempt of each refresh has an even one
// for what its dump shows, and the odd one after it for what events say meanwhile. So
// the greater of two marks is that of the newer knowledge, and those of refreshes before
// mean nothing.
type pass struct {
	scope Scope
	first uint32 // the mark of the first attempt
	seen  uint32 // the mark of this attempt

	staged refs // rows that differ, of all attempts
	begun  int  // how many of them are of those before this one
	// gone are the keys that events have deleted, groups those whose records
	// depend on each other; with the mark of when that was.
	gone, groups map[string]uint32
	// deleted is what was deleted last of a group.
	deleted map[string][]byte
	// effects are what rules have inferred, by the tag of the records concerned.
	effects    map[uint32][]effect
	inferences int // how many there were
	// doubts are tags of records that may have changed, unannounced: those of them that
	// the dump shows have to be read again.
	doubts map[uint32]uint32
	// told is the mark of when an event, or a rule, was about the table last; 0 for never.
	told uint32
	// churn counts records that came and went during this attempt: a dump with an
	// unsteady cursor may have missed others.
	churn int
	// leaves are those in which records came and went, where that can hide no others:
	// newLeaves of them in this attempt.
	leaves    map[string]uint32
	newLeaves int

	run []runGroup // the groups of the rows before this one
	// doubtful are groups of several records that events have changed from a state
	// that was not the kernel's.
	doubtful []string
}

// match tells whether a record is one that a rule is about.
type match func(key, value []byte) bool

// effect is what a rule has inferred, and when.
type effect struct {
	mark  uint32
	match match
}

const (
	// maxEffects is how many inferences about one link are remembered in a refresh.
	maxEffects = 16
	// maxTouched is how many records may come and go during a refresh, at least: so
	// many have to be remembered.
	maxTouched = 1 << 20
)

func (f *feed) newPass(s Scope) *pass {
	if f.marks >= maxMark {
		f.forgetMarks()
	}
	p := &pass{scope: s, first: f.nextMark(), gone: map[string]uint32{}, leaves: map[string]uint32{}, groups: map[string]uint32{},
		effects: map[uint32][]effect{}, doubts: map[uint32]uint32{}, deleted: map[string][]byte{}}
	p.seen = p.first
	return p
}

// maxMark is from where on marks begin anew, before they wrap around: a feed that reads
// all the time comes there in some months.
const maxMark = 1 << 31

// forgetMarks has all records as old as if no refresh had ever been. It is not for while
// one is going on.
func (f *feed) forgetMarks() {
	f.marks = 0
	for _, t := range f.tables() {
		for r := range t.store.All() {
			t.store.SetMark(r, 0)
		}
		for run := range t.suspects {
			t.suspects[run] = 0
		}
		t.suspectedAt = 0
	}
}

// nextMark returns an even number that no record is marked with.
func (f *feed) nextMark() uint32 {
	f.marks += 2
	return f.marks
}

// again begins another attempt.
func (p *pass) again(mark uint32) {
	p.seen, p.begun, p.churn, p.newLeaves, p.run = mark, p.staged.len, 0, 0, p.run[:0]
}

// touched is the mark of what an event says now.
func (p *pass) touched() uint32 { return p.seen | 1 }

// since is the mark of the oldest knowledge that counts: that of the last attempt where
// it was clean, or of all of them.
func (p *pass) since(clean bool) uint32 {
	if clean {
		return p.seen
	}
	return p.first
}

// maxLeaves is how many leaves are remembered of one attempt: beyond that what comes and
// goes counts as if it were anywhere.
const maxLeaves = 1 << 16

// moved notes that a record of the table comes or goes while it is being read.
func (t *table) moved(key []byte) {
	p := t.pass
	if p == nil {
		return
	}
	n := 0
	if t.def.leafLen != nil {
		n = t.def.leafLen(key)
	}
	if n > 0 && p.leaves[string(key[:n])] != p.touched() {
		if p.newLeaves++; p.newLeaves > maxLeaves {
			n = 0
		}
	}
	if n == 0 {
		p.churn++
		return
	}
	p.leaves[string(key[:n])] = p.touched()
}

// shaken returns what the key's leaf begins with if a record of it has come or gone
// since an attempt with a mark began; nil if none has.
func (p *pass) shaken(t *table, key []byte, mark uint32) []byte {
	if len(p.leaves) == 0 || t.def.leafLen == nil {
		return nil
	}
	n := t.def.leafLen(key)
	if n == 0 || p.leaves[string(key[:n])] < mark {
		return nil
	}
	return key[:n]
}

// moved is as the table's, for what may be anywhere.
func (p *pass) moved() {
	if p != nil {
		p.churn++
	}
}

// row takes in a row of the dump.
func (t *table) row(payload []byte) {
	p := t.pass
	key, value := t.feed.normal(t.def, payload)
	if key == nil || !t.wanted(value) {
		return
	}
	if !t.covers(p.scope, key, value) {
		return
	}
	if t.def.groupLen != nil {
		if p.scope.Link != 0 && t.mixed(p.scope, key) {
			t.rowOfMixed(key, value)
			return
		}
		key = p.position(t.def, key)
		t.feed.key = key
	}
	if r := t.store.Get(key); r != 0 && bytes.Equal(t.store.Value(r), value) {
		t.store.SetMark(r, max(t.store.Mark(r), p.seen))
		return
	}
	t.stage(key, value)
}

// stage keeps a row until the refresh is merged.
func (t *table) stage(key, value []byte) {
	if r := t.store.Stage(key, value); r != 0 {
		t.store.SetMark(r, t.pass.seen)
		t.pass.staged.add(r)
	}
}

// position tells rows of one group apart by their place: the last byte of the key. A
// dump yields the rows of a run one behind the other, but a group's may have others of
// the run between them.
func (p *pass) position(d *Definition, key []byte) []byte {
	n := d.groupLen(key)
	if run := d.run(key); len(p.run) == 0 || !bytes.HasPrefix(p.run[0].group, run) {
		p.run = p.run[:0]
	}
	for i := range p.run {
		if g := &p.run[i]; bytes.Equal(g.group, key[:n]) {
			if g.last < 0xff {
				g.last++
			}
			key[n] = g.last
			return key
		}
	}
	if len(p.run) < cap(p.run) {
		p.run = p.run[:len(p.run)+1] // with the memory of one before
	} else {
		p.run = append(p.run, runGroup{})
	}
	g := &p.run[len(p.run)-1]
	g.group, g.last = append(g.group[:0], key[:n]...), 0
	return key
}

// runGroup is a group of the run of rows that a dump is at, and the place of its last
// row.
type runGroup struct {
	group []byte
	last  byte
}

// merge makes the table what the refresh has found. clean tells that the last
// attempt is complete, sweep that what no attempt has found is to be deleted.
func (t *table) merge(why Reason, clean, sweep bool) (changes int) {
	p := t.pass
	from := 0
	if clean {
		from = p.begun // complete by itself: what attempts before have found may be outdated
	}
	if (clean || t.def.repeats == nil) && t.store.Len() == 0 && p.told < p.since(clean) {
		return t.load(slices.AppendSeq(make([]store.Ref, 0, p.staged.len-from), p.staged.from(from)), why, clean)
	}
	for r := range p.staged.from(from) {
		key, value, mark := t.store.Key(r), t.store.Value(r), t.store.Mark(r)
		old := t.store.Get(key)
		if p.knowsBetter(t, old, key, value, mark) {
			continue
		}
		if old != 0 && bytes.Equal(t.store.Value(old), value) {
			t.store.SetMark(old, mark)
			continue
		}
		if !clean && old == 0 && t.def.repeats != nil && t.def.repeats(key) {
			p.doubt(key[:t.def.groupLen(key)])
			continue
		}
		if leaf := p.shaken(t, key, mark); leaf != nil && old == 0 && key[len(key)-1] > 0 {
			p.doubt(leaf) // shown twice, maybe
			continue
		}
		if p.doubted(t, key, value, mark) {
			p.doubt(key[:t.def.groupLen(key)])
		}
		t.store.Link(r)
		t.changed(old, r, why)
		changes++
	}
	if sweep {
		changes += t.sweep(why, clean)
	}
	return changes
}

// sweep deletes what the refresh has not found.
func (t *table) sweep(why Reason, clean bool) (changes int) {
	p := t.pass
	since := p.since(clean)
	var lost []store.Ref
	for r := range t.candidates(p.scope) {
		if t.store.Mark(r) >= since {
			continue
		}
		if t.def.groupLen != nil {
			key := t.store.Key(r)
			n := t.def.groupLen(key)
			if p.groups[string(key[:n])] > since {
				p.doubt(key[:n])
				continue
			}
			if p.scope.Link != 0 && t.mixed(p.scope, key) {
				p.doubt(key[:n])
				continue
			}
			if leaf := p.shaken(t, key, since); leaf != nil {
				p.doubt(leaf)
				continue
			}
		}
		if t.def.elsewhere != nil && p.scope.Link != 0 {
			if s := t.def.elsewhere(p.scope, t.store.Value(r)); s != (Scope{}) {
				t.confirm(s)
				continue
			}
		}
		lost = append(lost, r)
	}
	for _, r := range lost {
		if t.store.Delete(t.store.Key(r)) != 0 { // unless a rule has, just now
			t.changed(r, 0, why)
			changes++
		}
	}
	return changes
}

// load is merge for a table that is empty, of which no event has told meanwhile: the
// first reading, most of the time.
func (t *table) load(staged []store.Ref, why Reason, clean bool) int {
	n, differ := t.store.Load(staged)
	if differ != 0 && clean {
		t.ambiguous = bytes.Clone(t.store.Value(differ))
	}
	if why == Audited || t.shown != nil || len(t.dependents)+len(t.feed.abroad) > 0 {
		for r := range t.store.All() {
			t.changed(0, r, why)
		}
	} else if n > 0 {
		// What nobody has to be told of one by one is counted: a million records are
		// not looked at once more.
		t.visible += n
		t.count(why, n)
	}
	return n
}

// doubted reports whether a row has a tag of those that may have changed since.
func (p *pass) doubted(t *table, key, value []byte, mark uint32) (yes bool) {
	if len(p.doubts) > 0 && t.def.groupLen != nil {
		t.def.Links(key, value, func(tag uint32) { yes = yes || p.doubts[tag] > mark })
	}
	return yes
}

// doubt has the records whose keys begin so read again when the refresh has ended; all
// if there are many such.
func (p *pass) doubt(prefix []byte) {
	switch {
	case len(p.doubtful) > maxScopes || slices.Contains(p.doubtful, string(prefix)):
	case len(p.doubtful) == maxScopes:
		p.doubtful = append(p.doubtful, "")
	default:
		p.doubtful = append(p.doubtful, string(prefix))
	}
}

// knowsBetter reports whether what events and rules say of a key is newer than
// what the attempt with a mark has shown.
func (p *pass) knowsBetter(t *table, old store.Ref, key, value []byte, mark uint32) bool {
	if old != 0 && t.store.Mark(old) > mark {
		if t.def.groupLen != nil && t.suspected(key) {
			p.doubt(t.def.run(key))
		}
		return true
	}
	if len(p.gone) > 0 && p.gone[string(key)] > mark {
		return true
	}
	if len(p.groups) > 0 {
		n := t.def.groupLen(key)
		if p.groups[string(key[:n])] > mark {
			// What an event has deleted is the one thing that need not be there.
			if key[n] > 0 || old != 0 || t.suspected(key) || !sameRoute(p.deleted[string(key[:n])], value) {
				p.doubt(t.def.run(key))
			}
			return true
		}
	}
	if p.inferred(t, key, value, mark) {
		if t.def.groupLen != nil {
			// Those behind it move up.
			p.groups[string(key[:t.def.groupLen(key)])] = p.touched()
		}
		return true
	}
	return false
}

// effect notes that a rule has deleted the records of a link (0: of all) that match.
// Where there are too many to remember nothing is believed of the link, which is read
// once more.
func (p *pass) effect(t *table, link uint32, m match) {
	p.told = p.touched()
	p.inferences++
	if n := len(p.effects[link]); n == maxEffects {
		p.effects[link][0] = effect{p.touched(), func([]byte, []byte) bool { return true }}
		t.confirm(Scope{Link: link})
		return
	}
	p.effects[link] = append(p.effects[link], effect{p.touched(), m})
}

// inferred reports whether a rule has deleted what the attempt with a mark has shown.
func (p *pass) inferred(t *table, key, value []byte, mark uint32) (yes bool) {
	if len(p.effects) == 0 {
		return false
	}
	look := func(link uint32) {
		yes = yes || slices.ContainsFunc(p.effects[link], func(e effect) bool { return e.mark > mark && e.match(key, value) })
	}
	look(0)
	if t.def.Links != nil {
		t.def.Links(key, value, look)
		return yes
	}
	for link := range p.effects {
		look(link)
	}
	return yes
}

// refs is a list of records. There can be a million: it grows by blocks, so that nothing
// is copied.
type refs struct {
	blocks [][]store.Ref
	len    int
}

const refsBlock = 16 << 10

func (l *refs) add(r store.Ref) {
	if l.len%refsBlock == 0 {
		var block []store.Ref
		if l.len > 0 {
			block = make([]store.Ref, 0, refsBlock)
		}
		l.blocks = append(l.blocks, block)
	}
	last := &l.blocks[len(l.blocks)-1]
	*last = append(*last, r)
	l.len++
}

// from yields the records from the n-th one on.
func (l *refs) from(n int) iter.Seq[store.Ref] {
	return func(yield func(store.Ref) bool) {
		for ; n < l.len; n++ {
			if !yield(l.blocks[n/refsBlock][n%refsBlock]) {
				return
			}
		}
	}
}

// crowded reports whether more has come and gone during a refresh than it can
// remember.
func (t *table) crowded() bool {
	p := t.pass
	return p != nil && len(p.gone)+len(p.groups)+len(p.doubts)+p.inferences > max(maxTouched, 2*t.store.Len())
}
