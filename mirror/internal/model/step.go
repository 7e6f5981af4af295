package model

import "fmt"

// stepKind is what happens in a step.
type stepKind uint8

const (
	stepPut stepKind = iota + 1
	stepDelete
	stepDown
	stepUp
	stepKill
	stepAudit
	// The rest leads to the end of what there is to do.
	stepGoOn
	stepReceive
	stepBegin
	stepFence
	stepRead
	stepMark
)

// step is one that can be made in a state.
type step struct {
	kind stepKind
	arg  uint8 // the key, or the job
}

// news reports whether a step makes something new to do.
func (s step) news() bool { return s.kind < stepGoOn }

// state is everything.
type state struct {
	kernel   kernel
	events   subscription
	mirror   mirror
	consumer consumer
}

// world makes steps.
type world struct {
	m *Model
	s state
	// changes are those that the step at hand has reported, drift tells that an audit
	// has found something.
	changes []change
	drift   bool
}

func (w *world) takes(s Shortcut) bool { return w.m.takes(s) }

// first is the state in which everything begins.
func (m *Model) first() state {
	var s state
	s.kernel = kernel{object: [objects]uint8{1, 2}, version: objects, link: linkState(0, true), left: uint8(m.Changes)}
	if m.Empty {
		s.kernel.object = [objects]uint8{}
		s.kernel.deleted = [objects]uint16{1, 1}
	}
	s.kernel.joined = !m.takes(DumpBeforeJoin)
	s.mirror = mirror{jobs: syncLink | syncObjects, audits: uint8(m.Audits), kills: uint8(m.Kills)}
	return s
}

// steps appends what can happen in a state.
func (m *Model) steps(list []step, s *state) []step {
	w := world{m: m, s: *s}
	k, r, p := &s.kernel, &s.mirror, &s.mirror.pass
	add := func(kind stepKind, arg uint8) { list = append(list, step{kind, arg}) }
	switch {
	case k.section != atRest:
		add(stepGoOn, 0)
	case k.left > 0:
		for key := range uint8(objects) {
			if isUp(k.link) {
				add(stepPut, key)
			}
			if k.object[key] != 0 {
				add(stepDelete, key)
			}
		}
		switch {
		case m.NoLink:
		case isUp(k.link):
			add(stepDown, 0)
		default:
			add(stepUp, 0)
		}
	}
	if !s.events.idle() {
		add(stepReceive, 0)
	}
	if r.kills > 0 {
		add(stepKill, 0)
	}
	switch p.phase {
	case idle:
		if r.jobs == 0 && r.audits > 0 && r.synced {
			add(stepAudit, 0)
		}
		for j := syncLink; j <= confirm; j <<= 1 {
			if r.jobs&j == 0 || !m.takes(AnyOrder) && j == syncObjects && r.jobs&syncLink != 0 {
				continue
			}
			add(stepBegin, uint8(j))
		}
	case opening, closing:
		if !k.locked(m) {
			add(stepFence, 0)
		}
	case reading:
		if w.canRead() {
			add(stepRead, 0)
		}
	case marking:
		add(stepMark, 0)
	}
	return list
}

// do makes a step, and returns what that has broken.
func (w *world) do(st step) Property {
	was := w.s.mirror.live
	w.changes, w.drift = w.changes[:0], false
	k, q, p := &w.s.kernel, &w.s.events.queue, &w.s.mirror.pass
	switch st.kind {
	case stepPut:
		k.left--
		k.put(w.m, q, st.arg)
	case stepDelete:
		k.left--
		k.delete(w.m, q, st.arg)
	case stepDown, stepUp:
		k.left--
		k.setLink(w.m, q, st.kind == stepUp)
	case stepGoOn:
		k.goOn(w.m, q)
	case stepReceive:
		w.receive()
	case stepKill:
		w.s.mirror.kills--
		w.kill()
	case stepAudit:
		w.s.mirror.audits--
		w.begin(audit)
	case stepBegin:
		w.begin(job(st.arg))
	case stepFence:
		p.phase++ // to reading, or to marking
	case stepRead:
		w.read()
	case stepMark:
		w.sendMark()
	}
	var broken Property
	if w.drift {
		broken = Drift
	}
	switch {
	case w.s.consumer.begun:
		broken |= w.consume(was)
	case w.s.mirror.opened:
		broken |= w.beginConsumer()
	}
	return broken
}

// keyName is what a key is called.
func keyName(key uint8) string {
	if key == link {
		return "link"
	}
	return string(rune('a' + key))
}

// String names the job.
func (j job) String() string {
	switch j {
	case syncLink:
		return "read the link"
	case syncObjects:
		return "read the objects"
	case confirm:
		return "confirm"
	case audit:
		return "audit"
	}
	return fmt.Sprintf("job %d", uint8(j))
}
