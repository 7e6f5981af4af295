package codec

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// at is the number of an attribute of testSpec's outer set.
func at(t testing.TB, l Layout, name string) uint16 {
	t.Helper()
	a := l.Set.Attr(name)
	if a == nil {
		t.Fatalf("testSpec has no %q", name)
	}
	return a.ID
}

// unhex reads bytes in hexadecimal, with blanks between them.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// scalarTests have one attribute's payload, its value in JSON of both dialects
// ("" where the Python one is the same), and what it encodes to from the native
// JSON ("" where that is the payload). Numbers are little-endian, as on all
// machines the tests run on.
var scalarTests = []struct {
	name, payload, native, python, again string
}{
	{"u8", "ff", "255", "", ""},
	{"u16", "0102", "513", "", ""},
	{"u32", "ffffffff", "4294967295", "", ""},
	{"u64", "ffffffffffffffff", "18446744073709551615", "", ""},
	{"s8", "80", "-128", "", ""},
	{"s16", "feff", "-2", "", ""},
	{"s32", "00000080", "-2147483648", "", ""},
	{"s64", "0000000000000080", "-9223372036854775808", "", ""},
	{"be16", "0102", "258", "", ""},
	{"be32", "01020304", "16909060", "", ""},
	{"be64", "0000000000000001", "1", "", ""},
	{"le16", "0102", "513", "", ""},
	{"le32", "feffffff", "-2", "", ""},
	{"le64", "0100000000000000", "1", "", ""},
	{"u32", "0102", `{":hex":"0102"}`, `"0102"`, ""},
	{"u32", "", `{":hex":""}`, `""`, ""},
	{"u8", "07000000", "7", "", "07"},

	{"color", "01", `"green"`, "", ""},
	{"color", "05", `"9"`, "", ""},
	{"color", "07", "7", `"Unknown(7)"`, ""},
	{"below", "ffffffff", `"low"`, "", ""},
	{"sbelow", "ffff", `"low"`, "", ""},
	{"sbelow", "feff", "-2", `"Unknown(-2)"`, ""},
	{"bits", "03000080", `["one","two","top"]`, `["one", "top", "two"]`, ""},
	{"bits", "31000000", `["one","0x30"]`, `["Unknown(4)", "Unknown(5)", "one"]`, ""},
	{"bits", "00000000", `[]`, "", ""},
	{"sbits", "01000080", `["one","top"]`, `["one", "top"]`, ""},
	{"colors", "0300", `["red","green"]`, `["green", "red"]`, ""},
	{"hex", "ff000000", `"0xff"`, "", ""},
	{"ip", "c0000201", `"192.0.2.1"`, "", ""},

	{"uint", "07000000", "7", "", ""},
	{"uint", "0700000000000000", "7", "", "07000000"},
	{"uint", "0000000001000000", "4294967296", "", ""},
	{"uint", "0700", `{":hex":"0700"}`, `"0700"`, ""},
	{"sint", "ffffffff", "-1", "", ""},
	{"sint", "0000008000000000", "2147483648", "", ""},
	{"sint", "ffffffffffffffff", "-1", "", "ffffffff"},
	{"uhex", "10000000", `"0x10"`, "16", ""},

	{"flag", "", "true", "", ""},
	{"flag", "01", "true", "", ""}, // its payload stays in an Object, and not in JSON
	{"string", "6100", `"a"`, "", ""},
	{"string", "61", `"a"`, "", "6100"},
	{"string", "61000000", `"a"`, `"a\u0000\u0000"`, "6100"},
	{"string", "610062", `{":hex":"610062"}`, `"a\u0000b"`, ""},
	{"string", "00", `""`, "", ""},
	{"string", "", `""`, "", "00"},
	{"string", "c3a900", `"é"`, `"\u00e9"`, ""},
	{"string", "f09f9a8000", `"🚀"`, `"\ud83d\ude80"`, ""},
	{"string", "ff00", `{":hex":"ff00"}`, `"\udcff"`, ""},
	{"string", "225c0a090d0100", `"\"\\\n\t\r\u0001"`, "", ""},

	{"blob", "00ff", `"00ff"`, "", ""},
	{"blob", "", `""`, "", ""},
	{"bhex", "0a0b", `"0a 0b"`, "", ""},
	{"mac", "020000000001", `"02:00:00:00:00:01"`, "", ""},
	{"mac", "0102", `"01:02"`, "", ""},
	{"ip4", "c0000201", `"192.0.2.1"`, "", ""},
	{"ip4", "c00002", `"c00002"`, "", ""},
	{"ip6", "20010db8000000000000000000000001", `"2001:db8::1"`, "", ""},
	{"ip6", "c0000201", `"c0000201"`, "", ""},
	{"addr", "c0000201", `"192.0.2.1"`, "", ""},
	{"addr", "20010db8000000000000000000000001", `"2001:db8::1"`, "", ""},
	{"uuid", "00112233445566778899aabbccddeeff", `"00112233-4455-6677-8899-aabbccddeeff"`, "", ""},
	{"uuid", "0011", `"0011"`, "", ""},

	{"u32s", "0100000002000000", "[1,2]", "[1, 2]", ""},
	{"u32s", "", "[]", "", ""},
	{"u32s", "010000000200", `{":hex":"010000000200"}`, `"010000000200"`, ""},
	{"s16s", "ffff", "[-1]", "", ""},
	{"bitfield", "0100000003000000", `{"value":1,"selector":3}`, `{"value": 1, "selector": 3}`, ""},
	{"bitnames", "0100000003000000", `{"value":["one"],"selector":["one","two"]}`, `{"value": ["one"], "selector": ["one", "two"]}`, ""},
	{"bitfield", "01000000", `{":hex":"01000000"}`, `"01000000"`, ""},

	{"shape", "feff 00000007 0000 01 03000000 020000000001 c0000201 0f 61620000",
		`{"at":{"x":-2,"y":7},"color":"green","bits":["one","two"],"mac":"02:00:00:00:00:01","ip":"192.0.2.1","hex":"0xf","label":"61620000"}`,
		`{"at": {"x": -2, "y": 7}, "color": "green", "bits": ["one", "two"], "mac": "02:00:00:00:00:01", "ip": "192.0.2.1", "hex": "0xf", "label": "61620000"}`, ""},
	{"shape", "feff 00000007 0a0b 01 00000080 020000000001 c0000201 0f 61620000 ff",
		`{"at":{"x":-2,"y":7},":pad-6":"0a0b","color":"green","bits":["top"],"mac":"02:00:00:00:00:01","ip":"192.0.2.1","hex":"0xf","label":"61620000",":rest":"ff"}`,
		`{"at": {"x": -2, "y": 7}, "color": "green", "bits": ["top"], "mac": "02:00:00:00:00:01", "ip": "192.0.2.1", "hex": "0xf", "label": "61620000"}`, ""},
	{"shape", "feff 00000007 0000 01 0300",
		`{"at":{"x":-2,"y":7},"color":"green",":rest":"0300",":len":11}`,
		`{"at": {"x": -2, "y": 7}, "color": "green"}`, ""},
	{"shape", "", `{":len":0}`, `{}`, ""},
}

