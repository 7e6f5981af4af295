package mirror

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// eventField is a number in the messages of a table by which the kernel may drop
// events that are not for it. It is part of what tells records apart: an event by
// which a record ceases to match has to come, or it would stay. And the kernel's place
// in a dump that is narrowed to some values must not depend on records with others:
// what an unsteady dump has missed is found by the events that came meanwhile.
type eventField struct {
	name     string
	at, size int // in the fixed header; 1 byte or 4
	// attr is the attribute that counts where it is there, behind attrs bytes of
	// header, and elsewhere the value of the header that says that it is.
	attr      uint16
	attrs     int
	elsewhere uint32
	// within are the only values that the table's records have; nil for any.
	within []uint32
}

// condition is that a field has one of some values.
type condition struct {
	eventField
	values []uint32
}

// conditions are what the events of a table have to meet; none means that all may
// matter.
func (m *Mirror) conditions(a *asked) []condition {
	var list []condition
	for _, field := range a.def.told {
		values, ok := field.within, field.within != nil
		if a.filter.kept != nil {
			if asked, pinned := few(a.filter.kept, field.name); pinned {
				if ok {
					asked = slices.DeleteFunc(asked, func(v uint32) bool { return !slices.Contains(field.within, v) })
				}
				values, ok = asked, true
			}
		}
		if ok {
			list = append(list, condition{field, values})
		}
	}
	return list
}

// Message types of rtnetlink stand in fours: new, delete, get, set. One datagram may
// hold several messages of one such kind: a queueing discipline that is replaced is
// told deleted and made (net/sched/sch_api.c, qdisc_notify). Only the first is looked
// at.
const (
	firstType = 16 // what is below is netlink's own: acknowledgements, errors, overruns
	typeKind  = 2  // bits of the number below the kind's
	kindsNSID = rtmNewNSID >> typeKind
)

// socketFilter is the program that drops the events that no table of the feed wants,
// before they are queued; nil where there is none. What it drops is not counted as
// lost.
func (f *feed) socketFilter() []netlink.BPFInstruction {
	if f.protocol != wire.Route || !f.m.pushesDown() || f.m.opts.Netlink.Via != nil {
		return nil
	}
	kinds := map[uint16][][]condition{kindsNSID: {nil}}
	var order []uint16
	for _, i := range f.ordinals {
		a := &f.m.tables[i]
		for _, typ := range slices.Concat(a.def.Put, a.def.Delete) {
			kind := typ >> typeKind
			if kinds[kind] == nil {
				order = append(order, kind)
			}
			conditions := f.m.conditions(a)
			if !slices.ContainsFunc(kinds[kind], func(have []condition) bool { return sameConditions(have, conditions) }) {
				kinds[kind] = append(kinds[kind], conditions)
			}
		}
	}
	p := &program{}
	// A type above 255 is of no table, and one below 16 a mark or an error.
	low, high := uint32(typeAt), uint32(typeAt+1)
	if hostOrder.Uint16([]byte{0, 1}) == 1 {
		low, high = high, low
	}
	p.load(1, high)
	p.unless(bpfEqual, 0, labelPass)
	p.load(1, low)
	p.unless(bpfAtLeast, firstType, labelPass)
	p.emit(bpfShiftRight, typeKind)
	for _, kind := range append(order, kindsNSID) {
		if slices.ContainsFunc(kinds[kind], func(c []condition) bool { return len(c) == 0 }) {
			p.when(bpfEqual, uint32(kind), labelPass)
			continue
		}
		next := p.label()
		p.unless(bpfEqual, uint32(kind), next)
		for _, conditions := range kinds[kind] {
			p.all(conditions)
		}
		p.jump(labelDrop)
		p.place(next)
	}
	return p.finish()
}

func sameConditions(a, b []condition) bool {
	return slices.EqualFunc(a, b, func(a, b condition) bool {
		return a.name == b.name && a.at == b.at && slices.Equal(a.values, b.values)
	})
}

// The parts of a datagram: its first message's header and what follows.
const (
	typeAt    = 4
	payloadAt = wire.HeaderLen
)

