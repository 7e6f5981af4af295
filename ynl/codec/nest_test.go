package codec

import (
	"bytes"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// nestTests have payloads with structure, and their JSON in both dialects. All go
// through checkPayload: to an Object and back, and through JSON and back.
var nestTests = []struct {
	name           string
	op             string // of testSpec; "" for the one without a header
	build          func(b *wire.Builder, id func(string) uint16)
	native, python string
}{
	{"nest", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("nest")|wire.AttrNested, func() {
			b.Uint32(1, 7)
			in(b, 4, func() { b.Text(2, "x") })
		})
	}, `{"nest":{"id":7,"deep":{"name":"x"}}}`, `{"nest": {"id": 7, "deep": {"name": "x"}}}`},
	{"nest of bytes", "", func(b *wire.Builder, id func(string) uint16) { b.Attr(id("nest"), []byte{1, 2, 3}) },
		`{"nest":{":rest":"010203"}}`, `{"nest": {}}`},
	{"multi between others", "", func(b *wire.Builder, id func(string) uint16) {
		b.Uint32(id("multi"), 1)
		b.Uint8(id("u8"), 9)
		b.Uint32(id("multi"), 2)
	}, `{"multi":[1,2],"u8":9}`, `{"multi": [1, 2], "u8": 9}`},
	{"one multi", "", func(b *wire.Builder, id func(string) uint16) { b.Uint32(id("multi"), 1) }, `{"multi":[1]}`, `{"multi": [1]}`},
	{"repeated", "", func(b *wire.Builder, id func(string) uint16) {
		b.Uint8(id("u8"), 1)
		b.Uint8(id("u8"), 2)
	}, `{"u8":[1,2]}`, `{"u8": 2}`},
	{"repeated lists", "", func(b *wire.Builder, id func(string) uint16) {
		b.Uint32(id("bits"), 1)
		b.Uint32(id("bits"), 2)
		b.Attr(id("u32s"), []byte{1, 0, 0, 0})
		b.Attr(id("u32s"), nil)
		b.Attr(id("u32s"), []byte{1})
		b.Bitfield32(id("bitfield"), wire.Bitfield32{Value: 1, Selector: 1})
		b.Bitfield32(id("bitfield"), wire.Bitfield32{Value: 2, Selector: 2})
	}, `{"bits":[["one"],["two"]],"u32s":[[1],[],{":hex":"01"}],"bitfield":[{"value":1,"selector":1},{"value":2,"selector":2}]}`,
		`{"bits": ["two"], "u32s": "01", "bitfield": {"value": 2, "selector": 2}}`},
	{"unknown", "", func(b *wire.Builder, _ func(string) uint16) {
		b.Attr(600, []byte{1, 2})
		in(b, 601|wire.AttrNested, func() { b.Attr(5, nil) })
		b.Attr(602|wire.AttrNested, []byte{1, 2})
		b.Attr(600, []byte{3})
		b.Attr(300, []byte{4})
	}, `{"attr-600":["0102","03"],"attr-601":{"attr-5":""},"attr-602":"0102","attr-300":"04"}`,
		`{"UnknownAttr(600)": ["0102", "03"], "UnknownAttr(601)": {"UnknownAttr(5)": ""}, "UnknownAttr(602)": "0102", "UnknownAttr(300)": "04"}`},
	{"unknown nest without padding", "", func(b *wire.Builder, _ func(string) uint16) {
		b.Attr(601|wire.AttrNested, []byte{5, 0, 1, 0, 0xff})
	}, `{"attr-601":{"attr-1":"ff"}}`, `{"UnknownAttr(601)": {"UnknownAttr(1)": "ff"}}`},
	{"unused and pad", "", func(b *wire.Builder, id func(string) uint16) {
		b.Attr(0, []byte{1})
		b.Attr(id("pad"), nil)
	}, `{"unspec":"01"}`, `{"unspec": "01"}`},
	{"nests from 1", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("nests"), func() {
			in(b, 1, func() { b.Uint32(1, 7) })
			in(b, 2, func() {})
		})
	}, `{"nests":[{"1":{"id":7}},{"2":{}}]}`, `{"nests": [{"1": {"id": 7}}, {"2": {}}]}`},
	{"nests from 0 with a gap", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("nests"), func() {
			in(b, 0, func() { b.Uint32(1, 7) })
			in(b, 5, func() {})
		})
	}, `{"nests":[{"0":{"id":7}},{"5":{}}]}`, `{"nests": [{"0": {"id": 7}}, {"5": {}}]}`},
	{"integers from 1", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("ints"), func() { b.Uint32(1, 7); b.Uint32(2, 8) })
	}, `{"ints":[7,8]}`, `{"ints": [7, 8]}`},
	{"integers from 0", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("ints"), func() { b.Uint32(0, 7); b.Uint32(1, 8); b.Attr(2, []byte{1}) })
	}, `{"ints":[{"0":7},{"1":8},{"2":{":hex":"01"}}]}`, `{"ints": [7, 8, "01"]}`},
	{"bytes with an address", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("blobs"), func() { b.Attr(1, []byte{192, 0, 2, 1}); b.Attr(3, []byte{1}) })
	}, `{"blobs":[{"1":"192.0.2.1"},{"3":"01"}]}`, `{"blobs": ["192.0.2.1", "01"]}`},
	{"an array of bytes", "", func(b *wire.Builder, id func(string) uint16) { b.Attr(id("ints"), []byte{1}) },
		`{"ints":{":hex":"01"}}`, `{"ints": "01"}`},
	{"one nest by value", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("one"), func() { in(b, 9, func() { b.Uint32(1, 7) }) })
	}, `{"one":{"op":9,"id":7}}`, `{"one": {"op": 9, "id": 7}}`},
	{"several nests by value", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("two"), func() {
			in(b, 9, func() { in(b, 1, func() { b.Uint32(1, 7) }); in(b, 2, func() {}) })
			in(b, 8, func() { in(b, 1, func() {}) })
		})
	}, `{"two":[{"op":9,"attr":1,"id":7},{"op":9,"attr":2},{"op":8,"attr":1}]}`, `{"two": {"op": 9, "attr": 1, "id": 7}}`},

	{"attributes by selector", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "set")
		in(b, id("data"), func() { b.Uint32(1, 7) })
	}, `{"kind":"set","data":{"id":7}}`, `{"kind": "set", "data": {"id": 7}}`},
	{"selector behind", "", func(b *wire.Builder, id func(string) uint16) {
		in(b, id("data"), func() { b.Uint32(1, 7) })
		b.Text(id("kind"), "set")
	}, `{"data":{"id":7},"kind":"set"}`, `{"data": {"id": 7}, "kind": "set"}`},
	{"the last selector counts", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "nothing")
		b.Attr(id("kind"), []byte("set\x00x"))
		in(b, id("data"), func() { b.Uint32(1, 7) })
	}, `{"kind":["nothing",{":hex":"7365740078"}],"data":{"id":7}}`, `{"kind": "set\u0000x", "data": {"id": 7}}`},
	{"header by selector", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "header")
		b.Attr(id("data"), []byte{1, 0, 0, 0, 0, 2, 0xff})
	}, `{"kind":"header","data":{"x":1,"y":2,":rest":"ff"}}`, `{"kind": "header", "data": {"x": 1, "y": 2}}`},
	{"both by selector", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "both")
		in(b, id("data"), func() { b.Raw([]byte{2, 0, 3, 0, 1}); b.Uint32(1, 7) })
	}, `{"kind":"both","data":{"family":2,"header:table":3,"mode":"green","id":7}}`, `{"kind": "both", "data": {"family": 2, "table": 3, "mode": "green", "id": 7}}`},
	{"both by selector with a clash", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "both")
		in(b, id("data"), func() { b.Raw([]byte{2, 0, 3, 0, 1}); b.Uint32(5, 300) })
	}, `{"kind":"both","data":{"family":2,"header:table":3,"mode":"green","table":300}}`, `{"kind": "both", "data": {"family": 2, "mode": "green", "table": 300}}`},
	{"nothing by selector", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "nothing")
		b.Attr(id("data"), nil)
	}, `{"kind":"nothing","data":{}}`, `{"kind": "nothing", "data": {}}`},
	{"something where there is nothing", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "nothing")
		b.Attr(id("data"), []byte{1, 2})
	}, `{"kind":"nothing","data":"0102"}`, `{"kind": "nothing", "data": "0102"}`},
	{"unknown selector", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "other")
		in(b, id("data"), func() { b.Uint32(1, 7) })
	}, `{"kind":"other","data":{"attr-1":"07000000"}}`, `{"kind": "other", "data": {"UnknownAttr(1)": "07000000"}}`},
	{"no selector", "", func(b *wire.Builder, id func(string) uint16) { b.Attr(id("data"), []byte{1, 2}) },
		`{"data":"0102"}`, `{"data": "0102"}`},
	{"selector in an outer set", "", func(b *wire.Builder, id func(string) uint16) {
		b.Text(id("kind"), "set")
		in(b, id("nest"), func() { in(b, 3, func() { b.Uint32(1, 7) }) })
	}, `{"kind":"set","nest":{"tell":{"id":7}}}`, `{"kind": "set", "nest": {"tell": {"id": 7}}}`},
	{"selector by name of a number", "", func(b *wire.Builder, id func(string) uint16) {
		b.Uint16(id("number"), 1)
		in(b, id("numbered"), func() { b.Uint32(1, 7) })
	}, `{"number":"green","numbered":{"id":7}}`, `{"number": "green", "numbered": {"id": 7}}`},
	{"selector by number", "", func(b *wire.Builder, id func(string) uint16) {
		b.Uint16(id("number"), 77)
		b.Attr(id("numbered"), []byte{1, 0, 0, 0, 0, 2})
	}, `{"number":77,"numbered":{"x":1,"y":2}}`, `{"number": "Unknown(77)", "numbered": {"x": 1, "y": 2}}`},

	{"header with a clash", "get", func(b *wire.Builder, id func(string) uint16) {
		b.Raw([]byte{2, 0, 3, 0, 1})
		b.Uint32(id("table"), 300)
	}, `{"family":2,"header:table":3,"mode":"green","table":300}`, `{"family": 2, "table": 3, "mode": "green"}`},
	{"header with padding that is not zero", "get", func(b *wire.Builder, id func(string) uint16) {
		b.Raw([]byte{2, 9, 3, 0, 1, 0, 8, 0})
		b.Uint8(id("u8"), 1)
	}, `{"family":2,":pad-1":"09","header:table":3,"mode":"green",":pad-5":"000800","u8":1}`, `{"family": 2, "table": 3, "mode": "green", "u8": 1}`},
	{"header cut short", "get", func(b *wire.Builder, _ func(string) uint16) { b.Raw([]byte{2, 0, 3, 0}) },
		`{"family":2,"header:table":3,":len":4}`, `{"family": 2, "table": 3}`},
	{"bytes behind", "", func(b *wire.Builder, id func(string) uint16) {
		b.Uint8(id("u8"), 1)
		b.Raw([]byte{1, 2, 3, 4})
	}, `{"u8":1,":rest":"01020304"}`, `{"u8": 1}`},
}

