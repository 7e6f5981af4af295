package mirror

import "bytes"

// abroad is a rule of a table about one that another feed keeps: links, mostly.
type abroad struct {
	feed    *feed // that has the table
	ordinal int   // of the table among the mirror's
	rule    *rule
}

// addAbroad finds the rules that reach from one feed to another.
func (m *Mirror) addAbroad() {
	for ordinal, a := range m.tables {
		f := m.feed(a.def.Protocol, a.def.Family)
		for i := range a.def.rules {
			r := &a.def.rules[i]
			if on := m.feed(r.on.Protocol, r.on.Family); on != f {
				on.abroad = append(on.abroad, abroad{f, ordinal, r})
				m.manyFeeds = true
			}
		}
	}
}

// watchedFirst orders the tables so that those that rules watch are read before
// those that the rules change.
func (m *Mirror) watchedFirst() []int {
	var order []int
	begun := make([]bool, len(m.tables))
	var add func(i int)
	add = func(i int) {
		if begun[i] {
			return
		}
		begun[i] = true
		for _, r := range m.tables[i].def.rules {
			for j, a := range m.tables {
				if a.def == r.on && j != i && a.filter.kept == nil {
					add(j)
				}
			}
		}
		order = append(order, i)
	}
	for i := range m.tables {
		add(i)
	}
	return order
}

// tellAbroad tells the rules of other feeds of a change. They get copies: what they
// keep would hold on to much more memory.
func (t *table) tellAbroad(before, after []byte) {
	copied := false
	for _, a := range t.feed.abroad {
		if a.rule.on == t.def && t.filter == nil {
			if !copied {
				before, after, copied = bytes.Clone(before), bytes.Clone(after), true
			}
			a.feed.postChange(func() { a.infer(t.space.nsid, before, after) })
		}
	}
}

// tellSynced tells those whose rules watch this feed's tables whether these are in sync. It
// comes behind what was told of changes.
func (f *feed) tellSynced() {
	if len(f.abroad) == 0 {
		return
	}
	for _, sp := range f.spaces {
		if sp.told == nil {
			sp.told = make([]bool, len(f.abroad))
		}
		for i, a := range f.abroad {
			synced := false
			if on := sp.unfiltered(a.rule.on); on != nil {
				synced = on.inSync()
			}
			if synced != sp.told[i] {
				sp.told[i] = synced
				a.feed.postChange(func() { a.heard(sp.nsid, synced) })
			}
		}
	}
}

// heard takes that in, in the goroutine of the rule's feed.
func (a abroad) heard(nsid int32, synced bool) {
	sp := a.feed.space(nsid)
	if sp == nil {
		return // it is told again to one that comes later: see replay
	}
	for _, t := range sp.tables {
		if t.ordinal == a.ordinal {
			t.awaits[a.rule] = !synced
		}
	}
	a.feed.untold = true
}

// infer takes in a change of a link in the goroutine of the rule's feed.
func (a abroad) infer(nsid int32, before, after []byte) {
	sp := a.feed.space(nsid)
	if sp == nil {
		return
	}
	if a.rule.on == &linkDefinition {
		if sp.links == nil {
			sp.links = map[uint32][]byte{}
		}
		if after != nil {
			sp.links[hostOrder.Uint32(after[ifInfoIndex:])] = after
		} else {
			delete(sp.links, hostOrder.Uint32(before[ifInfoIndex:]))
		}
	}
	for _, t := range sp.tables {
		if t.ordinal == a.ordinal {
			a.rule.infer(t, before, after)
		}
	}
}

// replay tells another feed, which has a new namespace, of all that this one knows
// of it.
func (f *feed) replay(to *feed, nsid int32) {
	f.post(func() {
		sp := f.space(nsid)
		if sp == nil {
			return
		}
		sp.told = nil // whether it is in sync comes behind that
		for _, t := range sp.tables {
			for _, a := range f.abroad {
				if a.rule.on != t.def || a.feed != to || t.filter != nil {
					continue
				}
				for r := range t.store.All() {
					value := bytes.Clone(t.store.Value(r))
					to.postChange(func() { a.infer(nsid, nil, value) })
				}
			}
		}
	})
}
