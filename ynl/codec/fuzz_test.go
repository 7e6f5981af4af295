package codec

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// layouts are those of all operations and sets of all specs, each once.
var layouts = sync.OnceValue(func() []Layout {
	all := []Layout{{}}
	seen := map[Layout]bool{{}: true}
	add := func(l Layout) {
		if !seen[l] {
			seen[l] = true
			all = append(all, l)
		}
	}
	mine, err := ynl.Parse("t.yaml", []byte(testSpec))
	if err != nil {
		panic(err)
	}
	every := []*ynl.Spec{mine}
	for _, name := range specs.Names() {
		s, err := specs.Open(name)
		if err != nil {
			panic(err)
		}
		every = append(every, s)
	}
	for _, s := range every {
		for _, op := range s.Ops {
			add(Of(op))
		}
		for _, set := range s.Sets {
			add(Layout{Set: set})
		}
	}
	return all
})

// layoutAt chooses a layout.
func layoutAt(n uint16) Layout { return layouts()[int(n)%len(layouts())] }

// tidy makes bytes what a kernel would send: attributes with zeros for padding.
// It makes nothing of what stands behind them.
func tidy(l Layout, p []byte) []byte {
	p = bytes.Clone(p)
	at := 0
	if l.Header != nil {
		at = min(wire.Align(l.Header.Size), len(p))
	}
	for at < len(p) {
		a, ok := first(p[at:])
		if !ok {
			break
		}
		end := at + len(a)
		at += wire.Align(len(a))
		clear(p[end:min(at, len(p))])
	}
	return p
}

// aligned is bytes with zeros up to the next multiple of four.
func aligned(p []byte) []byte {
	return append(bytes.Clone(p), make([]byte, wire.Align(len(p))-len(p))...)
}

// checkPayload checks all that has to hold for any payload.
func checkPayload(l Layout, p []byte) error {
	p = tidy(l, p)
	native := l.AppendJSON(nil, p, Options{})
	python := l.AppendJSON(nil, p, Options{Dialect: Python})
	for _, text := range [][]byte{native, python} {
		if !json.Valid(text) {
			return fmt.Errorf("no JSON: %s", text)
		}
		if len(text) > 512*len(p)+8192 {
			return fmt.Errorf("%d bytes of JSON for %d", len(text), len(p))
		}
	}
	o := l.Decode(p, Options{})
	if text := o.AppendJSON(nil); !bytes.Equal(text, native) {
		return fmt.Errorf("the object's JSON\n%s\nis not the layout's\n%s", text, native)
	}
	var b wire.Builder
	if err := l.Append(&b, o, Options{Unchecked: true}); err != nil {
		return fmt.Errorf("decoded, but not encoded: %w\n%s", err, native)
	}
	again, err := b.Bytes()
	if err != nil {
		return err
	}
	if !bytes.Equal(again, aligned(p)) {
		return fmt.Errorf("encoded to\n%x, not\n%x\n%s", again, p, native)
	}
	return checkJSON(l, native)
}

// checkJSON checks that JSON which was printed is taken, and printed again the
// same once it has been through the encoder.
func checkJSON(l Layout, text []byte) error {
	for round := 0; ; round++ {
		v, err := ParseJSON(text)
		if err != nil {
			return fmt.Errorf("printed, but not read: %w\n%s", err, text)
		}
		var b wire.Builder
		if err := l.Append(&b, v, Options{Unchecked: true}); err != nil {
			return fmt.Errorf("printed, but not taken: %w\n%s", err, text)
		}
		p, err := b.Bytes()
		if err != nil {
			return err
		}
		got := l.AppendJSON(nil, p, Options{})
		if bytes.Equal(got, text) {
			return nil
		}
		// Bytes that are no attributes are padded, and may be some then: once in
		// each nest.
		if round > maxDepth || !hasLoose(text) {
			return fmt.Errorf("printed\n%s\nand when taken again\n%s", text, got)
		}
		text = got
	}
}

// hasLoose reports whether JSON tells of bytes that are no attributes.
func hasLoose(text []byte) bool {
	for _, key := range []string{keyRest + `"`, keyLen + `"`, keyPad} {
		if bytes.Contains(text, []byte(`"`+key)) {
			return true
		}
	}
	return false
}

// FuzzDecode gives every layout there is bytes of all kinds.
func FuzzDecode(f *testing.F) {
	for _, p := range samples() {
		for n := range uint16(8) {
			f.Add(n, p)
		}
	}
	f.Fuzz(func(t *testing.T, n uint16, p []byte) {
		if len(p) > 1<<16 {
			return
		}
		l := layoutAt(n)
		if err := checkPayload(l, p); err != nil {
			t.Fatalf("%s: %v", nameOf(l), err)
		}
	})
}

// nameOf says which layout it is.
func nameOf(l Layout) string {
	s := "no attributes"
	if l.Set != nil {
		s = "set " + l.Set.Name
	}
	if l.Header != nil {
		s += " behind " + l.Header.Name
	}
	return s
}

// samples are payloads with attributes that stand in each other.
func samples() [][]byte {
	var all [][]byte
	for _, size := range []int{0, 1, 2, 4, 5, 8, 16, 36} {
		var b wire.Builder
		for typ := range uint16(12) {
			b.Attr(typ, bytes.Repeat([]byte{1}, size))
		}
		p, _ := b.Bytes()
		all = append(all, p)
		b.Reset(nil)
		b.Raw(make([]byte, 16))
		for typ := range uint16(6) {
			n := b.Nest(typ)
			b.Raw(p)
			b.End(n)
			b.Text(typ, "vxlan")
		}
		p, _ = b.Bytes()
		all = append(all, p)
	}
	return append(all, binary.NativeEndian.AppendUint16(nil, 3), []byte("\x05\x00\x01\x00\xff"))
}

// FuzzEncode gives every layout JSON of all kinds: what it takes it prints again,
// and that it takes too.
func FuzzEncode(f *testing.F) {
	for n := range uint16(4) {
		for _, text := range []string{
			`{}`, `{"u8":1,"s64":-1,"flag":true,"string":"é"}`, `{"attr-60":"0a0b",":rest":"00"}`,
			`{"kind":"set","data":{"id":7},"nests":[{"3":{"id":1}}]}`, `{"header:u8":1,":len":2}`,
			`{"bits":["one","0x10"],"u32-array":[1,2],"mac":"02:00:00:00:00:01"}`,
			`{"two":{"op":1,"attr":2,"id":3}}`, `{"bitfield":{"value":1,"selector":3}}`,
		} {
			f.Add(n, text)
		}
	}
	f.Fuzz(func(t *testing.T, n uint16, text string) {
		v, err := ParseJSON([]byte(text))
		if err != nil || len(text) > 1<<16 {
			return
		}
		l := layoutAt(n)
		for _, o := range []Options{{}, {Dialect: Python}} {
			var b wire.Builder
			if err := l.Append(&b, v, o); err != nil {
				if e, ok := err.(*Error); !ok || e.Text == "" {
					t.Fatalf("%s: error %T %v, want an *Error with a text", nameOf(l), err, err)
				}
				continue
			}
			p, err := b.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if err := checkPayload(l, p); err != nil {
				t.Fatalf("%s: %v", nameOf(l), err)
			}
		}
	})
}
