package uapi

import (
	"strings"
	"testing"
)

func readAll(t *testing.T) *Unit {
	t.Helper()
	u := NewTree("testdata/include").Read("linux/all.h")
	if len(u.Missing) > 0 {
		t.Fatalf("missing: %v", u.Missing)
	}
	return u
}

func TestNumber(t *testing.T) {
	u := readAll(t)
	minus := func(v int64) uint64 { return uint64(-v) }
	for name, want := range map[string]uint64{
		"TEN": 10, "HEX": 31, "OCTAL": 15, "SUM": 72, "NEGATIVE": minus(1), "UNSIGNED": 0xffffffff, "WIDE": 1 << 40, "LETTER": 65,
		"CAST": 255, "SIGNED_CAST": minus(1), "CHOICE": 3, "CHAIN": 1, "SIZE": 40, "CALL": 4, "PASTED": 10, "VARIED": 3, "NAMED_VARIED": 9,
		"CONTINUED": 3, "IN_IF": 1, "IN_NESTED_ELSE": 1, "BITS": 64, "IN_IFNDEF": 1, "BASE": 1, "QUOTED": 7,
		"E_ZERO": 0, "E_ONE": 1, "E_SELF": 2, "E_FIVE": 5, "E_SIX": 6, "E_NEGATIVE": minus(3), "E_AFTER_NEGATIVE": minus(2),
		"E_TOP": 0xffffffff, "ANONYMOUS": 16,
	} {
		n, ok := u.Number(name)
		if !ok || n.Value != want {
			t.Errorf("%s is %d (%v), want %d", name, int64(n.Value), ok, int64(want))
		}
		if ok && (n.Line == 0 || !strings.HasPrefix(n.Header, "linux/")) {
			t.Errorf("%s stands in %s", name, n.Place)
		}
	}
	for _, name := range []string{
		"TEXT", "SELF", "LOOP_A", "BY_ZERO", "FUNCTION", "NOT_A_CALL", "GONE", "IN_NESTED_IF", "IN_ELIF", "IN_ELSE", "IN_STRANGE_IF",
		"E_STRANGE", "E_AFTER_STRANGE", "FROM_THE_LIBRARY", "NOT_THERE", "_ALL_H", "variable", "__BITS_PER_LONG", "",
	} {
		if n, ok := u.Number(name); ok {
			t.Errorf("%q is %d, want no number", name, n.Value)
		}
	}
	if n, _ := u.Number("E_SIX"); n.Place != (Place{"linux/all.h", 73}) {
		t.Errorf("E_SIX stands in %s", n.Place)
	}
}

// TestNumberBeforeMacro: a define of an entry's own name says what the name
// means.
func TestNumberBeforeMacro(t *testing.T) {
	u := readAll(t)
	entry, _ := u.Number("__E_MAX")
	before, ok := u.Number("E_BEFORE")
	if !ok || before.Value != entry.Value-2 {
		t.Errorf("E_BEFORE is %d, __E_MAX is %d: want one less than the entry before it", before.Value, entry.Value)
	}
}

func TestNumberIs(t *testing.T) {
	tests := []struct {
		n    Number
		v    uint64
		want bool
	}{
		{Number{Value: 5, Size: 4}, 5, true},
		{Number{Value: 5, Size: 4}, 6, false},
		{Number{Value: 1<<64 - 1, Size: 4}, 0xffffffff, true},
		{Number{Value: 0xffffffff, Size: 4, Unsigned: true}, 1<<64 - 1, true},
		{Number{Value: 1<<64 - 1, Size: 8}, 0xffffffff, false},
		{Number{Value: 1, Size: 4}, 1<<32 + 1, false},
		{Number{Value: 1, Size: 4}, 1<<64 - 1<<32 + 1, false},
	}
	for _, tt := range tests {
		if got := tt.n.Is(tt.v); got != tt.want {
			t.Errorf("%+v is %#x: %v, want %v", tt.n, tt.v, got, tt.want)
		}
	}
}

func TestNumberString(t *testing.T) {
	for want, n := range map[string]Number{
		"-1": {Value: 1<<64 - 1, Size: 4}, "18446744073709551615": {Value: 1<<64 - 1, Size: 8, Unsigned: true}, "7": {Value: 7},
	} {
		if got := n.String(); got != want {
			t.Errorf("%+v is %q, want %q", n, got, want)
		}
	}
}

func TestText(t *testing.T) {
	u := readAll(t)
	for name, want := range map[string]string{"TEXT": "ab", "STRINGED": "some thing"} {
		if got, at, ok := u.Text(name); got != want || !ok || at.Header != "linux/all.h" {
			t.Errorf("%s is %q (%v) at %s, want %q", name, got, ok, at, want)
		}
	}
	for _, name := range []string{"TEN", "FUNCTION", "_ALL_H", "nothing"} {
		if got, _, ok := u.Text(name); ok {
			t.Errorf("%s is %q, want no text", name, got)
		}
	}
}

