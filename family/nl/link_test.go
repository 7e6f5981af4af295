package nl

import (
	"net/netip"
	"reflect"

	"github.com/nlkit/nlkit/wire"
)

// The types of this file are what a generated package of rt-link has, as far as
// the tests need it.

// structBytes are the bytes of a C struct.
func structBytes(s any) []byte {
	v := reflect.ValueOf(s)
	return typeOf(v.Type()).appendTo(nil, v)
}

type linkFlags uint32

var linkFlagBits = Bits{{1, "up"}, {2, "broadcast"}, {1 << 6, "running"}, {1 << 18, "echo"}}

func (v linkFlags) FlagNames() []string          { return linkFlagBits.FlagNames(uint64(v)) }
func (v linkFlags) String() string               { return linkFlagBits.String(uint64(v)) }
func (v linkFlags) MarshalText() ([]byte, error) { return linkFlagBits.MarshalText(uint64(v)) }

type vlanProtocol uint16

var vlanProtocolNames = Names{{33024, "8021q"}, {34984, "8021ad"}}

func (v vlanProtocol) String() string               { return vlanProtocolNames.String(uint64(v)) }
func (v vlanProtocol) MarshalText() ([]byte, error) { return vlanProtocolNames.MarshalText(uint64(v)) }

func (v *vlanProtocol) UnmarshalText(text []byte) error {
	return UnmarshalEnum(vlanProtocolNames, v, text)
}

type ifInfoMsg struct {
	Family uint8     `nl:",ifi-family,u8"`
	_      [1]byte   // pad
	Type   uint16    `nl:",ifi-type,u16"`
	Index  int32     `nl:",ifi-index,s32"`
	Flags  linkFlags `nl:",ifi-flags,u32"`
	Change linkFlags `nl:",ifi-change,u32"`
}

type link struct {
	Header  ifInfoMsg    `nl:"header"`
	Address HardwareAddr `nl:"1,address,binary,mac"`
	Name    Opt[string]  `nl:"3,ifname,string"`
	MTU     Opt[uint32]  `nl:"4,mtu,u32"`
	Info    *linkInfo    `nl:"18,linkinfo,nest"`
	VFs     *vfList      `nl:"22,vfinfo-list,nest"`
	Props   *propList    `nl:"52,prop-list,nest"`
	Extra
}

func (m *link) AppendNetlink(b *wire.Builder) {
	b.Raw(structBytes(m.Header))
	PutHardwareAddr(b, 1, m.Address)
	PutText(b, 3, m.Name)
	PutU32(b, 4, m.MTU)
	if m.Info != nil {
		n := b.Nest(18)
		PutText(b, 1, m.Info.Kind)
		if m.Info.Data != nil {
			d := b.Nest(2)
			m.Info.Data.AppendNetlink(b)
			b.End(d)
		}
		PutExtra(b, &m.Info.Extra)
		b.End(n)
	}
	if m.VFs != nil {
		n := b.Nest(22)
		for _, vf := range m.VFs.Info {
			in := b.Nest(1)
			b.Attr(1, structBytes(vf.MAC))
			PutExtra(b, &vf.Extra)
			b.End(in)
		}
		b.End(n)
	}
	if m.Props != nil {
		n := b.Nest(52)
		for _, s := range m.Props.AltIfName {
			b.Text(53, s)
		}
		b.End(n)
	}
	PutExtra(b, &m.Extra)
}

func (m *link) MarshalJSON() ([]byte, error) { return MarshalJSON(m) }
func (m *link) String() string               { return String(m) }

// linkRequest is a request of the set's type, as those of raw families are.
type linkRequest link

func (m *linkRequest) AppendNetlink(b *wire.Builder) { (*link)(m).AppendNetlink(b) }

// linkNotification has another message in it.
type linkNotification struct{ link }

type linkInfo struct {
	Kind Opt[string]  `nl:"1,kind,string"`
	Data linkInfoData `nl:"2,data,sub-message,selector=kind"`
	Extra
}

type linkInfoData interface{ AppendNetlink(b *wire.Builder) }

type linkInfoVLAN struct {
	ID       Opt[uint16]       `nl:"1,id,u16"`
	Flags    *vlanFlags        `nl:"2,flags,struct"`
	Egress   *vlanQOS          `nl:"3,egress-qos,nest"`
	Protocol Opt[vlanProtocol] `nl:"5,protocol,u16be"`
	Extra
}

func (m *linkInfoVLAN) AppendNetlink(b *wire.Builder) {
	PutU16(b, 1, m.ID)
	if m.Flags != nil {
		PutStruct(b, &m.Extra, 2, structBytes(*m.Flags))
	}
	if m.Egress != nil {
		n := b.Nest(3)
		for _, q := range m.Egress.Mapping {
			b.Attr(1, structBytes(q))
		}
		b.End(n)
	}
	PutU16BE(b, 5, m.Protocol)
	PutExtra(b, &m.Extra)
}

type vlanFlags struct {
	Flags vlanFlagBits `nl:",flags,u32"`
	Mask  uint32       `nl:",mask,u32,hex"`
}

type vlanFlagBits uint32

var vlanFlagNames = Bits{{1, "reorder-hdr"}, {2, "gvrp"}, {4, "loose-binding"}, {8, "mvrp"}, {16, "bridge-binding"}}

func (v *vlanFlagBits) UnmarshalText(text []byte) error {
	return UnmarshalFlags(vlanFlagNames, v, text)
}
func (v vlanFlagBits) FlagNames() []string { return vlanFlagNames.FlagNames(uint64(v)) }

type vlanQOS struct {
	Mapping []vlanMapping `nl:"1,mapping,struct,multi"`
	Extra
}

type vlanMapping struct {
	From uint32 `nl:",from,u32"`
	To   uint32 `nl:",to,u32"`
}

type linkInfoBond struct {
	Mode    Opt[uint8]            `nl:"1,mode,u8"`
	Targets []Indexed[netip.Addr] `nl:"8,arp-ip-target,indexed-array,sub=u32be"`
	Extra
}

func (m *linkInfoBond) AppendNetlink(b *wire.Builder) {
	PutU8(b, 1, m.Mode)
	if m.Targets != nil {
		n := b.Nest(8)
		for _, t := range m.Targets {
			PutAddr(b, t.Index, t.Value)
		}
		b.End(n)
	}
	PutExtra(b, &m.Extra)
}

// linkInfoVeth has another link in it.
type linkInfoVeth struct {
	Peer *link `nl:"1,peer,sub-message,selector=kind"`
	Extra
}

func (m *linkInfoVeth) AppendNetlink(b *wire.Builder) {
	if m.Peer != nil {
		n := b.Nest(1)
		m.Peer.AppendNetlink(b)
		b.End(n)
	}
	PutExtra(b, &m.Extra)
}

// rawData is of a kind the package knows nothing of.
type rawData []byte

func (m rawData) AppendNetlink(b *wire.Builder) { b.Verbatim(m) }

type vfList struct {
	Info []*vfInfo `nl:"1,info,nest,multi"`
	Extra
}

type vfInfo struct {
	MAC vfMAC `nl:"1,mac,struct"`
	Extra
}

type vfMAC struct {
	VF  uint32   `nl:",vf,u32"`
	MAC [32]byte `nl:",mac,binary"`
}

type propList struct {
	AltIfName []string `nl:"53,alt-ifname,string,multi"`
	Extra
}
