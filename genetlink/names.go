package genetlink

import (
	"strconv"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Names are the names of a family's attributes, or of those in a nest, by
// number. With them errors tell attributes by name and not by offset:
//
//	genetlink.Names{
//		1: {Name: "header", Nested: genetlink.Names{2: {Name: "dev-name"}}},
//	}
//
// The kernel's specifications of the families have them (ethtool: "header",
// "dev-name"), but any will do.
type Names map[uint16]Name

// Name is the name of one attribute.
type Name struct {
	Name   string
	Nested Names // of the attributes in it, where it is a nest
}

// Explain fills in e.Attr and e.Missing, the paths (".header.dev-name") of the
// attribute an error is about and of the one that is missing. request is the
// whole message that was answered with e, header included; headerLen is the
// size of the family's user header in bytes, Family.HeaderLen. [Conn.Do] and
// [Conn.Dump] do this with Request.Names; it is for batches and for requests
// that were sent by hand.
//
// A number stands for what has no name on the way to something that has one. A
// path without any name is left out, and so is one that the request does not
// bear out, whatever offsets e has.
func (n Names) Explain(e *netlink.Error, request []byte, headerLen int) {
	attrs := wire.HeaderLen + HeaderLen + wire.Align(max(headerLen, 0))
	if e.HasOffset {
		if p, ok := n.find(request, attrs, e.Offset); ok && p.named {
			e.Attr = p.text
		}
	}
	if !e.HasMissingType {
		return
	}
	missing := path{inside: n}
	if e.HasMissingNest {
		var ok bool
		if missing, ok = n.find(request, attrs, e.MissingNest); !ok {
			return
		}
	}
	if missing = missing.to(e.MissingType); missing.named {
		e.Missing = missing.text
	}
}

// path is the way to an attribute.
type path struct {
	text   string
	named  bool  // something in it has a name
	inside Names // of the attributes in the one it leads to
}

// to goes on to an attribute in the one p leads to.
func (p path) to(typ uint16) path {
	name := p.inside[typ]
	text := name.Name
	if text == "" {
		text = strconv.Itoa(int(typ))
	}
	return path{text: p.text + "." + text, named: p.named || name.Name != "", inside: name.Nested}
}

// find follows the request to the attribute at an offset, which can be any
// number. from is the offset of the first attribute.
func (n Names) find(request []byte, from, offset int) (path, bool) {
	p := path{inside: n}
	if from > len(request) {
		return p, false
	}
	rest := request[from:]
	for depth := 0; depth < maxNesting; depth++ {
		at := from
		var inner wire.Attr
		for a, err := range wire.Attrs(rest) {
			if err != nil || offset < at {
				return p, false
			}
			if offset < at+len(a) {
				inner = a
				break
			}
			at += wire.Align(len(a))
		}
		if inner == nil {
			return p, false
		}
		p = p.to(inner.Type())
		if offset == at {
			return p, true
		}
		if p.inside == nil && !inner.IsNested() {
			return p, false // a value, whatever its bytes look like
		}
		from, rest = at+wire.AttrHeaderLen, inner.Data()
	}
	return p, false
}

// maxNesting is how deep find looks: further than any family nests. It bounds
// the path.
const maxNesting = 32
