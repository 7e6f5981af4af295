package wire

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// seedDatagrams adds whole datagrams, recorded and made, good and bad. add gets
// the size of the fixed header too.
func seedDatagrams(f *testing.F, add func(b []byte, headerLen int)) {
	for _, d := range recordings(f) {
		add(d.bytes, d.headerLen)
		add(d.bytes[:len(d.bytes)-3], d.headerLen)
	}
	good := attr(1, 1, 2, 3, 4)
	for _, b := range [][]byte{
		nil, {0}, make([]byte, 16), bytes.Repeat([]byte{0xff}, 40),
		message(18, Request, good, nest(2, good, nest(3, good))),
		message(18, Request, nested(maxDepth)), message(18, Request, nested(maxDepth+1)),
		cat(padded(message(18, 0, rawAttr(5, 1, 9))), message(TypeDone, Multi, h32(0))),
		message(TypeError, 0, h32(0), message(18, 0, good)),
		message(TypeError, 0, h32(0), rawMessage(17, 18, 0)),
		message(TypeError, AckTLVs, h32(0xffffffea), message(18, 0, []byte{1}), []byte{0, 0, 0}, good),
		message(TypeError, Capped|AckTLVs, h32(0xffffffea), rawMessage(99, 18, 0), good, rawAttr(5, 1, 9)),
		message(TypeDone, Multi|AckTLVs, h32(0xffffffea), good, rawAttr(3, 1)),
		cat(message(18, 0, good), rawMessage(0, 18, 0)),
		cat(message(18, 0, good), rawMessage(0xffffffff, 18, 0)),
	} {
		add(b, 0)
	}
}

// FuzzMessages compares the walk over a datagram's messages with the slow one.
func FuzzMessages(f *testing.F) {
	seedDatagrams(f, func(b []byte, _ int) { f.Add(b) })
	f.Fuzz(func(t *testing.T, b []byte) {
		b = slices.Clip(b) // a read past the end is a panic
		want, fault := refWalk(b, HeaderLen, 4)
		i, got := 0, -1
		for m, err := range Messages(b) {
			if err != nil {
				var bad *Malformed
				if !errors.As(err, &bad) || m != nil || got >= 0 {
					t.Fatalf("last step %v, %v", m, err)
				}
				if got = bad.Offset; bad.Have >= bad.Want {
					t.Fatalf("fault that is none: %v", bad)
				}
				continue
			}
			if i >= len(want) || got >= 0 {
				t.Fatalf("message %d, want %d", i, len(want))
			}
			sameBytes(t, b, m, want[i])
			if h := m.Header(); int(h.Len) != len(m) || h.Type != m.Type() || h.Flags != m.Flags() || h.Seq != m.Seq() || h.Port != m.Port() {
				t.Fatalf("header %v of a message of %d bytes", h, len(m))
			}
			if !bytes.Equal(m.Header().Append(nil), m[:HeaderLen]) {
				t.Fatal("a header decoded and encoded differs")
			}
			if m.Header().String() == "" || len(m.Data()) != len(m)-HeaderLen {
				t.Fatal("message without a text, or with data of another size")
			}
			i++
		}
		if i != len(want) || got != fault {
			t.Fatalf("%d messages, fault at %d, want %d, %d", i, got, len(want), fault)
		}
	})
}

// FuzzAttrs compares the walk over attributes with the slow one and calls every
// getter on what it finds.
func FuzzAttrs(f *testing.F) {
	seedDatagrams(f, func(b []byte, headerLen int) { f.Add(b[min(len(b), HeaderLen+headerLen):]) })
	f.Fuzz(func(t *testing.T, b []byte) {
		b = slices.Clip(b)
		want, fault := refWalk(b, AttrHeaderLen, 2)
		i, got := 0, -1
		last := map[uint16]Attr{}
		for a, err := range Attrs(b) {
			if err != nil {
				var bad *Malformed
				if !errors.As(err, &bad) || a != nil || got >= 0 {
					t.Fatalf("last step %v, %v", a, err)
				}
				if got = bad.Offset; bad.Have >= bad.Want {
					t.Fatalf("fault that is none: %v", bad)
				}
				continue
			}
			if i >= len(want) || got >= 0 {
				t.Fatalf("attribute %d, want %d", i, len(want))
			}
			sameBytes(t, b, a, want[i])
			useGetters(t, a)
			if len(last) < 8 || last[a.Type()] != nil { // a few, or the search costs all the time
				last[a.Type()] = a
			}
			i++
		}
		if i != len(want) || got != fault {
			t.Fatalf("%d attributes, fault at %d, want %d, %d", i, got, len(want), fault)
		}
		for typ, a := range last {
			if found, ok := FindAttr(b, typ); !ok || &found[0] != &a[0] {
				t.Fatalf("FindAttr(%d) does not find the last one", typ)
			}
		}
	})
}

