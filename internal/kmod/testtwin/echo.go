package testtwin

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

const attrArrayU32 = 50

// maxDepth is how deep nests are answered.
const maxDepth = 8

// form is how the module answers an attribute.
type form struct {
	// kind is "" for what is answered as it is, "text" up to its NUL, "uint" and
	// "sint" as short as they can be, "words" without what follows the last whole
	// one; "nest", "array" and "tree" hold others.
	kind   string
	list   bool       // each of several is answered, not the last alone
	inner  forms      // of a nest, and of the entries of an array or a tree
	policy sim.Policy // of a nest that nobody has checked yet
}

// forms are those of a set, by number.
type forms map[uint16]form

// The sets, and what is not answered as it is.
var (
	deepForms  = forms{1: {}, 2: {}, 3: {kind: "text"}}
	innerForms = func() forms {
		f := forms{1: {}, 2: {kind: "text"}, 3: {kind: "nest", inner: deepForms}, 6: {}}
		f[4] = form{kind: "nest", inner: f}
		f[5] = form{kind: "nest", inner: f, list: true}
		return f
	}()
	valueForms = func() forms {
		f := forms{}
		for n := uint16(1); n <= 43; n++ {
			f[n] = form{}
		}
		f[9], f[10] = form{kind: "uint"}, form{kind: "sint"}
		f[23], f[24] = f[9], f[10]
		f[33], f[34] = form{kind: "text"}, form{kind: "text"}
		f[43] = form{kind: "words"}
		f[44] = form{kind: "nest", inner: innerForms}
		f[45], f[46], f[48] = form{list: true}, form{list: true}, form{list: true}
		f[47] = form{kind: "text", list: true}
		f[49] = form{kind: "nest", inner: innerForms, list: true}
		f[50], f[52] = form{kind: "array"}, form{kind: "array"}
		f[51] = form{kind: "array", inner: innerForms}
		f[55] = form{kind: "tree", inner: deepForms}
		f[56], f[57] = f[33], f[33]
		return f
	}()
)

// deepPolicy is what the set deep has to be where the policies of requests do not
// reach, in a tree.
var deepPolicy = sim.Policy{
	1: {Kind: sim.U32, Range: &sim.Range{MaxU: 1000}},
	2: {Kind: sim.U32, Range: &sim.Range{MaxU: 2}},
	3: {Kind: sim.NulString, Len: 15},
}

// echo is one answer being made.
type echo struct{ refused error }

// EchoAll answers with what it got. It works on the bytes: what the types of the
// package would make of them is another test's business.
func (t *Twin) EchoAll(call *nl.Incoming, _ *nlkittest.EchoAllRequest) (*nlkittest.Value, error) {
	t.calls.Add(1)
	var e echo
	if err := wholeNumbers(call.Message()); err != nil {
		return nil, err
	}
	m := &nlkittest.Value{}
	for _, a := range e.set(call.Message(), attrsOffset, len(call.Message()), valueForms, 0) {
		m.AddUnknown(a.Type, a.Value)
	}
	if e.refused != nil {
		return nil, e.refused
	}
	return m, nil
}

// wholeNumbers refuses an array of numbers that has something else in it, as the code
// does that reads a request: all such arrays, those that do not count too.
func wholeNumbers(msg wire.Message) error {
	for at := attrsOffset; ; {
		a, next, ok := attrIn(msg, at, len(msg))
		if !ok {
			return nil
		}
		if a.Type() == attrArrayU32 {
			for in := at + wire.AttrHeaderLen; ; {
				entry, after, ok := attrIn(msg, in, at+len(a))
				if !ok {
					break
				}
				if len(entry.Data()) != 4 {
					return &netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{
						Text: "invalid attribute length", HasOffset: true, Offset: in,
					}}
				}
				in = after
			}
		}
		at = next
	}
}

// set answers the attributes between two offsets of the message: by number, and
// those of a list in the order sent.
func (e *echo) set(msg wire.Message, off, end int, all forms, depth int) []nl.Attr {
	found := map[uint16][]int{}
	for at := off; ; {
		a, next, ok := attrIn(msg, at, end)
		if !ok {
			break
		}
		if f, known := all[a.Type()]; known {
			if !f.list {
				found[a.Type()] = nil
			}
			found[a.Type()] = append(found[a.Type()], at)
		}
		at = next
	}
	var types []uint16
	for typ := range found {
		types = append(types, typ)
	}
	slices.Sort(types)
	var out []nl.Attr
	for _, typ := range types {
		for _, at := range found[typ] {
			if a, ok := e.attr(msg, at, typ, all[typ], depth); ok {
				out = append(out, a)
			}
		}
	}
	return out
}

