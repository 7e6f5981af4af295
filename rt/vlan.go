package rt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtlink"
	"github.com/nlkit/nlkit/wire"
)

// VLAN is a VLAN of a bridge's port, or a range of them.
type VLAN struct {
	ID       uint16 // 1 to 4094
	Last     uint16 // of a range, whose first is ID; 0 where there is one alone
	PVID     bool   // frames that come without a tag are in this VLAN
	Untagged bool   // its frames leave without a tag
	Self     bool   // the link itself has it and not its master's port: a bridge's own
}

// PortVLAN is a VLAN of the link with an index.
type PortVLAN struct {
	Index int32
	VLAN
}

// What the kernel has of VLANs (linux/if_bridge.h, linux/if_link.h): the flags of
// struct bridge_vlan_info, and the attributes inside IFLA_AF_SPEC where the
// header's family is AF_BRIDGE. They have the numbers of others that the spec
// knows, so that typed messages cannot hold them.
const (
	vlanPVID     = 1 << 1
	vlanUntagged = 1 << 2
	vlanBegin    = 1 << 3
	vlanEnd      = 1 << 4
	maxVLAN      = 4094

	attrBridgeFlags = 0 // IFLA_BRIDGE_FLAGS, a u16
	attrVLANInfo    = 2 // IFLA_BRIDGE_VLAN_INFO, one of several
	sizeVLANInfo    = 4
	bridgeSelf      = 2 // BRIDGE_FLAGS_SELF

	sizeIfInfo = 16
	attrMaster = 10 // IFLA_MASTER
	attrAFSpec = 26 // IFLA_AF_SPEC
)

// AddVLAN gives a port a VLAN, or a range of them; with v.Self the bridge itself.
// Where it has it already PVID and Untagged are set anew.
func (c *Client) AddVLAN(ctx context.Context, index int32, v VLAN) error {
	return c.LinkSet(ctx, &rtlink.LinkSetRequest{
		Header: rtlink.IfInfoMsg{Family: nl.AFBridge, Index: index},
		AFSpec: v.spec(),
	})
}

// DelVLAN takes a VLAN, or a range of them, away from a port; with v.Self from the
// bridge itself.
func (c *Client) DelVLAN(ctx context.Context, index int32, v VLAN) error {
	return c.LinkDel(ctx, &rtlink.LinkDelRequest{
		Header: rtlink.IfInfoMsg{Family: nl.AFBridge, Index: index},
		AFSpec: v.spec(),
	})
}

// VLANs yields the VLANs of all bridges and their ports, one by one: Last is 0. The
// kernel tells them as ranges, because the message about a port could not hold
// 4094 of them. An error is the last step.
func (c *Client) VLANs(ctx context.Context) iter.Seq2[PortVLAN, error] {
	return func(yield func(PortVLAN, error) bool) {
		req := &rtlink.LinkGetDumpRequest{
			Header:  rtlink.IfInfoMsg{Family: nl.AFBridge},
			ExtMask: nl.Some(rtlink.RtExtFilterBrVLANCompressed),
		}
		for port, err := range nl.Dump[bridgePort](ctx, c.Conn, req) {
			if err != nil {
				yield(PortVLAN{}, err)
				return
			}
			for v, err := range parseVLANs(port.spec) {
				if err != nil {
					yield(PortVLAN{}, fmt.Errorf("rt: VLANs of link %d: %w", port.index, err))
					return
				}
				// A bridge's message about itself says that it is its own master.
				v.Self = v.Self || port.master == port.index
				if !yield(PortVLAN{port.index, v}, nil) {
					return
				}
			}
		}
	}
}

// spec makes IFLA_AF_SPEC of a request.
func (v VLAN) spec() *rtlink.AFSpec {
	spec := new(rtlink.AFSpec)
	if v.Self {
		spec.AddUnknown(attrBridgeFlags, binary.NativeEndian.AppendUint16(nil, bridgeSelf))
	}
	var flags uint16
	if v.PVID {
		flags |= vlanPVID
	}
	if v.Untagged {
		flags |= vlanUntagged
	}
	if v.Last == 0 || v.Last == v.ID {
		spec.AddUnknown(attrVLANInfo, vlanInfo(flags, v.ID))
		return spec
	}
	spec.AddUnknown(attrVLANInfo, vlanInfo(flags|vlanBegin, v.ID))
	spec.AddUnknown(attrVLANInfo, vlanInfo(flags|vlanEnd, v.Last))
	return spec
}

