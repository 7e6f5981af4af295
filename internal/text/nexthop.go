package text

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/ynl/codec"
)

// memberLen is the length of struct nexthop_grp (linux/nexthop.h): the id of a member, its
// weight less one in two bytes, the lower one first, and two bytes that are zero.
const memberLen = 8

// nexthop is about struct nhmsg: "id 1 via 192.0.2.1 dev eth0", "id 3 group 1/2,10".
func (p *Printer) nexthop(o codec.Object) string {
	if !o.Has("nh-family") || !o.Has("id") {
		return ""
	}
	var b strings.Builder
	b.WriteString("id " + p.word(o, "id"))
	if members, ok := members(o.Get("group")); ok {
		b.WriteString(" group " + members)
	}
	if o.Has("gateway") {
		b.WriteString(" via " + p.word(o, "gateway"))
	}
	p.device(&b, o, "oif")
	return b.String()
}

// members are those of a group of nexthop objects, as ip has them: a slash between them,
// and the weight behind a comma where it is not 1. ok tells that the value is a group.
func members(v any) (text string, ok bool) {
	b, ok := v.([]byte)
	if !ok || len(b) == 0 || len(b)%memberLen != 0 {
		return "", false
	}
	var words []string
	for ; len(b) > 0; b = b[memberLen:] {
		word := fmt.Sprint(binary.NativeEndian.Uint32(b))
		if weight := int(b[5])<<8 + int(b[4]) + 1; weight != 1 {
			word += fmt.Sprintf(",%d", weight)
		}
		words = append(words, word)
	}
	return strings.Join(words, "/"), true
}
