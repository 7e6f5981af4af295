package text

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// FuzzPrinter prints whatever a kernel might send. Nothing of it may reach the
// terminal as anything but text.
func FuzzPrinter(f *testing.F) {
	var b wire.Builder
	b.Raw(make([]byte, 16))
	b.Text(3, "a\x1b[31m\xff")
	n := b.Nest(18)
	b.Text(1, "vlan")
	b.Attr(2, []byte{6, 0, 1, 0, 5, 0, 0, 0})
	b.End(n)
	b.Attr(0x3000, bytes.Repeat([]byte{7}, 99))
	seed, err := b.Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte{})
	f.Add([]byte("no attributes at all, but rather a lot of bytes"))
	var layouts []codec.Layout
	for family, op := range map[string]string{"rt-link": "getlink", "tc": "getqdisc", "nlctrl": "getpolicy", "rt-route": "getroute"} {
		spec, err := specs.Open(family)
		if err != nil {
			f.Fatal(err)
		}
		layouts = append(layouts, codec.Of(spec.Op(op)))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		for _, l := range layouts {
			o := l.Decode(payload, codec.Options{})
			var out bytes.Buffer
			p := NewPrinter(&out, Options{Interface: names})
			if err := p.Message("op", o); err != nil {
				t.Fatal(err)
			}
			if err := p.Entry("op", o); err != nil {
				t.Fatal(err)
			}
			if s := out.String(); !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\n' || c == 0x7f }) {
				t.Errorf("control characters, or no UTF-8:\n%q", s)
			}
			lines := append(p.Differences(o[:len(o)/2], o), p.Differences(o, o[len(o)/2:])...)
			for _, s := range append(lines, p.Line(o), p.Subject(o)) {
				if !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f }) {
					t.Errorf("control characters, or no UTF-8:\n%q", s)
				}
			}
			if list := p.Differences(o, o); len(list) > 0 {
				t.Errorf("differs from itself: %q", list)
			}
			for _, field := range o {
				if s := Value(field); strings.ContainsAny(s, "\x1b\n") {
					t.Errorf("control characters: %q", s)
				}
			}
		}
	})
}
