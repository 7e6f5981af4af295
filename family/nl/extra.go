package nl

import (
	"slices"

	"github.com/nlkit/nlkit/wire"
)

// Attr is an attribute as bytes.
type Attr struct {
	Type  uint16 // with the flags in its two highest bits
	Value []byte
}

// Extra is what a message holds beside the fields its struct has: attributes the
// spec does not know, or whose value is not what the spec says, and what is
// longer or shorter than the spec has it. All of it is kept and sent again. Every
// message embeds one; it takes the room of a pointer.
type Extra struct{ x *extra }

type extra struct {
	attrs []Attr
	sizes []Attr // structs that were not of the size they should be, in place of their fields' own bytes
	rest  []byte // behind the last attribute; no attribute
	head  int    // bytes of the fixed header, where it was cut short
	short bool
}

// Unknown returns the attributes that have no field, or whose value does not fit
// theirs, in the order they came.
func (e *Extra) Unknown() []Attr {
	if e.x == nil {
		return nil
	}
	return e.x.attrs
}

// AddUnknown adds an attribute that has no field. It is sent behind the others.
// The value is not copied.
func (e *Extra) AddUnknown(typ uint16, value []byte) {
	x := e.get(nil)
	x.attrs = append(x.attrs, Attr{Type: typ, Value: value})
}

func (e *Extra) get(d *Decoder) *extra {
	if e.x == nil {
		if d == nil {
			e.x = new(extra)
		} else {
			e.x = New[extra](d, slabExtra)
		}
	}
	return e.x
}

// Keep keeps an attribute that has no field, or does not fit it.
func Keep(d *Decoder, e *Extra, a wire.Attr) {
	x := e.get(d)
	x.attrs = Add(d, slabAttr, x.attrs, Attr{Type: a.RawType(), Value: d.bytes(a.Data())})
}

// KeepRest keeps what stands behind the last attribute and is none.
func KeepRest(d *Decoder, e *Extra, b []byte) { e.get(d).rest = d.bytes(b) }

// Sized returns the payload of a struct of n bytes. Where it has another size e
// keeps it as it is, and what is missing is zeros.
func Sized(d *Decoder, e *Extra, typ uint16, payload []byte, n int) []byte {
	if len(payload) == n {
		return payload
	}
	x := e.get(d)
	x.sizes = Add(d, slabAttr, x.sizes, Attr{Type: typ, Value: d.bytes(payload)})
	return padded(payload, n)
}

// Head returns the fixed header, of n bytes, and what stands behind it. Where a
// message ends before e keeps how much of it there was.
func Head(d *Decoder, e *Extra, payload []byte, n int) (head, behind []byte) {
	if len(payload) >= n {
		return payload[:n], payload[min(wire.Align(n), len(payload)):]
	}
	x := e.get(d)
	x.head, x.short = len(payload), true
	return padded(payload, n), nil
}

func padded(p []byte, n int) []byte {
	if len(p) >= n {
		return p
	}
	return append(p[:len(p):len(p)], make([]byte, n-len(p))...)
}

// OwnExtra makes what e holds its own.
func OwnExtra(e *Extra) {
	if e.x == nil {
		return
	}
	x := *e.x
	x.attrs = ownAttrs(x.attrs)
	x.sizes = ownAttrs(x.sizes)
	x.rest = slices.Clone(x.rest)
	e.x = &x
}

func ownAttrs(list []Attr) []Attr {
	list = slices.Clone(list)
	for i := range list {
		list[i].Value = slices.Clone(list[i].Value)
	}
	return list
}

// PutExtra appends what e keeps: the last a message's encoder does.
func PutExtra(b *wire.Builder, e *Extra) {
	if e.x == nil {
		return
	}
	for _, a := range e.x.attrs {
		b.Attr(a.Type, a.Value)
	}
	b.Verbatim(e.x.rest)
}

// PutStruct appends a struct, its size that of the one that was received.
func PutStruct(b *wire.Builder, e *Extra, typ uint16, payload []byte) {
	if e.x != nil {
		for _, a := range e.x.sizes {
			if a.Type != typ {
				continue
			}
			if len(a.Value) > len(payload) {
				payload = append(payload[:len(payload):len(payload)], a.Value[len(payload):]...)
			} else {
				payload = payload[:len(a.Value)]
			}
			break
		}
	}
	b.Attr(typ, payload)
}
