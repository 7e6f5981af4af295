package text

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
)

// Of a route with several legs the spec has bytes: each is a struct rtnexthop with
// attributes behind it (linux/rtnetlink.h).
const (
	legHeaderLen = 8
	legFlags     = 2
	legWeight    = 3 // less one
	legLink      = 4
	legGateway   = 5  // RTA_GATEWAY
	legVia       = 18 // RTA_VIA: an address of another family, behind that
)

// routeFlags are the flags of a route's link that tell whether it works, and how.
var routeFlags = []struct {
	bit  int64
	word string
}{{1, "dead"}, {4, "onlink"}, {16, "linkdown"}, {32, "unresolved"}}

// legs says where a route with several legs leads; "" where the bytes are none. all tells
// that they say no more than that: how packets are wrapped, say.
func (p *Printer) legs(o codec.Object) (text string, all bool) {
	b, ok := o.Get("multipath").([]byte)
	if !ok {
		return "", false
	}
	all = true
	var words []string
	for len(b) >= legHeaderLen {
		n := int(binary.NativeEndian.Uint16(b))
		if n < legHeaderLen || n > len(b) {
			return "", false
		}
		leg, complete := p.leg(b[:n])
		words, all = append(words, leg), all && complete
		b = b[min(wire.Align(n), len(b)):]
	}
	if len(b) > 0 || len(words) == 0 {
		return "", false
	}
	return " " + strings.Join(words, ", "), all
}

func (p *Printer) leg(b []byte) (text string, all bool) {
	var words strings.Builder
	all = true
	for a, err := range wire.Attrs(b[legHeaderLen:]) {
		if err != nil {
			all = false
			break
		}
		addr := a.Data()
		if a.Type() == legVia && len(addr) > 2 {
			addr = addr[2:]
		} else if a.Type() != legGateway {
			all = false
			continue
		}
		via, ok := netip.AddrFromSlice(addr)
		if ok {
			fmt.Fprintf(&words, "via %v ", via)
		}
		all = all && ok
	}
	link := int64(binary.NativeEndian.Uint32(b[legLink:]))
	if name := p.name(link); name != "" {
		words.WriteString("dev " + name)
	} else {
		fmt.Fprintf(&words, "dev %d", link)
	}
	if b[legWeight] > 0 {
		fmt.Fprintf(&words, " weight %d", int(b[legWeight])+1)
	}
	words.WriteString(flagWords(int64(b[legFlags])))
	return words.String(), all
}

// flagWords are the words for flags, each with a space before it.
func flagWords(flags int64) string {
	var words strings.Builder
	for _, f := range routeFlags {
		if flags&f.bit != 0 {
			words.WriteString(" " + f.word)
		}
	}
	return words.String()
}
