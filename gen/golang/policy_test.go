package golang

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
)

// policed is a spec of a family with checks of every sort.
const policed = `name: policed
protocol: %s
%sdoc: What values are allowed.
definitions:
  - {name: least, type: const, value: -3}
  - {name: dense, type: enum, entries: [a, b, c]}
  - {name: later, type: enum, value-start: 4, entries: [a, b]}
  - {name: sparse, type: enum, entries: [{name: a, value: 1}, {name: b, value: 2}, {name: c, value: 7}]}
  - {name: bits, type: flags, entries: [x, y, {name: z, value: 9}]}
attribute-sets:
  - name: top
    attributes:
      - {name: any, type: u32}
      - {name: both, type: u32, checks: {min: 3, max: 9}}
      - {name: low, type: s8, checks: {min: least}}
      - {name: dense, type: u32, enum: dense}
      - {name: dense-signed, type: s32, enum: dense}
      - {name: later, type: u8, enum: later}
      - {name: later-least, type: u8, enum: later, checks: {min: 5}}
      - {name: sparse, type: u32, enum: sparse}
      - {name: bits, type: u32, enum: bits}
      - {name: dense-bits, type: u8, enum: dense, enum-as-flags: true}
      - {name: masked, type: u16, checks: {flags-mask: bits}}
%s      - {name: text, type: string, checks: {max-len: 15}}
      - {name: data, type: binary, checks: {min-len: 2, max-len: 8}}
      - {name: packed, type: binary, sub-type: u32, checks: {max-len: 64}}
      - {name: list, type: u32, multi-attr: true, enum: dense}
      - {name: array, type: indexed-array, sub-type: u32, checks: {max: 7}}
operations:
  list:
    - name: get
      doc: Gets.
      attribute-set: top
      do:
        request: {attributes: [any]}
        reply: {attributes: [any, both, low, dense, dense-signed, later, later-least, sparse, bits, dense-bits, masked, %stext, data, packed, list, array]}
`

// TestPolicyTags: fields say what values the kernel takes, as far as that is known:
// of families from before the specs what follows from names is not.
func TestPolicyTags(t *testing.T) {
	always := map[string]string{
		"both": "min=3,max=9", "low": "min=-3", "masked": "mask=0x203", "text": "max-len=15",
		"data": "min-len=2,max-len=8", "packed": "max-len=64", "any": "", "array": "",
	}
	named := map[string]string{
		"dense": "max=2", "dense-signed": "min=0,max=2", "later": "min=4,max=5", "later-least": "min=5,max=5", "sparse": "only=1..2|7",
		"bits": "mask=0x203", "dense-bits": "mask=0x7", "field": "mask=0x203", "list": "max=2",
	}
	for _, tt := range []struct {
		level, more string
		byName      bool
	}{{"genetlink", "", true}, {"genetlink-legacy", "", false}, {"genetlink-legacy", "kernel-policy: split\n", true}} {
		attrs, names := "", ""
		if tt.level == "genetlink-legacy" {
			attrs = "      - {name: field, type: bitfield32, enum: bits}\n      - {name: raw, type: string, checks: {max-len: 15, unterminated-ok: true}}\n"
			names = "field, raw, "
		}
		spec, err := ynl.Parse("policed.yaml", fmt.Appendf(nil, policed, tt.level, tt.more, attrs, names))
		if err != nil {
			t.Fatal(err)
		}
		pkg, err := Generate(spec, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var text string
		for _, f := range pkg.Files {
			if f.Name == "message_gen.go" {
				text = string(f.Text)
			}
		}
		check := func(name, want string) {
			if name == "field" && names == "" {
				return
			}
			_, tag, found := strings.Cut(text, ","+name+",")
			tag, _, _ = strings.Cut(tag, "`")
			_, got, _ := strings.Cut(tag, ` policy:"`)
			if got = strings.TrimSuffix(got, `"`); !found || got != want {
				t.Errorf("%s %s: %s is %q, want %q", tt.level, tt.more, name, got, want)
			}
		}
		for name, want := range always {
			check(name, want)
		}
		if names != "" {
			check("raw", "max-len=15,unterminated")
		}
		for name, want := range named {
			switch {
			case tt.byName:
			case name == "later-least":
				want = "min=5"
			default:
				want = ""
			}
			check(name, want)
		}
	}
}
