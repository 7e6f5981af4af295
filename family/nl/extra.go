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
//
// A copy of a message, RouteNewRequest(*route) say, begins with the same Extra:
// what is added to either afterwards is not seen in the other. The bytes stay
// shared, and those of a borrowed message borrowed; Clone copies them.
type Extra struct{ x *extra }

type extra struct {
	attrs []Attr
	sizes []sized
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
	x := e.change()
	x.attrs = append(x.attrs, Attr{Type: typ, Value: value})
}

// Tail returns the bytes behind a struct, the attribute with the number typ,
// where there are more than the struct has: an array that follows it, or what a
// newer kernel has added.
func (e *Extra) Tail(typ uint16) []byte {
	if e.x == nil {
		return nil
	}
	if z := e.x.sized(typ); z != nil {
		return z.tail
	}
	return nil
}

// SetTail sets the bytes that are sent behind a struct, the attribute with the
// number typ. They are not copied.
func (e *Extra) SetTail(typ uint16, tail []byte) {
	x := e.change()
	if z := x.sized(typ); z != nil {
		z.tail = tail
		return
	}
	x.sizes = append(x.sizes, sized{typ: typ, tail: tail, short: 1 << 16})
}

// sized is an attribute that is a struct, and of another size than the spec's.
type sized struct {
	typ   uint16
	tail  []byte // behind the struct; nil where it is shorter
	short int    // how much of the struct there was, bytes
}

// sized finds what is known of a struct's size; nil where it is the spec's.
func (x *extra) sized(typ uint16) *sized {
	for i := range x.sizes {
		if x.sizes[i].typ == typ {
			return &x.sizes[i]
		}
	}
	return nil
}

// dropSized forgets what is known of a struct's size.
func (x *extra) dropSized(typ uint16) {
	x.sizes = slices.DeleteFunc(x.sizes, func(z sized) bool { return z.typ == typ })
}

// get returns the extra of a message that is being decoded.
func (e *Extra) get(d *Decoder) *extra {
	if e.x == nil {
		e.x = New[extra](d, slabExtra)
	}
	return e.x
}

// change returns an extra that may be changed: a new one, for a copy of the
// message may hold the one that was there.
func (e *Extra) change() *extra {
	x := new(extra)
	if e.x != nil {
		*x = *e.x
		x.attrs = slices.Clip(x.attrs)  // appending makes another
		x.sizes = slices.Clone(x.sizes) // its elements are changed
	}
	e.x = x
	return x
}

// Keep keeps an attribute that has no field, or does not fit it.
func Keep(d *Decoder, e *Extra, a wire.Attr) {
	x := e.get(d)
	x.attrs = Add(d, slabAttr, x.attrs, Attr{Type: a.RawType(), Value: d.bytes(a.Data())})
}

// KeepRest keeps what stands behind the last attribute and is none.
func KeepRest(d *Decoder, e *Extra, b []byte) { e.get(d).rest = d.bytes(b) }

// Sized returns the payload of a struct of n bytes. Where it has another size e
// keeps it as it is, and what is missing is zeros. Of a struct that comes more than
// once the last counts, and nothing of those before it is kept.
func Sized(d *Decoder, e *Extra, typ uint16, payload []byte, n int) []byte {
	if len(payload) == n {
		if e.x != nil {
			e.x.dropSized(typ)
		}
		return payload
	}
	x := e.get(d)
	x.dropSized(typ)
	z := sized{typ: typ, short: len(payload)}
	if len(payload) > n {
		z.tail = d.bytes(payload[n:])
	}
	x.sizes = Add(d, slabSized, x.sizes, z)
	return padded(d, payload, n)
}

// Head returns the fixed header, of n bytes, and what stands behind it. Where a
// message ends before e keeps how much of it there was.
func Head(d *Decoder, e *Extra, payload []byte, n int) (head, behind []byte) {
	if len(payload) >= n {
		return payload[:n], payload[min(wire.Align(n), len(payload)):]
	}
	x := e.get(d)
	x.head, x.short = len(payload), true
	return padded(d, payload, n), nil
}

// Bare returns a struct of n bytes that is all there is in a payload. Where that
// has another size e keeps it as it is, and what is missing is zeros.
func Bare(d *Decoder, e *Extra, payload []byte, n int) []byte {
	switch {
	case len(payload) > n:
		KeepRest(d, e, payload[n:])
	case len(payload) < n:
		x := e.get(d)
		x.head, x.short = len(payload), true
	}
	return padded(d, payload, n)
}

// padded returns p with zeros behind it, n bytes at least.
func padded(d *Decoder, p []byte, n int) []byte {
	if len(p) >= n {
		return p
	}
	full := Reserve[byte](d, slabPadding, n)
	copy(full, p)
	return full
}

// OwnExtra makes what e holds its own.
func OwnExtra(e *Extra) {
	if e.x == nil {
		return
	}
	x := *e.x
	x.attrs = ownAttrs(x.attrs)
	x.sizes = slices.Clone(x.sizes)
	for i := range x.sizes {
		x.sizes[i].tail = slices.Clone(x.sizes[i].tail)
	}
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

// PutHead appends a fixed header, as much of it as there was in what was decoded,
// in whole words: attributes may have been set since.
func PutHead(b *wire.Builder, e *Extra, head []byte) { b.Raw(e.cut(head)) }

// PutBare appends a struct that is all there is but for what e keeps.
func PutBare(b *wire.Builder, e *Extra, head []byte) { b.Verbatim(e.cut(head)) }

// cut cuts a header where the one that was decoded ended.
func (e *Extra) cut(head []byte) []byte {
	if e.x != nil && e.x.short {
		return head[:min(e.x.head, len(head))]
	}
	return head
}

// PutStruct appends a struct, its size that of the one that was received.
func PutStruct(b *wire.Builder, e *Extra, typ uint16, payload []byte) {
	if e.x != nil {
		if z := e.x.sized(typ); z != nil && z.tail != nil {
			payload = append(payload[:len(payload):len(payload)], z.tail...)
		} else if z != nil {
			payload = payload[:min(z.short, len(payload))]
		}
	}
	b.Attr(typ, payload)
}

// KeepAll keeps all attributes: those of a message that has no fields for any.
func KeepAll(d *Decoder, e *Extra, b []byte) {
	for len(b) > 0 {
		a, rest, ok := Cut(b)
		if !ok {
			KeepRest(d, e, b)
			return
		}
		Keep(d, e, a)
		b = rest
	}
}
