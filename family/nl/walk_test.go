package nl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// printed is the JSON of a payload by a Go type.
func printed(t reflect.Type, payload []byte) (string, error) {
	var w walker
	var j jsonSink
	err := w.walk(&j, false, typeOf(t), reflect.Value{}, payload)
	return string(j.buf), err
}

func parsed(text string) (any, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// checkSame checks that a payload is the same JSON, and has the same paths, as
// package codec finds.
func checkSame(l layout, payload []byte) error {
	want := string(l.of.AppendJSON(nil, payload, codec.Options{}))
	got, err := printed(l.typ, payload)
	if err != nil {
		return err
	}
	a, err := parsed(want)
	if err != nil {
		return fmt.Errorf("codec writes %s: %w", want, err)
	}
	b, err := parsed(got)
	if err != nil {
		return fmt.Errorf("%w: %s", err, got)
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("not what codec writes:\n%s", cmp.Diff(a, b))
	}
	req := reflect.Zero(reflect.PointerTo(l.typ)).Interface()
	for at := -1; at <= len(payload); at++ {
		want, _, ok := l.of.Path(payload, at, codec.Options{})
		got, gotOK := describePath(req, payload, at)
		if got != want || ok != gotOK {
			return fmt.Errorf("path to %d: %q %v, codec finds %q %v", at, got, gotOK, want, ok)
		}
		typ := uint16(at & 15)
		want, _, ok = l.of.MissingPath(payload, at, typ, codec.Options{})
		got, gotOK = missingPath(req, payload, at, typ)
		if got != want || ok != gotOK {
			return fmt.Errorf("path to missing %d in %d: %q %v, codec finds %q %v", typ, at, got, gotOK, want, ok)
		}
	}
	var w walker
	var s textSink
	return w.walk(&s, true, typeOf(l.typ), reflect.Value{}, payload)
}

// TestCatalogue gives the types of every operation in the catalogue payloads,
// whole ones and spoiled ones.
func TestCatalogue(t *testing.T) {
	rounds := 24
	if testing.Short() {
		rounds = 2
	}
	for i, l := range layouts(t) {
		g := grower{r: rand.New(rand.NewPCG(5, uint64(i)))}
		for range rounds {
			p := g.message(l.of)
			if err := checkSame(l, p); err != nil {
				t.Fatalf("%s: %x: %v", l.name, p, err)
			}
			for range min(len(p), 2) {
				p[g.r.IntN(len(p))] = byte(g.r.IntN(20))
			}
			p = p[:len(p)-g.r.IntN(min(len(p), 5)+1)]
			if err := checkSame(l, p); err != nil {
				t.Fatalf("%s, spoiled: %x: %v", l.name, p, err)
			}
		}
	}
}

// FuzzWalk checks the same of any bytes.
func FuzzWalk(f *testing.F) {
	all := layouts(f)
	for i, l := range all {
		g := grower{r: rand.New(rand.NewPCG(6, uint64(i)))}
		f.Add(uint16(i), g.message(l.of))
	}
	f.Fuzz(func(t *testing.T, i uint16, p []byte) {
		if len(p) > 4096 {
			return
		}
		l := all[int(i)%len(all)]
		if err := checkSame(l, p); err != nil {
			t.Fatalf("%s: %x: %v", l.name, p, err)
		}
	})
}

// wideDelta is delta in a type for wider attributes.
type wideDelta uint64

var wideNames = Names{{1, "one"}, {1<<64 - 1, "minus-one"}}

func (v wideDelta) MarshalText() ([]byte, error) { return wideNames.MarshalText(uint64(v)) }

// signed has an enum with values below zero, in attributes of all kinds.
type signed struct {
	A Opt[signedState] `nl:"1,a,s8"`
	B Opt[signedState] `nl:"2,b,s32be"`
	C Opt[signedState] `nl:"3,c,u8"`
	D Opt[signedState] `nl:"4,d,u32"`
	E Opt[delta]       `nl:"5,e,u16le"`
	F Opt[delta]       `nl:"6,f,s16"`
	G Opt[wideDelta]   `nl:"7,g,sint"`
	H Opt[wideDelta]   `nl:"8,h,u64"`
	Extra
}

const signedSpec = `
name: signs
doc: ""
definitions:
  - {name: sign, type: enum, entries: [{name: none, value: 0}, {name: three, value: 3}, {name: minus-one, value: -1}]}
  - {name: delta, type: enum, entries: [{name: one, value: 1}, {name: minus-one, value: -1}]}
attribute-sets:
  - name: all
    attributes:
      - {name: a, type: s8, enum: sign}
      - {name: b, type: s32, enum: sign, byte-order: big-endian}
      - {name: c, type: u8, enum: sign}
      - {name: d, type: u32, enum: sign}
      - {name: e, type: u16, enum: delta, byte-order: little-endian}
      - {name: f, type: s16, enum: delta}
      - {name: g, type: sint, enum: delta}
      - {name: h, type: u64, enum: delta}
operations:
  list:
    - {name: get, doc: "", value: 1, attribute-set: all, do: {request: {attributes: [a]}}}
`

// TestSigns names values below zero as codec does, whatever the widths.
func TestSigns(t *testing.T) {
	s, err := ynl.Parse("signs.yaml", []byte(signedSpec))
	if err != nil {
		t.Fatal(err)
	}
	l := layout{"signs", codec.Of(s.Op("get")), reflect.TypeFor[signed]()}
	for _, size := range []int{1, 2, 4, 8} {
		for _, v := range []uint64{0, 1, 3, 7, 0x80, 0xff, 0xffff, 1 << 31, 0xffffffff, 1 << 63, ^uint64(0), ^uint64(4)} {
			for _, by := range []order{big, little} {
				var b wire.Builder
				for typ := range uint16(9) {
					p := make([]byte, size)
					writeNumber(p, by, v)
					b.Attr(typ, p)
				}
				p, _ := b.Bytes()
				if err := checkSame(l, p); err != nil {
					t.Errorf("%#x in %d bytes: %v", v, size, err)
				}
			}
		}
	}
}
