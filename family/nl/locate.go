package nl

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/wire"
)

// place is how far into a request a path leads.
type place struct {
	path   string // as far as it leads, with the first name that is not there
	named  bool   // the last name is an attribute: typ is its number
	typ    uint16
	found  bool // the request has it, at offset
	offset int
	nested bool // it lies in the attribute at the offset nest
	nest   int
}

// step is one name of a path, with the indexes behind it.
type step struct {
	name    string
	indexes []int
	end     int // where the path goes on
}

// steps takes a path apart. A sub-message's kind is left out: the request
// itself tells it.
func steps(path string) ([]step, error) {
	var list []step
	for at := 0; at < len(path); {
		if path[at] != '.' {
			return nil, fmt.Errorf("%q is no path of attributes: want one like %q", path, ".header.dev-name")
		}
		end := at + 1
		for end < len(path) && strings.IndexByte(".[(", path[end]) < 0 {
			end++
		}
		s := step{name: path[at+1 : end]}
		if s.name == "" {
			return nil, fmt.Errorf("%q is no path of attributes: a name is missing", path)
		}
		for end < len(path) && path[end] != '.' {
			n := strings.IndexAny(path[end:], "])")
			if n < 0 {
				return nil, fmt.Errorf("%q is no path of attributes: a bracket is open", path)
			}
			if path[end] == '[' {
				i, err := strconv.ParseUint(path[end+1:end+n], 10, 16)
				if err != nil {
					return nil, fmt.Errorf("%q is no path of attributes: %q is no index", path, path[end:end+n+1])
				}
				s.indexes = append(s.indexes, int(i))
			}
			end += n + 1
		}
		s.end = end
		list, at = append(list, s), end
	}
	return list, nil
}

// locate follows a path through the request's bytes. It is [describePath] the
// other way round.
func (c *Incoming) locate(path string) (place, error) {
	list, err := steps(path)
	if err != nil || c.req == nil {
		return place{}, err
	}
	f, s, ok := newFinder(c.req)
	at := c.origin.Payload
	if ok && s.typ.header != nil {
		at += wire.Align(s.typ.header.child().size)
	}
	if !ok || at > len(c.origin.Message) {
		return place{}, nil
	}
	attrs := c.origin.Message[at:]
	var p place
	chosen := false // by the request: it is in a sub-message
	for i, st := range list {
		spec, number, err := s.typ.byName(st.name)
		switch {
		case err != nil && (chosen || s.typ == nil || s.typ.isEmpty()):
			return place{}, nil // another format than the server thought of
		case err != nil:
			return place{}, fmt.Errorf("%s has no attribute %s: %w", c.op, path[:st.end], err)
		case number < 0:
			return place{}, nil // a member of the fixed header, to which nothing can point
		}
		p.path, p.named, p.typ = path[:st.end], true, uint16(number)
		f.scopes = append(f.scopes, scope{typ: s.typ, data: attrs})
		found := all(attrs, p.typ)
		which, indexes := choose(spec, st.indexes, len(found))
		if p.found = which < len(found); !p.found {
			return p, nil
		}
		p.offset = at + found[which]
		a, _, _ := Cut(attrs[found[which]:])
		last := i == len(list)-1
		if last && len(indexes) == 0 {
			return p, nil
		}
		v := reflect.Value{}
		if spec != nil {
			v = valueOf(s.v, spec, which)
		}
		for {
			next, skip, ok := f.enter(s, spec, v, a)
			if !ok || len(f.scopes) >= maxDepth {
				return place{}, nil
			}
			s, at, attrs = next, p.offset+wire.AttrHeaderLen+skip, a.Data()[skip:]
			p.nested, p.nest = true, p.offset
			if s.of == nil {
				chosen = chosen || spec != nil && spec.kind == kindSubMessage
				break
			}
			var nth int
			if nth, a, indexes = element(attrs, indexes, &p); a == nil {
				return p, nil
			}
			p.offset += at
			if last && len(indexes) == 0 {
				return p, nil
			}
			spec, v = s.of, s.v
			if s.left == 0 {
				v = elemAt(s.v, nth)
			}
		}
		if last {
			return place{}, nil // more indexes than arrays
		}
	}
	return p, nil
}

// byName finds an attribute's number by its name; that of a member of the fixed
// header is -1. spec is nil for an attribute without a name, "attr-60".
func (s *structType) byName(name string) (spec *field, number int, err error) {
	if spec = s.named(name); spec != nil {
		return spec, int(spec.number), nil
	}
	if s != nil && s.header != nil {
		for _, m := range s.header.child().members {
			if m.name == name {
				return nil, -1, nil
			}
		}
	}
	if text, ok := strings.CutPrefix(name, nameAttr); ok {
		if n, err := strconv.ParseUint(text, 10, 14); err == nil {
			return s.attr(uint16(n)), int(n), nil
		}
	}
	if s == nil {
		return nil, 0, errors.New("nothing is known of it")
	}
	const most = 12
	names := slices.Sorted(maps.Keys(s.names))
	if len(names) > most {
		names = append(names[:most], "...")
	}
	return nil, 0, fmt.Errorf("it has %s", strings.Join(names, ", "))
}

// all returns the offsets of the attributes of a type.
func all(attrs []byte, typ uint16) []int {
	var list []int
	for rest := attrs; ; {
		a, behind, ok := Cut(rest)
		if !ok {
			return list
		}
		if a.Type() == typ {
			list = append(list, len(attrs)-len(rest))
		}
		rest = behind
	}
}

// choose says which of n attributes of a type is meant, and which indexes are
// left for the array in it. Without an index it is the first where they are meant
// to be several, else the last, which counts in the kernel.
func choose(spec *field, indexes []int, n int) (int, []int) {
	several := spec != nil && spec.multi
	array := spec != nil && (spec.kind == kindArray || spec.kind == kindTypeValue)
	switch {
	case len(indexes) > 0 && (several || !array):
		return indexes[0], indexes[1:]
	case several:
		return 0, indexes
	}
	return max(n-1, 0), indexes
}

// element finds an element of an array, the first where no index is given: its
// offset in the array, which becomes the place's, and how many stand in front of
// it. It is nil where there is none.
func element(array []byte, indexes []int, p *place) (nth int, a wire.Attr, left []int) {
	p.found = false
	for rest := array; ; nth++ {
		e, behind, ok := Cut(rest)
		if !ok {
			if p.named = len(indexes) > 0; p.named {
				p.typ = uint16(indexes[0])
			}
			return 0, nil, nil
		}
		if len(indexes) == 0 || int(e.Type()) == indexes[0] {
			p.typ, p.found, p.offset = e.Type(), true, len(array)-len(rest)
			return nth, e, indexes[min(1, len(indexes)):]
		}
		rest = behind
	}
}
