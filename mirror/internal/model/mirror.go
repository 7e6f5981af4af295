package model

// job is a refresh, and the bit that stands for it among those to be made.
type job uint8

const (
	syncLink job = 1 << iota
	syncObjects
	confirm
	audit
)

// phase is how far a refresh has come.
type phase uint8

const (
	idle    phase = iota
	opening       // it waits for the fence before the dump
	reading
	closing // it waits for the fence behind the dump
	marking // the mark is to be sent
	waiting // for the mark
)

// mark is when something was known of a record during a refresh: 0 for not at all. Each
// attempt has an even one for what its dump shows, and the odd one after it for what
// events and rules say meanwhile; the greater of two is that of the newer knowledge.
type mark uint8

const first mark = 2 // that of the first attempt

// seen is what the dump shows now, touched what events say.
func (p *pass) seen() mark    { return first + 2*mark(p.tries) }
func (p *pass) touched() mark { return p.seen() | 1 }

// mirror is the algorithm.
type mirror struct {
	// live are the records: versions of objects, 0 for none, and the link's state,
	// 0 for not known.
	live   [keys]uint8
	jobs   job // to be made
	opened bool
	synced bool
	audits uint8 // that may still be made
	kills  uint8 // that may still happen
	pass   pass
}

// pass is the refresh that is going on; all zero without one.
type pass struct {
	phase phase
	job   job
	place uint8 // of the dump
	// tries counts the attempts, where they are limited.
	tries uint8

	marks  [keys]mark
	staged [keys]uint8
	shown  [keys]mark // when the staged rows were
	gone   [keys]mark // tombstones
	effect mark       // the rule holds for what the dump has shown before
	churn  bool       // records came or went during this attempt
	held   message
}

// of reports whether a refresh is of the table that a key belongs to.
func (p *pass) of(key uint8) bool {
	return p.phase != idle && (p.job == syncLink) == (key == link)
}

// covers reports whether a refresh is going on that a key is in the scope of.
// Confirmed are the objects of the link.
func (w *world) covers(key uint8) bool {
	p := &w.s.mirror.pass
	return p.of(key) && (p.job != confirm || (w.m.LinkTakes|w.m.RuleTakes)>>key&1 != 0)
}

// change is one that is reported to consumers.
type change struct {
	key, old, new uint8
}

// set changes a record and reports it.
func (w *world) set(key, value uint8) {
	if old := w.s.mirror.live[key]; old != value {
		w.changes = append(w.changes, change{key, old, value})
		w.s.mirror.live[key] = value
	}
}

// receive takes in what the next receive call yields.
func (w *world) receive() {
	switch what, msg := w.s.events.receive(); what {
	case toldReport:
		if w.takes(NoDrain) {
			w.restart()
		}
	case toldOverrun:
		if w.takes(NoDrain) || w.takes(OverrunIgnored) && w.s.mirror.pass.phase != idle {
			return
		}
		w.restart()
	case toldMessage:
		w.apply(msg)
	}
}

// apply takes in a message.
func (w *world) apply(msg message) {
	p := &w.s.mirror.pass
	switch msg.kind {
	case msgMark, msgDone:
		w.complete()
		return
	case msgOld:
		if w.takes(AnyMark) && p.phase == waiting {
			w.complete()
		}
		return
	case msgRow:
		w.row(msg)
		return
	}
	if w.takes(EventsLostInDump) && p.phase != idle {
		return
	}
	old := w.s.mirror.live[msg.key]
	w.set(msg.key, msg.value) // of msgGone it is 0
	if p.of(msg.key) {
		// Whatever its scope, the dump may count all.
		p.churn = p.churn || old == 0 || msg.value == 0
	}
	if w.covers(msg.key) {
		switch {
		case msg.value == 0:
			p.marks[msg.key] = 0
			if !w.takes(NoTombstones) {
				p.gone[msg.key] = p.touched()
			}
		case w.takes(NoTouch):
			p.marks[msg.key] = p.seen()
		default:
			p.marks[msg.key] = p.touched()
		}
	}
	if msg.key == link {
		w.infer(old, msg.value)
	}
}

// infer applies the rule to a change of the link.
func (w *world) infer(old, new uint8) {
	switch {
	case isUp(new), old == 0 && w.takes(RuleNeedsOld), old != 0 && !isUp(old) && !w.m.Level:
		return
	}
	p := &w.s.mirror.pass
	matched := false
	for key := range uint8(objects) {
		if w.m.RuleTakes>>key&1 == 0 {
			continue
		}
		matched = matched || w.s.mirror.live[key] != 0
		w.set(key, 0)
		if w.covers(key) {
			p.marks[key] = 0
		}
	}
	if p.of(0) {
		p.effect = p.touched()
		p.churn = p.churn || matched || !w.takes(RuleNoChurn)
	}
	if w.s.mirror.jobs&syncObjects == 0 && !w.takes(NoConfirm) {
		w.s.mirror.jobs |= confirm
	}
}

// restart gives up what is going on, and has everything read anew.
func (w *world) restart() {
	r := &w.s.mirror
	r.pass = pass{}
	r.synced = false
	r.jobs = syncLink | syncObjects
	w.s.events.abandon()
}

// kill loses the events socket. Another one has joined before anything is read.
func (w *world) kill() {
	w.s.events = subscription{}
	w.restart()
}
