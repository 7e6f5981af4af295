package sim

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// The tests in this file run the same steps on the simulated kernel and on the
// real one and compare what both answer.

// namespace opens the real kernel's sockets in a network namespace of its own,
// so that nobody else is in the groups the tests join.
type namespace struct{ netlink.Namespace }

// inNamespace makes one that ends with the test.
func inNamespace(t *testing.T) netlink.Opener {
	t.Helper()
	return namespace{netlink.NamespaceFD(testenv.NewNetNS(t).FD())}
}

func (n namespace) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	own := *o
	own.Via, own.Namespace = nil, n.Namespace
	return netlink.Open(p, &own)
}

// conversation sends a datagram and returns all that comes back, with the port
// ids blanked, as they differ.
func conversation(t *testing.T, tr netlink.Transport, request []byte) [][]byte {
	t.Helper()
	if err := tr.Send(request, netlink.Address{}); err != nil {
		t.Fatalf("send: %v", err)
	}
	if err := tr.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	buf := make([]byte, 32<<10)
	for {
		d, err := tr.Receive(buf, false) // the kernel answers before Send returns
		if errors.Is(err, netlink.EAGAIN) {
			return all
		}
		if err != nil {
			t.Fatalf("receive: %v", err)
		}
		b := bytes.Clone(buf[:d.N])
		for m, err := range wire.Messages(b) {
			if err != nil {
				t.Fatal(err)
			}
			if m.Port() != tr.Port() {
				t.Errorf("message for port %d, the socket has %d", m.Port(), tr.Port())
			}
			m.SetPort(0)
		}
		all = append(all, b)
	}
}

