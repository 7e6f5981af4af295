package text

import (
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl/codec"
)

// Line says in one line what a message holds: what it is about, then what is not
// zero, nests in braces.
func (p *Printer) Line(o codec.Object) string {
	subject, said := p.subject(o)
	var b strings.Builder
	b.WriteString(subject)
	all := siblingsOf(o)
	for i := range o {
		if slices.Contains(said, o[i].Name) {
			continue
		}
		if !all[i].scalar {
			if p.isZero(&o[i], o[i].Value) {
				continue
			}
			gap(&b)
			b.WriteString(printable(o[i].Name) + " ")
			p.compact(&b, &o[i], o[i].Value, false)
			continue
		}
		c, ok := p.cellOf(o, all, i)
		if !ok || c.value.style == styleZero && o[i].Name != "link-netnsid" || c.value.text == "" {
			continue // but for what the number 0 stands for something
		}
		gap(&b)
		b.WriteString(c.name + " " + c.value.text)
	}
	return b.String()
}

// Subject says what a message is about; where that cannot be told, it is Line.
func (p *Printer) Subject(o codec.Object) string {
	if s, _ := p.subject(o); s != "" {
		return s
	}
	return p.Line(o)
}

func gap(b *strings.Builder) {
	if b.Len() > 0 {
		b.WriteString("  ")
	}
}

// compact shows a value in a line, whatever it is: of nests all of it, or what is not
// zero.
func (p *Printer) compact(b *strings.Builder, f *codec.Field, v any, zeros bool) {
	if isScalar(v) {
		b.WriteString(p.value(f, v).text)
		return
	}
	b.WriteByte('{')
	switch v := v.(type) {
	case codec.Object:
		some := false
		for i := range v {
			if isPadding(&v[i]) || !zeros && p.isZero(&v[i], v[i].Value) {
				continue
			}
			comma(b, some)
			some = true
			b.WriteString(printable(v[i].Name) + " ")
			p.compact(b, &v[i], v[i].Value, zeros)
		}
	case codec.Array:
		for i := range v {
			comma(b, i > 0)
			p.compact(b, f, v[i].Value, zeros)
		}
	case []any:
		for i := range v {
			comma(b, i > 0)
			p.compact(b, f, v[i], zeros)
		}
	}
	b.WriteByte('}')
}

// isZero reports whether a value says little: it is 0, or holds nothing else.
func (p *Printer) isZero(f *codec.Field, v any) bool {
	o, ok := v.(codec.Object)
	if !ok || len(o) == 0 {
		return isScalar(v) && p.value(f, v).style == styleZero
	}
	for i := range o {
		// One level, so that what is nested deep is not looked at again and again.
		if !isScalar(o[i].Value) || p.value(&o[i], o[i].Value).style != styleZero {
			return false
		}
	}
	return true
}

func comma(b *strings.Builder, some bool) {
	if some {
		b.WriteString(", ")
	}
}

// brief is all of a value in a line.
func (p *Printer) brief(f *codec.Field, v any) string {
	var b strings.Builder
	p.compact(&b, f, v, true)
	return b.String()
}
