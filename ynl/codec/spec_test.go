package codec

import (
	"testing"

	"github.com/nlkit/nlkit/ynl"
)

// testSpec has an attribute of every type, with everything a spec can say of it.
const testSpec = `
name: chest
doc: All that can be in an attribute.
protocol: netlink-raw
protonum: 25
definitions:
  - {name: color, type: enum, entries: [red, green, {name: "9", value: 5}, blue]}
  - {name: below, type: enum, entries: [{name: low, value: -1}, {name: zero, value: 0}]}
  - {name: bits, type: flags, entries: [one, two, {name: top, value: 31}]}
  - name: head
    type: struct
    members: [{name: family, type: u8}, {name: gap, type: pad, len: 1}, {name: table, type: u16}, {name: mode, type: u8, enum: color}]
  - name: point
    type: struct
    members: [{name: x, type: s16}, {name: y, type: u32, byte-order: big-endian}]
  - name: shape
    type: struct
    members:
      - {name: at, type: binary, struct: point}
      - {name: gap, type: pad, len: 2}
      - {name: color, type: u8, enum: color}
      - {name: bits, type: s32, enum: bits}
      - {name: mac, type: binary, len: 6, display-hint: mac}
      - {name: ip, type: u32, byte-order: big-endian, display-hint: ipv4}
      - {name: hex, type: u8, display-hint: hex}
      - {name: label, type: binary, len: 4}
attribute-sets:
  - name: chest
    attributes:
      - {name: unspec, type: unused, value: 0}
      - {name: u8, type: u8}
      - {name: u16, type: u16}
      - {name: u32, type: u32}
      - {name: u64, type: u64}
      - {name: s8, type: s8}
      - {name: s16, type: s16}
      - {name: s32, type: s32}
      - {name: s64, type: s64}
      - {name: be16, type: u16, byte-order: big-endian}
      - {name: be32, type: u32, byte-order: big-endian}
      - {name: be64, type: u64, byte-order: big-endian}
      - {name: le16, type: u16, byte-order: little-endian}
      - {name: le32, type: s32, byte-order: little-endian}
      - {name: le64, type: u64, byte-order: little-endian}
      - {name: color, type: u8, enum: color}
      - {name: below, type: u32, enum: below}
      - {name: sbelow, type: s16, enum: below}
      - {name: bits, type: u32, enum: bits}
      - {name: colors, type: u16, enum: color, enum-as-flags: true}
      - {name: sbits, type: s32, enum: bits}
      - {name: hex, type: u32, display-hint: hex}
      - {name: ip, type: u32, byte-order: big-endian, display-hint: ipv4}
      - {name: uint, type: uint}
      - {name: sint, type: sint}
      - {name: uhex, type: uint, display-hint: hex}
      - {name: flag, type: flag}
      - {name: string, type: string, checks: {max-len: 15}}
      - {name: blob, type: binary}
      - {name: bhex, type: binary, display-hint: hex}
      - {name: mac, type: binary, display-hint: mac}
      - {name: ip4, type: binary, display-hint: ipv4}
      - {name: ip6, type: binary, display-hint: ipv6}
      - {name: addr, type: binary, display-hint: ipv4-or-v6}
      - {name: uuid, type: binary, display-hint: uuid}
      - {name: shape, type: binary, struct: shape}
      - {name: u32s, type: binary, sub-type: u32}
      - {name: s16s, type: binary, sub-type: s16}
      - {name: bitfield, type: bitfield32}
      - {name: bitnames, type: bitfield32, enum: bits}
      - {name: nest, type: nest, nested-attributes: inner}
      - {name: multi, type: u32, multi-attr: true}
      - {name: nests, type: indexed-array, sub-type: nest, nested-attributes: inner}
      - {name: ints, type: indexed-array, sub-type: u32}
      - {name: blobs, type: indexed-array, sub-type: binary, display-hint: ipv4}
      - {name: one, type: nest-type-value, type-value: [op], nested-attributes: inner}
      - {name: two, type: nest-type-value, type-value: [op, attr], nested-attributes: inner}
      - {name: kind, type: string}
      - {name: data, type: sub-message, sub-message: data-msg, selector: kind}
      - {name: table, type: u32}
      - {name: limited, type: u32, checks: {min: 2, max: 10}}
      - {name: exact, type: binary, checks: {exact-len: 4}}
      - {name: atleast, type: binary, checks: {min-len: 2}}
      - {name: number, type: u16, enum: color}
      - {name: numbered, type: sub-message, sub-message: number-msg, selector: number}
      - {name: multinest, type: nest, multi-attr: true, nested-attributes: inner}
      - {name: pad, type: pad}
  - name: inner
    attributes:
      - {name: id, type: u32}
      - {name: name, type: string}
      - {name: tell, type: sub-message, sub-message: data-msg, selector: kind}
      - {name: deep, type: nest, nested-attributes: inner}
      - {name: table, type: u32}
sub-messages:
  - name: data-msg
    formats:
      - {value: set, attribute-set: inner}
      - {value: both, fixed-header: head, attribute-set: inner}
      - {value: header, fixed-header: point}
      - {value: nothing}
  - name: number-msg
    formats:
      - {value: green, attribute-set: inner}
      - {value: "77", fixed-header: point}
operations:
  list:
    - name: get
      doc: look
      attribute-set: chest
      fixed-header: head
      do: {request: {value: 1, attributes: [u8]}}
    - name: plain
      doc: look
      attribute-set: chest
      do: {request: {value: 2, attributes: [u8]}}
`

// chest is the layout of an op of testSpec: "plain", or "get" with a header.
func chest(t testing.TB, op string) Layout {
	t.Helper()
	s, err := ynl.Parse("chest.yaml", []byte(testSpec))
	if err != nil {
		t.Fatal(err)
	}
	return Of(s.Op(op))
}
