package client_test

import (
	"context"
	"encoding/binary"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
)

// genericText is the spec of a generic netlink family with a fixed header.
const genericText = `
name: box
protocol: genetlink-legacy
doc: test
definitions:
  -
    name: box-header
    type: struct
    members:
      -
        name: shelf
        type: u32
attribute-sets:
  -
    name: inner
    attributes:
      -
        name: level
        type: u32
      -
        name: inside
        type: nest
        nested-attributes: inner
      -
        name: never
        type: u32
  -
    name: box
    attributes:
      -
        name: label
        type: string
      -
        name: size
        type: u32
      -
        name: in
        type: nest
        multi-attr: true
        nested-attributes: inner
operations:
  fixed-header: box-header
  list:
    -
      name: get
      doc: test
      attribute-set: box
      do: &get
        request:
          attributes: [label]
        reply:
          attributes: [label, size]
      dump: *get
    -
      name: set
      doc: test
      attribute-set: box
      do:
        request:
          attributes: [label, in]
    -
      name: all
      doc: test
      attribute-set: box
      dump:
        reply:
          attributes: [label]
    -
      name: changed
      doc: test
      notify: get
mcast-groups:
  list:
    -
      name: changes
`

// rawText is the spec of a raw family with batches.
const rawText = `
name: rawbox
protocol: netlink-raw
protonum: 12
doc: test
definitions:
  -
    name: raw-header
    type: struct
    members:
      -
        name: kind
        type: u8
      -
        name: pad
        type: pad
        len: 3
attribute-sets:
  -
    name: box
    attributes:
      -
        name: label
        type: string
      -
        name: size
        type: u32
operations:
  enum-model: directional
  fixed-header: raw-header
  list:
    -
      name: begin
      doc: test
      attribute-set: box
      do:
        request:
          value: 0x10
    -
      name: put
      doc: test
      attribute-set: box
      do:
        request:
          value: 0x20
          attributes: [label]
        reply:
          value: 0x21
          attributes: [label]
    -
      name: end
      doc: test
      attribute-set: box
      do:
        request:
          value: 0x11
mcast-groups:
  list:
    -
      name: news
      value: 3
    -
      name: far
      value: 40
`

func parse(t *testing.T, text string) *ynl.Spec {
	t.Helper()
	spec, err := ynl.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

// boxKernel is a simulated kernel with the generic family. A label that begins
// with "no" is refused, naming the attribute.
func boxKernel(t *testing.T) (*sim.Kernel, *sim.Registered) {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	deep := sim.Policy{1: {Kind: sim.U32}, 3: {Kind: sim.Reject}}
	policy := sim.Policy{
		1: {Kind: sim.NulString, Len: 15}, 2: {Kind: sim.U32},
		3: {Kind: sim.Nested, Nested: sim.Policy{1: {Kind: sim.U32}, 2: {Kind: sim.Nested, Nested: deep}}},
	}
	entry := func(label string) sim.Entry {
		return func(b *wire.Builder) {
			b.Raw(u32(7))
			b.Text(1, label)
			b.Uint32(2, uint32(len(label)))
		}
	}
	get := func(r *sim.Request) error {
		a, ok := r.Attr(1)
		if !ok {
			return &netlink.Error{Errno: netlink.EINVAL, ExtAck: netlink.ExtAck{HasMissingType: true, MissingType: 1}}
		}
		return r.Reply(entry(a.Text()))
	}
	dump := func(*sim.Request) iter.Seq2[sim.Entry, error] {
		return func(yield func(sim.Entry, error) bool) {
			for _, l := range []string{"a", "bb", "ccc"} {
				if !yield(entry(l), nil) {
					return
				}
			}
		}
	}
	r, err := k.Register(sim.Family{
		Name: "box", Version: 1, HeaderLen: 4, Policy: policy,
		Ops: []sim.Op{
			{Cmd: 1, Do: get, Dump: dump},
			{Cmd: 2, Do: func(*sim.Request) error { return nil }},
			{Cmd: 3, Dump: dump},
		},
		Groups: []sim.Group{{Name: "changes"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return k, r
}

func dial(t *testing.T, spec *ynl.Spec, via netlink.Opener) *client.Client {
	t.Helper()
	c, err := client.Dial(spec, &netlink.Options{Via: via})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// batchKernel is a simulated kernel with the raw family. As netfilter does, it
// answers nothing behind a request that failed but that, and acknowledges begin
// and end only if modern. To the label "silence" it has no answer, as no kernel
// does.
func batchKernel(t *testing.T, modern bool) *sim.Kernel {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	err := k.HandleProtocol(wire.Netfilter, sim.Protocol{Groups: 64, Datagram: func(from uint32, datagram []byte) {
		var out [][]byte
		failed := false
		for m, err := range wire.Messages(slices.Clone(datagram)) {
			if err != nil {
				t.Errorf("datagram: %v", err)
				return
			}
			mark := m.Type() < 0x20
			errno := int32(0)
			if a, ok := wire.FindAttr(m.Data()[4:], 1); ok && a.Text() == "bad" {
				errno = -int32(netlink.EEXIST)
				failed = true
			} else if ok && a.Text() == "silence" {
				continue
			}
			if m.Type() == 0x20 && errno == 0 {
				out = append(out, build(t, wire.Header{Type: 0x21, Seq: m.Seq()}, m.Data()))
			}
			if errno != 0 || !mark || modern && !failed {
				out = append(out, build(t, wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: m.Seq()}, append(u32(uint32(errno)), m[:wire.HeaderLen]...)))
			}
		}
		for _, m := range out {
			// The socket may have been closed meanwhile. A loss is the Client's to tell.
			if err := k.Unicast(wire.Netfilter, from, m); err != nil && err != netlink.ECONNREFUSED && err != netlink.EAGAIN {
				t.Errorf("unicast: %v", err)
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func build(t *testing.T, h wire.Header, payload []byte) []byte {
	var b wire.Builder
	b.Message(h)
	b.Raw(payload)
	out, err := b.Bytes()
	if err != nil {
		t.Error(err)
	}
	return out
}
