package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"strings"
	"testing"
)

// node is what the fuzz target expects of one attribute.
type node struct {
	raw   uint16          // the type field
	check func(Attr) bool // of a leaf: whether the value is what was put in
	inner []*node         // of a nest
	nest  bool
}

// size returns the attribute's length field, without padding of its own.
func (n *node) size(leaf map[*node]int) int {
	if !n.nest {
		return leaf[n]
	}
	sum := AttrHeaderLen
	for _, c := range n.inner {
		sum += Align(c.size(leaf))
	}
	return sum
}

// script drives a Builder with operations read from bytes, and keeps a model.
type script struct {
	in    []byte
	b     Builder
	stack []*node // open nests; stack[0] stands for the message
	open  []Nest
	msgs  []*node
	leaf  map[*node]int // sizes of the leaves
	heads []Header
}

func (s *script) byte() byte {
	if len(s.in) == 0 {
		return 0
	}
	v := s.in[0]
	s.in = s.in[1:]
	return v
}

func (s *script) number() uint64 {
	var p [8]byte
	s.in = s.in[copy(p[:], s.in):]
	return binary.LittleEndian.Uint64(p[:])
}

func (s *script) text() string {
	n := min(int(s.byte()), len(s.in))
	v := string(s.in[:n])
	s.in = s.in[n:]
	return v
}

// put notes an attribute of size bytes of value.
func (s *script) put(raw uint16, size int, check func(Attr) bool) {
	n := &node{raw: raw, check: check}
	s.leaf[n] = AttrHeaderLen + size
	top := s.stack[len(s.stack)-1]
	top.inner = append(top.inner, n)
}

func (s *script) message(fixed int) {
	for len(s.open) > 0 {
		s.end()
	}
	h := Header{Type: TypeMin + Type(s.byte()), Flags: Flags(s.byte()), Seq: uint32(s.number()), Port: uint32(s.byte())}
	s.b.Message(h)
	s.b.Raw(bytes.Repeat([]byte{0xaa}, fixed))
	root := &node{nest: true}
	s.stack = []*node{root}
	s.msgs = append(s.msgs, root)
	s.heads = append(s.heads, h)
}

func (s *script) end() {
	s.b.End(s.open[len(s.open)-1])
	s.open = s.open[:len(s.open)-1]
	s.stack = s.stack[:len(s.stack)-1]
}

func is[T comparable](want T, get func(Attr) (T, error)) func(Attr) bool {
	return func(a Attr) bool {
		v, err := get(a)
		return err == nil && v == want
	}
}

// step does one operation. It reports whether the Builder must refuse it.
func (s *script) step(fixed int) (refused error) {
	op := s.byte() % 28
	typ := uint16(s.byte())<<8>>4 | uint16(s.byte())&0xf
	switch op {
	case 0:
		s.message(fixed)
	case 1, 2:
		if len(s.open) >= maxDepth-1 {
			return nil
		}
		n := &node{raw: typ | AttrNested, nest: true}
		if op == 1 {
			s.open = append(s.open, s.b.Nest(typ))
		} else {
			n.raw = typ
			s.open = append(s.open, s.b.NestPlain(typ))
		}
		top := s.stack[len(s.stack)-1]
		top.inner = append(top.inner, n)
		s.stack = append(s.stack, n)
	case 3, 4:
		if len(s.open) > 0 {
			s.end()
		}
	case 5, 6:
		v := s.text()
		nul := 1
		if op == 5 {
			s.b.Text(typ, v)
		} else {
			s.b.TextRaw(typ, v)
			nul = 0
		}
		if strings.Contains(v, "\x00") {
			return ErrText
		}
		s.put(typ, len(v)+nul, func(a Attr) bool { return a.Text() == v })
	case 7:
		v := []byte(s.text())
		s.b.Attr(typ|AttrNetByteOrder, v)
		s.put(typ|AttrNetByteOrder, len(v), func(a Attr) bool { return bytes.Equal(a.Data(), v) })
	case 8: // large ones reach the limits
		v := bytes.Repeat([]byte{s.byte()}, int(s.byte())*260)
		s.b.Attr(typ, v)
		if len(v) > MaxAttrLen-AttrHeaderLen {
			return ErrTooLong
		}
		s.put(typ, len(v), func(a Attr) bool { return bytes.Equal(a.Data(), v) })
	case 9:
		s.b.Flag(typ)
		s.put(typ, 0, func(a Attr) bool { return len(a.Data()) == 0 })
	case 10:
		v := Bitfield32{Value: uint32(s.number()), Selector: uint32(s.number())}
		s.b.Bitfield32(typ, v)
		s.put(typ, 8, is(v, Attr.Bitfield32))
	default:
		s.scalar(op, typ, s.number())
	}
	return nil
}

