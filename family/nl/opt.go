package nl

import "fmt"

// Opt is a value that may be there or not: an attribute that was sent, or one
// that was not. The zero Opt is not set; a set one may hold zero. It is a plain
// value, without a pointer.
type Opt[T any] struct {
	v   T
	set bool
}

// Some returns an Opt that is set: IfName: nl.Some("eth0").
func Some[T any](v T) Opt[T] { return Opt[T]{v: v, set: true} }

// U8 returns a set Opt of a uint8.
func U8(v uint8) Opt[uint8] { return Some(v) }

// U16 returns a set Opt of a uint16.
func U16(v uint16) Opt[uint16] { return Some(v) }

// U32 returns a set Opt of a uint32: MTU: nl.U32(1400).
func U32(v uint32) Opt[uint32] { return Some(v) }

// U64 returns a set Opt of a uint64.
func U64(v uint64) Opt[uint64] { return Some(v) }

// S32 returns a set Opt of an int32.
func S32(v int32) Opt[int32] { return Some(v) }

// Set sets the value.
func (o *Opt[T]) Set(v T) { o.v, o.set = v, true }

// Clear makes it not set.
func (o *Opt[T]) Clear() { *o = Opt[T]{} }

// IsSet reports whether there is a value.
func (o Opt[T]) IsSet() bool { return o.set }

// IsZero reports whether there is no value. A value of zero is one: the name is
// that of encoding/json's option omitzero.
func (o Opt[T]) IsZero() bool { return !o.set }

// Get returns the value and whether there is one.
func (o Opt[T]) Get() (T, bool) { return o.v, o.set }

// Value returns the value; the zero value where there is none.
func (o Opt[T]) Value() T { return o.v }

// Or returns the value, and def where there is none.
func (o Opt[T]) Or(def T) T {
	if o.set {
		return o.v
	}
	return def
}

// String writes the value, and "-" where there is none.
func (o Opt[T]) String() string {
	if !o.set {
		return "-"
	}
	return fmt.Sprint(o.v)
}

// Format writes the value as the verb has it ("%d", "%#x"), and "-" where there
// is none, in the width that is asked for. %T is the Opt's type.
func (o Opt[T]) Format(f fmt.State, verb rune) {
	if o.set {
		fmt.Fprintf(f, fmt.FormatString(f, verb), o.v)
		return
	}
	width, _ := f.Width()
	if f.Flag('-') {
		width = -width
	}
	fmt.Fprintf(f, "%*s", width, "-")
}