func TestParityRequests(t *testing.T) {
	name := func(s string) func(*wire.Builder) {
		return func(b *wire.Builder) { b.Text(genetlink.CtrlAttrFamilyName, s) }
	}
	raw := func(p ...byte) func(*wire.Builder) { return func(b *wire.Builder) { b.Raw(p) } }
	attr := func(typ uint16, value ...byte) func(*wire.Builder) {
		return func(b *wire.Builder) { b.Attr(typ, value) }
	}
	both := func(fns ...func(*wire.Builder)) func(*wire.Builder) {
		return func(b *wire.Builder) {
			for _, fn := range fns {
				fn(b)
			}
		}
	}
	const req, ack = wire.Request, wire.Ack
	get, policy := genetlink.CtrlGetFamily, genetlink.CtrlGetPolicy
	cut := func(b []byte, n int) []byte { // the datagram as it is, its length field telling n
		b = bytes.Clone(b)
		b[0], b[1] = byte(n), byte(n>>8)
		if hostIsBig() {
			b[0], b[1], b[2], b[3] = 0, 0, byte(n>>8), byte(n)
		}
		return b
	}
	full := genl(t, ctrlID, req|ack, get, name("nlctrl"))
	tests := []struct {
		name string
		req  []byte
	}{
		{"get nlctrl", genl(t, ctrlID, req, get, name("nlctrl"))},
		{"get nlctrl with ack", full},
		{"get nlctrl by id", genl(t, ctrlID, req|ack, get, attr(genetlink.CtrlAttrFamilyID, wireU16(ctrlID)...))},
		{"id and name, the name counts", genl(t, ctrlID, req, get, both(attr(genetlink.CtrlAttrFamilyID, wireU16(ctrlID)...), name("nosuch")))},
		{"id unknown, name known", genl(t, ctrlID, req, get, both(attr(genetlink.CtrlAttrFamilyID, wireU16(999)...), name("nlctrl")))},
		{"name twice, the last counts", genl(t, ctrlID, req, get, both(name("nosuch"), name("nlctrl")))},
		{"neither", genl(t, ctrlID, req, get, nil)},
		{"unknown name", genl(t, ctrlID, req, get, name("nosuch"))},
		{"unknown id", genl(t, ctrlID, req, get, attr(genetlink.CtrlAttrFamilyID, wireU16(999)...))},
		{"id too short", genl(t, ctrlID, req, get, attr(genetlink.CtrlAttrFamilyID, 1))},
		{"id too long", genl(t, ctrlID, req|ack, get, attr(genetlink.CtrlAttrFamilyID, append(wireU16(ctrlID), 0, 0)...))},
		{"id marked as nest", genl(t, ctrlID, req, get, attr(genetlink.CtrlAttrFamilyID|wire.AttrNested, wireU16(ctrlID)...))},
		{"name without NUL", genl(t, ctrlID, req, get, attr(genetlink.CtrlAttrFamilyName, 'n', 'l'))},
		{"name empty", genl(t, ctrlID, req, get, attr(genetlink.CtrlAttrFamilyName))},
		{"name of 15 bytes", genl(t, ctrlID, req, get, name("fifteen-bytes-n"))},
		{"name of 16 bytes", genl(t, ctrlID, req, get, name("sixteen-bytes-na"))},
		{"name with NUL, then too long", genl(t, ctrlID, req, get, attr(genetlink.CtrlAttrFamilyName, append([]byte("nlctrl\x00"), make([]byte, 20)...)...))},
		{"attribute without a rule", genl(t, ctrlID, req|ack, get, both(name("nlctrl"), attr(3, 1, 2, 3, 4)))},
		{"attribute beyond the policy", genl(t, ctrlID, req|ack, get, both(name("nlctrl"), attr(77, 1, 2, 3, 4)))},
		{"trailing bytes", cut(genl(t, ctrlID, req|ack, get, both(name("nlctrl"), raw(1, 2, 0, 0))), 34)},
		{"attribute of length 3", genl(t, ctrlID, req|ack, get, both(name("nlctrl"), raw(append(wireU16(3), 1, 0)...)))},
		{"attribute past the end", genl(t, ctrlID, req|ack, get, both(name("nlctrl"), raw(append(wireU16(8), 1, 0)...)))},
		{"unknown command", genl(t, ctrlID, req, 200, nil)},
		{"do of a dump", genl(t, ctrlID, req, policy, name("nlctrl"))},
		{"unknown family", genl(t, 999, req, get, nil)},
		{"version is not looked at", append(bytes.Clone(full[:17]), append([]byte{99}, full[18:]...)...)},
		{"reserved field, old command", append(bytes.Clone(full[:18]), append([]byte{1, 1}, full[20:]...)...)},
		{"reserved field, unknown command", append(bytes.Clone(genl(t, ctrlID, req, 200, nil)[:18]), 1, 0)},
		{"flags, unknown command", genl(t, ctrlID, req|wire.Root, 200, nil)},
		{"root alone is no dump", genl(t, ctrlID, req|wire.Root, get, name("nlctrl"))},
		{"short header", cut(full, 18)[:18]},
		{"no header at all", cut(full, 16)[:16]},
		{"dump, short header", cut(genl(t, ctrlID, req|wire.Dump, get, nil), 18)[:18]},
		{"control type", build(t, wire.Header{Type: wire.TypeNoop, Flags: req | ack, Seq: 3}, nil)},
		{"control type, no ack", build(t, wire.Header{Type: wire.TypeNoop, Flags: req, Seq: 3}, nil)},
		{"ack without request", genl(t, ctrlID, ack, get, name("nlctrl"))},
		{"neither request nor ack", genl(t, ctrlID, 0, get, name("nlctrl"))},
		{"length 15", cut(full, 15)},
		{"length past the datagram", cut(full, len(full)+4)},
		{"12 bytes", full[:12]},
		{"two, the first fails", append(genl(t, ctrlID, req, get, name("nosuch")), full...)},
		{"two, the second cut short", append(bytes.Clone(full), cut(full, 200)...)},
		{"padding missing at the end", append(bytes.Clone(full), cut(full, 31)[:31]...)},
		{"policy of nlctrl", genl(t, ctrlID, req|wire.Dump, policy, name("nlctrl"))},
		{"policy of one op", genl(t, ctrlID, req|wire.Dump|ack, policy, both(name("nlctrl"), func(b *wire.Builder) { b.Uint32(genetlink.CtrlAttrOp, 10) }))},
		{"policy of an unknown op", genl(t, ctrlID, req|wire.Dump, policy, both(name("nlctrl"), func(b *wire.Builder) { b.Uint32(genetlink.CtrlAttrOp, 77) }))},
		{"policy of nothing", genl(t, ctrlID, req|wire.Dump, policy, nil)},
		{"policy of an unknown family", genl(t, ctrlID, req|wire.Dump, policy, name("nosuch"))},
		{"policy, unknown attribute", genl(t, ctrlID, req|wire.Dump, policy, attr(77, 1, 2, 3, 4))},
		{"policy, attribute without a rule", genl(t, ctrlID, req|wire.Dump, policy, attr(3, 1, 2, 3, 4))},
		{"policy, id too long", genl(t, ctrlID, req|wire.Dump, policy, attr(genetlink.CtrlAttrFamilyID, append(wireU16(ctrlID), 0, 0)...))},
		{"policy, id marked as nest", genl(t, ctrlID, req|wire.Dump, policy, attr(genetlink.CtrlAttrFamilyID|wire.AttrNested, wireU16(ctrlID)...))},
		{"policy, name too long", genl(t, ctrlID, req|wire.Dump, policy, name("sixteen-bytes-na"))},
		{"policy, trailing bytes", cut(genl(t, ctrlID, req|wire.Dump, policy, both(name("nlctrl"), raw(1, 2, 0, 0))), 34)},
		{"families, unknown attribute", genl(t, ctrlID, req|wire.Dump, get, attr(77, 1, 2, 3, 4))},
	}
	for _, o := range []netlink.Options{{}, {NoCapAck: true}, {NoExtAck: true}, {NoCapAck: true, NoExtAck: true}} {
		for _, tt := range tests {
			t.Run(fmt.Sprintf("%s/nocap=%v/noext=%v", tt.name, o.NoCapAck, o.NoExtAck), func(t *testing.T) {
				want := conversation(t, open(t, nil, wire.Generic, &o), tt.req)
				got := conversation(t, open(t, newKernel(t), wire.Generic, &o), tt.req)
				if !slices.EqualFunc(got, want, bytes.Equal) {
					t.Errorf("request % x\n simulated %x\n kernel    %x", tt.req, got, want)
				}
			})
		}
	}
}

