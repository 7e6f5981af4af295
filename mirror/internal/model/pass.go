package model

// begin begins a refresh.
func (w *world) begin(j job) {
	r := &w.s.mirror
	r.jobs &^= j
	r.pass = pass{phase: opening, job: j}
	if w.takes(OneSocket) || w.unfenced(j) {
		r.pass.phase = reading
	}
}

func (w *world) unfenced(j job) bool {
	return j == confirm && w.takes(ConfirmUnfenced) || j != confirm && w.takes(RefreshUnfenced)
}

// canRead reports whether the dump can go on.
func (w *world) canRead() bool {
	p := &w.s.mirror.pass
	if w.takes(OneSocket) && p.held.kind != 0 {
		return int(w.s.events.n) < w.m.Slots
	}
	// The kernel reads links under its lock.
	return p.job != syncLink || !w.s.kernel.locked(w.m)
}

// read makes the next step of the dump.
func (w *world) read() {
	p := &w.s.mirror.pass
	if w.takes(OneSocket) && p.held.kind != 0 {
		w.deliver()
		return
	}
	row, ended := w.next()
	p.place++
	switch {
	case ended:
		w.end()
	case row.kind != 0:
		w.show(row)
	}
}

// next is what the kernel finds at the place that the dump has come to: a row, the
// end, or neither, where there is no object with that key.
func (w *world) next() (row message, ended bool) {
	k, p := &w.s.kernel, &w.s.mirror.pass
	switch {
	case p.job == syncLink && p.place == 0:
		return message{kind: msgRow, key: link, value: k.link}, false
	case p.job == syncLink:
		return message{}, true
	case w.m.Index:
		left := p.place
		for key, v := range k.object {
			if v != 0 && left == 0 {
				return message{kind: msgRow, key: uint8(key), value: v}, false
			} else if v != 0 {
				left--
			}
		}
		return message{}, true
	case p.place == objects:
		return message{}, true
	}
	if v := k.object[p.place]; v != 0 {
		row = message{kind: msgRow, key: p.place, value: v}
	}
	return row, false
}

// show brings a row to the mirror.
func (w *world) show(row message) {
	if w.takes(OneSocket) {
		w.s.mirror.pass.held = row
		return
	}
	w.row(row)
}

// deliver queues what the kernel has written, with events that were queued since
// before it.
func (w *world) deliver() {
	p := &w.s.mirror.pass
	q := &w.s.events.queue
	q.msgs[q.n] = p.held
	q.n++
	if p.held.kind == msgDone {
		p.phase = waiting
	}
	p.held = message{}
}

// row takes in a row of the dump.
func (w *world) row(row message) {
	r := &w.s.mirror
	p := &r.pass
	if w.takes(OneSocket) {
		w.set(row.key, row.value)
		if w.covers(row.key) {
			p.marks[row.key] = p.touched()
		}
		return
	}
	if !w.covers(row.key) {
		return
	}
	if r.live[row.key] == row.value {
		p.marks[row.key] = max(p.marks[row.key], p.seen())
		return
	}
	p.staged[row.key], p.shown[row.key] = row.value, p.seen()
}

// end comes to the end of the dump.
func (w *world) end() {
	p := &w.s.mirror.pass
	switch {
	case w.takes(OneSocket):
		p.held = message{kind: msgDone}
	case w.takes(NoMark):
		w.complete()
	case w.takes(EndUnfenced):
		p.phase = marking
	default:
		p.phase = closing
	}
}

// sendMark asks for the mark.
func (w *world) sendMark() {
	w.s.mirror.pass.phase = waiting
	w.s.events.add(w.m.Slots, message{kind: msgMark})
}

// complete ends a refresh, or makes another attempt.
func (w *world) complete() {
	r := &w.s.mirror
	p := &r.pass
	doubtful := w.m.Index && p.of(0) && p.churn && !w.takes(IndexSweptAtOnce) && !w.takes(OneSocket)
	if doubtful && (w.m.Attempts == 0 || int(p.tries)+1 < w.m.Attempts) {
		w.again()
		return
	}
	merged := *p
	w.merge(doubtful)
	if merged.job == audit && len(w.changes) > 0 {
		w.drift = true
	}
	r.pass = pass{}
	if doubtful {
		r.jobs |= merged.job
	}
	if r.jobs == 0 {
		r.opened, r.synced = true, true
		w.s.kernel.joined = true // with DumpBeforeJoin; else it was
	}
}

// again begins another attempt.
func (w *world) again() {
	p := &w.s.mirror.pass
	fresh := pass{phase: opening, job: p.job}
	if w.m.Attempts > 0 {
		fresh = *p
		fresh.phase, fresh.place, fresh.churn = opening, 0, false
		fresh.tries++
	} // else only an attempt that is complete by itself will be merged
	if w.unfenced(p.job) || w.takes(AgainUnfenced) {
		fresh.phase = reading
	}
	*p = fresh
}

// merge makes the table what the refresh has found.
func (w *world) merge(doubtful bool) {
	r := &w.s.mirror
	p := &r.pass
	since := p.seen()
	if doubtful {
		since = first
	}
	wasLink := r.live[link]
	for key := range uint8(keys) {
		if !w.covers(key) {
			continue
		}
		if v := p.staged[key]; v != 0 && p.shown[key] >= since && !w.knowsBetter(key) {
			w.set(key, v)
			p.marks[key] = p.shown[key]
		}
		if r.live[key] == 0 || p.marks[key] >= since || doubtful && !w.takes(DoubtfulSwept) {
			continue
		}
		w.set(key, 0)
	}
	if p.job == syncLink {
		w.infer(wasLink, r.live[link])
	}
}

// knowsBetter reports whether what events and rules say of a key is newer than what
// the dump has shown.
func (w *world) knowsBetter(key uint8) bool {
	p := &w.s.mirror.pass
	shown := p.shown[key]
	return p.marks[key] > shown || p.gone[key] > shown ||
		p.effect > shown && w.m.RuleTakes>>key&1 != 0 && key != link && !w.takes(RulesSkipStaged)
}
