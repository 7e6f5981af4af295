package nl

import (
	"encoding"
	"encoding/binary"
	"encoding/json"
	"math"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/wire"
)

// attr appends an attribute. f is nil where it has no name.
func (r *reader) attr(f *field, number uint16, v any) error {
	if f == nil {
		return r.nameless(number, v)
	}
	return r.value(f, f.form, number, v)
}

// nameless appends an attribute of which nothing is known: a nest, or bytes.
func (r *reader) nameless(number uint16, v any) error {
	p, ok, err := r.raw(v)
	if obj, isNest := v.(map[string]any); isNest && !ok {
		n := r.b.Nest(number)
		err := r.attrs(nil, obj)
		r.end(n)
		return err
	}
	if !ok {
		p, err = r.bytes(v)
	}
	r.b.Attr(number, p)
	return err
}

// value appends a value of a form, which for an array's element is not that of
// its field.
func (r *reader) value(f *field, as form, number uint16, v any) error {
	p, ok, err := r.raw(v)
	if err != nil {
		return err
	}
	if ok {
		r.b.Attr(number, p)
		return nil
	}
	switch as.kind {
	case kindNone:
		return r.nameless(number, v)
	case kindNest, kindSubMessage, kindTypeValue:
		return r.nest(f, as, number, v)
	case kindArray:
		return r.array(f, number, v)
	case kindFlag:
		switch v {
		case true:
			r.b.Flag(number)
		case false:
		default:
			return r.wrong("must be true or false, not %s", kindOf(v))
		}
		return nil
	case kindString:
		s, ok := v.(string)
		if !ok {
			return r.wrong("must be a string, not %s", kindOf(v))
		}
		r.b.Attr(number, append([]byte(s), 0))
		return nil
	}
	p, err = r.plain(f, as, v)
	r.b.Attr(number, p)
	return err
}

// plain returns the payload of a value without attributes in it.
func (r *reader) plain(f *field, as form, v any) ([]byte, error) {
	switch as.kind {
	case kindNumber, kindVaried:
		return r.number(f, as, v)
	case kindBitfield:
		obj, ok := v.(map[string]any)
		if !ok || len(obj) != 2 || obj["value"] == nil || obj["selector"] == nil {
			return nil, r.wrong(`must be an object of "value" and "selector", not %s`, kindOf(v))
		}
		value, err := r.number(f, form{size: 4}, obj["value"])
		if err != nil {
			return nil, err
		}
		selector, err := r.number(f, form{size: 4}, obj["selector"])
		return append(value, selector...), err
	}
	t := f.child()
	obj, isObject := v.(map[string]any)
	list, isList := v.([]any)
	switch {
	case t != nil && len(t.members) > 0 && isObject:
		return r.structure(t, obj)
	case f.isList && f.sub.size > 0 && isList:
		var p []byte
		for _, v := range list {
			e, err := r.number(f, f.sub, v)
			if err != nil {
				return nil, err
			}
			p = append(p, e...)
		}
		return p, nil
	}
	return r.blob(f, v)
}

// blob reads bytes, or the address or UUID they are.
func (r *reader) blob(f *field, v any) ([]byte, error) {
	s, ok := v.(string)
	if !ok {
		return r.bytes(v)
	}
	switch f.hint {
	case hintIPv4, hintIPv6, hintIP:
		if a, err := netip.ParseAddr(s); err == nil {
			return a.AsSlice(), nil
		}
	case hintUUID:
		s = strings.ReplaceAll(s, "-", "")
	}
	return r.bytes(s)
}

// number returns the bytes of an integer.
func (r *reader) number(f *field, as form, v any) ([]byte, error) {
	n, err := r.integer(f, as, v)
	if err != nil {
		return nil, err
	}
	size := as.size
	if as.kind == kindVaried {
		size = 4
		if as.signed && int64(n) != int64(int32(n)) || !as.signed && n > math.MaxUint32 {
			size = 8
		}
	}
	p := make([]byte, size)
	writeNumber(p, as.order, n)
	back := readNumber(p, as.order)
	if wide := uint64(extend(back, size)); wide != n && (back != n || as.signed) {
		return nil, r.wrong("%s does not fit %d bytes", kindOf(v), size)
	}
	return p, nil
}

// integer reads a number, or the names of one.
func (r *reader) integer(f *field, as form, v any) (uint64, error) {
	switch v := v.(type) {
	case json.Number:
		return r.parse(f, as, v.String(), false)
	case string:
		return r.parse(f, as, v, true)
	case []any:
		if !f.isBits {
			break
		}
		var sum uint64
		for _, e := range v {
			n, err := r.integer(f, as, e)
			if err != nil {
				return 0, err
			}
			sum |= n
		}
		return sum, nil
	}
	return 0, r.wrong("must be a number, not %s", kindOf(v))
}

// parse reads a number, as JSON and as people write it.
func (r *reader) parse(f *field, as form, s string, text bool) (uint64, error) {
	if text && (f.isEnum || f.isBits) {
		c := reflect.New(f.typ)
		if u, ok := c.Interface().(encoding.TextUnmarshaler); ok {
			if err := u.UnmarshalText([]byte(s)); err != nil {
				return 0, r.wrong("%w", err)
			}
			return codeOf(c.Elem(), as), nil
		}
	}
	if n, err := parseUint(s); err == nil && (!as.signed || n <= math.MaxInt64) {
		return n, nil
	}
	if n, err := parseInt(s); err == nil && (as.signed || f.isEnum) {
		return uint64(n), nil
	}
	if f.hint == hintIPv4 || f.hint == hintIP {
		if a, err := netip.ParseAddr(s); err == nil && a.Is4() {
			b := a.As4()
			return uint64(binary.BigEndian.Uint32(b[:])), nil
		}
	}
	return 0, r.wrong("must be a number, not %q", s)
}