// in puts what fn appends into a nest of just that type.
func in(b *wire.Builder, typ uint16, fn func()) {
	n := b.NestPlain(typ)
	fn()
	b.End(n)
}

func TestNests(t *testing.T) {
	for _, test := range nestTests {
		t.Run(test.name, func(t *testing.T) {
			op := test.op
			if op == "" {
				op = "plain"
			}
			l := chest(t, op)
			var b wire.Builder
			test.build(&b, func(name string) uint16 { return at(t, l, name) })
			p, err := b.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if got := string(l.AppendJSON(nil, p, Options{})); got != test.native {
				t.Errorf("native JSON\n%s, want\n%s", got, test.native)
			}
			if got := string(l.AppendJSON(nil, p, Options{Dialect: Python})); got != test.python {
				t.Errorf("Python's JSON\n%s, want\n%s", got, test.python)
			}
			if err := checkPayload(l, p); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestFallback finds the format of a sub-message where the spec has none.
func TestFallback(t *testing.T) {
	l := chest(t, "plain")
	o := Options{Fallback: func(s *ynl.SubMessage, value string) *ynl.Format {
		if s.Name != "data-msg" || value != "other" {
			return nil
		}
		return s.Format("set")
	}}
	var b wire.Builder
	b.Text(at(t, l, "kind"), "other")
	in(&b, at(t, l, "data")|wire.AttrNested, func() { b.Uint32(1, 7) })
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"kind":"other","data":{"id":7}}`
	if got := string(l.AppendJSON(nil, p, o)); got != want {
		t.Errorf("JSON %s, want %s", got, want)
	}
	v, err := ParseJSON([]byte(want))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := encode(l, v, o); err != nil || !bytes.Equal(got, p) {
		t.Errorf("encoded to %x, %v; want %x", got, err, p)
	}
}

// TestObject asks an Object for its values.
func TestObject(t *testing.T) {
	o := Object{{Name: "a", Value: 1}, {Name: "b", Value: nil}, {Name: "a", Value: 2}}
	if got := o.Get("a"); got != 1 {
		t.Errorf("Get: %v, want 1", got)
	}
	if got := o.All("a"); len(got) != 2 || got[1] != 2 {
		t.Errorf("All: %v, want 1 and 2", got)
	}
	if !o.Has("b") || o.Has("c") || o.Get("c") != nil || o.All("c") != nil {
		t.Error("b is not there, or c is")
	}
	if got, err := o.MarshalJSON(); err != nil || string(got) != `{"a":[1,2],"b":null}` {
		t.Errorf("JSON %s, %v", got, err)
	}
}