// Instructions (linux/bpf_common.h, linux/filter.h). A number of several bytes is
// loaded as if it were big-endian.
const (
	bpfLoad32     = 0x20
	bpfLoad8      = 0x30
	bpfLoad32At   = 0x40 // from X on
	bpfImmediate  = 0x00
	bpfImmediateX = 0x01
	bpfToX        = 0x07
	bpfShiftRight = 0x74
	bpfJump       = 0x05
	bpfEqual      = 0x15
	bpfAtLeast    = 0x35
	bpfReturn     = 0x06

	bpfAttr = 0xfffff00c // SKF_AD_OFF + SKF_AD_NLATTR: where the attribute X is, from A on
)

// label is a place in a program that is jumped to.
type label int

const (
	labelNone label = iota
	labelPass
	labelDrop
	labelsTaken
)

// program is a BPF program that is being written.
type program struct {
	list   []netlink.BPFInstruction
	jumps  map[int][2]label // of the instruction at an index: if true, if false
	places map[label]int
	labels label
}

func (p *program) emit(op uint16, k uint32) {
	p.list = append(p.list, netlink.BPFInstruction{Op: op, K: k})
}

func (p *program) label() label {
	p.labels++
	return labelsTaken + p.labels
}

// place says that a label is here.
func (p *program) place(l label) {
	if p.places == nil {
		p.places = map[label]int{}
	}
	p.places[l] = len(p.list)
}

func (p *program) branch(op uint16, k uint32, yes, no label) {
	if p.jumps == nil {
		p.jumps = map[int][2]label{}
	}
	p.jumps[len(p.list)] = [2]label{yes, no}
	p.emit(op, k)
}

func (p *program) when(op uint16, k uint32, to label)   { p.branch(op, k, to, labelNone) }
func (p *program) unless(op uint16, k uint32, to label) { p.branch(op, k, labelNone, to) }
func (p *program) jump(to label)                        { p.branch(bpfJump, 0, to, labelNone) }

// load loads a number of the datagram.
func (p *program) load(size int, at uint32) {
	if size == 1 {
		p.emit(bpfLoad8, at)
		return
	}
	p.emit(bpfLoad32, at)
}

// all passes what meets all conditions, and goes on with the rest.
func (p *program) all(conditions []condition) {
	fail := p.label()
	for _, c := range conditions {
		met := p.label()
		if c.attr != 0 {
			inHeader := p.label()
			p.emit(bpfImmediate, uint32(payloadAt+c.attrs))
			p.emit(bpfImmediateX, uint32(c.attr))
			p.emit(bpfLoad32, bpfAttr)
			p.when(bpfEqual, 0, inHeader)
			p.emit(bpfToX, 0)
			p.emit(bpfLoad32At, wire.AttrHeaderLen)
			p.oneOf(c.values, 4, met)
			p.jump(fail)
			p.place(inHeader)
		}
		p.load(c.size, uint32(payloadAt+c.at))
		p.oneOf(c.values, c.size, met)
		if c.elsewhere != 0 {
			p.oneOf([]uint32{c.elsewhere}, c.size, met)
		}
		p.jump(fail)
		p.place(met)
	}
	p.jump(labelPass)
	p.place(fail)
}

// oneOf jumps if what was loaded is one of some numbers.
func (p *program) oneOf(values []uint32, size int, to label) {
	for _, v := range values {
		switch {
		case size == 4:
			p.when(bpfEqual, binary.BigEndian.Uint32(hostOrder.AppendUint32(nil, v)), to)
		case bits.Len32(v) <= 8:
			p.when(bpfEqual, v, to)
		}
	}
}

// passAll is how much of a datagram is kept: all of it.
const passAll = 0xffffffff

// finish ends the program: what has come here is dropped. It is nil where jumps are
// too long for its instructions, which have a byte for them.
func (p *program) finish() []netlink.BPFInstruction {
	p.place(labelDrop)
	p.emit(bpfReturn, 0)
	p.place(labelPass)
	p.emit(bpfReturn, passAll)
	for i, to := range p.jumps {
		in := &p.list[i]
		var far [2]int
		for k, l := range to {
			if l != labelNone {
				far[k] = p.places[l] - i - 1
			}
		}
		if in.Op == bpfJump {
			in.K = uint32(far[0])
			continue
		}
		if far[0] > 255 || far[1] > 255 {
			return nil
		}
		in.Jt, in.Jf = uint8(far[0]), uint8(far[1])
	}
	return p.list
}
