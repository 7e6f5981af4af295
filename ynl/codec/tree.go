package codec

import (
	"bytes"
	"encoding/hex"
	"math/bits"
	"net"
	"net/netip"
	"strconv"
	"unicode/utf8"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// prefixAttr begins the name of an attribute that has none.
const prefixAttr = "attr-"

// Decode makes an Object of a payload. It owns its memory. Nothing in the
// payload makes it fail: what cannot be read as what it should be is kept as
// bytes (see the package's text). Bytes behind the last attribute that are none
// are the value of a last field, ":rest". Both dialects give the same Object.
func (l Layout) Decode(payload []byte, o Options) Object {
	o.Dialect = Native
	var t treeSink
	var w walker
	w.reset(&t, o, true)
	w.message(l, payload)
	return t.done
}

// treeSink makes an Object of what a walker finds.
type treeSink struct {
	levels []treeLevel
	done   Object
}

// treeLevel is an object, a list or an array that is being made.
type treeLevel struct {
	isObject, isArray bool
	object            Object
	list              []any
	array             Array
	field             Field   // the one that waits for its value
	elem              Element // likewise
}

func (t *treeSink) put(v any) {
	l := &t.levels[len(t.levels)-1]
	switch {
	case l.isObject:
		l.field.Value = v
		l.object = append(l.object, l.field)
	case l.isArray:
		l.elem.Value = v
		l.array = append(l.array, l.elem)
	default:
		l.list = append(l.list, v)
	}
}

func (t *treeSink) pop() treeLevel {
	top := len(t.levels) - 1
	l := t.levels[top]
	t.levels = t.levels[:top]
	return l
}

func (t *treeSink) begin() { t.levels = append(t.levels, treeLevel{isObject: true, object: Object{}}) }

func (t *treeSink) end() {
	o := t.pop().object
	if len(t.levels) == 0 {
		t.done = o
		return
	}
	t.put(o)
}

func (t *treeSink) list() { t.levels = append(t.levels, treeLevel{list: []any{}}) }

func (t *treeSink) endList() {
	l := t.pop()
	if l.isArray {
		t.put(l.array)
		return
	}
	t.put(l.list)
}

func (t *treeSink) item() {}

func (t *treeSink) key(name string, a *ynl.Attr, m *ynl.Member, typ uint16, odd []byte) {
	t.levels[len(t.levels)-1].field = Field{Name: name, Attr: a, Member: m, Type: typ, Payload: cloneOdd(odd)}
}

func (t *treeSink) unknown(typ uint16, odd []byte) {
	t.key(prefixAttr+strconv.Itoa(int(typ&wire.AttrTypeMask)), nil, nil, typ, odd)
}

func (t *treeSink) elem(index uint16, _ bool, typ uint16, odd []byte) {
	l := &t.levels[len(t.levels)-1]
	l.isArray = true
	l.elem = Element{Index: index, Type: typ, Payload: cloneOdd(odd)}
}

// cloneOdd keeps the difference between no odd payload and an empty one.
func cloneOdd(p []byte) []byte {
	if p == nil {
		return nil
	}
	return append([]byte{}, p...)
}

func (t *treeSink) uint(v uint64) { t.put(v) }
func (t *treeSink) sint(v int64)  { t.put(v) }
func (t *treeSink) hex(v uint64)  { t.put(v) }
func (t *treeSink) word(s string) { t.put(s) }
func (t *treeSink) yes()          { t.put(true) }

func (t *treeSink) nameless(v uint64, signed bool) {
	if signed {
		t.put(int64(v))
		return
	}
	t.put(v)
}

func (t *treeSink) bits(e *ynl.Enum, v uint64) { t.put(FlagsOf(e, v)) }

// FlagsOf names the bits of a value, by an enum whose numbers are those of bits.
func FlagsOf(e *ynl.Enum, v uint64) Flags {
	f := Flags{}
	left := uint64(0)
	for ; v != 0; v &= v - 1 {
		i := uint64(bits.TrailingZeros64(v))
		if entry := e.ByValue(i); entry != nil {
			f = append(f, entry.Name)
		} else {
			left |= 1 << i
		}
	}
	if left != 0 {
		f = append(f, "0x"+strconv.FormatUint(left, 16))
	}
	return f
}

func (t *treeSink) text(p []byte) {
	if !utf8.Valid(p) {
		t.raw(p)
		return
	}
	t.put(string(p))
}

func (t *treeSink) bytes(p []byte, _ ynl.Hint) { t.put(bytes.Clone(nonNil(p))) }
func (t *treeSink) addr(a netip.Addr)          { t.put(a) }
func (t *treeSink) mac(p []byte)               { t.put(net.HardwareAddr(bytes.Clone(p))) }
func (t *treeSink) uuid(p []byte)              { t.put(UUID(p)) }
func (t *treeSink) raw(p []byte)               { t.put(Raw(bytes.Clone(nonNil(p)))) }

// nonNil makes bytes that are not there none, which are.
func nonNil(p []byte) []byte {
	if p == nil {
		return []byte{}
	}
	return p
}

// String writes the UUID as people do.
func (u UUID) String() string { return string(appendUUID(nil, u[:])) }

// MarshalJSON writes the object as [Object.AppendJSON] does.
func (o Object) MarshalJSON() ([]byte, error) { return o.AppendJSON(nil), nil }

// AppendJSON appends the object as JSON, as [Layout.AppendJSON] does in the
// native dialect: fields of one name become one list, and padding is left out.
func (o Object) AppendJSON(dst []byte) []byte {
	j := jsonSink{buf: dst}
	j.object(o)
	return j.buf
}

func (j *jsonSink) object(o Object) {
	j.begin()
	links := linked(o)
	for i := range o {
		f := &o[i]
		if links[i].later || f.Attr != nil && f.Attr.Type == ynl.Pad {
			continue
		}
		j.key(f.Name, nil, nil, 0, nil)
		if _, isList := f.Value.([]any); links[i].next == 0 && (f.Attr == nil || !f.Attr.Multi || f.Type == 0 && isList) {
			j.any(f, f.Value)
			continue
		}
		j.list()
		for k := i; ; k = links[k].next {
			j.item()
			j.any(&o[k], o[k].Value)
			if links[k].next == 0 {
				break
			}
		}
		j.endList()
	}
	j.end()
}

// link is what joins the fields of one name.
type link struct {
	next  int  // the next one; 0 where there is none
	later bool // there is one before
}

func linked(o Object) []link {
	links := make([]link, len(o))
	last := make(map[string]int, len(o))
	for i := range o {
		if k, ok := last[o[i].Name]; ok {
			links[k].next = i
			links[i].later = true
		}
		last[o[i].Name] = i
	}
	return links
}

// any writes a value. f tells how.
func (j *jsonSink) any(f *Field, v any) {
	switch v := v.(type) {
	case nil:
		j.buf = append(j.buf, "null"...)
	case Object:
		j.object(v)
	case Array:
		j.elements(f, v)
	case []any:
		j.list()
		for _, e := range v {
			j.item()
			j.any(f, e)
		}
		j.endList()
	case Flags:
		j.list()
		for _, name := range v {
			j.item()
			j.word(name)
		}
		j.endList()
	case Raw:
		j.raw(v)
	case []byte:
		j.bytes(v, hintOf(f))
	case net.HardwareAddr:
		j.mac(v)
	case netip.Addr:
		j.addr(v)
	case UUID:
		j.uuid(v[:])
	case string:
		if !utf8.ValidString(v) {
			j.raw([]byte(v))
			return
		}
		j.word(v)
	case bool:
		j.buf = strconv.AppendBool(j.buf, v)
	case uint64:
		if hintOf(f) == ynl.HintHex && !hasEnum(f) {
			j.hex(v)
			return
		}
		j.uint(v)
	case int64:
		j.sint(v)
	default:
		n, ok := plainNumber(v)
		switch {
		case !ok:
			j.word("") // no value codec knows of
		case n.Neg:
			j.sint(-int64(n.Abs))
		default:
			j.uint(n.Abs)
		}
	}
}

func (j *jsonSink) elements(f *Field, a Array) {
	show := f.Attr == nil || f.Attr.Sub == ynl.Nested
	for i := range a {
		show = show || int(a[i].Index) != i+1 || isRaw(a[i].Value)
	}
	j.list()
	for i := range a {
		j.elem(a[i].Index, show, 0, nil)
		j.any(f, a[i].Value)
	}
	j.endList()
}

func hintOf(f *Field) ynl.Hint {
	switch {
	case f.Attr != nil:
		return f.Attr.Hint
	case f.Member != nil:
		return f.Member.Hint
	}
	return ynl.NoHint
}

func hasEnum(f *Field) bool {
	return f.Attr != nil && f.Attr.Enum != nil || f.Member != nil && f.Member.Enum != nil
}

// parseHex reads bytes in hexadecimal, with or without blanks or colons between
// them.
func parseHex(s string) ([]byte, bool) {
	digits := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != ' ' && c != ':' {
			digits = append(digits, c)
		}
	}
	p := make([]byte, hex.DecodedLen(len(digits)))
	_, err := hex.Decode(p, digits)
	return p, err == nil
}
