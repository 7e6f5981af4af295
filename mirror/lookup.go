package mirror

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"github.com/nlkit/nlkit/family/rtroute"
)

// LookupRoute finds the route of a table (254 is main) that an address is sent by:
// the one with the longest prefix and, of several of these, the one that is first in
// the order of keys: by type of service, then by priority, and for IPv4 the first of
// those that are the same. It is the caller's own.
//
// It does not do what rules, source prefixes and marks would have the kernel do, nor
// look whether the link is up: that a route is dead or its link down tell its flags.
// An IPv4 address in IPv6 form is taken for IPv4; a zone is disregarded.
func LookupRoute(s *Snapshot, table uint32, addr netip.Addr) (*rtroute.Route, bool) {
	v := s.find(Routes.def, Own)
	if v == nil || !addr.IsValid() {
		return nil, false
	}
	value, ok := lookupRoute(v, table, addr.Unmap())
	if !ok {
		return nil, false
	}
	return own[rtroute.Route, *rtroute.Route](value), true
}

// routeDst is where a route's key has the destination: behind family and table.
const routeDst = 5

// lookupRoute finds a route by going down from what would be behind all prefixes of
// the address. The greatest key that is not greater is either one of them, or shares
// fewer bits with the address than it has: then no prefix that is longer than that
// common part exists, and the next try is with the address cut down to it. Every try
// but the last shortens the address, mostly by much.
func lookupRoute(v *view, table uint32, addr netip.Addr) (value []byte, ok bool) {
	family, size := byte(afInet), 4
	if addr.Is6() {
		family, size = afInet6, 16
	}
	a := addr.AsSlice()
	probe := make([]byte, 0, routeDst+16+1+4)
	for bits := size * 8; bits >= 0; {
		probe = binary.BigEndian.AppendUint32(append(probe[:0], family), table)
		probe = appendMasked(probe, a, bits)
		// Behind all routes to this prefix, and before those to a longer one.
		probe = append(probe, byte(bits), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)
		key, _, found := v.store.Floor(probe)
		if !found || !bytes.Equal(key[:routeDst], probe[:routeDst]) {
			return nil, false
		}
		dst, length := key[routeDst:routeDst+size], int(key[routeDst+size])
		common := commonBits(dst, a)
		if common >= length {
			if value, ok := firstTo(v, key[:routeDst+size+1]); ok {
				return value, true
			}
			// None of them is shown, or for all sources.
			common = length - 1
		}
		// The prefixes of the address that there may be still are no longer than what
		// both have in common, and shorter than what was asked for.
		bits = min(common, bits-1)
	}
	return nil, false
}

// firstTo returns the first route to a destination: its key is the prefix of theirs.
func firstTo(v *view, prefix []byte) (value []byte, ok bool) {
	for key, value := range v.only(v.store.From(prefix)) {
		if !bytes.HasPrefix(key, prefix) {
			break
		}
		if value[0] == afInet6 && value[2] != 0 {
			continue // for some sources only
		}
		return value, true
	}
	return nil, false
}

// appendMasked appends an address with only so many of its bits.
func appendMasked(dst, addr []byte, bits int) []byte {
	from := len(dst)
	dst = append(dst, addr...)
	for i := range addr {
		if n := bits - 8*i; n <= 0 {
			dst[from+i] = 0
		} else if n < 8 {
			dst[from+i] &= 0xff << (8 - n)
		}
	}
	return dst
}

// commonBits is how many bits two addresses begin with alike.
func commonBits(a, b []byte) int {
	for i := range a {
		if x := a[i] ^ b[i]; x != 0 {
			n := 8 * i
			for ; x&0x80 == 0; x <<= 1 {
				n++
			}
			return n
		}
	}
	return 8 * len(a)
}