func TestStruct(t *testing.T) {
	type member struct{ offset, size int }
	tests := map[string]struct {
		size    int
		members map[string]member
	}{
		"plain":          {40, map[string]member{"a": {0, 1}, "b": {4, 4}, "c": {8, 2}, "d": {16, 8}, "name": {24, 10}}},
		"packed":         {5, map[string]member{"b": {1, 4}}},
		"packed_aligned": {8, map[string]member{"b": {1, 2}, "c": {3, 2}}},
		"nested": {120, map[string]member{
			"first": {0, 40}, "x": {40, 2}, "y": {44, 4}, "z": {44, 4}, "w": {44, 8}, "list": {52, 10}, "pointer": {64, 8},
			"call": {72, 8}, "l": {80, 8}, "far": {88, 8}, "matrix": {96, 6}, "link": {104, 8}, "rest": {112, 0},
		}},
		"both":           {8, map[string]member{"a": {0, 1}, "b": {0, 8}}},
		"bits":           {16, map[string]member{"c": {2, 2}, "d": {4, 2}, "e": {8, 4}, "f": {12, 4}}},
		"old_flexible":   {4, map[string]member{"data": {4, 0}}},
		"pragma":         {6, map[string]member{"b": {2, 4}}},
		"grouped":        {8, map[string]member{"h": {0, 4}, "one": {0, 1}, "two": {2, 2}, "three": {4, 4}}},
		"head":           {4, map[string]member{"two": {2, 2}}},
		"typed":          {24, map[string]member{"s": {0, 2}, "t": {4, 4}, "p": {8, 8}, "e": {16, 4}}},
		"after_function": {1, nil},
		"empty":          {0, nil},
	}
	u := readAll(t)
	for tag, want := range tests {
		s := u.Struct(tag)
		if s == nil {
			t.Errorf("struct %s is not there", tag)
			continue
		}
		if tag == "nested" {
			want.size = 112 // without what has no end
		}
		if s.Size != want.size || s.Name != tag {
			t.Errorf("struct %s has %d bytes, want %d", s.Name, s.Size, want.size)
		}
		for name, w := range want.members {
			m := s.Member(name)
			if m == nil {
				t.Errorf("%s.%s is not there", tag, name)
			} else if m.Offset != w.offset || m.Size != w.size {
				t.Errorf("%s.%s has %d bytes at %d, want %d at %d", tag, name, m.Size, m.Offset, w.size, w.offset)
			}
		}
	}
	for _, tag := range []string{"opaque", "elsewhere", "nothing", ""} {
		if u.Struct(tag) != nil {
			t.Errorf("struct %s has a layout, and nobody told it", tag)
		}
	}
}

func TestMember(t *testing.T) {
	u := readAll(t)
	plain, nested := u.Struct("plain"), u.Struct("nested")
	if m := plain.Member("c"); m.Order != BigEndian || m.Signed || !m.Integer {
		t.Errorf("plain.c: %+v", m)
	}
	if m := plain.Member("d"); m.Order != Native || !m.Signed || !m.Integer {
		t.Errorf("plain.d: %+v", m)
	}
	if m := plain.Member("name"); m.Elements != 10 || m.Integer || m.Flexible {
		t.Errorf("plain.name: %+v", m)
	}
	if m := nested.Member("rest"); !m.Flexible || m.Elements != 0 {
		t.Errorf("nested.rest: %+v", m)
	}
	if m := nested.Member("y"); !m.InUnion || m.Line == 0 {
		t.Errorf("nested.y: %+v", m)
	}
	if m := nested.Member("first"); m.Struct == nil || m.Struct.Name != "plain" || m.InUnion {
		t.Errorf("nested.first: %+v", m)
	}
	if m := u.Struct("bits").Member("a"); !m.BitField {
		t.Errorf("bits.a: %+v", m)
	}
	if u.Struct("old_flexible").Member("data").Flexible != true {
		t.Error("an array of no elements is not seen as one without end")
	}
}

func TestMissing(t *testing.T) {
	tree := NewTree("testdata/nothing", "testdata/include")
	for _, h := range []string{"linux/none.h", "../include/linux/base.h", "linux/../../x.h", "/etc/passwd", "linux", "linux/", ""} {
		if u := tree.Read(h); len(u.Missing) != 1 || u.Missing[0] != h {
			t.Errorf("%s: missing %v", h, u.Missing)
		}
	}
	// What is asked for by name may stand anywhere in the folder.
	if u := tree.Read("sys/socket.h"); len(u.Missing) != 0 || u.macros["FROM_THE_LIBRARY"] == nil {
		t.Errorf("missing %v", u.Missing)
	}
	if u := tree.Read("linux/base.h", "linux/base.h"); len(u.Missing) != 0 {
		t.Errorf("missing %v", u.Missing)
	}
}

// TestHostile reads what has no end, or asks for too much.
func TestHostile(t *testing.T) {
	tree := NewTree("testdata/include")
	if u := tree.Read("linux/bomb.h"); len(u.Missing) != 1 {
		t.Errorf("a bomb of macros is read, and 5 of it is %v", u.numbers)
	} else if _, ok := u.Number("BEFORE"); ok {
		t.Error("half of a header is believed")
	}
	u := tree.Read("linux/hostile.h")
	for _, tag := range []string{"itself", "huge", "negative", "strange_bits"} {
		if s := u.Struct(tag); s != nil {
			t.Errorf("struct %s has %d bytes", tag, s.Size)
		}
	}
	for _, name := range []string{"A", "DEEP", "UNENDED"} {
		if n, ok := u.Number(name); ok {
			t.Errorf("%s is %d", name, n.Value)
		}
	}
}

// TestGoroutines has several of them use one unit and one tree.
func TestGoroutines(t *testing.T) {
	tree := NewTree("testdata/include")
	u := tree.Read("linux/all.h")
	done := make(chan bool)
	for range 4 {
		go func() {
			n, ok := u.Number("CALL")
			m, also := tree.Read("linux/all.h").Number("CALL")
			done <- ok && also && n == m
		}()
	}
	for range 4 {
		if !<-done {
			t.Error("two readers do not agree")
		}
	}
}
