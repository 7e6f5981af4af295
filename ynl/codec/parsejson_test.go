package codec

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseJSON(t *testing.T) {
	for _, c := range []struct {
		text string
		want any
	}{
		{`null`, nil},
		{` true `, true},
		{"\r\n\tfalse\n", false},
		{`0`, json.Number("0")},
		{`-0`, json.Number("-0")},
		{`18446744073709551616`, json.Number("18446744073709551616")},
		{`-1.50e+07`, json.Number("-1.50e+07")},
		{`2E9`, json.Number("2E9")},
		{`""`, ""},
		{`"eth0"`, "eth0"},
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{`"a\u0000\u00e9\u20AC\ud83d\ude00z"`, "a\x00é€😀z"},
		{`"\ud83d\udc80"`, "💀"},
		{`"\udc80\udcFFx\udcc3\udca9"`, "\x80\xffxé"},
		{"\"\xff\xc3\"", "\xff\xc3"},
		{"\"\x7f\"", "\x7f"},
		{`[]`, []any{}},
		{`[ ]`, []any{}},
		{`[1, [null], {}]`, []any{json.Number("1"), []any{nil}, Object{}}},
		{`{ }`, Object{}},
		{`{"b": 1, "a" : {"": []}, "b":"x"}`, Object{
			{Name: "b", Value: json.Number("1")},
			{Name: "a", Value: Object{{Name: "", Value: []any{}}}},
			{Name: "b", Value: "x"},
		}},
		{`{"a\n":"b\n","c":"d"}`, Object{{Name: "a\n", Value: "b\n"}, {Name: "c", Value: "d"}}},
	} {
		got, err := ParseJSON([]byte(c.text))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %#v, %v; want %#v", c.text, got, err, c.want)
		}
	}
}

func TestParseJSONBad(t *testing.T) {
	const value = `a value ({, [, a string in ", a number, true, false or null)`
	for _, c := range []struct{ text, want string }{
		{``, `line 1, column 1: expected ` + value + `, not the end of the text`},
		{"\n\n ", `line 3, column 2: expected ` + value + `, not the end of the text`},
		{`True`, `line 1, column 1: expected ` + value + `, not "True"`},
		{`nullx`, `line 1, column 1: expected ` + value + `, not "nullx"`},
		{`'a'`, `line 1, column 1: expected ` + value + `, not "'"`},
		{`[1,]`, `line 1, column 4: expected ` + value + `, not "]"`},
		{`[NaN]`, `line 1, column 2: expected ` + value + `, not "NaN"`},
		{`.5`, `line 1, column 1: expected ` + value + `, not "."`},
		{"\xff", `line 1, column 1: expected ` + value + `, not "\xff"`},
		{"é", `line 1, column 1: expected ` + value + `, not "é"`},
		{"\x00", `line 1, column 1: expected ` + value + `, not "\x00"`},
		{strings.Repeat("a", 50), `line 1, column 1: expected ` + value + `, not "` + strings.Repeat("a", 20) + `"`},
		{`{"é": [1, 2}`, `line 1, column 12: expected , or ] after a value, not "}"`},
		{"{\n\"id\": 1]", `line 2, column 8: expected , or } after a value, not "]"`},
		{`{"id": 1`, `line 1, column 9: expected , or } after a value, not the end of the text`},
		{`{"a":1 "b":2}`, `line 1, column 8: expected , or } after a value, not a string`},
		{`{a: 1}`, `line 1, column 2: expected a name in " or } after {, not "a"`},
		{`{"a": 1,}`, `line 1, column 9: expected a name in " after a comma, not "}"`},
		{`{"a" 1}`, `line 1, column 6: expected a colon after a name, not "1"`},
		{`{"a"}`, `line 1, column 5: expected a colon after a name, not "}"`},
		{`{} {}`, `line 1, column 4: expected the end of the text behind the value, not "{"`},
		{"1\x00", `line 1, column 2: expected the end of the text behind the value, not "\x00"`},
		{`012`, `line 1, column 2: expected no digit after a number's leading 0, not "12"`},
		{`-`, `line 1, column 2: expected a digit after a minus, not the end of the text`},
		{`1.`, `line 1, column 3: expected a digit after a point, not the end of the text`},
		{`1e+x`, `line 1, column 4: expected a digit in an exponent, not "x"`},
		{`0x10`, `line 1, column 2: expected the end of a number (other notations stand in "), not "x10"`},
		{`"abc`, `line 1, column 1: expected a " at the end of the string that begins here, not the end of the text`},
		{`"abc\"`, `line 1, column 1: expected a " at the end of the string that begins here, not the end of the text`},
		{"\"a\nb\"", `line 1, column 3: expected \u000a in a string, not "\n"`},
		{`"\x41"`, `line 1, column 3: expected one of "\/bfnrtu after \, not "x41"`},
		{`"\`, `line 1, column 3: expected one of "\/bfnrtu after \, not the end of the text`},
		{`"\u00g0"`, `line 1, column 6: expected four hexadecimal digits after \u, not "g0"`},
		{`"\u12`, `line 1, column 6: expected four hexadecimal digits after \u, not the end of the text`},
		{`"a\ud800"`, `line 1, column 3: expected the second half of a surrogate pair behind \ud800`},
		{`"\ud800\u0041"`, `line 1, column 2: expected the second half of a surrogate pair behind \ud800`},
		{`"\udfff"`, `line 1, column 2: expected the first half of a surrogate pair in front of \udfff`},
		{`"\ud800\u00"`, `line 1, column 12: expected four hexadecimal digits after \u, not a string`},
	} {
		got, err := ParseJSON([]byte(c.text))
		if err == nil || got != nil {
			t.Errorf("%s: %#v, want an error", c.text, got)
			continue
		}
		if err.Error() != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.text, err, c.want)
		}
	}
}

