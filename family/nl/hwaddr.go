package nl

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
)

// MaxHardwareAddrLen is the length of the longest link-layer address, in bytes
// (MAX_ADDR_LEN of linux/netdevice.h).
const MaxHardwareAddrLen = 32

// HardwareAddr is a link-layer address of up to 32 bytes: a MAC mostly. It is a
// value: it can be compared, be a key of a map, and is copied with what it lies
// in. The zero HardwareAddr is none at all, which is not one of no bytes.
type HardwareAddr struct {
	b [MaxHardwareAddrLen]byte
	n uint8 // its length and one more; 0 is none
}

// HardwareAddrFrom makes an address of bytes. Of more than 32 it makes none.
func HardwareAddrFrom(b []byte) HardwareAddr {
	var h HardwareAddr
	if len(b) <= len(h.b) {
		h.n = uint8(copy(h.b[:], b)) + 1
	}
	return h
}

// ParseHardwareAddr reads an address as people write it: two hexadecimal digits
// for each byte with colons or hyphens between, or fours with dots.
func ParseHardwareAddr(s string) (HardwareAddr, error) {
	if m, err := net.ParseMAC(s); err == nil {
		return HardwareAddrFrom(m), nil
	}
	// net.ParseMAC takes the lengths of Ethernet and InfiniBand alone.
	var h HardwareAddr
	h.n = 1
	for i := 0; i < len(s); i += 3 {
		if len(s)-i < 2 || i+2 < len(s) && s[i+2] != ':' || i+2 == len(s)-1 || int(h.n) > len(h.b) {
			return HardwareAddr{}, fmt.Errorf("%q is no link-layer address: want one like 02:00:5e:10:00:01", s)
		}
		if _, err := hex.Decode(h.b[h.n-1:], []byte(s[i:i+2])); err != nil {
			return HardwareAddr{}, fmt.Errorf("%q is no link-layer address: want one like 02:00:5e:10:00:01", s)
		}
		h.n++
	}
	if h.n == 1 {
		return HardwareAddr{}, errors.New("an empty text is no link-layer address")
	}
	return h, nil
}

// MustParseHardwareAddr is ParseHardwareAddr for addresses in the program's own
// text. It panics on one that is none.
func MustParseHardwareAddr(s string) HardwareAddr {
	h, err := ParseHardwareAddr(s)
	if err != nil {
		panic("nl: " + err.Error())
	}
	return h
}

// IsValid reports whether it is an address and not none.
func (h HardwareAddr) IsValid() bool { return h.n != 0 }

// Len is the number of bytes.
func (h HardwareAddr) Len() int { return max(int(h.n), 1) - 1 }

// Slice returns a copy of the bytes; nil where there is no address.
func (h HardwareAddr) Slice() net.HardwareAddr {
	if !h.IsValid() {
		return nil
	}
	return h.Append(net.HardwareAddr{})
}

// Append appends the bytes to b.
func (h HardwareAddr) Append(b []byte) []byte { return append(b, h.b[:h.Len()]...) }

// String writes it as "02:00:5e:10:00:01"; one of no bytes and none are "".
func (h HardwareAddr) String() string {
	return net.HardwareAddr(h.b[:h.Len()]).String()
}

// MarshalText writes it as String does.
func (h HardwareAddr) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what String writes. An empty text is the zero address.
func (h *HardwareAddr) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*h = HardwareAddr{}
		return nil
	}
	v, err := ParseHardwareAddr(string(text))
	if err == nil {
		*h = v
	}
	return err
}
