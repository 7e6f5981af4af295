package pyynl

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/ynl/codec"
)

func TestPyRepr(t *testing.T) {
	for in, want := range map[string]string{
		"":                 `''`,
		"lo":               `'lo'`,
		"it's":             `"it's"`,
		`it's "so"`:        `'it\'s "so"'`,
		"a\n\t\r\\":        `'a\n\t\r\\'`,
		"\x00\x7f\x1b":     `'\x00\x7f\x1b'`,
		"é ß":              `'é ß'`,
		"\u00a0":           `'\xa0'`,
		"\u2028\U000e0001": `'\u2028\U000e0001'`,
		"\xff":             `'\xff'`,
	} {
		if got := pyRepr(in); got != want {
			t.Errorf("pyRepr(%q) = %s, want %s", in, got, want)
		}
	}
}

func obj(pairs ...any) codec.Object {
	var o codec.Object
	for i := 0; i < len(pairs); i += 2 {
		o = append(o, codec.Field{Name: pairs[i].(string), Value: pairs[i+1]})
	}
	return o
}

// TestPprint's outputs are Python's: pprint.pprint(v, width=40, compact=True).
func TestPprint(t *testing.T) {
	n := func(s string) json.Number { return json.Number(s) }
	numbers := make([]any, 20)
	for i := range numbers {
		numbers[i] = n("1000")
	}
	for _, tc := range []struct {
		name string
		v    any
		want string
	}{
		{"short", obj("b", n("1"), "a", true, "c", nil), `{'a': True, 'b': 1, 'c': None}`},
		{"empty", []any{}, `[]`},
		{"null", nil, `None`},
		{"nested", obj("name", "a rather long name", "index", n("4294967295"), "in", obj("x", n("1"), "y", "abc")),
			"{'in': {'x': 1, 'y': 'abc'},\n 'index': 4294967295,\n 'name': 'a rather long name'}"},
		{"deep", obj("linkinfo", obj("data", obj("ageing-time", n("12300"), "bridge-id", "8000"), "kind", "bridge")),
			"{'linkinfo': {'data': {'ageing-time': 12300,\n                       'bridge-id': '8000'},\n              'kind': 'bridge'}}"},
		{"numbers", numbers, "[1000, 1000, 1000, 1000, 1000, 1000,\n 1000, 1000, 1000, 1000, 1000, 1000,\n 1000, 1000, 1000, 1000, 1000, 1000,\n 1000, 1000]"},
		{"objects", []any{obj("a", n("1"), "b", "some text that fills"), obj("a", n("2"), "b", "some text that fills it")},
			"[{'a': 1, 'b': 'some text that fills'},\n {'a': 2,\n  'b': 'some text that fills it'}]"},
		{"mixed", []any{n("1"), n("2"), obj("a", n("1"), "b", "some text that fills it"), n("3"), n("4")},
			"[1, 2,\n {'a': 1,\n  'b': 'some text that fills it'},\n 3, 4]"},
	} {
		var b strings.Builder
		if err := pprint(&b, tc.v, 40); err != nil || b.String() != tc.want+"\n" {
			t.Errorf("%s: %v\n%s\nwant\n%s", tc.name, err, b.String(), tc.want)
		}
	}
}

func TestAppendPyJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":[1,2],"b":{}}`:   `{"a": [1, 2], "b": {}}`,
		`{"a": [1, 2]}`:        `{"a": [1, 2]}`,
		`"a,b: \"c\", d"`:      `"a,b: \"c\", d"`,
		`["é","\\","😀", null]`: `["\u00e9", "\\", "\ud83d\ude00", null]`,
		`"\\\""`:               `"\\\""`,
	} {
		if got := string(appendPyJSON(nil, []byte(in))); got != want {
			t.Errorf("appendPyJSON(%s) = %s, want %s", in, got, want)
		}
	}
}

// FuzzAppendPyJSON: what comes out is ASCII and means what went in.
func FuzzAppendPyJSON(f *testing.F) {
	for _, seed := range []string{`{"a": [1, "é😀"], "b": {"\"": "\\"}}`, `[]`, `"\ud83d\ude00, :"`, `null`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var want, got any
		if json.Unmarshal([]byte(text), &want) != nil {
			return
		}
		out := appendPyJSON(nil, []byte(text))
		for _, c := range out {
			if c >= 0x80 {
				t.Fatalf("%q: not ASCII: %q", text, out)
			}
		}
		if err := json.Unmarshal(out, &got); err != nil || !cmp.Equal(want, got) {
			t.Errorf("%q became %q: %v", text, out, err)
		}
	})
}
