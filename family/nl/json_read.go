package nl

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/wire"
)

// UnmarshalJSON reads into a message what MarshalJSON writes. Numbers may stand
// for names, and members of the fixed header that are left out are zero. What m
// held before is gone; it owns what it holds then.
//
// The format of a sub-message is that of its selector's value, which must be
// there too. Where that is not known it is given by numbers ("attr-1") or as
// bytes in hexadecimal.
func UnmarshalJSON(text []byte, m any) error {
	v := reflect.ValueOf(m)
	msg, ok := m.(interface {
		DecodeNetlink(d *Decoder, payload []byte)
	})
	if !ok || v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("nl: a %T is no message: want a pointer to a struct of a generated package", m)
	}
	payload, err := payloadOf(typeOf(v.Type().Elem()), text)
	if err != nil {
		return fmt.Errorf("nl: %w", err)
	}
	msg.DecodeNetlink(&Decoder{own: true}, payload)
	return nil
}

// payloadOf makes the payload of a message that is written as JSON.
func payloadOf(t *structType, text []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var obj map[string]any
	if err := d.Decode(&obj); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more behind the message")
	}
	var r reader
	if err := r.message(t, obj); err != nil {
		return nil, err
	}
	return r.b.Bytes()
}

// reader makes payloads of JSON. It follows the types as a walker does.
type reader struct {
	b      wire.Builder
	scopes []readScope
	path   []byte
}

// readScope is one level of attributes: where selectors are looked up.
type readScope struct {
	typ *structType
	obj map[string]any
}

// wrong is an error about the value that the path leads to.
func (r *reader) wrong(format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if len(r.path) > 0 {
		err = fmt.Errorf("%s: %w", r.path, err)
	}
	return err
}

// message appends a fixed header, if there is one, and the attributes.
func (r *reader) message(t *structType, obj map[string]any) error {
	switch {
	case t.err != nil:
		return t.err
	case !t.isMessage():
		p, err := r.structure(t, obj)
		r.b.Verbatim(p)
		return err
	case t.header == nil:
		return r.attrs(t, obj)
	}
	head, rest := map[string]any{}, map[string]any{}
	h := t.header.child()
	for name, v := range obj {
		plain, clash := strings.CutPrefix(name, nameHeader)
		switch {
		case (clash || t.named(name) == nil) && h.hasMember(plain), strings.HasPrefix(name, namePad), name == nameLen:
			head[plain] = v
		default:
			rest[name] = v
		}
	}
	if _, short := head[nameLen]; short {
		head[nameRest] = rest[nameRest]
		delete(rest, nameRest)
		for name := range rest {
			return r.wrong("%q cannot stand behind a header that is cut short by %q", name, nameLen)
		}
		p, err := r.structure(h, head)
		r.b.Verbatim(p)
		return err
	}
	p, err := r.structure(h, head)
	if err != nil {
		return err
	}
	r.b.Raw(p)
	return r.attrs(t, rest)
}

func (s *structType) hasMember(name string) bool {
	return slices.ContainsFunc(s.members, func(m *field) bool { return !m.pad && m.name == name })
}

// structure returns the bytes of a C struct.
func (r *reader) structure(t *structType, obj map[string]any) ([]byte, error) {
	if t.err != nil {
		return nil, t.err
	}
	p := make([]byte, t.size)
	for name, v := range obj {
		if err := r.memberOf(t, p, name, v); err != nil {
			return nil, err
		}
	}
	if at, gap := strconv.Itoa(t.size), obj[namePad+strconv.Itoa(t.size)]; gap != nil {
		b, err := r.bytes(gap)
		if err != nil || len(b) >= wire.Alignment {
			return nil, r.wrong("%s%s must be fewer than 4 bytes in hexadecimal", namePad, at)
		}
		p = append(p, b...)
	}
	rest, err := r.bytes(obj[nameRest])
	if err != nil {
		return nil, err
	}
	short, ok := obj[nameLen]
	if !ok {
		return append(p, rest...), nil
	}
	n, err := strconv.Atoi(fmt.Sprint(short))
	if err != nil || n < len(rest) || n > len(p) {
		return nil, r.wrong("%s must be a number of bytes from %d to %d, not %v", nameLen, len(rest), len(p), short)
	}
	copy(p[n-len(rest):], rest)
	return p[:n], nil
}

// memberOf writes a member's value to the bytes of its struct.
func (r *reader) memberOf(t *structType, p []byte, name string, v any) error {
	if name == nameRest || name == nameLen || name == namePad+strconv.Itoa(t.size) {
		return nil
	}
	for _, m := range t.members {
		if m.pad && name != namePad+strconv.Itoa(m.offset) || !m.pad && name != m.name {
			continue
		}
		defer r.enter("." + name)()
		b, err := r.member(m, v)
		if err != nil {
			return err
		}
		if len(b) > m.size {
			return r.wrong("must be at most %d bytes, not %d", m.size, len(b))
		}
		copy(p[m.offset:], b)
		return nil
	}
	var names []string
	for _, m := range t.members {
		names = append(names, m.name)
	}
	return r.wrong("there is no member %q%s", name, meant(name, names))
}

