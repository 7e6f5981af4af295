package text

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/internal/rtnh"
	"github.com/nlkit/nlkit/ynl/codec"
)

// nexthop is about struct nhmsg: "id 1 via 192.0.2.1 dev eth0", "id 3 group 1/2,10".
func (p *Printer) nexthop(o codec.Object) (text string, said []string) {
	if !o.Has("nh-family") || !o.Has("id") {
		return "", nil
	}
	var b strings.Builder
	b.WriteString("id " + p.word(o, "id"))
	said = []string{"id", "gateway", "oif"}
	if members, ok := members(o.Get("group")); ok {
		b.WriteString(" group " + members)
		said = append(said, "group")
	}
	if o.Has("gateway") {
		b.WriteString(" via " + p.word(o, "gateway"))
	}
	p.device(&b, o, "oif")
	return b.String(), said
}

// members are those of a group of nexthop objects, as ip has them: a slash between them,
// and the weight behind a comma where it is not 1. ok tells that the value is a group, and
// that they are all of it.
func members(v any) (text string, ok bool) {
	b, ok := v.([]byte)
	if !ok || len(b) == 0 {
		return "", false
	}
	var words []string
	for m, err := range rtnh.Members(b) {
		if err != nil || m.Reserved() != 0 {
			return "", false
		}
		word := fmt.Sprint(m.ID())
		if weight := m.Weight(); weight != 1 {
			word += fmt.Sprintf(",%d", weight)
		}
		words = append(words, word)
	}
	return strings.Join(words, "/"), true
}
