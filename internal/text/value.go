package text

import (
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/internal/rtnames"
	"github.com/nlkit/nlkit/internal/tchandle"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// value is a value as it is written.
type value struct {
	text   string
	style  style
	number bool // may be aligned with other numbers
}

// hexPrefix marks bytes; it is what stands between name and "=" where bytes are
// to be put in.
const hexPrefix = "hex:"

// isElsewhere reports whether a field of o that has this name is an index that
// counts in another namespace.
func isElsewhere(o codec.Object, name string) bool {
	return name == "link" && o.Has("link-netnsid")
}

// valueOf shows a field's value; elsewhere is what isElsewhere says of its name.
func (p *Printer) valueOf(f *codec.Field, elsewhere bool) value {
	if elsewhere {
		if n, ok := integer(f.Value); ok {
			return value{text: strconv.FormatInt(n, 10)}
		}
	}
	return p.value(f, f.Value)
}

// value shows a value of a field, or of an element of it.
func (p *Printer) value(f *codec.Field, v any) value {
	switch v := v.(type) {
	case nil:
		return value{text: "-", style: styleZero}
	case bool:
		if v {
			return value{text: "yes"}
		}
		return value{text: "no", style: styleZero}
	case uint64:
		return p.integer(f, int64(v), strconv.FormatUint(v, 10), v)
	case int64:
		return p.integer(f, v, strconv.FormatInt(v, 10), uint64(v))
	case string:
		return value{text: quote(v)}
	case codec.Flags:
		if len(v) == 0 {
			return value{text: "-", style: styleZero}
		}
		return value{text: strings.Join(v, "|")}
	case netip.Addr:
		return value{text: v.String()}
	case net.HardwareAddr:
		return value{text: v.String()}
	case codec.UUID:
		return value{text: fmt.Sprintf("%x-%x-%x-%x-%x", v[:4], v[4:6], v[6:8], v[8:10], v[10:])}
	case codec.Raw:
		return value{text: hexBytes(v), style: styleRaw}
	case []byte:
		s := stylePlain
		if f.Attr == nil && f.Member == nil {
			s = styleRaw
		}
		return value{text: hexBytes(v), style: s}
	case codec.Object:
		return value{text: "{}", style: styleZero}
	case codec.Array:
		var all []string
		for _, el := range v {
			all = append(all, p.value(f, el.Value).text)
		}
		return joined(all)
	case []any:
		var all []string
		for _, el := range v {
			all = append(all, p.value(f, el).text)
		}
		return joined(all)
	}
	return value{text: quote(fmt.Sprint(v))}
}

func joined(all []string) value {
	if len(all) == 0 {
		return value{text: "-", style: styleZero}
	}
	return value{text: strings.Join(all, ", ")}
}

func hexBytes(b []byte) string {
	if len(b) == 0 {
		return "hex: (no bytes)"
	}
	return hexPrefix + hex.EncodeToString(b)
}

// quote leaves words as they are and quotes the rest, so that a value ends where
// it seems to.
func quote(s string) string {
	if s == "" || !utf8.ValidString(s) {
		return strconv.Quote(s)
	}
	for _, c := range s {
		if c == '"' || c == '\\' || c == ' ' || !unicode.IsPrint(c) {
			return strconv.Quote(s)
		}
	}
	return s
}

func integer(v any) (int64, bool) {
	switch v := v.(type) {
	case uint64:
		return int64(v), true
	case int64:
		return v, true
	}
	return 0, false
}

// integer shows a number with what its name tells about it.
func (p *Printer) integer(f *codec.Field, n int64, text string, bits uint64) value {
	t, hint, enum := ynl.Unset, ynl.NoHint, (*ynl.Enum)(nil)
	switch {
	case f.Attr != nil:
		t, hint, enum = f.Attr.Type, f.Attr.Hint, f.Attr.Enum
		if f.Attr.Sub.IsInt() {
			t = f.Attr.Sub
		}
	case f.Member != nil:
		t, hint, enum = f.Member.Type, f.Member.Hint, f.Member.Enum
	}
	out := value{text: text, number: true}
	if n == 0 {
		out.style = styleZero
	}
	words := rtnames.Of(f.Attr, f.Member, t)
	switch {
	case enum != nil: // a value without a name
		return out
	case hint == ynl.HintHex:
		size := t.Size()
		if size > 0 && size < 8 {
			bits &= 1<<(8*size) - 1
		}
		out.text = "0x" + strconv.FormatUint(bits, 16)
	case n > 0 && p.options.Interface != nil && ifname.IsIndex(f.Name, t):
		if name := p.options.Interface(uint32(n)); name != "" {
			out.text, out.number = text+" ("+quote(name)+")", false
		}
	case words.Name(bits) != "":
		out.text, out.number = text+" ("+words.Name(bits)+")", false
		if words.Alone {
			out.text = words.Name(bits)
		}
	case words != nil && words.IsLifetime():
		out.text = text + " (" + lifetime(bits) + ")"
	case tchandle.Is(f.Attr, f.Member) && tchandle.Name(uint32(bits)) != "":
		out.text, out.number = text+" ("+tchandle.Name(uint32(bits))+")", false
	default:
		if more := unit(f.Name, bits, t.IsSigned()); more != "" {
			out.text = text + " (" + more + ")"
		}
	}
	return out
}

// typeOf is the type the spec gives a field, Unset where it gives none.
func typeOf(f *codec.Field) ynl.Type {
	switch {
	case f.Attr != nil:
		return f.Attr.Type
	case f.Member != nil:
		return f.Member.Type
	}
	return ynl.Unset
}

// Value shows one field in a line, whatever it is, without the names of
// interfaces.
func Value(f codec.Field) string {
	p := &Printer{}
	if isScalar(f.Value) {
		return p.value(&f, f.Value).text
	}
	var b strings.Builder
	switch v := f.Value.(type) {
	case codec.Object:
		for i := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(printable(v[i].Name) + " " + Value(v[i]))
		}
	case codec.Array:
		for i := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "[%d] %s", v[i].Index, Value(codec.Field{Name: f.Name, Value: v[i].Value}))
		}
	case []any:
		for i := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString(Value(codec.Field{Name: f.Name, Value: v[i]}))
		}
	}
	return "{" + b.String() + "}"
}
