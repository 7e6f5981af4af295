package codec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// Append encodes v, an Object or a map[string]any, behind what b has: the fixed
// header with the members v has and zeros for the others, then the attributes,
// an Object's in its order, a map's in that of their numbers. Values are what
// Decode makes, what ParseJSON makes, and whatever else in Go says the same:
// integers of any type, texts for addresses and for numbers, slices for lists.
//
// It fails with an [*Error] that names the attribute. What b has then is of no
// use.
func (l Layout) Append(b *wire.Builder, v any, o Options) error {
	e := encoder{b: b, o: o, python: o.Dialect == Python}
	fields, ok := e.fields(l.Set, v)
	if !ok {
		return e.wrong("a message is an object of attributes by name, not %s", describe(v))
	}
	return e.both(l.Header, l.Set, fields)
}

// encoder encodes one message.
type encoder struct {
	b      *wire.Builder
	o      Options
	python bool
	path   []string
	scopes []encodeScope
}

// encodeScope is one level of attributes that are being encoded: where selectors
// are looked up.
type encodeScope struct {
	set    *ynl.AttrSet
	fields []Field
	found  map[*ynl.Attr]string // the selectors that were looked for
}

// wrong makes an error about the attribute in hand.
func (e *encoder) wrong(format string, args ...any) *Error {
	return &Error{Path: strings.Join(e.path, ""), Text: fmt.Sprintf(format, args...)}
}

// at does something with the path one step longer.
func (e *encoder) at(step string, f func() error) error {
	e.path = append(e.path, step)
	err := f()
	e.path = e.path[:len(e.path)-1]
	return err
}

// fields lists what an object holds. Those of a map are put in the order of
// their numbers, so that the same map gives the same bytes.
func (e *encoder) fields(set *ynl.AttrSet, v any) ([]Field, bool) {
	switch v := v.(type) {
	case nil:
		return nil, true
	case Object:
		return v, true
	case map[string]any:
		fields := make([]Field, 0, len(v))
		for name, value := range v {
			fields = append(fields, Field{Name: name, Value: value})
		}
		number := func(f Field) int {
			if a := set.Attr(f.Name); a != nil {
				return int(a.ID)
			}
			return -1
		}
		slices.SortFunc(fields, func(a, b Field) int {
			return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a.Name, b.Name))
		})
		return fields, true
	}
	return nil, false
}

// both encodes a fixed header and the attributes behind it.
func (e *encoder) both(h *ynl.Struct, set *ynl.AttrSet, fields []Field) error {
	e.scopes = append(e.scopes, encodeScope{set: set, fields: fields})
	defer func() { e.scopes = e.scopes[:len(e.scopes)-1] }()
	if h != nil {
		p, rest, err := e.structure(h, set, fields)
		if err != nil {
			return err
		}
		e.b.Raw(p)
		fields = rest
	}
	for i := range fields {
		if err := e.field(h, set, &fields[i]); err != nil {
			return err
		}
	}
	if err := e.b.Err(); err != nil {
		return e.wrong("%v", err)
	}
	return nil
}

// field encodes one attribute, or several of one name.
func (e *encoder) field(h *ynl.Struct, set *ynl.AttrSet, f *Field) error {
	if f.Name == keyRest {
		p, ok := e.blobOf(f.Value)
		if !ok {
			return e.at(f.Name, func() error { return e.wrong("must be bytes in hexadecimal, not %s", describe(f.Value)) })
		}
		e.b.Raw(p)
		return nil
	}
	a, typ, ok := find(set, f)
	if !ok {
		err := e.wrong("there is no attribute %q here", f.Name)
		if set == nil {
			err.Text += ": the spec tells of none; they can be given by number, as \"attr-1\""
		}
		err.Near = near.Names(f.Name, names(h, set))
		return err
	}
	return e.at("."+f.Name, func() error {
		if f.Payload != nil {
			e.b.Attr(typ, f.Payload)
			return nil
		}
		if list, ok := repeated(a, f.Value); ok {
			for i, v := range list {
				if err := e.at("["+strconv.Itoa(i)+"]", func() error { return e.attr(a, typ, f.Type != 0, v) }); err != nil {
					return err
				}
			}
			return nil
		}
		return e.attr(a, typ, f.Type != 0, f.Value)
	})
}

// find finds the attribute a field names: by its name, or by its number where it
// has none ("attr-60", "60", and what Python's client calls it).
func find(set *ynl.AttrSet, f *Field) (a *ynl.Attr, typ uint16, ok bool) {
	if f.Type != 0 {
		return set.ByID(f.Type & wire.AttrTypeMask), f.Type, true
	}
	if a := set.Attr(f.Name); a != nil {
		return a, a.ID, true
	}
	number := f.Name
	if n, ok := strings.CutPrefix(number, prefixAttr); ok {
		number = n
	} else if n, ok := strings.CutPrefix(number, "UnknownAttr("); ok {
		number = strings.TrimSuffix(n, ")")
	}
	n, err := strconv.ParseUint(number, 10, 14)
	if err != nil {
		return nil, 0, false
	}
	return set.ByID(uint16(n)), uint16(n), true
}

// names are those an object can have.
func names(h *ynl.Struct, set *ynl.AttrSet) []string {
	var out []string
	if h != nil {
		for _, m := range h.Members {
			if m.Type != ynl.Pad {
				out = append(out, m.Name)
			}
		}
	}
	if set != nil {
		for _, a := range set.Attrs {
			if a.Type != ynl.Pad && a.Type != ynl.Unused {
				out = append(out, a.Name)
			}
		}
	}
	return out
}

