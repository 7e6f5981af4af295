package codec

import (
	"bytes"
	"strconv"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// members tells the members of a struct. set has the attributes that share the
// object with them, if any.
func (w *walker) members(s *ynl.Struct, set *ynl.AttrSet, p []byte, message bool) {
	var namesakes []*ynl.Attr
	if set != nil {
		namesakes = w.namesakes.of(s, set)
	}
	for i, m := range s.Members {
		end := m.Offset + m.Size
		if end > len(p) {
			if !w.python {
				if m.Offset < len(p) {
					w.rest(p[m.Offset:])
				}
				w.out.key(keyLen, nil, nil, 0, nil)
				w.out.uint(uint64(len(p)))
			}
			return
		}
		v := p[m.Offset:end]
		if m.Type == ynl.Pad {
			if !w.python && !isZero(v) {
				w.out.key(keyPad+strconv.Itoa(m.Offset), nil, m, 0, nil)
				w.out.bytes(v, ynl.NoHint)
			}
			continue
		}
		name := m.Name
		if namesakes != nil && namesakes[i] != nil {
			if !w.python {
				name = keyHeader + name
			} else if at := wire.Align(s.Size); !message && at < len(p) && hasAttr(p[at:], namesakes[i].ID) {
				continue // the attribute takes its place
			}
		}
		w.out.key(name, nil, m, 0, nil)
		w.member(m, v)
	}
}

// namesakes are the attributes of a set that have the names of a struct's
// members: what message after message begins with is looked up once.
type namesakes struct {
	s     *ynl.Struct
	set   *ynl.AttrSet
	attrs []*ynl.Attr // nil for members without
}

func (n *namesakes) of(s *ynl.Struct, set *ynl.AttrSet) []*ynl.Attr {
	if n.s == s && n.set == set {
		return n.attrs
	}
	n.s, n.set = s, set
	n.attrs = make([]*ynl.Attr, len(s.Members))
	for i, m := range s.Members {
		n.attrs[i] = set.Attr(m.Name)
	}
	return n.attrs
}

func hasAttr(p []byte, id uint16) bool {
	_, ok := wire.FindAttr(p, id)
	return ok
}

func isZero(p []byte) bool {
	for _, c := range p {
		if c != 0 {
			return false
		}
	}
	return true
}

// member tells the value of a struct's member.
func (w *walker) member(m *ynl.Member, p []byte) {
	switch {
	case m.Struct != nil:
		w.out.begin()
		w.members(m.Struct, nil, p, false)
		w.out.end()
	case m.Type.Size() > 0:
		w.integer(m.Enum, m.IsBits(), m.Hint, m.Size, m.Type.IsSigned(), readInt(p, m.Size, m.ByteOrder))
	case m.Type == ynl.String:
		text := p
		if i := bytes.IndexByte(p, 0); i >= 0 {
			text = p[:i]
		}
		if !isZero(p[len(text):]) {
			w.out.raw(p)
			return
		}
		w.out.text(text)
	default:
		w.blob(m.Hint, p)
	}
}

// subMessage tells a payload whose format a selector chooses.
func (w *walker) subMessage(spec *ynl.Attr, p []byte) {
	if len(w.scopes) >= maxDepth {
		w.out.raw(p)
		return
	}
	f := w.format(spec)
	if f == nil || f.Header == nil && f.Set == nil && len(p) > 0 {
		// What is not known is most often attributes.
		if len(p) > 0 && areAttrs(p) {
			w.nest(nil, p)
		} else {
			w.out.bytes(p, ynl.NoHint)
		}
		return
	}
	w.out.begin()
	switch {
	case f.Header != nil && f.Set == nil:
		w.members(f.Header, nil, p, false)
		if len(p) > f.Header.Size && !w.python {
			w.rest(p[f.Header.Size:])
		}
	case f.Header != nil || f.Set != nil:
		w.both(f.Header, f.Set, p, false)
	}
	w.out.end()
}

// format finds the format of a sub-message; nil where there is none.
func (w *walker) format(spec *ynl.Attr) *ynl.Format {
	sel, a := w.selectorAttr(spec)
	if a == nil {
		return nil
	}
	// Where the spec has the format no text is made of the selector.
	var buf [64]byte
	value := appendSelector(buf[:0], sel, a)
	if f := spec.SubMsg.Format(string(value)); f != nil || w.o.Fallback == nil {
		return f
	}
	return w.o.Fallback(spec.SubMsg, string(value))
}

// selector finds the value that chooses a sub-message's format.
func (w *walker) selector(spec *ynl.Attr) (value string, ok bool) {
	sel, a := w.selectorAttr(spec)
	if a == nil {
		return "", false
	}
	return selectorText(sel, a), true
}

// selectorAttr finds the attribute that chooses a sub-message's format; nil where
// it is missing. It stands in the innermost level of attributes that knows it. Of
// several the last one counts, as in the kernel.
func (w *walker) selectorAttr(spec *ynl.Attr) (*ynl.Attr, wire.Attr) {
	for i := len(w.scopes) - 1; i >= 0; i-- {
		s := &w.scopes[i]
		sel := s.set.Attr(spec.Selector)
		if sel == nil {
			continue
		}
		for k := range s.found {
			if s.found[k].spec == sel {
				return sel, s.found[k].attr
			}
		}
		a, _ := wire.FindAttr(s.data, sel.ID)
		s.found[0], s.found[1] = foundSelector{sel, a}, s.found[0]
		return sel, a
	}
	return nil, nil
}

// lookupFormat finds a format in a sub-message, or where the options point.
func lookupFormat(s *ynl.SubMessage, value string, o Options) *ynl.Format {
	f := s.Format(value)
	if f == nil && o.Fallback != nil {
		f = o.Fallback(s, value)
	}
	return f
}

// selectorText is the value of a selector as formats name it.
func selectorText(sel *ynl.Attr, a wire.Attr) string { return string(appendSelector(nil, sel, a)) }

// appendSelector appends the value of a selector as formats name it.
func appendSelector(dst []byte, sel *ynl.Attr, a wire.Attr) []byte {
	size := sel.Type.Size()
	if size == 0 || len(a.Data()) < size {
		return append(dst, a.TextBytes()...)
	}
	v := readInt(a.Data(), size, sel.ByteOrder)
	if sel.Enum != nil {
		if e := sel.Enum.ByValue(v); e != nil {
			return append(dst, e.Name...)
		}
	}
	return strconv.AppendUint(dst, v, 10)
}