// codeOf is the number of a name, which in the type of the names may have another
// width and another sign than in the form.
func codeOf(c reflect.Value, as form) uint64 {
	if c.CanInt() {
		return uint64(c.Int())
	}
	n, size := c.Uint(), as.size
	if size == 0 {
		size = 8
	}
	switch {
	case n>>(8*size-1)>>1 != 0: // below zero, in the width of the type
		return uint64(extend(n, c.Type().Bits()/8))
	case as.signed:
		return uint64(extend(n, size))
	}
	return n
}

// nest appends an attribute of which the value is an object.
func (r *reader) nest(f *field, as form, number uint16, v any) error {
	if as.kind == kindTypeValue {
		return r.typeValues(f, number, v)
	}
	obj, ok := v.(map[string]any)
	t := f.child()
	if as.kind == kindSubMessage {
		t = r.format(f)
		if _, isText := v.(string); isText {
			p, err := r.bytes(v)
			r.b.Attr(number, p)
			return err
		}
	}
	if !ok {
		return r.wrong("must be an object, not %s", kindOf(v))
	}
	n := r.b.Nest(number)
	var err error
	switch {
	case as.kind == kindNest || t == nil:
		err = r.attrs(t, obj)
	case t.header != nil && len(t.attrs) == 0:
		var p []byte
		p, err = r.structure(t.header.child(), obj)
		r.b.Verbatim(p)
	default:
		err = r.message(t, obj)
	}
	r.end(n)
	return err
}

// format finds the type of a sub-message; nil where nothing is known of it.
func (r *reader) format(f *field) *structType {
	if t := f.child(); t != nil {
		return t
	}
	top := r.scopes[len(r.scopes)-1].typ
	if top == nil || top.kinds == nil {
		return nil
	}
	for _, s := range slices.Backward(r.scopes) {
		sel := s.typ.named(f.selector)
		if sel == nil {
			continue
		}
		v := s.obj[f.selector]
		if list, ok := v.([]any); ok && len(list) > 0 {
			v = list[len(list)-1]
		}
		value, ok := selectorOf(sel, v)
		if !ok {
			return nil
		}
		t := reflect.TypeOf(top.kinds.SubMessage(f.number, value))
		if t == nil || t.Kind() != reflect.Pointer || t.Elem().Kind() != reflect.Struct || typeOf(t.Elem()).isEmpty() {
			return nil
		}
		return typeOf(t.Elem())
	}
	return nil
}

// selectorOf is the value of a selector as formats name it.
func selectorOf(sel *field, v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		n, err := strconv.ParseUint(v.String(), 10, 64)
		if err != nil {
			return "", false
		}
		if sel.isEnum {
			if name, ok := nameOf(sel.typ, n); ok {
				return name, true
			}
		}
		return v.String(), true
	}
	return "", false
}

// end ends a nest. What it ends with need not be padded.
func (r *reader) end(n wire.Nest) {
	r.b.End(n)
	r.b.Raw(nil)
}

// array appends an indexed array.
func (r *reader) array(f *field, number uint16, v any) error {
	list, ok := v.([]any)
	if !ok {
		return r.wrong("must be a list, not %s", kindOf(v))
	}
	n := r.b.Nest(number)
	defer r.end(n)
	for i, v := range list {
		index := uint16(i + 1)
		if obj, ok := v.(map[string]any); ok && len(obj) == 1 {
			for name, in := range obj {
				if k, err := strconv.ParseUint(name, 10, 14); err == nil {
					index, v = uint16(k), in
				}
			}
		}
		leave := r.enter("[" + strconv.Itoa(int(index)) + "]")
		var err error
		switch f.sub.kind {
		case kindArray, kindSubMessage, kindTypeValue:
			err = r.nameless(index, v)
		default:
			err = r.value(f, f.sub, index, v)
		}
		if err != nil {
			return err
		}
		leave()
	}
	return nil
}

// typeValues appends nests whose types are values.
func (r *reader) typeValues(f *field, number uint16, v any) error {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	t := f.child()
	n := r.b.Nest(number)
	defer r.end(n)
	for _, v := range list {
		obj, ok := v.(map[string]any)
		if !ok {
			return r.wrong("must be an object, not %s", kindOf(v))
		}
		rest := make(map[string]any, len(obj))
		for name, v := range obj {
			rest[name] = v
		}
		var nests []wire.Nest
		if t != nil {
			for _, f := range t.values {
				k, err := strconv.ParseUint(kindOf(obj[f.name]), 10, 14)
				if err != nil {
					return r.wrong("%q must be a number from 0 to 16383, not %s", f.name, kindOf(obj[f.name]))
				}
				delete(rest, f.name)
				nests = append(nests, r.b.Nest(uint16(k)))
			}
		}
		if err := r.attrs(t, rest); err != nil {
			return err
		}
		for _, n := range slices.Backward(nests) {
			r.end(n)
		}
	}
	return nil
}
