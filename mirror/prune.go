package mirror

import (
	"slices"

	"github.com/nlkit/nlkit/wire"
)

// prune says which of the attributes of a message, and of those inside them, are not
// kept because they change unannounced.
type prune struct {
	drop []uint16
	into map[uint16]*prune // attributes that hold attributes
	all  *prune            // what goes for those inside any other one: of lists
	// An attribute whose contents depend on another one, which stands before it.
	kind, of uint16
	kinds    map[string]*prune
	other    *prune // for the kinds that are not listed
	// edit changes the values of attributes in place: members of structs.
	edit map[uint16]func(value []byte)
	// whole changes the value of the attribute itself, which is no attributes.
	whole func(value []byte)
}

// appendTo appends attributes without what is not kept; nil where the bytes are no
// attributes.
func (p *prune) appendTo(dst, attrs []byte) []byte {
	kind := ""
	for a, err := range wire.Attrs(attrs) {
		if err != nil {
			return nil
		}
		typ := a.Type()
		if slices.Contains(p.drop, typ) {
			continue
		}
		if typ == p.kind && p.of != 0 {
			kind = a.Text()
		}
		inner := p.all
		switch {
		case p.into[typ] != nil:
			inner = p.into[typ]
		case p.of != 0 && typ == p.of:
			if inner = p.kinds[kind]; inner == nil {
				inner = p.other
			}
		}
		at := len(dst)
		switch {
		case inner == nil:
			dst = appendAttr(dst, a)
		case inner.whole != nil:
			dst = appendAttr(dst, a)
			inner.whole(dst[at+wire.AttrHeaderLen : at+len(a)])
		default:
			dst = append(dst, a[:wire.AttrHeaderLen]...)
			if pruned := inner.appendTo(dst, a.Data()); pruned != nil {
				dst = pruned
				hostOrder.PutUint16(dst[at:], uint16(len(dst)-at))
			} else {
				dst = appendAttr(dst[:at], a)
			}
		}
		if edit := p.edit[typ]; edit != nil {
			edit(dst[at+wire.AttrHeaderLen : at+int(hostOrder.Uint16(dst[at:]))])
		}
	}
	return dst
}

// zero makes a part of a value zero, as far as there is one.
func zero(from, to int) func(value []byte) {
	return func(value []byte) {
		if from < len(value) {
			clear(value[from:min(to, len(value))])
		}
	}
}