// TestParityFamilies compares the shape of a dump: flags, sequence, the end.
func TestParityFamilies(t *testing.T) {
	k := newKernel(t)
	for i := range 80 {
		if _, err := k.Register(Family{Name: fmt.Sprintf("family-%d", i), Groups: []Group{{Name: "g"}}, Ops: []Op{{Cmd: 1, Do: func(*Request) error { return nil }}}}); err != nil {
			t.Fatal(err)
		}
	}
	req := genl(t, ctrlID, wire.Request|wire.Dump|wire.Ack, genetlink.CtrlGetFamily, nil)
	for _, via := range []netlink.Opener{nil, k} {
		t.Run(fmt.Sprintf("%T", via), func(t *testing.T) {
			tr := open(t, via, wire.Generic, nil)
			all := conversation(t, tr, req)
			if len(all) < 2 {
				t.Fatalf("%d datagrams, want the families and NLMSG_DONE at least", len(all))
			}
			for i, b := range all {
				if i == 0 && len(b) > goodSize {
					t.Errorf("the first datagram has %d bytes, want at most %d", len(b), goodSize)
				}
				for m, err := range wire.Messages(b) {
					if err != nil {
						t.Fatal(err)
					}
					want := wire.Type(ctrlID)
					if i == len(all)-1 {
						want = wire.TypeDone
					}
					if m.Type() != want || m.Flags() != wire.Multi || m.Seq() != 1 {
						t.Errorf("datagram %d of %d: %v", i, len(all), m.Header())
					}
				}
			}
			if got := all[len(all)-1]; len(got) != 20 {
				t.Errorf("the end is % x, want 20 bytes alone in their datagram", got)
			}
		})
	}
}

