package codec

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

type celsius int16

// inputTests have values that people and programs give, and the payload they
// encode to.
var inputTests = []struct {
	name    string
	value   any
	dialect Dialect
	want    string // the attribute's payload
}{
	{"u32", 7, Native, "07000000"},
	{"u32", uint8(7), Native, "07000000"},
	{"u32", celsius(7), Native, "07000000"},
	{"u32", 7.0, Native, "07000000"},
	{"u32", "0x10", Native, "10000000"},
	{"u32", "16", Native, "10000000"},
	{"u32", "0b101", Native, "05000000"},
	{"u32", json.Number("4294967295"), Native, "ffffffff"},
	{"u32", json.Number("1e3"), Native, "e8030000"},
	{"u64", json.Number("18446744073709551615"), Native, "ffffffffffffffff"},
	{"s8", -128, Native, "80"},
	{"s64", json.Number("-9223372036854775808"), Native, "0000000000000080"},
	{"uint", uint64(1) << 32, Native, "0000000001000000"},
	{"sint", int64(-1) << 31, Native, "00000080"},
	{"sint", int64(-1)<<31 - 1, Native, "ffffff7fffffffff"},
	{"color", "blue", Native, "06"},
	{"color", "9", Native, "05"}, // a name first,
	{"color", "9", Python, "09"}, // where Python's client tries numbers first
	{"color", 200, Native, "c8"},
	{"color", "Unknown(7)", Python, "07"},
	{"below", "low", Native, "ffffffff"},
	{"sbelow", "low", Native, "ffff"},
	{"sbelow", -1, Native, "ffff"},
	{"bits", []string{"one", "top"}, Native, "01000080"},
	{"bits", "two", Native, "02000000"},
	{"bits", Flags{"one", "0x30"}, Native, "31000000"},
	{"bits", []any{"one", json.Number("16")}, Native, "11000000"},
	{"bits", []any{"two", "two"}, Native, "02000000"},
	{"bits", []any{"two", "two"}, Python, "04000000"}, // added, not joined
	{"bits", []any{"Unknown(4)"}, Python, "10000000"},
	{"sbits", []string{"top"}, Native, "00000080"},
	{"hex", "ff", Native, "ff000000"},
	{"hex", "10", Native, "0a000000"}, // int() first
	{"hex", "0x10", Python, "10000000"},
	{"ip", "192.0.2.1", Native, "c0000201"},
	{"ip", netip.MustParseAddr("192.0.2.1"), Native, "c0000201"},
	{"u32", true, Python, "01000000"},
	{"u32", json.Number("1.5"), Python, "01000000"},
	{"s32", json.Number("-1.5"), Python, "ffffffff"},
	{"u32", 2.9, Python, "02000000"},
	{"flag", true, Native, ""},
	{"flag", "on", Native, ""},
	{"flag", 1, Native, ""},
	{"string", "a", Native, "6100"},
	{"string", []byte("a"), Native, "6100"},
	{"string", 7, Native, "3700"},
	{"blob", "00ff", Native, "00ff"},
	{"blob", "00:ff", Native, "00ff"},
	{"blob", []byte{1}, Native, "01"},
	{"blob", Raw{2}, Native, "02"},
	{"bhex", "0a 0b", Native, "0a0b"},
	{"mac", "02-00-00-00-00-01", Native, "020000000001"},
	{"mac", net.HardwareAddr{2, 0, 0, 0, 0, 1}, Native, "020000000001"},
	{"addr", netip.MustParseAddr("2001:db8::1"), Native, "20010db8000000000000000000000001"},
	{"addr", net.IP{192, 0, 2, 1}, Native, "c0000201"},
	{"uuid", "00112233-4455-6677-8899-aabbccddeeff", Native, "00112233445566778899aabbccddeeff"},
	{"uuid", UUID{0xff}, Native, "ff000000000000000000000000000000"},
	{"u32s", []uint16{1, 2}, Native, "0100000002000000"},
	{"u32s", "01000000", Native, "01000000"},
	{"bitnames", "two", Native, "0200000002000000"},
	{"bitnames", []string{"one", "two"}, Native, "0300000003000000"},
	{"bitfield", map[string]any{"selector": 3, "value": 1}, Native, "0100000003000000"},
	{"shape", map[string]any{"color": "blue", "at": map[string]any{"y": 1}}, Native,
		"0000 00000001 0000 06 00000000 000000000000 00000000 00 00000000"},
	{"nest", map[string]any{"name": "x", "id": 1}, Native, "08000100 01000000 06000200 78000000"},
	{"nest", nil, Native, ""},
	{"nests", []any{map[string]any{"id": 1}}, Native, "0c000180 08000100 01000000"},
	{"nests", []any{map[string]any{"id": 1}}, Python, "0c000080 08000100 01000000"},
	{"nests", []map[string]any{{"4": nil}, {"id": 1}}, Native, "04000480 0c000580 08000100 01000000"},
	{"nests", Array{{Index: 3, Value: Object{}}}, Native, "04000380"},
	{"ints", []int{7}, Native, "08000100 07000000"},
	{"one", map[string]any{"op": 3}, Native, "04000380"},
	{"attr-60", "0a", Native, "0a"},
	{"60", "0a", Native, "0a"},
	{"UnknownAttr(60)", "0a", Python, "0a"},
	{"u8", map[string]any{":hex": "0102"}, Native, "0102"},
}

