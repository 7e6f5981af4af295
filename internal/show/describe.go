package show

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// hints say what a value is, by the way people write it.
var hints = map[ynl.Hint]string{
	ynl.HintHex: "in hex", ynl.HintMAC: "MAC address", ynl.HintFDDI: "FDDI address", ynl.HintIPv4: "IPv4 address",
	ynl.HintIPv6: "IPv6 address", ynl.HintIP: "IPv4 or IPv6 address", ynl.HintUUID: "UUID",
}

// maxInline is how many entries of an enum are named where it is used; of a
// larger one there is the name alone.
const maxInline = 12

// attrText says what an attribute is, in one line.
func attrText(a *ynl.Attr) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch {
	case a.Type == ynl.IndexedArray && a.Sub == ynl.Nested && a.Nested != nil:
		add("list of nests of %s", a.Nested.Name)
	case a.Type == ynl.IndexedArray:
		add("list of %v", a.Sub)
	case a.Type == ynl.NestTypeValue:
		add("nests of %s by %s", a.Nested.Name, strings.Join(a.TypeValue, ", then by "))
	case a.Type == ynl.SubMsg:
		add("format by %s", a.Selector)
	case a.Type == ynl.Binary && a.Struct != nil:
		add("struct %s, %d bytes", a.Struct.Name, a.Struct.Size)
	case a.Type == ynl.Binary && a.Sub != ynl.Unset:
		add("array of %v", a.Sub)
	case a.Type == ynl.Nested && a.Nested == nil:
		add("nest, whose attributes the spec does not tell")
	case a.Type == ynl.Nested:
		add("nest of %s", a.Nested.Name)
	default:
		add("%v", a.Type)
	}
	if a.Multi {
		add("repeatable")
	}
	if a.ByteOrder != ynl.Native && a.Hint == ynl.NoHint {
		add("%v", a.ByteOrder)
	}
	if h := hints[a.Hint]; h != "" {
		add("%s", h)
	}
	parts = append(parts, checksText(&a.Checks)...)
	if a.Enum != nil {
		parts = append(parts, enumText(a.Enum, a.IsBits() || a.Type == ynl.Bitfield32))
	}
	return strings.Join(parts, ", ")
}

// memberText says what a struct's member is.
func memberText(m *ynl.Member) string {
	parts := []string{m.Type.String()}
	switch {
	case m.Struct != nil:
		parts[0] = fmt.Sprintf("struct %s, %d bytes", m.Struct.Name, m.Size)
	case m.Type == ynl.Binary || m.Type == ynl.String || m.Type == ynl.Pad:
		parts[0] += fmt.Sprintf(", %d bytes", m.Size)
	}
	if m.ByteOrder != ynl.Native && m.Hint == ynl.NoHint {
		parts = append(parts, m.ByteOrder.String())
	}
	if h := hints[m.Hint]; h != "" {
		parts = append(parts, h)
	}
	if m.Enum != nil {
		parts = append(parts, enumText(m.Enum, m.IsBits()))
	}
	return strings.Join(parts, ", ")
}

func enumText(e *ynl.Enum, bits bool) string {
	what := "enum"
	if bits {
		what = "bits of"
	}
	if len(e.Entries) > maxInline {
		return fmt.Sprintf("%s %s (%d)", what, e.Name, len(e.Entries))
	}
	var names []string
	for _, n := range e.Entries {
		names = append(names, n.Name)
	}
	return fmt.Sprintf("%s %s: %s", what, e.Name, strings.Join(names, " "))
}

// checksText says what is demanded of a value, as far as the spec tells.
func checksText(c *ynl.Checks) []string {
	var out []string
	if t := rangeText("", c.Min, c.Max); t != "" {
		out = append(out, t)
	}
	if t := rangeText("length ", c.MinLen, c.MaxLen); t != "" {
		out = append(out, t)
	}
	if c.ExactLen.Set {
		out = append(out, "length "+c.ExactLen.String())
	}
	if c.FlagsMask != nil {
		out = append(out, "only bits of "+c.FlagsMask.Name)
	}
	if c.UnterminatedOK {
		out = append(out, "NUL not needed")
	}
	return out
}

func rangeText(what string, low, high ynl.Limit) string {
	switch {
	case low.Set && high.Set:
		return fmt.Sprintf("%s%s to %s", what, low, high)
	case low.Set:
		return fmt.Sprintf("%sfrom %s", what, low)
	case high.Set:
		return fmt.Sprintf("%sup to %s", what, high)
	}
	return ""
}
