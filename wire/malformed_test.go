package wire

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

func TestCheckAttrs(t *testing.T) {
	good := attr(1, 1, 2, 3, 4) // 8 bytes
	for _, c := range []struct {
		name string
		in   []byte
		want *Malformed
		text string
	}{
		{"nothing", nil, nil, ""},
		{"one", good, nil, ""},
		{"nests", cat(good, nest(2, good, nest(3, good), nest(4)), good), nil, ""},
		{"no attributes in an unmarked one", attr(2, 1, 2, 3), nil, ""},
		{"last padding missing in a nest", nest(2, rawAttr(5, 1, 9)), nil, ""},
		{"at the top", cat(good, rawAttr(12, 5, 1, 2, 3, 4)),
			&Malformed{Offset: 8, What: "attribute", Path: []uint16{5}, Reason: "length field runs past the end", Want: 12, Have: 8},
			"malformed attribute 5 at offset 8: length field runs past the end (need 12 bytes, have 8)"},
		{"trailing", cat(good, []byte{1}),
			&Malformed{Offset: 8, What: "attribute header", Reason: "cut short", Want: 4, Have: 1},
			"malformed attribute header at offset 8: cut short (need 4 bytes, have 1)"},
		// 8 good, 4 nest header, 8 good, 4 inner nest header, 8 good: the fault is at 32.
		{"two nests down", cat(good, nest(18, good, nest(2, good, rawAttr(400, 7, 1, 2, 3, 4))), good),
			&Malformed{Offset: 32, What: "attribute", Path: []uint16{18, 2, 7}, Reason: "length field runs past the end", Want: 400, Have: 8},
			"malformed attribute 18 > 2 > 7 at offset 32: length field runs past the end (need 400 bytes, have 8)"},
		{"length 0 in a nest", nest(18, good, rawAttr(0, 7|AttrNested)),
			&Malformed{Offset: 12, What: "attribute", Path: []uint16{18, 7}, Reason: "length field shorter than the header", Want: 4, Have: 0},
			"malformed attribute 18 > 7 at offset 12: length field shorter than the header (need 4 bytes, have 0)"},
		{"trailing in a nest", cat(good, nest(18, good, []byte{1, 2})),
			&Malformed{Offset: 20, What: "attribute header", Path: []uint16{18}, Reason: "cut short", Want: 4, Have: 2},
			"malformed attribute header in attribute 18 at offset 20: cut short (need 4 bytes, have 2)"},
		{"trailing two nests down", nest(18, nest(2, []byte{1, 2, 3})),
			&Malformed{Offset: 8, What: "attribute header", Path: []uint16{18, 2}, Reason: "cut short", Want: 4, Have: 3},
			"malformed attribute header in attribute 18 > 2 at offset 8: cut short (need 4 bytes, have 3)"},
		{"the nest itself", nest(3, rawAttr(40, 5|AttrNested, good...)),
			&Malformed{Offset: 4, What: "attribute", Path: []uint16{3, 5}, Reason: "length field runs past the end", Want: 40, Have: 12},
			"malformed attribute 3 > 5 at offset 4: length field runs past the end (need 40 bytes, have 12)"},
		{"after a nest with odd length", cat(rawAttr(9, 3|AttrNested, rawAttr(5, 1, 9)...), []byte{0, 0, 0}, rawAttr(3, 4)),
			&Malformed{Offset: 12, What: "attribute", Path: []uint16{4}, Reason: "length field shorter than the header", Want: 4, Have: 3},
			"malformed attribute 4 at offset 12: length field shorter than the header (need 4 bytes, have 3)"},
		{"in a nest after odd lengths", cat(attr(9, 1), attr(9, 1, 2, 3, 4, 5), nest(18, attr(9, 1), rawAttr(3, 7))),
			&Malformed{Offset: 32, What: "attribute", Path: []uint16{18, 7}, Reason: "length field shorter than the header", Want: 4, Have: 3}, ""},
		{"the first of two", cat(rawAttr(8, 1|AttrNested, 0, 0, 9, 0), rawAttr(0, 2)),
			&Malformed{Offset: 4, What: "attribute", Path: []uint16{1, binary.NativeEndian.Uint16([]byte{9, 0})}, Reason: "length field shorter than the header", Want: 4, Have: 0}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := CheckAttrs(c.in)
			if c.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantMalformed(t, err, *c.want)
			if c.text != "" && err.Error() != c.text {
				t.Errorf("message\n%v\nwant\n%v", err, c.text)
			}
		})
	}
}

