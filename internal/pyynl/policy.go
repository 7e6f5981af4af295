package pyynl

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// limit is one thing a policy says.
type limit struct {
	name  string
	value any // uint64, int64 or string
}

type limits []limit

// policyLimits lists what a policy says in the order the kernel does.
func policyLimits(p netlink.AttrPolicy) limits {
	var out limits
	add := func(name string, v any) { out = append(out, limit{name, v}) }
	if p.HasSigned {
		add("min-value", p.MinS)
		add("max-value", p.MaxS)
	}
	if p.HasUnsigned {
		add("min-value", p.MinU)
		add("max-value", p.MaxU)
	}
	if p.HasMinLen {
		add("min-length", uint64(p.MinLen))
	}
	if p.HasMaxLen {
		add("max-length", uint64(p.MaxLen))
	}
	if p.HasMask {
		add("mask", p.Mask)
	}
	if p.HasBitfield32Mask {
		add("bitfield32-mask", uint64(p.Bitfield32Mask))
	}
	add("type", p.Type.String())
	return out
}

// repr writes the limits as a Python dictionary.
func (l limits) repr() string {
	parts := make([]string, len(l))
	for i, e := range l {
		v := fmt.Sprint(e.value)
		if s, ok := e.value.(string); ok {
			v = pyRepr(s)
		}
		parts[i] = pyRepr(e.name) + ": " + v
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// policyObject makes the object that --policy prints.
func policyObject(attrs []client.AttrPolicy) codec.Object {
	out := make(codec.Object, 0, len(attrs))
	for _, a := range attrs {
		var o codec.Object
		for _, l := range policyLimits(a.AttrPolicy) {
			o = append(o, codec.Field{Name: l.name, Value: l.value})
		}
		if a.HasNested && !a.Cut && a.Inside != nil {
			o = append(o, codec.Field{Name: "policy", Value: policyObject(a.Inside)})
		}
		out = append(out, codec.Field{Name: a.Name, Value: o})
	}
	return out
}