// TestParityPolicy sends bad attributes to the kernel's family ethtool and to one
// with the same policy.
func TestParityPolicy(t *testing.T) {
	real := open(t, nil, wire.Generic, nil)
	answer := conversation(t, real, genl(t, ctrlID, wire.Request, genetlink.CtrlGetFamily, func(b *wire.Builder) { b.Text(genetlink.CtrlAttrFamilyName, "ethtool") }))
	id, ok := wire.FindAttr(answer[0][20:], genetlink.CtrlAttrFamilyID)
	if !ok {
		testenv.Missing(t, "ethtool", "the kernel has no family ethtool")
	}
	realID, err := id.Uint16()
	if err != nil {
		t.Fatal(err)
	}
	header := Policy{1: {Kind: U32}, 2: {Kind: NulString, Len: 127}, 4: {Kind: U32}}
	k := newKernel(t)
	fam, err := k.Register(Family{Name: "ethtool", ReservedFrom: 100, Ops: []Op{
		{Cmd: 1, Policy: Policy{1: {Kind: Nested, Nested: header}, 2: {Kind: Nested}, 3: {Kind: Flag}}, Do: nothing, Dump: none},
	}})
	if err != nil {
		t.Fatal(err)
	}
	fake := open(t, k, wire.Generic, nil)
	const nested = wire.AttrNested
	attr := func(typ uint16, value ...byte) func(*wire.Builder) {
		return func(b *wire.Builder) { b.Attr(typ, value) }
	}
	in := func(fill ...func(*wire.Builder)) func(*wire.Builder) {
		return func(b *wire.Builder) {
			n := b.Nest(1)
			for _, f := range fill {
				f(b)
			}
			b.End(n)
		}
	}
	tests := []struct {
		name string
		fill func(*wire.Builder)
	}{
		{"unknown", attr(99, 1, 2, 3, 4)},
		{"number 0", attr(0, 1, 2, 3, 4)},
		{"nest without the mark", attr(1, 8, 0, 1, 0, 1, 0, 0, 0)},
		{"nest of 2 bytes", attr(1|nested, 1, 2)},
		{"inner u32 too long", in(attr(1, 1, 0, 0, 0, 0, 0, 0, 0))},
		{"inner u32 too short", in(attr(1, 1))},
		{"inner u32 marked as nest", in(attr(1|nested, 1, 0, 0, 0))},
		{"inner unknown", in(attr(1, 1, 0, 0, 0), attr(77))},
		{"inner string unterminated", in(attr(2, 'a', 'b'))},
		{"inner string empty", in(attr(2))},
		{"inner string too long", in(attr(2, append(make([]byte, 1), make([]byte, 140)...)...))},
		{"inner trailing", in(func(b *wire.Builder) { b.Raw([]byte{1, 0, 0, 0}) })},
		{"flag with a value", func(b *wire.Builder) { in()(b); attr(3, 1)(b) }},
		{"flag marked as nest", func(b *wire.Builder) { in()(b); attr(3 | nested)(b) }},
		{"the later of two", func(b *wire.Builder) { in()(b); in(attr(77))(b) }},
	}
	for _, tt := range tests {
		for _, r := range []struct {
			flags    wire.Flags
			cmd      uint8
			reserved byte
		}{
			{wire.Request, 1, 0}, {wire.Request | wire.Dump, 1, 0},
			{wire.Request | wire.Ack | wire.Root, 1, 7}, // commands as old as this one may
			{wire.Request, 200, 0}, {wire.Request | wire.Match, 200, 0}, {wire.Request | wire.Dump | wire.Create, 200, 0},
			{wire.Request, 200, 7}, {wire.Request | wire.Echo, 200, 0},
		} {
			t.Run(fmt.Sprintf("%s/%+v", tt.name, r), func(t *testing.T) {
				request := func(id uint16) []byte {
					b := genl(t, id, r.flags, r.cmd, tt.fill)
					b[18] = r.reserved
					return b
				}
				want := conversation(t, real, request(realID))
				got := conversation(t, fake, request(fam.ID()))
				if len(want) != 1 || wire.Message(want[0]).Type() != wire.TypeError {
					t.Fatalf("the kernel answered %x, want one error", want)
				}
				// The families' ids differ, in the request that is repeated.
				for _, all := range [][][]byte{got, want} {
					for _, b := range all {
						copy(b[24:26], []byte{0, 0})
					}
				}
				if !slices.EqualFunc(got, want, bytes.Equal) {
					t.Errorf("\n simulated %x\n kernel    %x", got, want)
				}
			})
		}
	}
}

// TestParityBusy compares a second dump on the same socket, and requests beside one.
func TestParityBusy(t *testing.T) {
	k := newKernel(t)
	large := make(Policy, 300)
	for i := range large {
		large[i].Kind = U32
	}
	ops := []Op{{Cmd: 1, Policy: large, Do: func(*Request) error { return nil }}}
	if _, err := k.Register(Family{Name: "ethtool", Ops: ops}); err != nil {
		t.Fatal(err)
	}
	dump := genl(t, ctrlID, wire.Request|wire.Dump, genetlink.CtrlGetPolicy, func(b *wire.Builder) { b.Text(genetlink.CtrlAttrFamilyName, "ethtool") })
	get := genl(t, ctrlID, wire.Request, genetlink.CtrlGetFamily, func(b *wire.Builder) { b.Text(genetlink.CtrlAttrFamilyName, "nlctrl") })
	run := func(via netlink.Opener) (log []string) {
		tr := open(t, via, wire.Generic, nil)
		send(t, tr, dump)
		send(t, tr, dump)
		send(t, tr, get)
		buf := make([]byte, 4096)
		for i := 0; ; i++ {
			d, err := tr.Receive(buf, false)
			if errors.Is(err, netlink.EAGAIN) {
				return log
			}
			if err != nil {
				t.Fatal(err)
			}
			for m, err := range wire.Messages(buf[:d.N]) {
				if err != nil {
					t.Fatal(err)
				}
				line := fmt.Sprintf("%v %v", m.Type(), m.Flags())
				if m.Type() == wire.TypeError {
					errno, _ := ackOf(t, m)
					line += " " + errno.Name()
				}
				if len(log) == 0 || log[len(log)-1] != line {
					log = append(log, line) // the number of messages differs
				}
			}
		}
	}
	want, got := run(nil), run(k)
	if !slices.Equal(got, want) {
		t.Errorf("\n simulated %q\n kernel    %q", got, want)
	}
}

