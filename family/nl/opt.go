package nl

import "fmt"

// Opt is a value that may be there or not: an attribute that was sent, or one
// that was not. The zero Opt is not set; a set one may hold zero. It is a plain
// value, without a pointer.
type Opt[T any] struct {
	v   T
	set bool
}

// Some returns an Opt that is set: MTU: nl.Some[uint32](1400).
func Some[T any](v T) Opt[T] { return Opt[T]{v: v, set: true} }

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