// TestScalars decodes attributes of all types that hold no others, and encodes
// them again: an Object to the same bytes, JSON to what says the same.
func TestScalars(t *testing.T) {
	l := chest(t, "plain")
	for _, test := range scalarTests {
		t.Run(test.name+" "+test.payload, func(t *testing.T) {
			value := unhex(t, test.payload)
			p := attr(at(t, l, test.name), value)
			want := `{"` + test.name + `":` + test.native + `}`
			if got := string(l.AppendJSON(nil, p, Options{})); got != want {
				t.Errorf("native JSON\n%s, want\n%s", got, want)
			}
			python := test.python
			if python == "" {
				python = test.native
			}
			want = `{"` + test.name + `": ` + python + `}`
			if got := string(l.AppendJSON(nil, p, Options{Dialect: Python})); got != want {
				t.Errorf("Python's JSON\n%s, want\n%s", got, want)
			}
			if err := checkPayload(l, p); err != nil {
				t.Error(err)
			}
			again := value
			if test.again != "" {
				again = unhex(t, test.again)
			} else if test.name == "flag" {
				again = nil
			}
			v, err := ParseJSON([]byte(`{"` + test.name + `":` + test.native + `}`))
			if err != nil {
				t.Fatal(err)
			}
			got, err := encode(l, v, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if want := attr(at(t, l, test.name), again); !bytes.Equal(got, want) {
				t.Errorf("encoded to %x, want %x", got, want)
			}
		})
	}
}

// attr is one attribute, padded.
func attr(typ uint16, value []byte) []byte {
	var b wire.Builder
	b.Attr(typ, value)
	p, _ := b.Bytes()
	return p
}

// encode is what Append makes of a value.
func encode(l Layout, v any, o Options) ([]byte, error) {
	var b wire.Builder
	if err := l.Append(&b, v, o); err != nil {
		return nil, err
	}
	return b.Bytes()
}
