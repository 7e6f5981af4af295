package rt

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/family/rtaddr"
)

// Forever is a lifetime of an address that does not end (INFINITY_LIFE_TIME).
const Forever = 0xffffffff

// AddrRequest is the request for an address on a link: p is the address with the
// length of its network, such as 192.0.2.1/24. It is for what AddAddr cannot say:
// lifetimes, flags, a label, the other end of a point-to-point link (Address).
//
// The scope is that of the host for IPv4 addresses of 127.0.0.0/8, as ip(8) has it,
// and global for others. IPv4 gets no broadcast address; the kernel's own route to
// that of the network does not need it.
func AddrRequest(index int32, p netip.Prefix) *rtaddr.AddrNewRequest {
	addr := p.Addr()
	req := &rtaddr.AddrNewRequest{
		Header: rtaddr.IfAddrMsg{
			Family:    FamilyOf(addr),
			PrefixLen: uint8(max(p.Bits(), 0)),
			Index:     uint32(index),
		},
		Local:   addr,
		Address: addr,
	}
	if addr.Is4() && addr.IsLoopback() {
		req.Header.Scope = ScopeHost
	}
	return req
}

// AddAddr gives a link an address, with the length of its network. One that is
// there already is EEXIST.
func (c *Client) AddAddr(ctx context.Context, index int32, p netip.Prefix) error {
	if err := checkAddr(p); err != nil {
		return err
	}
	return c.AddrNew(ctx, AddrRequest(index, p), nl.Create, nl.Excl)
}

// ReplaceAddr gives a link an address, whether it has it already or not.
func (c *Client) ReplaceAddr(ctx context.Context, index int32, p netip.Prefix) error {
	if err := checkAddr(p); err != nil {
		return err
	}
	return c.AddrNew(ctx, AddrRequest(index, p), nl.Create, nl.Replace)
}

// DelAddr takes an address away from a link. One that is not there is
// EADDRNOTAVAIL. With an IPv4 address those go that are secondary to it, unless
// net.ipv4.conf.*.promote_secondaries is set.
func (c *Client) DelAddr(ctx context.Context, index int32, p netip.Prefix) error {
	if err := checkAddr(p); err != nil {
		return err
	}
	return c.AddrDel(ctx, (*rtaddr.AddrDelRequest)(AddrRequest(index, p)))
}

func checkAddr(p netip.Prefix) error {
	if !p.IsValid() {
		return fmt.Errorf("rt: address %v: want one with the length of its network, such as 192.0.2.1/24", p)
	}
	return nil
}

// AddrPrefix is the address of a, with the length of its network: the local one,
// else the only one. On point-to-point links the length is that of the other end's
// network, a.Address. It is the zero Prefix where a has neither.
func AddrPrefix(a *rtaddr.Addr) netip.Prefix {
	addr := a.Local
	if !addr.IsValid() {
		addr = a.Address
	}
	if bits := int(a.Header.PrefixLen); bits <= addr.BitLen() && addr.IsValid() {
		return netip.PrefixFrom(addr, bits)
	}
	return netip.Prefix{}
}
