package nl

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// long has what is cut short.
type long struct {
	Data   []byte               `nl:"1,data,binary"`
	Text   Opt[string]          `nl:"2,text,string"`
	Names  []string             `nl:"3,names,string,multi"`
	On     bool                 `nl:"4,on,flag"`
	Field  Opt[bitfield]        `nl:"5,field,bitfield32"`
	Raw    Opt[wire.Bitfield32] `nl:"6,raw,bitfield32"`
	ID     Opt[UUID]            `nl:"7,id,binary"`
	_      struct{}             `nl:"8,pad,pad"`
	Colors []uint16             `nl:"9,colors,binary,sub=u16"`
	Hex    Opt[uint64]          `nl:"10,hex,uint,hex"`
	Extra
}

// bitfield is a bitfield32 of named bits.
type bitfield struct{ Value, Selector rings }

func (m *long) AppendNetlink(b *wire.Builder) {
	PutBytes(b, 1, m.Data)
	PutText(b, 2, m.Text)
	for _, s := range m.Names {
		b.Text(3, s)
	}
	PutFlag(b, 4, m.On)
	if f, ok := m.Field.Get(); ok {
		b.Bitfield32(5, wire.Bitfield32{Value: uint32(f.Value), Selector: uint32(f.Selector)})
	}
	PutBitfield32(b, 6, m.Raw)
	PutUUID(b, 7, m.ID)
	PutExtra(b, &m.Extra)
	PutUint(b, 10, m.Hex)
}

func TestString(t *testing.T) {
	padded := &long{On: true}
	padded.AddUnknown(8, []byte{0, 0, 0, 0})
	padded.AddUnknown(9, []byte{2})
	for _, c := range []struct {
		m    *long
		want string
	}{
		{&long{}, "{}"},
		{padded, "{on yes colors 0x02}"},
		{&long{Data: make([]byte, 32)}, "{data 0x" + strings.Repeat("00", 32) + "}"},
		{&long{Data: make([]byte, 33)}, "{data 0x" + strings.Repeat("00", 32) + "... (33 bytes)}"},
		{&long{Text: Some("a b")}, `{text "a b"}`},
		{&long{Text: Some("a{")}, `{text "a{"}`},
		{&long{Text: Some("é-1")}, `{text é-1}`},
		{&long{Text: Some("\u202e")}, `{text "\u202e"}`},
		{&long{Field: Some(bitfield{3, 4}), Raw: Some(wire.Bitfield32{Value: 1, Selector: 2})}, "{field {value rx|tx selector 0x4} raw {value 1 selector 2}}"},
		{&long{ID: Some(UUID{1, 15: 2})}, "{id 01000000-0000-0000-0000-000000000002}"},
		{&long{Hex: Some(uint64(255))}, "{hex 0xff}"},
		{&long{Names: strings.Split(strings.Repeat("x", 16), "")}, "{names [" + strings.Repeat("x ", 15) + "x]}"},
		{&long{Names: strings.Split(strings.Repeat("x", 18), "")}, "{names [" + strings.Repeat("x ", 15) + "x and 2 more]}"},
		{&long{Text: Some("\x00")}, "{nl.long: attribute 2: string holds a NUL byte}"},
	} {
		if got := String(c.m); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}

// TestBitfieldJSON writes bits by name, where the type has names.
func TestBitfieldJSON(t *testing.T) {
	m := &long{Field: Some(bitfield{3, 4}), Raw: Some(wire.Bitfield32{Value: 1, Selector: 2}), Hex: Some(uint64(1 << 63))}
	const want = `{"field":{"value":["rx","tx"],"selector":["0x4"]},"raw":{"value":1,"selector":2},"hex":"0x8000000000000000"}`
	if got, err := MarshalJSON(m); err != nil || string(got) != want {
		t.Errorf("%s, %v\nwant %s", got, err, want)
	}
}
