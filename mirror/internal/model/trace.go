package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// trace tells how a state is reached, and the step after it if there is one.
func (x *search) trace(n uint32, last step) []string {
	var steps []step
	if last.kind != 0 {
		steps = append(steps, last)
	}
	for n != 0 {
		steps = append(steps, x.from[n].step)
		n = x.from[n].state
	}
	slices.Reverse(steps)
	w := world{m: x.m, s: x.m.first()}
	lines := []string{w.line("", false)}
	for _, st := range steps {
		what := w.describe(st)
		begun := w.s.consumer.begun
		w.do(st)
		lines = append(lines, w.line(what, begun))
	}
	return lines
}

// describe says what a step does that is about to be made.
func (w *world) describe(st step) string {
	switch st.kind {
	case stepPut:
		return "writer: puts " + keyName(st.arg)
	case stepDelete:
		return "writer: deletes " + keyName(st.arg)
	case stepDown:
		return "writer: sets the link down"
	case stepUp:
		return "writer: sets the link up"
	case stepKill:
		return "the events socket is lost"
	case stepAudit:
		return "mirror: begins an audit"
	case stepGoOn:
		name := keyName(w.s.kernel.at)
		return "kernel: " + map[section]string{
			putTold: "announces " + name, goneTold: "announces that " + name + " is gone",
			goneDone: "deletes " + name, taking: "takes " + name + " along in silence",
		}[w.s.kernel.section]
	case stepReceive:
		events := w.s.events
		switch what, msg := events.receive(); what {
		case toldReport:
			return "mirror: is told ENOBUFS"
		case toldOverrun:
			return "mirror: comes to where messages are missing"
		default:
			return "mirror: takes in " + msg.String()
		}
	case stepBegin:
		return fmt.Sprintf("mirror: begins to %v", job(st.arg))
	case stepFence:
		return "mirror: is through the fence"
	case stepRead:
		if held := w.s.mirror.pass.held; held.kind != 0 {
			return "kernel: queues " + held.String()
		}
		switch row, ended := w.next(); {
		case ended:
			return "dump: is at its end"
		case row.kind == 0:
			return "dump: finds no " + keyName(w.s.mirror.pass.place)
		default:
			return "dump: shows " + row.String()
		}
	default:
		return "mirror: sends the mark"
	}
}

// line tells what a step has done. shown tells that a consumer was there.
func (w *world) line(what string, shown bool) string {
	s := &w.s
	var b strings.Builder
	fmt.Fprintf(&b, "%-44s| kernel %s", what, values(s.kernel.object, s.kernel.link))
	var live [objects]uint8
	copy(live[:], s.mirror.live[:])
	fmt.Fprintf(&b, "| mirror %s", values(live, s.mirror.live[link]))
	var queued []string
	for _, m := range s.events.msgs[:s.events.n] {
		queued = append(queued, m.String())
	}
	fmt.Fprintf(&b, "| queue [%s]", strings.Join(queued, ", "))
	if s.events.congested {
		b.WriteString(" congested")
	}
	if p := &s.mirror.pass; p.phase != idle {
		fmt.Fprintf(&b, " | %v", p)
	}
	if shown {
		for _, c := range w.changes {
			fmt.Fprintf(&b, " | shown: %s %s -> %s", keyName(c.key), value(c.key, c.old), value(c.key, c.new))
		}
	}
	return b.String()
}

func values(object [objects]uint8, state uint8) string {
	var b strings.Builder
	for key, v := range object {
		fmt.Fprintf(&b, "%s=%s ", keyName(uint8(key)), value(uint8(key), v))
	}
	fmt.Fprintf(&b, "%-5s", value(link, state))
	return b.String()
}

// value tells the value of a key.
func value(key, v uint8) string {
	switch {
	case key != link && v == 0:
		return "-"
	case key != link:
		return strconv.Itoa(int(v))
	case isUp(v):
		return "up"
	case v != 0:
		return "down"
	}
	return "?"
}

// String tells how far a refresh is.
func (p *pass) String() string {
	text := fmt.Sprintf("%v: %s", p.job, [...]string{
		idle: "", opening: "before the fence", reading: "reading", closing: "before the second fence",
		marking: "before the mark", waiting: "waits for the mark",
	}[p.phase])
	for key := range uint8(keys) {
		switch m := p.marks[key]; {
		case m == 0:
		case m >= p.touched():
			text += fmt.Sprintf(", %s touched", keyName(key))
		case m == p.seen():
			text += fmt.Sprintf(", %s seen", keyName(key))
		default:
			text += fmt.Sprintf(", %s known before", keyName(key))
		}
		if p.gone[key] > 0 {
			text += fmt.Sprintf(", %s gone", keyName(key))
		}
		if v := p.staged[key]; v != 0 {
			text += fmt.Sprintf(", staged %s=%s", keyName(key), value(key, v))
		}
	}
	return text
}

// String tells what a message says.
func (m message) String() string {
	name := keyName(m.key)
	switch m.kind {
	case msgGone:
		return name + " gone"
	case msgMark:
		return "mark"
	case msgOld:
		return "old mark"
	case msgDone:
		return "done"
	}
	text := name + "=" + value(m.key, m.value)
	if m.kind == msgRow {
		text = "row " + text
	}
	return text
}