// TestParitySockets compares ports, addresses, and what is refused.
func TestParitySockets(t *testing.T) {
	steps := func(t *testing.T, via netlink.Opener) (log []string) {
		note := func(what string, v ...any) { log = append(log, what+": "+fmt.Sprintln(v...)) }
		code := func(err error) string {
			if e, ok := errors.AsType[netlink.Errno](err); ok {
				return e.Name()
			}
			return fmt.Sprint(err)
		}
		a := open(t, via, wire.UserSock, &netlink.Options{SendBuffer: 4608})
		b := open(t, via, wire.UserSock, &netlink.Options{ReceiveBuffer: 2400})
		c := open(t, via, wire.UserSock, nil)
		const nobody = 0x7fff_0001
		_, err := netlink.Open(wire.UserSock, &netlink.Options{Via: via, Port: a.Port()})
		note("port taken", code(err))
		for _, p := range []wire.Protocol{1, 14, 17, 31, 32} {
			_, err := netlink.Open(p, &netlink.Options{Via: via})
			note(fmt.Sprint("protocol ", int(p)), code(err))
		}
		for _, g := range []uint32{0, 1, 32, 33, 1 << 31} {
			note(fmt.Sprint("join ", g), code(c.Join(g)))
			note(fmt.Sprint("leave ", g), code(c.Leave(g)))
			note(fmt.Sprint("leave again ", g), code(c.Leave(g)))
		}
		msg := build(t, wire.Header{Type: wire.TypeMin}, nil)
		note("empty", code(a.Send(nil, netlink.Address{Port: b.Port()})))
		note("to nobody", code(a.Send(msg, netlink.Address{Port: nobody})))
		note("to no kernel", code(a.Send(msg, netlink.Address{})))
		note("largest", code(a.Send(make([]byte, 9184), netlink.Address{Port: c.Port()})))
		note("too large", code(a.Send(make([]byte, 9185), netlink.Address{Port: c.Port()})))
		note("group 33", code(a.Send(msg, netlink.Address{Port: c.Port(), Group: 33})))
		for range 6 {
			note("fill", code(a.Send(msg, netlink.Address{Port: b.Port()})))
		}
		m, err := b.MemInfo()
		note("full", m, err)
		for _, r := range []netlink.Transport{b, c} {
			if err := r.Join(29); err != nil {
				t.Fatal(err)
			}
		}
		if err := a.Join(29); err != nil {
			t.Fatal(err)
		}
		note("to group and port", code(a.Send(msg, netlink.Address{Group: 29, Port: b.Port()})))
		note("to group and self", code(a.Send(msg, netlink.Address{Group: 29, Port: a.Port()})))
		for i, r := range []netlink.Transport{a, b, c} {
			buf := make([]byte, 20)
			for {
				d, err := r.Receive(buf, false)
				who := map[uint32]string{a.Port(): "a", 0: "kernel"}[d.Port]
				note(fmt.Sprint("reader ", i), d.N, d.Len, d.Group, who, code(err))
				if errors.Is(err, netlink.EAGAIN) {
					break
				}
			}
		}
		d, err := c.Receive(nil, false)
		note("no room, nothing queued", d.Len, code(err))
		a.Send(msg, netlink.Address{Port: c.Port()})
		d, err = c.Receive(nil, false)
		note("no room", d.N, d.Len, code(err))
		return log
	}
	want := steps(t, inNamespace(t))
	got := steps(t, newKernel(t))
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("step %d: simulated %q, kernel %q", i, got[i:], want[i:])
		}
	}
}
