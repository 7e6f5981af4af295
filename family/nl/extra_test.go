package nl

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// sizes is a message with two structs of eight bytes.
type sizes struct {
	first, second *vlanFlags
	Extra
}

func (m *sizes) decode(d *Decoder, b []byte) {
	*m = sizes{}
	for {
		a, rest, ok := Cut(b)
		if !ok {
			return
		}
		b = rest
		p := New[vlanFlags](d, FirstSlab)
		v := Sized(d, &m.Extra, a.Type(), a.Data(), 8)
		p.Flags, p.Mask = vlanFlagBits(binary.NativeEndian.Uint32(v)), binary.NativeEndian.Uint32(v[4:])
		if a.Type() == 1 {
			m.first = p
		} else {
			m.second = p
		}
	}
}

func (m *sizes) encode(tb testing.TB) []byte {
	tb.Helper()
	var b wire.Builder
	for i, p := range []*vlanFlags{m.first, m.second} {
		if p != nil {
			PutStruct(&b, &m.Extra, uint16(i+1), structBytes(*p))
		}
	}
	PutExtra(&b, &m.Extra)
	out, err := b.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// ofSizes are structs as attributes: their numbers, and how many bytes there are.
func ofSizes(tb testing.TB, list ...int) []byte {
	tb.Helper()
	var b wire.Builder
	for i := 0; i < len(list); i += 2 {
		b.Attr(uint16(list[i]), bytes.Repeat([]byte{byte(i + 1)}, list[i+1]))
	}
	out, err := b.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// TestSizedTwice checks that of a struct that comes twice the last is encoded as
// it came.
func TestSizedTwice(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []int // numbers and lengths; what is encoded begins at in[at]
		at   int
	}{
		{"longer, right", []int{1, 12, 1, 8}, 2},
		{"shorter, right", []int{1, 4, 1, 8}, 2},
		{"right, longer", []int{1, 8, 1, 12}, 2},
		{"longer, shorter", []int{1, 12, 1, 4}, 2},
		{"shorter, longer", []int{1, 4, 1, 12}, 2},
		{"longer, longer", []int{1, 16, 1, 12}, 2},
		{"another between", []int{1, 12, 1, 8, 2, 12}, 2},
		{"three times", []int{1, 12, 1, 8, 1, 4}, 4},
	} {
		in := ofSizes(t, c.in...)
		want := in[len(ofSizes(t, c.in[:c.at]...)):]
		var d Decoder
		for range 2 {
			var m sizes
			m.decode(&d, in)
			if got := m.encode(t); !bytes.Equal(got, want) {
				t.Errorf("%s: encoded\n%x, want\n%x", c.name, got, want)
			}
			d.Reset()
		}
	}
}

// TestShortAllocatesNothing checks structs and headers of older kernels, which are
// shorter than the spec's.
func TestShortAllocatesNothing(t *testing.T) {
	in := ofSizes(t, 1, 4, 2, 6)
	var d Decoder
	var m sizes
	decode := func() {
		d.Reset()
		m.decode(&d, in)
		head, _ := Head(&d, &m.Extra, in[:3], 16)
		bare := Bare(&d, &m.Extra, in[:5], 16)
		if len(head) != 16 || len(bare) != 16 || !bytes.Equal(bare[:5], in[:5]) || !bytes.Equal(bare[5:], make([]byte, 11)) {
			t.Fatalf("%x, %x", head, bare)
		}
		if m.first.Flags != 0x01010101 || m.first.Mask != 0 || m.second.Mask&0xffff == 0 && m.second.Mask>>16 == 0 {
			t.Fatalf("%+v, %+v", m.first, m.second)
		}
	}
	for range 8 {
		decode()
	}
	if n := testing.AllocsPerRun(100, decode); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestPaddingHandedOver checks that what is missing is zeros where the memory was
// used before.
func TestPaddingHandedOver(t *testing.T) {
	var d Decoder
	first := padded(&d, []byte{1, 2, 3, 4}, 8)
	copy(first, "\xff\xff\xff\xff\xff\xff\xff\xff")
	d.Reset()
	if got := padded(&d, []byte{1}, 8); !bytes.Equal(got, []byte{1, 0, 0, 0, 0, 0, 0, 0}) {
		t.Errorf("%x", got)
	}
	d.release()
	if got := padded(&d, []byte{2}, 8); &got[0] == &first[0] {
		t.Error("memory that was handed over is used again")
	}
}

// TestExtraCopied checks that a copy and its original do not see what is added to
// the other.
func TestExtraCopied(t *testing.T) {
	type routeRequest sizes // as generated requests are made of their set
	var d Decoder
	var decoded sizes
	decoded.decode(&d, ofSizes(t, 1, 12, 2, 12))
	for range 3 { // a list with room to grow
		Keep(&d, &decoded.Extra, wire.Attr(ofSizes(t, 60, 4)))
	}
	built := sizes{first: &vlanFlags{}}
	for i := range 3 {
		built.AddUnknown(60, []byte{byte(i)})
	}
	built.SetTail(1, []byte{1, 1, 1, 1})
	for name, a := range map[string]*sizes{"decoded": &decoded, "built": &built, "empty": {}} {
		unknown, tail := slices.Clone(a.Unknown()), slices.Clone(a.Tail(1))
		b := routeRequest(*a)
		b.AddUnknown(61, []byte("copy"))
		b.SetTail(1, []byte("copy"))
		b.SetTail(2, nil)
		if len(a.Unknown()) != len(unknown) || !bytes.Equal(a.Tail(1), tail) {
			t.Errorf("%s: the original has %v and the tail %x", name, a.Unknown(), a.Tail(1))
		}
		a.AddUnknown(62, []byte("original"))
		a.SetTail(1, []byte("original"))
		if got := b.Unknown(); len(got) != len(unknown)+1 || got[len(unknown)].Type != 61 || string(b.Tail(1)) != "copy" {
			t.Errorf("%s: the copy has %v and the tail %q", name, got, b.Tail(1))
		}
		c := *a
		a.AddUnknown(63, nil) // both append to the same list
		c.AddUnknown(64, nil)
		if got := a.Unknown(); got[len(got)-1].Type != 63 {
			t.Errorf("%s: %v", name, got)
		}
	}
}
