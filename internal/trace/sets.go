package trace

import (
	"github.com/nlkit/nlkit/internal/layers"
	"github.com/nlkit/nlkit/internal/text"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// sets turns the attribute sets of a spec into those of package layers, each
// once: sets can lie in themselves.
type sets struct {
	known map[*ynl.AttrSet]*layers.Set
}

func newSets() *sets { return &sets{known: map[*ynl.AttrSet]*layers.Set{}} }

func (s *sets) of(set *ynl.AttrSet) *layers.Set {
	if set == nil {
		return nil
	}
	if out, ok := s.known[set]; ok {
		return out
	}
	out := &layers.Set{Attrs: make(map[uint16]layers.Attr, len(set.Attrs))}
	s.known[set] = out
	for _, a := range set.Attrs {
		// Where a number is listed twice the first name stands for it.
		if _, ok := out.Attrs[a.ID]; !ok || set.ByID(a.ID) == a {
			out.Attrs[a.ID] = s.attr(a)
		}
	}
	return out
}

func (s *sets) attr(a *ynl.Attr) layers.Attr {
	out := layers.Attr{Name: a.Name, Show: show(a)}
	switch a.Type {
	case ynl.Nested:
		out.Kind, out.Set = layers.Nested, s.of(a.Nested)
	case ynl.NestTypeValue:
		out.Kind, out.Set = layers.Nested, s.of(a.Nested)
		for i := len(a.TypeValue) - 1; i >= 0; i-- {
			out.Set = &layers.Set{Every: &layers.Attr{Name: a.TypeValue[i], Kind: layers.Nested, Set: out.Set}}
		}
	case ynl.IndexedArray:
		out.Kind = layers.Nested
		every := &layers.Attr{Name: "element", Kind: layers.Guess}
		if a.Sub == ynl.Nested {
			every.Kind, every.Set = layers.Nested, s.of(a.Nested)
		}
		out.Set = &layers.Set{Every: every}
	case ynl.SubMsg:
		out.Choose = func(around []layers.Level) layers.Inside { return s.choose(a, around) }
	case ynl.Flag:
		out.Kind, out.Show = layers.Flag, nil
	}
	return out
}

// show reads a value by the spec, with the codec.
func show(a *ynl.Attr) func(wire.Attr) string {
	layout := codec.Layout{Set: a.Set}
	return func(raw wire.Attr) string {
		o := layout.Decode(raw, codec.Options{})
		if len(o) != 1 {
			return ""
		}
		return text.Value(o[0])
	}
}

// choose finds the format of a sub-message.
func (s *sets) choose(a *ynl.Attr, around []layers.Level) layers.Inside {
	for _, level := range around {
		if level.Set == nil {
			continue
		}
		for id, def := range level.Set.Attrs {
			if def.Name != a.Selector || def.Show == nil {
				continue
			}
			raw, ok := wire.FindAttr(level.Bytes, id)
			if !ok {
				continue
			}
			f := a.SubMsg.Format(selected(raw, def))
			if f == nil {
				return layers.Inside{Nested: true} // attributes, as a rule
			}
			in := layers.Inside{Nested: f.Set != nil, Set: s.of(f.Set)}
			if f.Header != nil {
				in.Header = members(f.Header)
			}
			return in
		}
	}
	return layers.Inside{}
}

// selected is the selector's value as the spec writes it.
func selected(raw wire.Attr, def layers.Attr) string {
	if def.Show == nil {
		return ""
	}
	return def.Show(raw)
}

// members are those of a fixed header, each read by the codec.
func members(h *ynl.Struct) []layers.Member {
	layout := codec.Layout{Header: h}
	var out []layers.Member
	for _, m := range h.Members {
		member := layers.Member{Name: m.Name, Size: m.Size}
		if m.Type != ynl.Pad {
			member.Show = func(header []byte) string {
				for _, f := range layout.Decode(header, codec.Options{}) {
					if f.Member == m {
						return text.Value(f)
					}
				}
				return ""
			}
		}
		out = append(out, member)
	}
	return out
}
