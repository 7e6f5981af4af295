package replay

import (
	"encoding/binary"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// query is a request to the controller for one family.
type query struct {
	request wire.Message
	name    string // "" if it is asked for by number
	id      uint16
}

// controllerRequest takes a request of the controller for families apart.
func controllerRequest(datagram []byte) (genetlink.Message, bool) {
	for m, err := range wire.Messages(datagram) {
		if err != nil || len(m) != len(datagram) || m.Type() != genetlink.ControllerID {
			break
		}
		g, err := genetlink.Parse(m, 0)
		return g, err == nil && g.Cmd == genetlink.CtrlGetFamily
	}
	return genetlink.Message{}, false
}

// familyLookup reports whether a datagram asks the controller for one family.
func familyLookup(datagram []byte) (query, bool) {
	g, ok := controllerRequest(datagram)
	if !ok || g.Wire.Flags().Has(wire.Dump) {
		return query{}, false
	}
	q := query{request: g.Wire}
	if a, ok := wire.FindAttr(g.Attrs, genetlink.CtrlAttrFamilyName); ok {
		q.name = a.Text()
	} else if a, ok := wire.FindAttr(g.Attrs, genetlink.CtrlAttrFamilyID); ok {
		q.id, _ = a.Uint16()
	}
	return q, true
}

// listsFamilies reports whether the exchange is a dump of all families.
func (e *exchange) listsFamilies() bool {
	return e.protocol == wire.Generic && listsFamilies(e.sent)
}

// listsFamilies reports whether a datagram asks the controller for all families.
func listsFamilies(datagram []byte) bool {
	g, ok := controllerRequest(datagram)
	return ok && g.Wire.Flags().Has(wire.Dump)
}

// lookUp makes the controller's answer out of the recorded dump of all families.
// It reports false where there is none.
func (r *Recording) lookUp(q query, port uint32) ([][]byte, bool) {
	listed := false
	for i := range r.exchanges {
		e := &r.exchanges[i]
		if !e.listsFamilies() {
			continue
		}
		listed = true
		for _, data := range e.received {
			for m, err := range wire.Messages(data) {
				if err != nil {
					break
				}
				g, err := genetlink.Parse(m, 0)
				if err != nil {
					continue
				}
				f, err := genetlink.ParseFamily(g.Attrs)
				if err != nil || f.Name != q.name && (q.name != "" || f.ID != q.id) {
					continue
				}
				reply := m.Clone()
				reply.SetFlags(0)
				reply.SetSeq(q.request.Seq())
				reply.SetPort(port)
				return [][]byte{reply, end(q.request, port)}, true
			}
		}
	}
	if !listed {
		return nil, false
	}
	refusal := wire.Message(end(q.request, port))
	unknown := -int32(netlink.ENOENT)
	binary.NativeEndian.PutUint32(refusal[wire.HeaderLen:], uint32(unknown))
	return [][]byte{refusal}, true
}