// nested returns depth nests of type 1 in each other.
func nested(depth int) []byte {
	b := attr(2, 1)
	for range depth {
		b = nest(1, b)
	}
	return b
}

func TestCheckDepth(t *testing.T) {
	if err := CheckAttrs(nested(maxDepth)); err != nil {
		t.Errorf("%d nests: %v", maxDepth, err)
	}
	path := slices.Repeat([]uint16{1}, maxDepth+1)
	for _, depth := range []int{maxDepth + 1, maxDepth + 2, 1000, 10000} {
		// The offending header is that of the 17th nest, whatever is in it.
		wantMalformed(t, CheckAttrs(nested(depth)), Malformed{
			Offset: maxDepth * AttrHeaderLen, What: "attribute", Path: path, Reason: "nested deeper than 16 levels",
		})
	}
	want := "malformed attribute 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1 > 1" +
		" at offset 64: nested deeper than 16 levels"
	if got := CheckAttrs(nested(17)).Error(); got != want {
		t.Errorf("message %q, want %q", got, want)
	}
}

func TestCheck(t *testing.T) {
	good := attr(1, 1, 2, 3, 4) // 8 bytes
	bad := rawAttr(12, 5, 1, 2, 3, 4)
	badFault := Malformed{What: "attribute", Path: []uint16{5}, Reason: "length field runs past the end", Want: 12, Have: 8}
	at := func(off int, m Malformed, outer ...uint16) *Malformed {
		m.Offset, m.Path = off, append(outer, m.Path...)
		return &m
	}
	fixed := make([]byte, 16)
	first := message(18, 0, fixed, good) // 40 bytes
	ack := message(TypeError, Capped|AckTLVs, h32(0), rawMessage(40, 18, 0), good, bad)
	for _, c := range []struct {
		name      string
		in        []byte
		headerLen int
		want      *Malformed
	}{
		{"nothing", nil, 16, nil},
		{"one", first, 16, nil},
		{"several", cat(first, first, message(TypeDone, Multi, h32(0))), 16, nil},
		{"no attributes", message(18, 0, fixed), 16, nil},
		{"no payload", message(18, 0), 0, nil},
		{"negative header length", message(18, 0, good), -5, nil},
		{"odd header length", message(18, 0, []byte{1, 2, 3, 4}, good), 1, nil},
		{"odd header length, padding missing", message(18, 0, []byte{1}), 1, nil},
		{"header length 5, padding missing", message(18, 0, []byte{1, 2, 3, 4, 5, 6}), 5, nil},
		{"noop holds anything", message(TypeNoop, 0, []byte{1, 2, 3}), 16, nil},
		{"overrun holds anything", message(TypeOverrun, 0, []byte{1, 2, 3}), 16, nil},
		{"first message", message(18, 0, fixed, good, bad), 16, at(40, badFault)},
		{"second message", cat(first, message(18, 0, fixed, bad)), 16, at(72, badFault)},
		{"after an odd message", cat(padded(message(18, 0, fixed, rawAttr(5, 1, 9))), message(18, 0, fixed, bad)), 16, at(72, badFault)},
		{"in a nest of the second", cat(first, message(18, 0, fixed, good, nest(18, good, bad))), 16, at(92, badFault, 18)},
		{"fixed header missing", cat(first, message(18, 0)), 16,
			&Malformed{Offset: 56, What: "fixed header", Reason: "cut short", Want: 16, Have: 0}},
		{"fixed header cut", message(18, 0, fixed[:15]), 16,
			&Malformed{Offset: 16, What: "fixed header", Reason: "cut short", Want: 16, Have: 15}},
		{"absurd header length", message(18, 0, fixed), math.MaxInt,
			&Malformed{Offset: 16, What: "fixed header", Reason: "cut short", Want: math.MaxInt, Have: 16}},
		{"message header cut", cat(first, first[:7]), 16,
			&Malformed{Offset: 40, What: "message header", Reason: "cut short", Want: 16, Have: 7}},
		{"message length", cat(first, rawMessage(1, 18, 0)), 16,
			&Malformed{Offset: 40, What: "message", Reason: "length field shorter than the header", Want: 16, Have: 1}},
		{"message cut", first[:39], 16,
			&Malformed{Offset: 0, What: "message", Reason: "length field runs past the end", Want: 40, Have: 39}},
		{"attributes before the cut message", cat(message(18, 0, bad), first[:39]), 0, at(16, badFault)},
		// ACK: 16 header, 4 errno, 16 request header, 8 good.
		{"ACK attributes", cat(first, ack), 16, at(40+44, badFault)},
		{"ACK cut", cat(first, message(TypeError, 0, []byte{1})), 16,
			&Malformed{Offset: 56, What: "errno", Reason: "cut short", Want: 4, Have: 1}},
		{"request in an ACK", cat(first, message(TypeError, 0, h32(0), rawMessage(2, 18, 0))), 16,
			&Malformed{Offset: 60, What: "request in an ACK", Reason: "length field shorter than the header", Want: 16, Have: 2}},
		{"DONE attributes", cat(first, message(TypeDone, Multi|AckTLVs, h32(0), bad)), 16, at(40+20, badFault)},
		{"DONE data that is no attributes", message(TypeDone, Multi, h32(0), []byte{1, 2}), 16, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Check(c.in, c.headerLen)
			if c.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantMalformed(t, err, *c.want)
		})
	}
}