func TestParseJSONDepth(t *testing.T) {
	nested := func(n int) []byte {
		return []byte(strings.Repeat(`{"a":[`, n/2) + strings.Repeat(`]}`, n/2))
	}
	if _, err := ParseJSON(nested(maxJSONDepth)); err != nil {
		t.Error(err)
	}
	const want = `line 1, column 301: expected at most 100 objects and arrays in each other, not one more`
	for _, n := range []int{maxJSONDepth + 2, 1 << 20} {
		if _, err := ParseJSON(nested(n)); err == nil || err.Error() != want {
			t.Errorf("%d deep: %v", n, err)
		}
	}
}

// TestParseJSONLong reads long texts of every kind; one that took a time that
// grows with the square of the length would take minutes.
func TestParseJSONLong(t *testing.T) {
	const n = 1 << 18
	for _, c := range []struct{ open, part, end string }{
		{`"`, `a`, `"`}, {`"`, `\n`, `"`}, {`"`, `\udcff`, `"`}, {``, `1`, ``}, {`[1`, `,1`, `]`},
		{`{"":0`, `,"a":"\n"`, `}`}, {``, ` `, `1`}, {"1", "\n", ""},
	} {
		text := c.open + strings.Repeat(c.part, n) + c.end
		if _, err := ParseJSON([]byte(text)); err != nil {
			t.Errorf("%s%s...: %v", c.open, c.part, err)
		}
		if _, err := ParseJSON([]byte(text + "]")); err == nil {
			t.Errorf("%s%s...]: no error", c.open, c.part)
		}
	}
}

// FuzzParseJSON compares with the standard library, which refuses the same texts
// but for those whose strings are no Unicode.
func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{
		``, `null`, `[true, false]`, `{"a": {"b": [1, -2.5e3, "x\u00e9\n"]}, "a": null}`, `"\udc80"`, `"\ud83d\ude00"`,
		`"\ud800"`, "\"\xff\"", `[1,]`, `{"a":1]`, `01`, `1e`, `"\x"`, "\"\n\"", `{} {}`, strings.Repeat("[", 101),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		kept := bytes.Clone(text)
		got, err := ParseJSON(text)
		if !bytes.Equal(text, kept) {
			t.Fatal("the text was changed")
		}
		if err != nil {
			var line, column int
			if n, _ := fmt.Sscanf(err.Error(), "line %d, column %d: ", &line, &column); n != 2 || line < 1 || column < 1 || got != nil {
				t.Fatalf("%#v, %v", got, err)
			}
		}
		if !utf8.Valid(text) || bytes.Contains(bytes.ToLower(text), []byte(`\ud`)) {
			return
		}
		if err != nil {
			if json.Valid(text) && !strings.Contains(err.Error(), "at most") {
				t.Fatalf("%v, but the standard library takes it", err)
			}
			return
		}
		want, err := standard(text)
		if err != nil {
			t.Fatalf("%#v, but the standard library says %v", got, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%#v, want %#v", got, want)
		}
	})
}

// standard reads JSON with the standard library's scanner.
func standard(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := standardValue(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("behind the value: %w", err)
	}
	return v, nil
}

func standardValue(d *json.Decoder) (any, error) {
	tok, err := d.Token()
	if err != nil {
		return nil, err
	}
	var v any
	switch tok {
	case json.Delim('{'):
		o := Object{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			in, err := standardValue(d)
			if err != nil {
				return nil, err
			}
			o = append(o, Field{Name: name.(string), Value: in})
		}
		v = o
	case json.Delim('['):
		list := []any{}
		for d.More() {
			in, err := standardValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, in)
		}
		v = list
	default:
		return tok, nil
	}
	_, err = d.Token()
	return v, err
}
