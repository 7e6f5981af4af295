package nl

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// The functions of this file read and append the members of structs, which have
// a fixed size.

// FixedText reads a string that fills up its member with NULs.
func (d *Decoder) FixedText(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return d.Text(b)
}

// AddrFromUint32 makes an IPv4 address of a number, whose highest byte comes
// first.
func AddrFromUint32(v uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], v)
	return netip.AddrFrom4(b)
}

// AddrUint32 is the number of an IPv4 address; 0 of any other.
func AddrUint32(a netip.Addr) uint32 {
	if !a.Is4() {
		return 0
	}
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

// AppendAddr appends an address in n bytes, 4 or 16; zeros for one of another
// length.
func AppendAddr(b []byte, a netip.Addr, n int) []byte {
	switch {
	case n == 4 && a.Is4():
		v := a.As4()
		return append(b, v[:]...)
	case n == 16 && a.IsValid():
		v := a.As16()
		return append(b, v[:]...)
	}
	return AppendZeros(b, n)
}

// AppendFixed appends a string in n bytes.
func AppendFixed(b []byte, s string, n int) []byte {
	s = s[:min(len(s), n)]
	return AppendZeros(append(b, s...), n-len(s))
}

// AppendHardwareAddr appends a link-layer address in n bytes.
func AppendHardwareAddr(b []byte, h HardwareAddr, n int) []byte {
	return AppendZeros(append(b, h.b[:min(h.Len(), n)]...), n-min(h.Len(), n))
}

// AppendZeros appends n bytes of zero.
func AppendZeros(b []byte, n int) []byte {
	for range n {
		b = append(b, 0)
	}
	return b
}

// OwnStruct copies a struct of numbers; nil of nil.
func OwnStruct[T any](s *T) *T {
	if s == nil {
		return nil
	}
	c := *s
	return &c
}