// member returns the bytes of a member's value.
func (r *reader) member(m *field, v any) ([]byte, error) {
	if p, ok, err := r.raw(v); ok || err != nil {
		return p, err
	}
	t := m.child()
	switch {
	case t != nil && len(t.members) > 0:
		obj, ok := v.(map[string]any)
		if !ok {
			return nil, r.wrong("must be an object, not %s", kindOf(v))
		}
		return r.structure(t, obj)
	case m.kind == kindNumber:
		return r.number(m, m.form, v)
	case m.kind == kindString:
		s, ok := v.(string)
		if !ok {
			return nil, r.wrong("must be a string, not %s", kindOf(v))
		}
		return []byte(s), nil
	case m.pad:
		return r.bytes(v)
	}
	return r.blob(m, v)
}

// enter appends to the path; what it returns takes that away again.
func (r *reader) enter(name string) func() {
	n := len(r.path)
	r.path = append(r.path, name...)
	return func() { r.path = r.path[:n] }
}

// attrs appends attributes, the lowest number first.
func (r *reader) attrs(t *structType, obj map[string]any) error {
	r.scopes = append(r.scopes, readScope{t, obj})
	defer func() { r.scopes = r.scopes[:len(r.scopes)-1] }()
	if t != nil && t.err != nil {
		return t.err
	}
	type named struct {
		name   string
		number uint16
		field  *field
	}
	var list []named
	for name := range obj {
		if name == nameRest {
			continue
		}
		a := named{name: name, field: t.named(name)}
		if a.field != nil {
			a.number = a.field.number
		} else if digits, ok := strings.CutPrefix(name, nameAttr); ok {
			n, err := strconv.ParseUint(digits, 10, 14)
			if err != nil {
				return r.wrong("%q: want a number from 0 to 16383 behind %q", name, nameAttr)
			}
			a.number = uint16(n)
		} else {
			return r.wrong("there is no attribute %q here%s", name, meant(name, t.allNames()))
		}
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b named) int { return int(a.number) - int(b.number) })
	for _, a := range list {
		if err := r.group(a.field, a.name, a.number, obj[a.name]); err != nil {
			return err
		}
	}
	rest, err := r.bytes(obj[nameRest])
	r.b.Verbatim(rest)
	return err
}

func (s *structType) allNames() []string {
	var names []string
	if s != nil {
		for name := range s.names {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// meant names what may have been meant, for the end of an error.
func meant(name string, names []string) string {
	if found := near.Names(name, names); len(found) > 0 {
		return " (did you mean " + strings.Join(found, " or ") + "?)"
	}
	return ""
}

// group appends the one attribute that a value is, or the several.
func (r *reader) group(f *field, name string, number uint16, v any) error {
	list, isList := v.([]any)
	switch {
	case v == nil:
		return nil
	case !isList || f != nil && !f.multi && f.isListOf(list):
		defer r.enter("." + name)()
		return r.attr(f, number, v)
	}
	for i, v := range list {
		leave := r.enter("." + name + "[" + strconv.Itoa(i) + "]")
		if err := r.attr(f, number, v); err != nil {
			return err
		}
		leave()
	}
	return nil
}

// isListOf reports whether a list is one value of the field, and not several.
func (f *field) isListOf(list []any) bool {
	inner := func() bool {
		for _, v := range list {
			if _, ok := v.([]any); ok {
				return true
			}
			if obj, ok := v.(map[string]any); ok && len(obj) == 1 && obj[nameHex] != nil {
				return true
			}
		}
		return false
	}
	switch f.kind {
	case kindNumber, kindVaried:
		return f.isBits && !inner()
	case kindBinary:
		return f.isList && f.sub.size > 0 && (f.isBits || !inner())
	case kindArray:
		return f.isBits || !inner()
	case kindTypeValue:
		return !inner()
	}
	return false
}

// raw returns the bytes of a value that is given as such, {":hex": "0a0b"}.
func (r *reader) raw(v any) (p []byte, ok bool, err error) {
	obj, _ := v.(map[string]any)
	h, ok := obj[nameHex]
	if !ok || len(obj) != 1 {
		return nil, false, nil
	}
	p, err = r.bytes(h)
	return p, true, err
}

// bytes reads bytes in hexadecimal; nil are none.
func (r *reader) bytes(v any) ([]byte, error) {
	if v == nil {
		return nil, nil
	}
	s, ok := v.(string)
	if !ok {
		return nil, r.wrong("must be bytes in hexadecimal, not %s", kindOf(v))
	}
	p, err := hex.DecodeString(strings.NewReplacer(" ", "", ":", "").Replace(s))
	if err != nil {
		return nil, r.wrong("must be bytes in hexadecimal, not %q", s)
	}
	return p, nil
}

// kindOf says what a value of JSON is, for errors.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return strconv.Quote(v)
	default:
		return fmt.Sprint(v)
	}
}
