package pyynl

import (
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
)

const docText = `
name: doc
protocol: genetlink
doc: test
attribute-sets:
  -
    name: dev
    attributes:
      -
        name: ifindex
        doc: netdev ifindex, it's "the" one
        type: u32
operations:
  list:
    -
      name: get
      doc: test
      attribute-set: dev
      do:
        request:
          attributes: [ifindex]
`

func TestRefusal(t *testing.T) {
	spec, err := ynl.Parse("doc.yaml", []byte(docText))
	if err != nil {
		t.Fatal(err)
	}
	policy := &netlink.AttrPolicy{Type: netlink.PolicyU32, HasUnsigned: true, MinU: 0, MaxU: 1}
	for _, tc := range []struct {
		e    netlink.Error
		want string
	}{
		{netlink.Error{Errno: netlink.ENODEV}, "Netlink error: No such device"},
		{netlink.Error{Errno: 524}, "Netlink error: Unknown error 524"},
		{netlink.Error{Errno: 4711}, "Netlink error: Unknown error 4711"},
		{netlink.Error{Errno: netlink.ERANGE, ExtAck: netlink.ExtAck{Text: "integer out of range", HasOffset: true, Offset: 28, Policy: policy}, Attr: ".threaded"},
			"Netlink error: integer out of range: Numerical result out of range {'policy': {'min-value': 0, 'max-value': 1, 'type': 'u32'}, 'bad-attr': '.threaded'}"},
		{netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{HasOffset: true, Offset: 28, Policy: policy}},
			"Netlink error: Invalid argument {'bad-attr-offs': 28, 'policy': {'min-value': 0, 'max-value': 1, 'type': 'u32'}}"},
		{netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{HasMissingType: true, MissingType: 1}, Missing: ".ifindex"},
			`Netlink error: Invalid argument {'miss-type': 'ifindex', 'miss-type-doc': 'netdev ifindex, it\'s "the" one'}`},
		{netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{HasMissingType: true, MissingType: 1, HasMissingNest: true, MissingNest: 24}},
			"Netlink error: Invalid argument {'miss-type': 1, 'miss-nest': 24}"},
		{netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{HasMissingType: true, MissingType: 9}},
			"Netlink error: Invalid argument {'miss-type': 9}"},
		{netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{Cookie: []byte("a'\x00")}},
			`Netlink error: Invalid argument {'unknown': [[type:3 len:7] b'a\'\x00']}`},
	} {
		if got := refusal(&tc.e, spec.Op("get")); got != tc.want {
			t.Errorf("refusal(%+v)\n%s\nwant\n%s", tc.e, got, tc.want)
		}
	}
}

func TestPolicyLimits(t *testing.T) {
	p := netlink.AttrPolicy{Type: netlink.PolicyNulString, HasSigned: true, MinS: -5, MaxS: 5, HasMinLen: true, MinLen: 1, HasMaxLen: true, MaxLen: 15, HasMask: true, Mask: 3, HasBitfield32Mask: true, Bitfield32Mask: 7}
	want := "{'min-value': -5, 'max-value': 5, 'min-length': 1, 'max-length': 15, 'mask': 3, 'bitfield32-mask': 7, 'type': 'nul-string'}"
	if got := policyLimits(p).repr(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestWarning(t *testing.T) {
	ack := netlink.Ack{ExtAck: netlink.ExtAck{Text: "careful"}}
	want := "Netlink warning:\nnl_len = 48 (32) nl_flags = 0x300 nl_type = 2\n\textack: {'msg': 'careful'}"
	if got := warning(ack, false); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	want = "Netlink warning:\nnl_len = 32 (16) nl_flags = 0x202 nl_type = 3\n\textack: {'msg': 'careful'}"
	if got := warning(ack, true); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