func TestInput(t *testing.T) {
	l := chest(t, "plain")
	for _, test := range inputTests {
		got, err := encode(l, map[string]any{test.name: test.value}, Options{Dialect: test.dialect})
		if err != nil {
			t.Errorf("%s from %#v: %v", test.name, test.value, err)
			continue
		}
		a, ok := first(got)
		if !ok {
			t.Errorf("%s from %#v: encoded to %x", test.name, test.value, got)
			continue
		}
		if want := unhex(t, test.want); !bytes.Equal(a.Data(), want) || len(got) != wire.Align(len(a)) {
			t.Errorf("%s from %#v: encoded to %x, want %x", test.name, test.value, a.Data(), want)
		}
	}
}

// TestRepeatedInput encodes lists to attributes that stand several times, and
// what is false to none.
func TestRepeatedInput(t *testing.T) {
	l := chest(t, "plain")
	for _, test := range []struct{ text, want string }{
		{`{"multi":[1,2]}`, `{"multi":[1,2]}`},
		{`{"multi":1}`, `{"multi":[1]}`},
		{`{"multi":[]}`, `{}`},
		{`{"multi":1,"u8":2,"multi":3}`, `{"multi":[1,3],"u8":2}`},
		{`{"multinest":[{"id":1},{}]}`, `{"multinest":[{"id":1},{}]}`},
		{`{"u8":[1,2]}`, `{"u8":[1,2]}`},
		{`{"flag":false}`, `{}`},
		{`{"bits":[["one"],["two"]]}`, `{"bits":[["one"],["two"]]}`},
		{`{"attr-700":["00","01"]}`, `{"attr-700":["00","01"]}`},
		{`{"nests":[[{"id":1}],[{"id":2}]]}`, `{"nests":[[{"1":{"id":1}}],[{"1":{"id":2}}]]}`},
	} {
		v, err := ParseJSON([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		p, err := encode(l, v, Options{})
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		if got := string(l.AppendJSON(nil, p, Options{})); got != test.want {
			t.Errorf("%s: printed %s, want %s", test.text, got, test.want)
		}
	}
}

// TestMapOrder encodes a map in the order of the attributes' numbers, always.
func TestMapOrder(t *testing.T) {
	l := chest(t, "get")
	v := map[string]any{"u64": 4, "u8": 1, "u16": 2, "u32": 3, "family": 9, "attr-900": "00", "kind": "set", "data": map[string]any{"id": 1}}
	const want = `{"family":9,"header:table":0,"mode":"red","attr-900":"00","u8":1,"u16":2,"u32":3,"u64":4,"kind":"set","data":{"id":1}}`
	for range 20 {
		p, err := encode(l, v, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(l.AppendJSON(nil, p, Options{})); got != want {
			t.Fatalf("printed %s, want %s", got, want)
		}
	}
}

// TestPythonClash puts a name that header and attributes have into the header.
func TestPythonClash(t *testing.T) {
	l := chest(t, "get")
	for dialect, want := range map[Dialect]string{
		Native: "0000 0000 00000000 08003100 fc000000",
		Python: "0000 fc00 00000000",
	} {
		got, err := encode(l, map[string]any{"table": 252}, Options{Dialect: dialect})
		if err != nil || !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("dialect %d: %x, %v; want %s", dialect, got, err, want)
		}
	}
}

// TestLookup finds the numbers of texts outside of the spec.
func TestLookup(t *testing.T) {
	l := chest(t, "plain")
	o := Options{Lookup: func(a *ynl.Attr, _ *ynl.Member, text string) (uint64, bool) {
		return 42, a.Name == "u32" && text == "eth0"
	}}
	got, err := encode(l, map[string]any{"u32": "eth0"}, o)
	if want := attr(at(t, l, "u32"), []byte{42, 0, 0, 0}); err != nil || !bytes.Equal(got, want) {
		t.Errorf("encoded to %x, %v; want %x", got, err, want)
	}
	if _, err := encode(l, map[string]any{"u32": "eth1"}, o); err == nil {
		t.Error("a text that is not found is taken")
	}
}

// TestErrors are values that are refused, and why.
func TestErrors(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{`[]`, `a message is an object of attributes by name, not a list`},
		{`{"strin":1}`, `there is no attribute "strin" here (did you mean string?)`},
		{`{"nest":{"nam":"x"}}`, `.nest: there is no attribute "nam" here (did you mean name?)`},
		{`{"u8":256}`, `.u8: 256 does not fit: a u8 is from 0 to 255`},
		{`{"u8":-1}`, `.u8: -1 does not fit: a u8 is from 0 to 255`},
		{`{"u8":18446744073709551615}`, `.u8: 18446744073709551615 does not fit: a u8 is from 0 to 255`},
		{`{"s8":128}`, `.s8: 128 does not fit: a s8 is from -128 to 127`},
		{`{"u64":18446744073709551616}`, `.u64: must be a whole number, not 18446744073709551616`},
		{`{"u32":1.5}`, `.u32: must be a whole number, not 1.5`},
		{`{"u32":"x"}`, `.u32: must be a whole number, not "x"`},
		{`{"u32":null}`, `.u32: must be a whole number, not nothing`},
		{`{"u32":{}}`, `.u32: must be a whole number, not an object`},
		{`{"limited":1}`, `.limited: 1 is out of range: 2 to 10`},
		{`{"color":"gren"}`, `.color: color has no "gren": it knows red, green, 9, blue (did you mean green?)`},
		{`{"color":{}}`, `.color: must be a name or a number of color, not an object`},
		{`{"bits":["one","tow"]}`, `.bits: bits has no "tow": it knows one, two, top (did you mean two or top?)`},
		{`{"flag":"maybe"}`, `.flag: is a flag: true or false, not "maybe"`},
		{`{"flag":2}`, `.flag: is a flag: true or false, not 2`},
		{`{"string":"0123456789abcdef"}`, `.string: the text has 16 bytes; it may have at most 15`},
		{`{"string":"a\u0000b"}`, `.string: has a NUL at byte 1, where the kernel would cut it`},
		{`{"string":{}}`, `.string: must be text, not an object`},
		{`{"string":true}`, `.string: must be text, not true`},
		{`{"exact":"00"}`, `.exact: the value has 1 bytes; it must have 4`},
		{`{"atleast":"00"}`, `.atleast: the value has 1 bytes; it must have at least 2`},
		{`{"blob":"0"}`, `.blob: must be bytes in hexadecimal such as 0a0b0c, not "0"`},
		{`{"blob":7}`, `.blob: must be bytes in hexadecimal such as 0a0b0c, not 7`},
		{`{"ip4":"2001:db8::1"}`, `.ip4: must be an IPv4 address such as 192.0.2.1, not "2001:db8::1"`},
		{`{"mac":"zz"}`, `.mac: must be an address such as 02:00:00:00:00:01, not "zz"`},
		{`{"uuid":"zz"}`, `.uuid: must be a UUID, not "zz"`},
		{`{"multi":[1,"x"]}`, `.multi[1]: must be a whole number, not "x"`},
		{`{"nest":1}`, `.nest: is a nest: an object of attributes by name, not 1`},
		{`{"nests":1}`, `.nests: is an array: a list, not 1`},
		{`{"nests":[{"4":{"id":"x"}}]}`, `.nests[4].id: must be a whole number, not "x"`},
		{`{"one":{"id":1}}`, `.one: needs "op", the type of a nest`},
		{`{"one":{"op":99999}}`, `.one: "op" must be a number up to 16383, not 99999`},
		{`{"one":1}`, `.one: is nests by value: an object with op, not 1`},
		{`{"shape":{"colour":1}}`, `.shape: struct shape has no member "colour" (did you mean color?)`},
		{`{"shape":{"at":{"x":40000}}}`, `.shape.at.x: 40000 does not fit: a s16 is from -32768 to 32767`},
		{`{"shape":{"at":1}}`, `.shape.at: is a struct: an object of its members, not 1`},
		{`{"shape":{"label":"0001020304"}}`, `.shape.label: has 5 bytes; a binary of 4 fit`},
		{`{"shape":{":len":99}}`, `.shape: ":len" must be a number up to 28, not 99`},
		{`{"bitfield":{"mask":1}}`, `.bitfield: has "value" and "selector", no "mask"`},
		{`{"data":{"id":1}}`, `.data: what it holds depends on "kind" of chest, which has to be given too`},
		{`{"kind":"sett","data":{"id":1}}`, `.data: the spec does not tell what it holds if "kind" is "sett"; it can be given by numbers, as "attr-1" (did you mean set?)`},
		{`{"kind":"set","data":{"id":"x"}}`, `.data(set).id: must be a whole number, not "x"`},
		{`{"kind":"set","data":1}`, `.data: is a message of its own: an object of its attributes by name, not 1`},
		{`{"kind":"header","data":{"z":1}}`, `.data(header): struct point has no member "z" (did you mean x or y?)`},
		{`{"attr-60":1}`, `.attr-60: the spec does not know this attribute: its value must be bytes in hexadecimal, or attributes by number, not 1`},
		{`{":rest":1}`, `:rest: must be bytes in hexadecimal, not 1`},
		{`{"mod":1}`, `there is no attribute "mod" here (did you mean mode?)`},
		{`{":pad-5":"00000000"}`, `":pad-5" must be at most 3 bytes in hexadecimal, not "00000000"`},
	} {
		v, err := ParseJSON([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = encode(chest(t, "get"), v, Options{})
		if e, ok := errors.AsType[*Error](err); !ok || e.Error() != test.want {
			t.Errorf("%s:\n%v, want\n%s", test.text, err, test.want)
		}
	}
}

// TestUnchecked leaves the spec's checks to the kernel, but not what cannot be
// written.
func TestUnchecked(t *testing.T) {
	l := chest(t, "plain")
	for _, o := range []Options{{Unchecked: true}, {Dialect: Python}} {
		for _, text := range []string{`{"limited":1}`, `{"exact":"00"}`, `{"string":"0123456789abcdef"}`} {
			v, err := ParseJSON([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := encode(l, v, o); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		if _, err := encode(l, map[string]any{"u8": 256}, o); err == nil {
			t.Error("256 is taken for a u8")
		}
	}
}

// TestTooLong refuses values that no attribute can hold, and nests without end.
func TestTooLong(t *testing.T) {
	l := chest(t, "plain")
	if _, err := encode(l, map[string]any{"blob": make([]byte, 1<<16)}, Options{}); err == nil {
		t.Error("65536 bytes are taken")
	}
	v := map[string]any{}
	v["deep"] = v
	if _, err := encode(l, map[string]any{"nest": v}, Options{}); err == nil {
		t.Error("an endless nest is taken")
	}
}
