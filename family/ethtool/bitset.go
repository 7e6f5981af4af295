package ethtool

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"strconv"

	"github.com/nlkit/nlkit/family/nl"
)

// Bit is one bit that a Bitset tells of.
type Bit struct {
	Index uint32 // among those of its kind, such as link modes
	Name  string // empty where the set has none: see [Bitset.All]
	On    bool
}

// BitsetOf makes a set of bits by name in which these are on and all others off.
func BitsetOf(names ...string) *Bitset {
	b := &Bitset{NoMask: true, Bits: &BitsetBits{}}
	for _, name := range names {
		b.Bits.Bit = append(b.Bits.Bit, &BitsetBit{Name: nl.Some(name)})
	}
	return b
}

// BitsetChange makes a set that turns bits on and off by name, and leaves those
// that it does not name as they are.
func BitsetChange(on, off []string) *Bitset {
	b := BitsetOf(on...)
	b.NoMask = false
	for _, bit := range b.Bits.Bit {
		bit.Value = true
	}
	for _, name := range off {
		b.Bits.Bit = append(b.Bits.Bit, &BitsetBit{Name: nl.Some(name)})
	}
	return b
}

// All yields the bits that the set tells of, in the order it has them. With a
// mask these are the bits of the mask, on or off: of a device's link modes all
// that it supports, say. Without one (NoMask) they are those that are on.
//
// The kernel sends sets with the names of bits, and compact ones without to those
// who ask for them by [HeaderFlagCompactBitsets]. Both are read. A nil set has no
// bits.
func (b *Bitset) All() iter.Seq[Bit] {
	return func(yield func(Bit) bool) {
		if b == nil {
			return
		}
		if b.Bits == nil {
			b.compact(yield)
			return
		}
		for _, bit := range b.Bits.Bit {
			if !yield(Bit{Index: bit.Index.Value(), Name: bit.Name.Value(), On: bit.Value || b.NoMask}) {
				return
			}
		}
	}
}

// compact yields the bits of words of 32, in the machine's byte order. What is
// not as long as a word, or beyond the size, is none.
func (b *Bitset) compact(yield func(Bit) bool) {
	told := b.Mask
	if b.NoMask {
		told = b.Value
	}
	size := b.Size.Or(uint32(len(told)) * 8)
	for at := 0; at+4 <= len(told); at += 4 {
		word, on := binary.NativeEndian.Uint32(told[at:]), uint32(0)
		if at+4 <= len(b.Value) {
			on = binary.NativeEndian.Uint32(b.Value[at:])
		}
		for ; word != 0; word &= word - 1 {
			i := uint32(bits.TrailingZeros32(word))
			index := uint32(at)*8 + i
			if index >= size || !yield(Bit{Index: index, On: on>>i&1 != 0}) {
				return
			}
		}
	}
}

// Names yields the names of the bits that All does, and numbers for those that
// have none.
func (b *Bitset) Names() iter.Seq[string] { return b.names(false) }

// On yields the names of the bits that are on, and numbers for those that have
// none.
func (b *Bitset) On() iter.Seq[string] { return b.names(true) }

func (b *Bitset) names(on bool) iter.Seq[string] {
	return func(yield func(string) bool) {
		for bit := range b.All() {
			if on && !bit.On {
				continue
			}
			if bit.Name == "" {
				bit.Name = strconv.FormatUint(uint64(bit.Index), 10)
			}
			if !yield(bit.Name) {
				return
			}
		}
	}
}