func TestMalformedMessages(t *testing.T) {
	for _, c := range []struct {
		err  Malformed
		want string
	}{
		{Malformed{Offset: 40, What: "message", Reason: "length field runs past the end", Want: 60, Have: 20},
			"malformed message at offset 40: length field runs past the end (need 60 bytes, have 20)"},
		{Malformed{Offset: 40, What: "message header", Reason: "cut short", Want: 16},
			"malformed message header at offset 40: cut short (need 16 bytes, have 0)"},
		{Malformed{What: "attribute", Path: []uint16{1}, Reason: "not wanted"},
			"malformed attribute 1 at offset 0: not wanted"},
	} {
		if got := c.err.Error(); got != c.want {
			t.Errorf("message %q, want %q", got, c.want)
		}
	}
}

// TestCheckRecordings shows that what a kernel sent passes.
func TestCheckRecordings(t *testing.T) {
	for _, d := range recordings(t) {
		t.Run(d.name, func(t *testing.T) {
			b := recording(t, d.name)
			if err := Check(b, d.headerLen); err != nil {
				t.Error(err)
			}
			n := 0
			for range Messages(b) {
				n++
			}
			if n == 0 {
				t.Error("no message in it")
			}
			// No proper beginning of it passes unless it ends with a message.
			ends := map[int]bool{0: true}
			off := 0
			for m := range Messages(b) {
				for n := range 4 { // the padding may be missing
					ends[off+len(m)+n] = true
				}
				off += Align(len(m))
			}
			for n := range b {
				if err := Check(b[:n], d.headerLen); (err == nil) && !ends[n] {
					t.Errorf("the first %d of %d bytes pass", n, len(b))
				}
			}
		})
	}
}