// useGetters calls every getter. Each must succeed exactly where the value is
// long enough, and agree with the bytes.
func useGetters(t *testing.T, a Attr) {
	t.Helper()
	data := a.Data()
	for name, g := range getters {
		v, err := g.get(a)
		if (err == nil) != (len(data) >= g.size) {
			t.Fatalf("%s of %d bytes: %v, %v", name, len(data), v, err)
		}
		var bad *ValueError
		if err != nil && (!errors.As(err, &bad) || bad.Attr != a.Type() || bad.Have != len(data) || v != g.zero) {
			t.Fatalf("%s of attribute %d, %d bytes: %v, %v", name, a.Type(), len(data), v, err)
		}
	}
	if len(data) >= 8 {
		v, _ := a.Uint64()
		be, _ := a.Uint64BE()
		le, _ := a.Uint64LE()
		u, _ := a.Uint()
		s, _ := a.Sint()
		if v != refNumber(data[:8]) || u != v || s != int64(v) || (be != v && le != v) {
			t.Fatalf("% x: Uint64 %x BE %x LE %x Uint %x Sint %x", data[:8], v, be, le, u, s)
		}
	} else if len(data) >= 4 {
		v, _ := a.Uint32()
		u, _ := a.Uint()
		s, _ := a.Sint()
		if uint64(v) != refNumber(data[:4]) || u != uint64(v) || s != int64(int32(v)) {
			t.Fatalf("% x: Uint32 %x Uint %x Sint %x", data[:4], v, u, s)
		}
	}
	text := a.TextBytes()
	if bytes.IndexByte(text, 0) >= 0 || !bytes.HasPrefix(data, text) || a.Text() != string(text) {
		t.Fatalf("text %q of % x", text, data)
	}
	if len(text) < len(data) && data[len(text)] != 0 {
		t.Fatalf("text %q of % x ends before the NUL", text, data)
	}
}

// FuzzGetters calls the getters on slices that no iteration yielded.
func FuzzGetters(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte{1, 2, 3})
	f.Add(rawAttr(0, 1))
	f.Add(rawAttr(12, 1, h64(1<<63)...))
	f.Add(rawAttr(8, 1, 'l', 'o', 0, 'x'))
	f.Fuzz(func(t *testing.T, b []byte) {
		a := Attr(slices.Clip(b))
		useGetters(t, a)
		for range a.Attrs() {
		}
		if !bytes.Equal(a.Clone(), a) {
			t.Fatal("clone differs")
		}
	})
}

// FuzzCheck compares Check with the slow one: the same offset and the same path.
// A datagram that passes must be walked without a fault at every level.
func FuzzCheck(f *testing.F) {
	seedDatagrams(f, func(b []byte, headerLen int) { f.Add(b, uint8(headerLen)) })
	f.Add(message(18, 0, []byte{1}), uint8(1))
	f.Fuzz(func(t *testing.T, b []byte, headerLen uint8) {
		b = slices.Clip(b)
		fault, path := refCheck(b, int(headerLen))
		err := Check(b, int(headerLen))
		if err != nil {
			var bad *Malformed
			if !errors.As(err, &bad) {
				t.Fatalf("error %v", err)
			}
			if bad.Offset != fault || !slices.Equal(bad.Path, path) {
				t.Fatalf("%v, path %v, want offset %d, path %v", bad, bad.Path, fault, path)
			}
			return
		}
		if fault >= 0 {
			t.Fatalf("passed, want a fault at %d", fault)
		}
		for m, err := range Messages(b) {
			if err != nil {
				t.Fatal(err)
			}
			if m.Type().IsControl() {
				continue
			}
			data := m.Data()
			walkAll(t, data[min(Align(int(headerLen)), len(data)):])
		}
	})
}

func walkAll(t *testing.T, b []byte) {
	t.Helper()
	if err := CheckAttrs(b); err != nil {
		t.Fatal(err)
	}
	for a, err := range Attrs(b) {
		if err != nil {
			t.Fatal(err)
		}
		if a.IsNested() {
			walkAll(t, a.Data())
		}
	}
}

// FuzzParseAck: the parts lie in the message, one after the other, and only
// padding is between them.
func FuzzParseAck(f *testing.F) {
	seedDatagrams(f, func(b []byte, _ int) { f.Add(b) })
	f.Fuzz(func(t *testing.T, b []byte) {
		m := Message(slices.Clip(b))
		a, err := ParseAck(m)
		fault := -1
		if len(m) >= HeaderLen && (m.Type() == TypeError || m.Type() == TypeDone) {
			if fault, _ = refMessage(m, span{0, len(m)}, 0); fault > HeaderLen+4 {
				fault = -1 // an attribute's: not ParseAck's business
			}
		}
		if err != nil {
			var bad *Malformed
			if !errors.As(err, &bad) || a.Request != nil || a.TLVs != nil {
				t.Fatalf("%v, beside it %+v", err, a)
			}
			if fault >= 0 && bad.Offset != fault {
				t.Fatalf("%v, want offset %d", bad, fault)
			}
			return
		}
		if fault >= HeaderLen && m.Type() == TypeError {
			t.Fatalf("passed, want a fault at %d", fault)
		}
		if len(m.Data()) >= 4 && uint64(uint32(a.Errno)) != refNumber(m[HeaderLen:HeaderLen+4]) {
			t.Fatalf("errno %d", a.Errno)
		}
		if m.Type() == TypeError {
			sameBytes(t, m, a.Request, span{HeaderLen + 4, HeaderLen + 4 + len(a.Request)})
			if m.Flags().Has(Capped) && len(a.Request) != HeaderLen {
				t.Fatalf("capped request of %d bytes", len(a.Request))
			}
		} else if a.Request != nil {
			t.Fatal("a request in another message than NLMSG_ERROR")
		}
		if len(a.TLVs) > 0 {
			if !m.Flags().Has(AckTLVs) {
				t.Fatal("attributes without the flag")
			}
			from := min(HeaderLen+4+Align(len(a.Request)), len(m))
			sameBytes(t, m, a.TLVs, span{from, len(m)})
		}
	})
}
