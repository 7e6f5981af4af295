package nl

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

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