// vlanInfo makes a struct bridge_vlan_info.
func vlanInfo(flags, id uint16) []byte {
	return binary.NativeEndian.AppendUint16(binary.NativeEndian.AppendUint16(nil, flags), id)
}

// parseVLANs reads the value of IFLA_AF_SPEC, and yields each VLAN of its ranges.
// What is malformed ends it with an error.
func parseVLANs(b []byte) iter.Seq2[VLAN, error] {
	return func(yield func(VLAN, error) bool) {
		var self bool
		var first uint16 // of the range that has begun; 0 is none
		for a, err := range wire.Attrs(b) {
			if err != nil {
				yield(VLAN{}, err)
				return
			}
			value := a.Data()
			switch {
			case a.Type() == attrBridgeFlags && len(value) == 2:
				self = binary.NativeEndian.Uint16(value)&bridgeSelf != 0
				continue
			case a.Type() != attrVLANInfo:
				continue
			case len(value) != sizeVLANInfo:
				yield(VLAN{}, fmt.Errorf("a VLAN of %d bytes, want %d", len(value), sizeVLANInfo))
				return
			}
			flags, id := binary.NativeEndian.Uint16(value), binary.NativeEndian.Uint16(value[2:])
			if err := checkRange(first, id, flags); err != nil {
				yield(VLAN{}, err)
				return
			}
			if flags&vlanBegin != 0 {
				first = id
				continue
			}
			if flags&vlanEnd == 0 {
				first = id
			}
			for ; first <= id; first++ {
				v := VLAN{ID: first, PVID: flags&vlanPVID != 0, Untagged: flags&vlanUntagged != 0, Self: self}
				if !yield(v, nil) {
					return
				}
			}
			first = 0
		}
		if first != 0 {
			yield(VLAN{}, fmt.Errorf("a range from %d on has no end", first))
		}
	}
}

// checkRange finds out whether a struct bridge_vlan_info may follow the one that
// begins a range with first, or none where first is 0.
func checkRange(first, id, flags uint16) error {
	switch end := flags&vlanEnd != 0; {
	case id == 0 || id > maxVLAN:
		return fmt.Errorf("VLAN %d: want 1 to %d", id, maxVLAN)
	case first != 0 && (!end || id < first):
		return fmt.Errorf("VLAN %d: want the end of the range from %d on", id, first)
	case first == 0 && end:
		return fmt.Errorf("VLAN %d: the end of a range that has no beginning", id)
	}
	return nil
}

// bridgePort is a message about a bridge or a port, as far as VLANs need it.
type bridgePort struct {
	index, master int32
	spec          []byte // the value of IFLA_AF_SPEC
}

// DecodeNetlink reads a message. What it keeps borrows from payload.
func (p *bridgePort) DecodeNetlink(_ *nl.Decoder, payload []byte) {
	*p = bridgePort{}
	if len(payload) < sizeIfInfo {
		return
	}
	p.index = int32(binary.NativeEndian.Uint32(payload[4:]))
	for a, err := range wire.Attrs(payload[sizeIfInfo:]) {
		if err != nil {
			return
		}
		switch a.Type() {
		case attrMaster:
			if master, err := a.Uint32(); err == nil {
				p.master = int32(master)
			}
		case attrAFSpec:
			p.spec = a.Data()
		}
	}
}

// AppendNetlink appends such a message.
func (p *bridgePort) AppendNetlink(b *wire.Builder) {
	head := make([]byte, sizeIfInfo)
	head[0] = nl.AFBridge
	binary.NativeEndian.PutUint32(head[4:], uint32(p.index))
	b.Raw(head)
	if p.master != 0 {
		b.Uint32(attrMaster, uint32(p.master))
	}
	if p.spec != nil {
		b.Attr(attrAFSpec, p.spec)
	}
}

// Own makes spec its own.
func (p *bridgePort) Own() { p.spec = bytes.Clone(p.spec) }
