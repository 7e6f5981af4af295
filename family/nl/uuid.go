package nl

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// UUID is a universally unique identifier.
type UUID [16]byte

// String writes it as "123e4567-e89b-12d3-a456-426614174000".
func (u UUID) String() string {
	h := hex.EncodeToString(u[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// MarshalText writes it as String does.
func (u UUID) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads 32 hexadecimal digits, with hyphens anywhere.
func (u *UUID) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(strings.ReplaceAll(string(text), "-", ""))
	if err != nil || len(b) != len(u) {
		return fmt.Errorf("%q is no UUID: want one like 123e4567-e89b-12d3-a456-426614174000", text)
	}
	copy(u[:], b)
	return nil
}
