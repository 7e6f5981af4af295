package netlink

import (
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/wire"
)

// PolicyType is what the kernel takes an attribute for (enum
// netlink_attribute_type).
type PolicyType uint32

// The policy types.
const (
	PolicyInvalid PolicyType = iota
	PolicyFlag
	PolicyU8
	PolicyU16
	PolicyU32
	PolicyU64
	PolicyS8
	PolicyS16
	PolicyS32
	PolicyS64
	PolicyBinary
	PolicyString
	PolicyNulString
	PolicyNested
	PolicyNestedArray
	PolicyBitfield32
	PolicySint
	PolicyUint
)

var policyTypeNames = [...]string{
	"invalid", "flag", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "binary",
	"string", "nul-string", "nested", "nested-array", "bitfield32", "sint", "uint",
}

// String returns the type's name as specs write it.
func (t PolicyType) String() string {
	if int(t) < len(policyTypeNames) {
		return policyTypeNames[t]
	}
	return fmt.Sprintf("type %d", uint32(t))
}

// Numbers of the attributes that describe a policy (enum
// netlink_policy_type_attr).
const (
	PolicyAttrType           uint16 = 1
	PolicyAttrMinS           uint16 = 2
	PolicyAttrMaxS           uint16 = 3
	PolicyAttrMinU           uint16 = 4
	PolicyAttrMaxU           uint16 = 5
	PolicyAttrMinLength      uint16 = 6
	PolicyAttrMaxLength      uint16 = 7
	PolicyAttrPolicyIndex    uint16 = 8
	PolicyAttrPolicyMaxType  uint16 = 9
	PolicyAttrBitfield32Mask uint16 = 10
	PolicyAttrPad            uint16 = 11
	PolicyAttrMask           uint16 = 12
)

// AttrPolicy is what the kernel accepts as the value of one attribute, as far
// as it tells. The Has fields say which limits it told.
type AttrPolicy struct {
	Type PolicyType

	HasSigned  bool // MinS and MaxS hold
	MinS, MaxS int64

	HasUnsigned bool // MinU and MaxU hold
	MinU, MaxU  uint64

	HasMinLen, HasMaxLen bool
	MinLen, MaxLen       uint32 // bytes; of a string without its NUL

	HasMask bool
	Mask    uint64 // bits that may be set

	HasBitfield32Mask bool
	Bitfield32Mask    uint32

	HasNested     bool
	Nested        uint32 // index of the nest's policy in a policy dump
	NestedMaxType uint32 // largest attribute number in the nest
}

// ParseAttrPolicy decodes the attributes that describe one policy. Attributes
// it does not know are skipped.
func ParseAttrPolicy(b []byte) (AttrPolicy, error) {
	var p AttrPolicy
	for a, err := range wire.Attrs(b) {
		if err != nil {
			return p, err
		}
		if err := p.set(a); err != nil {
			return p, fmt.Errorf("policy: %w", err)
		}
	}
	return p, nil
}

func (p *AttrPolicy) set(a wire.Attr) (err error) {
	switch a.Type() {
	case PolicyAttrType:
		var v uint32
		v, err = a.Uint32()
		p.Type = PolicyType(v)
	case PolicyAttrMinS:
		p.HasSigned = true
		p.MinS, err = a.Int64()
	case PolicyAttrMaxS:
		p.HasSigned = true
		p.MaxS, err = a.Int64()
	case PolicyAttrMinU:
		p.HasUnsigned = true
		p.MinU, err = a.Uint64()
	case PolicyAttrMaxU:
		p.HasUnsigned = true
		p.MaxU, err = a.Uint64()
	case PolicyAttrMinLength:
		p.HasMinLen = true
		p.MinLen, err = a.Uint32()
	case PolicyAttrMaxLength:
		p.HasMaxLen = true
		p.MaxLen, err = a.Uint32()
	case PolicyAttrMask:
		p.HasMask = true
		p.Mask, err = a.Uint64()
	case PolicyAttrBitfield32Mask:
		p.HasBitfield32Mask = true
		p.Bitfield32Mask, err = a.Uint32()
	case PolicyAttrPolicyIndex:
		p.HasNested = true
		p.Nested, err = a.Uint32()
	case PolicyAttrPolicyMaxType:
		p.NestedMaxType, err = a.Uint32()
	}
	return err
}

// Append appends the attributes that describe p, in the kernel's order: limits
// first, the type last.
func (p AttrPolicy) Append(b *wire.Builder) {
	if p.HasSigned {
		b.Int64(PolicyAttrMinS, p.MinS)
		b.Int64(PolicyAttrMaxS, p.MaxS)
	}
	if p.HasUnsigned {
		b.Uint64(PolicyAttrMinU, p.MinU)
		b.Uint64(PolicyAttrMaxU, p.MaxU)
	}
	if p.HasMask {
		b.Uint64(PolicyAttrMask, p.Mask)
	}
	if p.HasMinLen {
		b.Uint32(PolicyAttrMinLength, p.MinLen)
	}
	if p.HasMaxLen {
		b.Uint32(PolicyAttrMaxLength, p.MaxLen)
	}
	if p.HasBitfield32Mask {
		b.Uint32(PolicyAttrBitfield32Mask, p.Bitfield32Mask)
	}
	if p.HasNested {
		b.Uint32(PolicyAttrPolicyIndex, p.Nested)
	}
	if p.HasNested || p.NestedMaxType != 0 {
		b.Uint32(PolicyAttrPolicyMaxType, p.NestedMaxType)
	}
	b.Uint32(PolicyAttrType, uint32(p.Type))
}

// String shows the policy in a few words: "u32 0..1", "nul-string up to 15 bytes".
func (p AttrPolicy) String() string {
	var b strings.Builder
	b.WriteString(p.Type.String())
	if p.HasSigned {
		fmt.Fprintf(&b, " %d..%d", p.MinS, p.MaxS)
	}
	if p.HasUnsigned {
		fmt.Fprintf(&b, " %d..%d", p.MinU, p.MaxU)
	}
	switch {
	case p.HasMinLen && p.HasMaxLen && p.MinLen == p.MaxLen:
		fmt.Fprintf(&b, " of %d bytes", p.MinLen)
	case p.HasMinLen && p.HasMaxLen:
		fmt.Fprintf(&b, " of %d to %d bytes", p.MinLen, p.MaxLen)
	case p.HasMinLen:
		fmt.Fprintf(&b, " of at least %d bytes", p.MinLen)
	case p.HasMaxLen:
		fmt.Fprintf(&b, " up to %d bytes", p.MaxLen)
	}
	if p.HasMask {
		fmt.Fprintf(&b, " mask 0x%x", p.Mask)
	}
	if p.HasBitfield32Mask {
		fmt.Fprintf(&b, " mask 0x%x", p.Bitfield32Mask)
	}
	return b.String()
}