// repeated reports whether a value is a list of values for an attribute that
// stands once for each.
func repeated(a *ynl.Attr, v any) ([]any, bool) {
	switch v.(type) {
	case Flags, Array:
		return nil, false
	}
	list, ok := listOf(v)
	if !ok {
		return nil, false
	}
	switch one := levels(a); {
	case one == 0:
		return list, true
	case depth(list) > one:
		return list, true
	case a.Multi && a.Type != ynl.Binary:
		return list, true
	case slices.ContainsFunc(list, isRaw):
		return list, true
	case a.Type == ynl.Bitfield32:
		return list, len(list) > 0 && isObject(list[0])
	}
	return nil, false
}

// levels counts the lists in each other that one value of an attribute can be.
func levels(a *ynl.Attr) int {
	if a == nil {
		return 0
	}
	n := 0
	switch {
	case a.Type == ynl.IndexedArray, a.Type == ynl.NestTypeValue, a.Type == ynl.Binary && a.Sub != ynl.Unset:
		n = 1
	case a.Type == ynl.Bitfield32:
		return 1
	}
	if a.IsBits() {
		n++
	}
	return n
}

// depth counts the lists in each other that a list begins with.
func depth(list []any) int {
	deepest := 0
	for _, v := range list {
		if in, ok := listOf(v); ok {
			deepest = max(deepest, depth(in))
		}
	}
	return deepest + 1
}

func isObject(v any) bool {
	switch v.(type) {
	case Object, map[string]any:
		return true
	}
	return false
}

// isRaw reports whether a value is a payload as it is.
func isRaw(v any) bool {
	_, ok := rawOf(v)
	return ok
}

// rawOf is the payload a value gives as it is: a Raw, or {":hex": "..."}.
func rawOf(v any) ([]byte, bool) {
	switch v := v.(type) {
	case Raw:
		return v, true
	case Object:
		if len(v) == 1 && v[0].Name == keyHex {
			if s, ok := v[0].Value.(string); ok {
				return parseHex(s)
			}
		}
	case map[string]any:
		if s, ok := v[keyHex].(string); ok && len(v) == 1 {
			return parseHex(s)
		}
	}
	return nil, false
}

// attr encodes one attribute. given says that typ has the flags it is to have.
func (e *encoder) attr(a *ynl.Attr, typ uint16, given bool, v any) error {
	if a == nil {
		return e.nameless(typ, given, v)
	}
	return e.typed(a, a.Type, typ, given, v)
}

// nested is the type of an attribute that holds others.
func nested(typ uint16, given bool) uint16 {
	if given {
		return typ
	}
	return typ | wire.AttrNested
}

// nameless encodes an attribute of which nothing is known: bytes, or attributes
// by number.
func (e *encoder) nameless(typ uint16, given bool, v any) error {
	if p, ok := rawOf(v); ok {
		e.b.Attr(typ, p)
		return nil
	}
	if fields, ok := e.fields(nil, v); ok && v != nil {
		return e.nest(nil, nested(typ, given), fields)
	}
	p, ok := e.blobOf(v)
	if !ok {
		return e.wrong("the spec does not know this attribute: its value must be bytes in hexadecimal, or attributes by number, not %s", describe(v))
	}
	e.b.Attr(typ, p)
	return nil
}

// maxNesting bounds how deep values may lie in each other.
const maxNesting = 100

func (e *encoder) nest(set *ynl.AttrSet, typ uint16, fields []Field) error {
	if len(e.scopes) > maxNesting {
		return e.wrong("lies deeper than %d nests", maxNesting)
	}
	n := e.b.NestPlain(typ)
	if err := e.both(nil, set, fields); err != nil {
		return err
	}
	e.b.End(n)
	return nil
}

// typed encodes a value of a type, which for an array's element is not that of
// its attribute.
func (e *encoder) typed(a *ynl.Attr, t ynl.Type, typ uint16, given bool, v any) error {
	if p, ok := rawOf(v); ok {
		if t == ynl.Nested || t == ynl.IndexedArray || t == ynl.NestTypeValue {
			typ = nested(typ, given)
		}
		e.b.Attr(typ, p)
		return nil
	}
	switch t {
	case ynl.Flag:
		on, ok := e.truth(v)
		if !ok {
			return e.wrong("is a flag: true or false, not %s", describe(v))
		}
		if on {
			e.b.Flag(typ)
		}
	case ynl.String:
		return e.text(a, typ, v)
	case ynl.Binary:
		p, err := e.binary(a, v)
		if err != nil {
			return err
		}
		e.b.Attr(typ, p)
	case ynl.Bitfield32:
		return e.bitfield(a, typ, v)
	case ynl.Nested:
		fields, ok := e.fields(a.Nested, v)
		if !ok {
			return e.wrong("is a nest: an object of attributes by name, not %s", describe(v))
		}
		return e.nest(a.Nested, nested(typ, given), fields)
	case ynl.SubMsg:
		return e.subMessage(a, typ, given, v)
	case ynl.IndexedArray:
		return e.array(a, nested(typ, given), v)
	case ynl.NestTypeValue:
		return e.nestTypeValue(a, nested(typ, given), v)
	case ynl.Pad, ynl.Unset, ynl.Unused:
		return e.nameless(typ, given, v)
	default:
		return e.integer(a, t, typ, v)
	}
	return nil
}
