package show

import (
	"fmt"
	"io"
	"strconv"

	"github.com/nlkit/nlkit/ynl"
)

// Part writes what in a family has a name, beside operations: the attribute set,
// the sub-message, the enum and the struct that are called so. It reports false
// where nothing is.
func Part(w io.Writer, s *ynl.Spec, name string, o Options) (bool, error) {
	p := newPage(o)
	if set := s.Set(name); set != nil {
		p.set(set)
	}
	if m := s.SubMessage(name); m != nil {
		p.heading("sub-message %s: %d formats", m.Name, len(m.Formats))
		t := &tree{shown: map[any]bool{}}
		t.formats(m, 0)
		p.take(t)
	}
	if e := s.Enum(name); e != nil {
		p.enum(e)
	}
	if st := s.Struct(name); st != nil {
		p.heading("struct %s: %d bytes", st.Name, st.Size)
		if d := sentence(st.Doc); d != "" {
			p.wrap("  ", 2, d, "")
		}
		t := &tree{shown: map[any]bool{}}
		t.members(st, 0)
		p.take(t)
	}
	return p.b.Len() > 0, p.flush(w)
}

func (p *page) set(set *ynl.AttrSet) {
	of := ""
	if set.Parent != nil {
		of = ", a part of " + set.Parent.Name
	}
	p.heading("attribute set %s: %d%s", set.Name, len(set.Attrs), of)
	if d := sentence(set.Doc); d != "" {
		p.wrap("  ", 2, d, "")
	}
	t := &tree{shown: map[any]bool{set: true}}
	t.attrs(set.Attrs, nil, 0)
	p.take(t)
}

func (p *page) enum(e *ynl.Enum) {
	what := "enum"
	if e.IsFlags {
		what = "flags"
	}
	p.heading("%s %s: %d", what, e.Name, len(e.Entries))
	if d := sentence(e.Doc); d != "" {
		p.wrap("  ", 2, d, "")
	}
	var rows []row
	for _, n := range e.Entries {
		r := row{name: n.Name, number: strconv.FormatInt(int64(n.Value), 10), text: sentence(n.Doc)}
		if e.IsFlags {
			r.number = fmt.Sprintf("%#x", n.Bit())
		}
		rows = append(rows, r)
	}
	p.rows(rows, 1)
}
