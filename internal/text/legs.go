package text

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/nlkit/nlkit/internal/rtnames"
	"github.com/nlkit/nlkit/internal/rtnh"
	"github.com/nlkit/nlkit/wire"
)

// legs says where a route with several legs leads; "" where the bytes are none. all tells
// that they say no more than that: how packets are wrapped, say.
func (p *Printer) legs(v any) (text string, all bool) {
	b, ok := v.([]byte)
	if !ok {
		return "", false
	}
	all = true
	var words []string
	for l, err := range rtnh.Legs(b) {
		if err != nil {
			return "", false
		}
		leg, complete := p.leg(l)
		words, all = append(words, leg), all && complete
	}
	if len(words) == 0 {
		return "", false
	}
	return " " + strings.Join(words, ", "), all
}

func (p *Printer) leg(l rtnh.Leg) (text string, all bool) {
	var words strings.Builder
	all = true
	for a, err := range wire.Attrs(l.Attrs()) {
		if err != nil {
			all = false
			break
		}
		var via netip.Addr
		switch a.Type() {
		case rtnh.Gateway:
			via, _ = netip.AddrFromSlice(a.Data())
		case rtnh.Via:
			via, _ = rtnh.ParseVia(a.Data())
		}
		if via.IsValid() {
			fmt.Fprintf(&words, "via %v ", via)
		}
		all = all && via.IsValid()
	}
	if name := p.name(int64(l.Link())); name != "" {
		words.WriteString("dev " + name)
	} else {
		fmt.Fprintf(&words, "dev %d", l.Link())
	}
	if l.Weight() > 1 {
		fmt.Fprintf(&words, " weight %d", l.Weight())
	}
	flags, known := flagWords(uint64(l.Flags()))
	words.WriteString(flags)
	return words.String(), all && known
}

// flagWords are the words for flags of a route or a leg, each with a space before it. all
// tells that each of them has one.
func flagWords(flags uint64) (text string, all bool) {
	words, rest := rtnames.RouteFlags.Set(flags)
	for _, w := range words {
		text += " " + w
	}
	return text, rest == 0
}
