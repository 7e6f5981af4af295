package nl_test

import (
	"encoding/binary"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/wire"
)

// This file is by hand what the generator writes: the set "crate" of two
// families, a generic netlink one with a fixed header and a raw one of
// netfilter's protocol.

type CrateHeader struct {
	Shelf uint32 `nl:",shelf,u32"`
}

type Crate struct {
	Header CrateHeader    `nl:"header"`
	Label  nl.Opt[string] `nl:"1,label,string"`
	Size   nl.Opt[uint32] `nl:"2,size,u32"`
	Inner  *CrateInner    `nl:"3,inner,nest"`
	Blob   []byte         `nl:"4,blob,binary"`
	nl.Extra
}

type CrateInner struct {
	Level nl.Opt[uint32] `nl:"1,level,u32"`
	nl.Extra
}

func (m *Crate) AppendNetlink(b *wire.Builder) {
	if m == nil {
		m = &Crate{}
	}
	var head [4]byte
	binary.NativeEndian.PutUint32(head[:], m.Header.Shelf)
	b.Raw(head[:])
	nl.PutText(b, 1, m.Label)
	nl.PutU32(b, 2, m.Size)
	if m.Inner != nil {
		n := b.Nest(3)
		nl.PutU32(b, 1, m.Inner.Level)
		nl.PutExtra(b, &m.Inner.Extra)
		b.End(n)
	}
	nl.PutBytes(b, 4, m.Blob)
	nl.PutExtra(b, &m.Extra)
}

func (m *Crate) DecodeNetlink(d *nl.Decoder, payload []byte) {
	*m = Crate{}
	head, rest := nl.Head(d, &m.Extra, payload, 4)
	m.Header.Shelf = binary.NativeEndian.Uint32(head)
	for {
		a, r, ok := nl.Cut(rest)
		if !ok {
			break
		}
		rest = r
		v := a.Data()
		switch a.Type() {
		case 1:
			ok = nl.GetText(d, &m.Label, v)
		case 2:
			ok = nl.GetU32(&m.Size, v)
		case 3:
			m.Inner = nl.New[CrateInner](d, nl.FirstSlab)
			m.Inner.decode(d, v)
		case 4:
			ok = nl.GetBytes(d, &m.Blob, v)
		default:
			ok = false
		}
		if !ok {
			nl.Keep(d, &m.Extra, a)
		}
	}
	if len(rest) > 0 {
		nl.KeepRest(d, &m.Extra, rest)
	}
}

func (m *CrateInner) decode(d *nl.Decoder, rest []byte) {
	for {
		a, r, ok := nl.Cut(rest)
		if !ok {
			return
		}
		rest = r
		if a.Type() != 1 || !nl.GetU32(&m.Level, a.Data()) {
			nl.Keep(d, &m.Extra, a)
		}
	}
}

func (m *Crate) Check() error {
	if m != nil && len(m.Label.Value()) > 30 {
		return &nl.CheckError{Path: ".label", Text: "is longer than 30 bytes"}
	}
	return nil
}

func (m *Crate) Own() {
	if m.Inner != nil {
		inner := *m.Inner
		nl.OwnExtra(&inner.Extra)
		m.Inner = &inner
	}
	if m.Blob != nil {
		m.Blob = append([]byte{}, m.Blob...)
	}
	nl.OwnExtra(&m.Extra)
}

func (m *Crate) String() string { return "label " + m.Label.String() }

// Requests of the generic family.
type (
	CrateGet     struct{ Crate }
	CrateGetDump struct{ Crate }
	CrateSet     struct{ Crate }
)

func (*CrateGet) NetlinkOp() *nl.Op     { return opGet }
func (*CrateGetDump) NetlinkOp() *nl.Op { return opGetDump }
func (*CrateSet) NetlinkOp() *nl.Op     { return opSet }

func (m *CrateGetDump) AppendNetlink(b *wire.Builder) {
	if m == nil {
		m = &CrateGetDump{}
	}
	m.Crate.AppendNetlink(b)
}
func (m *CrateGetDump) Check() error {
	if m == nil {
		return nil
	}
	return m.Crate.Check()
}

// CrateChanged is the notification of both.
type CrateChanged struct{ Crate }

func (*CrateChanged) NetlinkName() string { return "changed" }

var (
	crateFamily = &nl.Family{
		Name: "crate", Protocol: wire.Generic, Version: 1,
		Groups:       []nl.GroupInfo{{Name: "changes"}},
		Notification: crateNotification,
	}
	opGet     = &nl.Op{Family: crateFamily, Name: "get", ID: 1, ReplyID: 1, New: func() nl.Request { return new(CrateGet) }}
	opGetDump = &nl.Op{Family: crateFamily, Name: "get", Dump: true, ID: 1, ReplyID: 1, New: func() nl.Request { return new(CrateGetDump) }}
	opSet     = &nl.Op{Family: crateFamily, Name: "set", ID: 2, New: func() nl.Request { return new(CrateSet) }}
)

func crateNotification(id uint16) nl.Message {
	switch id {
	case 4, 0x24:
		return new(CrateChanged)
	}
	return nil
}

// Requests of the raw family.
type (
	RawBegin   struct{ Crate }
	RawEnd     struct{ Crate }
	RawPut     struct{ Crate }
	RawGetDump struct{ Crate }
)

func (*RawBegin) NetlinkOp() *nl.Op   { return opBegin }
func (*RawEnd) NetlinkOp() *nl.Op     { return opEnd }
func (*RawPut) NetlinkOp() *nl.Op     { return opPut }
func (*RawGetDump) NetlinkOp() *nl.Op { return opRawDump }

var (
	rawFamily = &nl.Family{
		Name: "rawcrate", Protocol: wire.Netfilter,
		Groups:       []nl.GroupInfo{{Name: "news", ID: 3}, {Name: "far", ID: 40}},
		Notification: crateNotification,
	}
	opBegin   = &nl.Op{Family: rawFamily, Name: "begin", ID: 0x10, New: func() nl.Request { return new(RawBegin) }}
	opEnd     = &nl.Op{Family: rawFamily, Name: "end", ID: 0x11, New: func() nl.Request { return new(RawEnd) }}
	opPut     = &nl.Op{Family: rawFamily, Name: "put", ID: 0x20, ReplyID: 0x21, New: func() nl.Request { return new(RawPut) }}
	opRawDump = &nl.Op{Family: rawFamily, Name: "get", Dump: true, ID: 0x22, ReplyID: 0x23, New: func() nl.Request { return new(RawGetDump) }}
)

// otherFamily shares the raw one's protocol.
var otherFamily = &nl.Family{
	Name: "other", Protocol: wire.Netfilter,
	Groups: []nl.GroupInfo{{Name: "rest", ID: 7}},
	Notification: func(id uint16) nl.Message {
		if id == 0x24 || id == 0x30 {
			return new(OtherChanged)
		}
		return nil
	},
}

// OtherChanged has a number that the raw family has too.
type OtherChanged struct{ Crate }

func (*OtherChanged) NetlinkName() string { return "other-changed" }

func labelled(label string) Crate {
	return Crate{Header: CrateHeader{Shelf: 7}, Label: nl.Some(label)}
}

// appendTo appends the payload with attributes that the set does not know.
func (m Crate) appendTo(b *wire.Builder, unknown ...[]byte) {
	for i, v := range unknown {
		m.AddUnknown(uint16(80+i), v)
	}
	m.AppendNetlink(b)
}
