package catalogue

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
)

var unchecked = codec.Options{Unchecked: true}

// Compare decodes a payload into the Go type and by names, and compares what
// both print as JSON, by value, and what both encode, attributes sorted by their
// numbers and without the marks of nests.
func (p *Pair) Compare(payload []byte) error {
	var d nl.Decoder
	m := p.Decode(&d, payload)
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	want := p.Layout.AppendJSON(nil, payload, codec.Options{})
	values, err := Differ(text, want)
	if err != nil {
		return err
	}
	typed, err := Encode(m)
	if err != nil {
		return fmt.Errorf("cannot be encoded: %w", err)
	}
	var b wire.Builder
	if err := p.Layout.Append(&b, values, unchecked); err != nil {
		return fmt.Errorf("by names it cannot be encoded: %w", err)
	}
	named, err := b.Bytes()
	if err != nil {
		return err
	}
	have, err := p.canonical(typed)
	if err != nil {
		return err
	}
	if should, err := p.canonical(named); err != nil || !bytes.Equal(have, should) {
		return fmt.Errorf("encoded to\n%x, by names to\n%x (%v)\n%s", have, should, err, want)
	}
	return nil
}

// Differ tells how two JSON texts differ by value, and returns the values of the
// second.
func Differ(got, want []byte) (any, error) {
	var values [2]any
	for i, text := range [][]byte{got, want} {
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&values[i]); err != nil {
			return nil, fmt.Errorf("no JSON: %w\n%s", err, text)
		}
	}
	if !reflect.DeepEqual(values[0], values[1]) {
		return nil, fmt.Errorf("JSON differs at %s:\n have %s\n want %s", place(values[0], values[1]), got, want)
	}
	return values[1], nil
}

// place is where two values differ first.
func place(a, b any) string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			break
		}
		for _, k := range sortedKeys(x, y) {
			if _, ok := x[k]; !ok {
				return "." + k + " (missing)"
			}
			if _, ok := y[k]; !ok {
				return "." + k + " (too much)"
			}
			if !reflect.DeepEqual(x[k], y[k]) {
				return "." + k + place(x[k], y[k])
			}
		}
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			break
		}
		for i := range x {
			if !reflect.DeepEqual(x[i], y[i]) {
				return fmt.Sprintf("[%d]", i) + place(x[i], y[i])
			}
		}
	}
	return fmt.Sprintf(": have %.80v, want %.80v", a, b)
}

func sortedKeys(x, y map[string]any) []string {
	var list []string
	for k := range x {
		list = append(list, k)
	}
	for k := range y {
		list = append(list, k)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// canonical is a payload with the attributes of every level in the order of their
// numbers, and without the marks of nests.
func (p *Pair) canonical(payload []byte) ([]byte, error) {
	o := p.Layout.Decode(payload, codec.Options{})
	sortObject(o)
	var b wire.Builder
	if err := p.Layout.Append(&b, o, unchecked); err != nil {
		return nil, fmt.Errorf("cannot be sorted: %w", err)
	}
	return b.Bytes()
}

func sortObject(o codec.Object) {
	for i := range o {
		sortValue(o[i].Value)
		o[i].Type &^= wire.AttrNested
	}
	slices.SortStableFunc(o, func(a, b codec.Field) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Type, b.Type))
	})
}

// rank puts members in front of attributes, and what is no attribute behind.
func rank(f codec.Field) int {
	switch {
	case f.Member != nil:
		return 0
	case strings.HasPrefix(f.Name, ":"):
		return 2
	}
	return 1
}

func sortValue(v any) {
	switch v := v.(type) {
	case codec.Object:
		sortObject(v)
	case codec.Array:
		for i := range v {
			sortValue(v[i].Value)
			v[i].Type &^= wire.AttrNested
		}
	case []any:
		for i := range v {
			sortValue(v[i])
		}
	}
}
