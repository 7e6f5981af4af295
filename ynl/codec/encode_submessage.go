package codec

import (
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// subMessage encodes a payload whose format a selector chooses.
func (e *encoder) subMessage(a *ynl.Attr, typ uint16, given bool, v any) error {
	value, where := e.selector(a.Selector)
	f := lookupFormat(a.SubMsg, value, e.o)
	fields, isObject := e.fields(nil, v)
	if f == nil || f.Header == nil && f.Set == nil && (!isObject || len(fields) > 0) {
		return e.formless(a, typ, given, v, value, where)
	}
	if !isObject {
		p, ok := e.blobOf(v)
		if !ok {
			return e.wrong("is a message of its own: an object of its attributes by name, not %s", describe(v))
		}
		e.b.Attr(typ, p)
		return nil
	}
	return e.at("("+value+")", func() error {
		if f.Set == nil {
			var p []byte
			if f.Header != nil {
				var err error
				if p, err = e.whole(f.Header, fields); err != nil {
					return err
				}
			}
			e.b.Attr(typ, p)
			return nil
		}
		if len(e.scopes) > maxNesting {
			return e.wrong("lies deeper than %d nests", maxNesting)
		}
		if m, ok := v.(map[string]any); ok {
			fields, _ = e.fields(f.Set, m)
		}
		n := e.b.NestPlain(nested(typ, given))
		if err := e.both(f.Header, f.Set, fields); err != nil {
			return err
		}
		e.b.End(n)
		return nil
	})
}

// formless encodes a sub-message the spec has no format for, which can be given
// by numbers or as bytes.
func (e *encoder) formless(a *ynl.Attr, typ uint16, given bool, v any, value, where string) error {
	if fields, ok := e.fields(nil, v); ok && v != nil {
		numbers := len(fields) > 0
		for i := range fields {
			_, _, known := find(nil, &fields[i])
			numbers = numbers && (known || fields[i].Name == keyRest)
		}
		if numbers {
			return e.nest(nil, nested(typ, given), fields)
		}
	} else if p, ok := e.blobOf(v); ok {
		e.b.Attr(typ, p)
		return nil
	}
	if value == "" {
		return e.wrong("what it holds depends on %q%s, which has to be given too", a.Selector, where)
	}
	var all []string
	for _, f := range a.SubMsg.Formats {
		all = append(all, f.Value)
	}
	err := e.wrong("the spec does not tell what it holds if %q is %q; it can be given by numbers, as \"attr-1\"", a.Selector, value)
	err.Near = near.Names(value, all)
	return err
}

// selector finds the value that chooses a format: in the innermost level that
// knows its name. Of several the last one counts, as in the kernel.
func (e *encoder) selector(name string) (value, where string) {
	for i := len(e.scopes) - 1; i >= 0; i-- {
		s := &e.scopes[i]
		sel := s.set.Attr(name)
		if sel == nil {
			continue
		}
		value, ok := s.found[sel]
		if !ok {
			value = e.findSelector(s, sel)
			if s.found == nil {
				s.found = map[*ynl.Attr]string{}
			}
			s.found[sel] = value
		}
		if value == "" {
			where = " of " + s.set.Name
		}
		return value, where
	}
	return "", ""
}

// findSelector finds a selector's value among the fields of a scope. It is read
// from the bytes it will have, so that it is what a decoder will see; "" where it
// is missing or has no valid value.
func (e *encoder) findSelector(s *encodeScope, sel *ynl.Attr) string {
	for i := len(s.fields) - 1; i >= 0; i-- {
		f := &s.fields[i]
		_, typ, ok := find(s.set, f)
		if !ok || typ&wire.AttrTypeMask != sel.ID {
			continue
		}
		if f.Payload == nil && sel.Type != ynl.String && sel.Type != ynl.Binary && !sel.Type.IsInt() {
			return ""
		}
		var b wire.Builder
		in := encoder{b: &b, o: e.o, python: e.python}
		if in.field(nil, s.set, f) != nil {
			return ""
		}
		p, err := b.Bytes()
		if err != nil {
			return ""
		}
		a, ok := wire.FindAttr(p, sel.ID)
		if !ok {
			return ""
		}
		return selectorText(sel, a)
	}
	return ""
}
