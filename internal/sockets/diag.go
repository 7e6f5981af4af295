package sockets

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/nlkit/nlkit/wire"
)

// Of linux/sock_diag.h and linux/netlink_diag.h.
const (
	sockDiagByFamily = 20 // message type, of requests and of answers

	familyNetlink  = 16 // AF_NETLINK
	allProtocols   = 0xff
	showMemInfo    = 1 << 0
	showGroups     = 1 << 1
	showFlags      = 1 << 3
	diagRequestLen = 20 // struct netlink_diag_req
	diagMessageLen = 28 // struct netlink_diag_msg

	attrMemInfo = 0
	attrGroups  = 1
	attrFlags   = 4
)

// Words of the attribute MEMINFO (SK_MEMINFO_*).
const (
	memQueued  = 0
	memLimit   = 1
	memSending = 2
	memDrops   = 8 // since Linux 4.6
)

// appendRequest appends the request for all netlink sockets of a namespace.
func appendRequest(b []byte) ([]byte, error) {
	var req [diagRequestLen]byte
	req[0], req[1] = familyNetlink, allProtocols
	binary.NativeEndian.PutUint32(req[8:], showMemInfo|showGroups|showFlags)
	var out wire.Builder
	out.Reset(b)
	out.Message(wire.Header{Type: sockDiagByFamily})
	out.Raw(req[:])
	return out.Bytes()
}

// parse decodes one message of netlink_diag. Attributes it does not know are
// skipped.
func parse(m wire.Message) (Socket, error) {
	b := m.Data()
	switch {
	case m.Type() != sockDiagByFamily:
		return Socket{}, fmt.Errorf("netlink_diag: a message of type %d, expected %d", uint16(m.Type()), sockDiagByFamily)
	case len(b) < diagMessageLen:
		return Socket{}, fmt.Errorf("netlink_diag: a message of %d bytes, expected at least %d", len(b), diagMessageLen)
	case b[0] != familyNetlink:
		return Socket{}, fmt.Errorf("netlink_diag: a socket of address family %d, expected %d", b[0], familyNetlink)
	}
	order := binary.NativeEndian
	s := Socket{
		Protocol: wire.Protocol(b[2]),
		Port:     order.Uint32(b[4:]),
		Inode:    order.Uint32(b[16:]),
		Cookie:   uint64(order.Uint32(b[20:])) | uint64(order.Uint32(b[24:]))<<32,
	}
	for a, err := range wire.Attrs(b[diagMessageLen:]) {
		if err != nil {
			return Socket{}, fmt.Errorf("netlink_diag: %w", err)
		}
		switch a.Type() {
		case attrMemInfo:
			s.Queued, s.Limit = word(a, memQueued), word(a, memLimit)
			s.Sending, s.Drops = word(a, memSending), word(a, memDrops)
		case attrGroups:
			s.Groups = groupsOf(a.Data())
		case attrFlags:
			v, err := a.Uint32()
			if err != nil {
				return Socket{}, fmt.Errorf("netlink_diag: flags: %w", err)
			}
			s.Flags, s.HasFlags = Flags(v), true
		}
	}
	return s, nil
}

// word returns a word of an array; 0 where the kernel has none, which older ones
// do not.
func word(a wire.Attr, i int) uint32 {
	if b := a.Data(); len(b) >= 4*i+4 {
		return binary.NativeEndian.Uint32(b[4*i:])
	}
	return 0
}

// groupsOf reads a bit map made of the kernel's longs: bit 0 of the first one is
// group 1.
func groupsOf(b []byte) []uint32 {
	const long = bits.UintSize / 8
	bigEndian := binary.NativeEndian.Uint16([]byte{0, 1}) == 1
	// Longs are in the order of their bits; the bytes in a long may not be.
	var groups []uint32
	for i := range b {
		at := i
		if bigEndian {
			at = i - i%long + long - 1 - i%long
		}
		if at >= len(b) {
			continue
		}
		for v := b[at]; v != 0; v &= v - 1 {
			groups = append(groups, uint32(8*i+bits.TrailingZeros8(v)+1))
		}
	}
	return groups
}
