package mirror

import (
	"fmt"
	"strings"
	"sync"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// Ethtool are settings of links of one sort, by the word that ethtool's netlink family
// has for them: "linkinfo", "linkmodes", "features", "rings", "channels", "coalesce",
// "pause", "eee", "fec" and so on. A key is [LinkKey]. Bits are told without names, as
// notifications have them.
//
// Changes by others are announced; what follows from a change of the link (it is new,
// has another name, its carrier comes and goes) is read then. Some sorts have no
// notifications ("linkstate", "tsinfo"): they need Poll.
func Ethtool(what string) Raw {
	for _, t := range ethtoolTables() {
		if t.Name() == ethtoolPrefix+what {
			return t
		}
	}
	var names []string
	for _, t := range ethtoolTables() {
		names = append(names, strings.TrimPrefix(t.Name(), ethtoolPrefix))
	}
	if list := near.Names(what, names); len(list) > 0 {
		names = list
	}
	return Raw{err: fmt.Errorf("mirror: ethtool has no %q: try %s", what, strings.Join(names, ", "))}
}

const (
	ethtoolPrefix = "ethtool-"

	ethtoolHeader      = 1 // in messages of every sort
	ethtoolDevIndex    = 1
	ethtoolHeaderFlags = 3

	ethtoolCompactBits = 1 << 0 // ETHTOOL_FLAG_COMPACT_BITSETS
)

// ethtoolTables are made of the spec once, so that a table is the same each time.
var ethtoolTables = sync.OnceValue(func() (list []Raw) {
	spec, err := specs.Open("ethtool")
	if err != nil {
		panic("mirror: the catalogue has no ethtool: " + err.Error())
	}
	for _, op := range spec.Ops {
		what, isGet := strings.CutSuffix(op.Name, "-get")
		if !isGet || op.Dump == nil || op.Do == nil || op.Do.Request == nil {
			continue
		}
		// One record for each link: nothing but the link is asked for.
		if len(op.Do.Request.Attrs) == 1 && op.Do.Request.Attrs[0].Name == "header" {
			list = append(list, Raw{def: ethtoolDefinition(spec, op, what)})
		}
	}
	return list
})

func ethtoolDefinition(spec *ynl.Spec, op *ynl.Op, what string) *Definition {
	layout := codec.Of(op)
	d := &Definition{
		Name: ethtoolPrefix + what, Spec: spec.Name, Protocol: wire.Generic, Family: spec.Name,
		Layout: func() codec.Layout { return layout },
		Dump: func(_ View, s Scope) []Request {
			r := Request{Type: op.Dump.RequestID}
			header := putAttrU32(nil, ethtoolHeaderFlags, ethtoolCompactBits)
			if s.Link != 0 {
				r.Type, r.One = op.Do.RequestID, true
				header = append(putAttrU32(nil, ethtoolDevIndex, s.Link), header...)
			}
			r.Payload = hostOrder.AppendUint16(nil, uint16(wire.AttrHeaderLen+len(header)))
			r.Payload = hostOrder.AppendUint16(r.Payload, ethtoolHeader|wire.AttrNested)
			r.Payload = append(r.Payload, header...)
			return []Request{r}
		},
		Key: func(dst, value []byte) []byte {
			link, ok := attrU32(attrValue(value, ethtoolHeader), ethtoolDevIndex)
			if !ok {
				return nil
			}
			return appendU32(dst, link)
		},
		Links: func(_, value []byte, add func(uint32)) {
			if link, ok := attrU32(attrValue(value, ethtoolHeader), ethtoolDevIndex); ok {
				add(link)
			}
		},
		rules: []rule{{&linkDefinition, ethtoolOfLink}},
	}
	for _, o := range spec.Ops {
		if o.Notify == op {
			d.Put = append(d.Put, o.ID)
		}
	}
	if len(d.Put) > 0 {
		for _, g := range spec.Groups {
			d.GroupNames = append(d.GroupNames, g.Name)
		}
	}
	return d
}

// ethtoolOfLink: settings come and go with their link, and have its name; speed and
// pause are what was agreed on when the carrier came (net/ethtool/netlink.c tells of
// requests only).
func ethtoolOfLink(t *table, old, new []byte) {
	if new == nil {
		goneWithLink(t, old, nil)
		return
	}
	if old == nil || hostOrder.Uint32(old[ifInfoFlags:]) != hostOrder.Uint32(new[ifInfoFlags:]) ||
		!sameAttr(old[ifInfoLen:], new[ifInfoLen:], iflaIFName) || !sameAttr(old[ifInfoLen:], new[ifInfoLen:], iflaMaster) {
		t.confirm(Scope{Link: hostOrder.Uint32(new[ifInfoIndex:])})
	}
}
