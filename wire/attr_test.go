package wire

import (
	"bytes"
	"testing"
)

func TestAttrView(t *testing.T) {
	for _, c := range []struct {
		raw    uint16
		typ    uint16
		nested bool
	}{
		{0, 0, false}, {5, 5, false}, {5 | AttrNested, 5, true}, {5 | AttrNetByteOrder, 5, false},
		{0xffff, 0x3fff, true}, {0x3fff, 0x3fff, false},
	} {
		a := Attr(rawAttr(7, c.raw, 1, 2, 3))
		if a.RawType() != c.raw || a.Type() != c.typ || a.IsNested() != c.nested {
			t.Errorf("raw %#x: RawType %#x Type %d IsNested %v", c.raw, a.RawType(), a.Type(), a.IsNested())
		}
		if !bytes.Equal(a.Data(), []byte{1, 2, 3}) {
			t.Errorf("Data = % x", a.Data())
		}
	}
	a := Attr(rawAttr(6, 3, 1, 2))
	b := a.Clone()
	b[4] = 9
	if a[4] != 1 {
		t.Error("changing the clone changed the original")
	}
	inner := Attr(nest(1, attr(2, 7), attr(3)))
	var types []uint16
	for a, err := range inner.Attrs() {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, a.Type())
	}
	if len(types) != 2 || types[0] != 2 || types[1] != 3 {
		t.Errorf("inner attributes %v, want [2 3]", types)
	}
}

func TestAttrViewShort(t *testing.T) {
	for n := range AttrHeaderLen {
		a := Attr(bytes.Repeat([]byte{0xff}, n))
		if a.Type() != 0 || a.RawType() != 0 || a.IsNested() || a.Data() != nil {
			t.Errorf("%d bytes: type %d raw %d nested %v data % x", n, a.Type(), a.RawType(), a.IsNested(), a.Data())
		}
		for range a.Attrs() {
			t.Errorf("%d bytes: Attrs yields something", n)
		}
		if !bytes.Equal(a.Clone(), a) {
			t.Errorf("%d bytes: clone differs", n)
		}
	}
	if Attr(nil).Clone() != nil {
		t.Error("the clone of nil is not nil")
	}
	if d := Attr(rawAttr(4, 1)).Data(); len(d) != 0 {
		t.Errorf("Data of a bare header = % x", d)
	}
}

func TestAttrs(t *testing.T) {
	one, odd := rawAttr(8, 1, 1, 2, 3, 4), rawAttr(5, 2, 9)
	longest := attr(3, make([]byte, MaxAttrLen-AttrHeaderLen)...)
	for _, c := range []struct {
		name  string
		in    []byte
		want  [][]byte
		fault *Malformed
	}{
		{"nil", nil, nil, nil},
		{"empty value", rawAttr(4, 1), [][]byte{rawAttr(4, 1)}, nil},
		{"padding missing", cat(one, odd), [][]byte{one, odd}, nil},
		{"padding in part", cat(odd, []byte{0, 0}), [][]byte{odd}, nil},
		{"padding there", cat(padded(odd), one), [][]byte{odd, one}, nil},
		{"padding not zero", cat(odd, []byte{1, 2, 3}, one), [][]byte{odd, one}, nil},
		{"the longest", cat(longest, one), [][]byte{longest[:MaxAttrLen], one}, nil},
		{"1 byte", []byte{8}, nil, &Malformed{Offset: 0, What: "attribute header", Reason: "cut short", Want: 4, Have: 1}},
		{"1 trailing", cat(one, []byte{0}), [][]byte{one}, &Malformed{Offset: 8, What: "attribute header", Reason: "cut short", Want: 4, Have: 1}},
		{"2 trailing", cat(padded(odd), []byte{0, 0}), [][]byte{odd}, &Malformed{Offset: 8, What: "attribute header", Reason: "cut short", Want: 4, Have: 2}},
		{"3 trailing", cat(one, one, []byte{0, 0, 0}), [][]byte{one, one}, &Malformed{Offset: 16, What: "attribute header", Reason: "cut short", Want: 4, Have: 3}},
		{"length 0", cat(one, rawAttr(0, 6, 1, 2, 3, 4)), [][]byte{one}, &Malformed{Offset: 8, What: "attribute", Path: []uint16{6}, Reason: "length field shorter than the header", Want: 4, Have: 0}},
		{"length 3", rawAttr(3, 6|AttrNested), nil, &Malformed{Offset: 0, What: "attribute", Path: []uint16{6}, Reason: "length field shorter than the header", Want: 4, Have: 3}},
		{"1 past the end", cat(one, rawAttr(9, 7, 1, 2, 3, 4)), [][]byte{one}, &Malformed{Offset: 8, What: "attribute", Path: []uint16{7}, Reason: "length field runs past the end", Want: 9, Have: 8}},
		{"far past the end", rawAttr(65535, 7), nil, &Malformed{Offset: 0, What: "attribute", Path: []uint16{7}, Reason: "length field runs past the end", Want: 65535, Have: 4}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got [][]byte
			var fault error
			for a, err := range Attrs(c.in) {
				if fault != nil {
					t.Fatal("the iteration went on after an error")
				}
				if fault = err; err != nil {
					if a != nil {
						t.Errorf("an attribute beside the error: % x", a)
					}
					continue
				}
				if cap(a) != len(a) {
					t.Errorf("capacity %d reaches beyond the attribute of %d bytes", cap(a), len(a))
				}
				got = append(got, a)
			}
			if c.fault == nil && fault != nil {
				t.Errorf("error %v", fault)
			}
			if c.fault != nil {
				wantMalformed(t, fault, *c.fault)
			}
			if len(got) != len(c.want) {
				t.Fatalf("%d attributes, want %d", len(got), len(c.want))
			}
			for i := range got {
				if !bytes.Equal(got[i], c.want[i]) {
					t.Errorf("attribute %d: % x, want % x", i, got[i], c.want[i])
				}
			}
		})
	}
}

func TestAttrsBorrowAndBreak(t *testing.T) {
	in := cat(attr(1, 1), attr(2, 2))
	n := 0
	for a := range Attrs(in) {
		n++
		a.Data()[0] = 0xee
		break
	}
	if n != 1 || in[AttrHeaderLen] != 0xee {
		t.Errorf("%d attributes, byte %#x: want one view of the caller's bytes", n, in[AttrHeaderLen])
	}
}

func TestFindAttr(t *testing.T) {
	list := cat(attr(1, 10), attr(2, 20), attr(1|AttrNested, 11), attr(3))
	for _, c := range []struct {
		name string
		in   []byte
		typ  uint16
		want []byte
		ok   bool
	}{
		{"the last of two", list, 1, []byte{11}, true},
		{"the only one", list, 2, []byte{20}, true},
		{"without a value", list, 3, []byte{}, true},
		{"none", list, 4, nil, false},
		{"nothing", nil, 1, nil, false},
		{"before the fault", cat(attr(1, 10), rawAttr(99, 1)), 1, []byte{10}, true},
		{"behind the fault", cat(rawAttr(0, 2), attr(1, 10)), 1, nil, false},
	} {
		a, ok := FindAttr(c.in, c.typ)
		if ok != c.ok || !bytes.Equal(a.Data(), c.want) || (a != nil) != ok {
			t.Errorf("%s: % x, %v, want % x, %v", c.name, a, ok, c.want, c.ok)
		}
	}
}
