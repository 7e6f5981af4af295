package mirror

import (
	"bytes"
	"iter"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/mirror/internal/store"
)

// A group is the records of a table that differ in their place alone, the last byte
// of the key: IPv4 routes to one destination. A change of one moves others.

// group yields the members of a key's group that are known, in order. The table must
// not be changed meanwhile.
func (t *table) group(key []byte) iter.Seq[store.Ref] {
	n := t.def.groupLen(key)
	return func(yield func(store.Ref) bool) {
		for r := range t.store.From(key[:n]) {
			k := t.store.Key(r)
			if !bytes.HasPrefix(k, key[:n]) {
				return
			}
			// What is longer is of another kind.
			if len(k) == n+1 && !yield(r) {
				return
			}
		}
	}
}

// mixed reports whether some members of a key's group lie outside of a scope: what is
// read of the group does not tell their places then.
func (t *table) mixed(s Scope, key []byte) bool {
	for r := range t.group(key) {
		if !t.covers(s, t.store.Key(r), t.store.Value(r)) {
			return true
		}
	}
	return false
}

// rowOfMixed takes in a row of a mixed group: it is one that is known, or has another
// state than one that is. Else the whole group has to be read.
func (t *table) rowOfMixed(key, value []byte) {
	p := t.pass
	like, alike := store.Ref(0), 0
	for r := range t.group(key) {
		if mark := t.store.Mark(r); mark != p.seen && bytes.Equal(t.store.Value(r), value) {
			t.store.SetMark(r, max(mark, p.seen))
			return
		} else if mark < p.seen && t.def.sameButState(t.store.Value(r), value) {
			like, alike = r, alike+1
		}
	}
	if alike != 1 {
		p.doubt(key[:t.def.groupLen(key)])
		return
	}
	t.store.SetMark(like, p.seen)
	t.stage(t.store.Key(like), value)
}

// move puts a copy of a record of a group at another place of it. The event that moves
// it does not tell that it is there at all: a refresh that is going on has to find it
// as it would have without.
func (t *table) move(key []byte, from, to int, why Reason) {
	r := t.store.Get(place(key, from))
	mark := t.store.Mark(r)
	t.put(place(key, to), t.store.Value(r), why)
	if moved := t.store.Get(key); moved != 0 && t.pass != nil {
		t.store.SetMark(moved, mark)
	}
}

// closeGap moves those up that stand behind one that was deleted.
func (t *table) closeGap(key []byte) {
	key = bytes.Clone(key)
	n := len(key) - 1
	for at := key[n]; at < 0xff; at++ {
		if t.store.Get(place(key, int(at)+1)) == 0 {
			return
		}
		t.move(key, int(at)+1, int(at), Inferred)
		t.remove(place(key, int(at)+1), Inferred)
	}
}

// run is what the keys of a group begin with, and those of groups whose rows a dump
// may have between its own.
func (d *Definition) run(key []byte) []byte {
	if d.runLen != nil {
		return key[:d.runLen(key)]
	}
	return key[:d.groupLen(key)]
}

// maxSuspects is how many runs are remembered as suspects; all are if there are more.
const maxSuspects = 1024

// suspect has a run read, since an event does not tell what has become of it. It is a
// suspect until a refresh has shown it while no event was about it.
func (t *table) suspect(key []byte) {
	if len(t.suspects) < maxSuspects {
		t.suspects[string(t.def.run(key))] = t.feed.marks
	} else {
		t.suspectAll, t.suspectedAt = true, t.feed.marks
	}
	t.confirm(Scope{Prefix: string(key[:t.def.grain])})
}

func (t *table) suspected(key []byte) bool {
	if t.suspectAll || len(t.suspects) == 0 {
		return t.suspectAll
	}
	_, yes := t.suspects[string(t.def.run(key))]
	return yes
}

// cleared ends the suspicions that are older than a refresh, which has shown what they
// are about, but for what is doubtful.
func (t *table) cleared(p *pass) {
	if p.scope.Link != 0 || len(p.doubtful) > maxScopes {
		return
	}
	if p.scope.Prefix == "" && len(p.doubtful) == 0 && t.suspectedAt < p.seen {
		t.suspectAll = false
	}
	for run, at := range t.suspects {
		if at < p.seen && strings.HasPrefix(run, p.scope.Prefix) && !slices.ContainsFunc(p.doubtful, func(d string) bool { return strings.HasPrefix(run, d) || strings.HasPrefix(d, run) }) {
			delete(t.suspects, run)
		}
	}
}

// unsure has a group read whole, because an event does not fit what is known of it.
func (t *table) unsure(key, value []byte) {
	if t.filter == nil || t.filter.Match(value) {
		t.suspect(key)
	}
}