func (s *script) scalar(op byte, typ uint16, v uint64) {
	b := &s.b
	switch op {
	case 11:
		b.Uint8(typ, uint8(v))
		s.put(typ, 1, is(uint8(v), Attr.Uint8))
	case 12:
		b.Uint16(typ, uint16(v))
		s.put(typ, 2, is(uint16(v), Attr.Uint16))
	case 13:
		b.Uint32(typ, uint32(v))
		s.put(typ, 4, is(uint32(v), Attr.Uint32))
	case 14:
		b.Uint64(typ, v)
		s.put(typ, 8, is(v, Attr.Uint64))
	case 15:
		b.Uint16BE(typ, uint16(v))
		s.put(typ, 2, is(uint16(v), Attr.Uint16BE))
	case 16:
		b.Uint32BE(typ, uint32(v))
		s.put(typ, 4, is(uint32(v), Attr.Uint32BE))
	case 17:
		b.Uint64BE(typ, v)
		s.put(typ, 8, is(v, Attr.Uint64BE))
	case 18:
		b.Uint16LE(typ, uint16(v))
		s.put(typ, 2, is(uint16(v), Attr.Uint16LE))
	case 19:
		b.Uint32LE(typ, uint32(v))
		s.put(typ, 4, is(uint32(v), Attr.Uint32LE))
	case 20:
		b.Uint64LE(typ, v)
		s.put(typ, 8, is(v, Attr.Uint64LE))
	case 21:
		b.Int8(typ, int8(v))
		s.put(typ, 1, is(int8(v), Attr.Int8))
	case 22:
		b.Int16(typ, int16(v))
		s.put(typ, 2, is(int16(v), Attr.Int16))
	case 23:
		b.Int32(typ, int32(v))
		s.put(typ, 4, is(int32(v), Attr.Int32))
	case 24:
		b.Int64(typ, int64(v))
		s.put(typ, 8, is(int64(v), Attr.Int64))
	case 25:
		b.Uint(typ, v)
		size := 4
		if v > math.MaxUint32 {
			size = 8
		}
		s.put(typ, size, is(v, Attr.Uint))
	case 26:
		b.Sint(typ, int64(v))
		size := 4
		if int64(int32(v)) != int64(v) {
			size = 8
		}
		s.put(typ, size, is(int64(v), Attr.Sint))
	case 27:
		_, _ = b.Bytes() // with no nest open it must change nothing
	}
}

// compare walks b and reports what differs from the model.
func (s *script) compare(t *testing.T, b []byte, want []*node) {
	t.Helper()
	i := 0
	for a, err := range Attrs(b) {
		if err != nil {
			t.Fatal(err)
		}
		if i == len(want) {
			t.Fatalf("more than %d attributes", i)
		}
		n := want[i]
		i++
		if a.RawType() != n.raw || len(a) != n.size(s.leaf) {
			t.Fatalf("attribute %#x of %d bytes, want %#x of %d", a.RawType(), len(a), n.raw, n.size(s.leaf))
		}
		if n.nest {
			s.compare(t, a.Data(), n.inner)
		} else if !n.check(a) {
			t.Fatalf("attribute %#x: % x is not what was put in", n.raw, a)
		}
	}
	if i != len(want) {
		t.Fatalf("%d attributes, want %d", i, len(want))
	}
}

// tooLong reports whether a nest of the model does not fit its length field.
func (s *script) tooLong(list []*node) bool {
	for _, n := range list {
		if n.nest && (n.size(s.leaf) > MaxAttrLen || s.tooLong(n.inner)) {
			return true
		}
	}
	return false
}

// FuzzBuilder runs any sequence of operations and reads the bytes back.
func FuzzBuilder(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{4, 0, 1, 2, 3})
	f.Add([]byte("\x10\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x05\x00\x03\x03eth\x01\x00\x02\x05\x00\x01\x04vlan\x01\x00\x03\x0d\x00\x01\x2a\x00\x00\x00\x00\x00\x00\x00\x03"))
	f.Add(bytes.Repeat([]byte{1, 0, 1}, 20))
	f.Add(append([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1}, bytes.Repeat([]byte{8, 0, 2, 9, 200}, 3)...))
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 1, 2, 'a', 0})
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 1, 1, 255})
	var all []byte
	for op := range byte(28) {
		all = append(all, op, 1, 2, 4, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9)
	}
	f.Add(all)
	f.Fuzz(func(t *testing.T, in []byte) {
		s := &script{in: in[:min(len(in), 1000)], leaf: map[*node]int{}}
		fixed := int(s.byte()) % 21
		s.b.Reset(bytes.Repeat([]byte{0xff}, 64)[:0])
		s.message(fixed)
		var refused error
		for len(s.in) > 0 && refused == nil && len(s.msgs) < 50 && s.b.Err() == nil {
			if len(s.open) > 0 && s.in[0]%28 == 27 {
				s.in = s.in[1:] // Bytes with a nest open is an error, tested elsewhere
				continue
			}
			refused = s.step(fixed)
		}
		for len(s.open) > 0 {
			s.end()
		}
		p, err := s.b.Bytes()
		var all []*node
		for _, m := range s.msgs {
			all = append(all, m.inner...)
		}
		if s.tooLong(all) && refused == nil {
			refused = ErrTooLong
		}
		if refused != nil {
			// A nest too long and a refused value: whichever came first.
			if p != nil || !(errors.Is(err, refused) || errors.Is(err, ErrTooLong) && s.tooLong(all)) {
				t.Fatalf("%d bytes, %v, want %v", len(p), err, refused)
			}
			return
		}
		if err != nil {
			t.Fatalf("%v, which is not too long", err)
		}
		if err := Check(p, fixed); err != nil {
			t.Fatal(err)
		}
		i := 0
		for m, err := range Messages(p) {
			if err != nil || i == len(s.msgs) {
				t.Fatalf("message %d of %d: %v", i, len(s.msgs), err)
			}
			want := s.heads[i]
			want.Len = uint32(len(m))
			if m.Header() != want {
				t.Fatalf("header %v, want %v", m.Header(), want)
			}
			head := m.Data()[:Align(fixed)]
			if !bytes.Equal(head[:fixed], bytes.Repeat([]byte{0xaa}, fixed)) || bytes.Count(head[fixed:], []byte{0}) != len(head)-fixed {
				t.Fatalf("fixed header % x", head)
			}
			s.compare(t, m.Data()[Align(fixed):], s.msgs[i].inner)
			i++
		}
		if i != len(s.msgs) {
			t.Fatalf("%d messages, want %d", i, len(s.msgs))
		}
	})
}