// attrIn is the attribute at an offset, and where the next one is.
func attrIn(msg wire.Message, at, end int) (a wire.Attr, next int, ok bool) {
	if end-at < wire.AttrHeaderLen {
		return nil, 0, false
	}
	n := int(binary.NativeEndian.Uint16(msg[at:]))
	if n < wire.AttrHeaderLen || n > end-at {
		return nil, 0, false
	}
	return wire.Attr(msg[at : at+n]), min(at+wire.Align(n), end), true
}

// attr answers one attribute.
func (e *echo) attr(msg wire.Message, at int, typ uint16, f form, depth int) (nl.Attr, bool) {
	a, _, _ := attrIn(msg, at, len(msg))
	v := a.Data()
	begin, end := at+wire.AttrHeaderLen, at+len(a)
	switch f.kind {
	case "":
		return nl.Attr{Type: typ, Value: v}, true
	case "text":
		if i := bytes.IndexByte(v, 0); i >= 0 {
			v = v[:i+1]
		}
		return nl.Attr{Type: typ, Value: v}, true
	case "words":
		return nl.Attr{Type: typ, Value: v[:len(v)&^3]}, true
	case "uint":
		if len(v) == 8 && binary.NativeEndian.Uint64(v) <= math.MaxUint32 {
			v = binary.NativeEndian.AppendUint32(nil, uint32(binary.NativeEndian.Uint64(v)))
		}
		return nl.Attr{Type: typ, Value: v}, true
	case "sint":
		if s := int64(0); len(v) == 8 {
			if s = int64(binary.NativeEndian.Uint64(v)); s >= math.MinInt32 && s <= math.MaxInt32 {
				v = binary.NativeEndian.AppendUint32(nil, uint32(s))
			}
		}
		return nl.Attr{Type: typ, Value: v}, true
	}
	nested := typ | wire.AttrNested
	if !e.deep(at, depth+1) || !e.fits(msg, begin, end, f.policy) {
		return nl.Attr{}, false
	}
	var inner []nl.Attr
	switch f.kind {
	case "nest":
		inner = e.set(msg, begin, end, f.inner, depth+1)
	case "array":
		inner = e.entries(msg, begin, end, func(at int, entry wire.Attr) (nl.Attr, bool) {
			if f.inner == nil {
				return nl.Attr{Type: entry.Type(), Value: entry.Data()}, true
			}
			return e.attr(msg, at, entry.Type(), form{kind: "nest", inner: f.inner}, depth+1)
		})
	case "tree":
		inner = e.entries(msg, begin, end, func(at int, row wire.Attr) (nl.Attr, bool) {
			return e.attr(msg, at, row.Type(), form{kind: "columns", inner: f.inner}, depth+1)
		})
	case "columns":
		inner = e.entries(msg, begin, end, func(at int, column wire.Attr) (nl.Attr, bool) {
			return e.attr(msg, at, column.Type(), form{kind: "nest", inner: f.inner, policy: deepPolicy}, depth+1)
		})
	}
	return nl.Attr{Type: nested, Value: encode(inner)}, true
}

// fits refuses what lies in a nest that nobody has checked yet, the first one.
func (e *echo) fits(msg wire.Message, begin, end int, p sim.Policy) bool {
	if e.refused == nil && p != nil {
		e.refused = p.Check(msg, begin, end)
	}
	return e.refused == nil
}

// entries answers attributes whose numbers are indexes: all of them, as sent.
func (e *echo) entries(msg wire.Message, at, end int, answer func(at int, a wire.Attr) (nl.Attr, bool)) []nl.Attr {
	var out []nl.Attr
	for {
		a, next, ok := attrIn(msg, at, end)
		if !ok {
			return out
		}
		if r, ok := answer(at, a); ok {
			out = append(out, r)
		}
		at = next
	}
}

// deep refuses a nest that lies too deep, the first one.
func (e *echo) deep(at, depth int) bool {
	if depth <= maxDepth {
		return e.refused == nil
	}
	if e.refused == nil {
		e.refused = &netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{
			Text: "nests more than 8 deep", HasOffset: true, Offset: at,
		}}
	}
	return false
}

func encode(attrs []nl.Attr) []byte {
	var b wire.Builder
	for _, a := range attrs {
		b.Attr(a.Type, a.Value)
	}
	out, err := b.Bytes()
	if err != nil {
		return nil
	}
	return out
}

// Lax answers with what it got of two attributes. Longer ones are accepted, and the
// first bytes taken.
func (t *Twin) Lax(call *nl.Incoming, _ *nlkittest.LaxRequest) (*nlkittest.Value, error) {
	t.calls.Add(1)
	m := &nlkittest.Value{}
	if _, a := attrAt(call.Message(), attrsOffset, 1); a != nil {
		m.U8Any = nl.U8(a.Data()[0])
	}
	if _, a := attrAt(call.Message(), attrsOffset, 3); a != nil {
		m.U32Any = nl.U32(binary.NativeEndian.Uint32(a.Data()))
	}
	return m, nil
}
