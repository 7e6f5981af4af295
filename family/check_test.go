package family_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/catalogue"
	"github.com/nlkit/nlkit/internal/replay"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// maxNested is how many nests around an attribute TestChecks looks into.
const maxNested = 4

// TestChecks gives every attribute of every request that the spec has checks for
// values at its bounds and beyond them. Check has to say of each what package
// codec says when it encodes: nothing, or that the attribute of that path is
// wrong. What is wrong must not be sent.
func TestChecks(t *testing.T) {
	player := play(t)
	conns := map[wire.Protocol]*nl.Conn{}
	good, bad := 0, 0
	for _, p := range all() {
		if p.Role != catalogue.Request {
			continue
		}
		c := conns[p.Family.Protocol]
		if c == nil {
			c = dial(t, p.Family.Protocol, player)
			conns[p.Family.Protocol] = c
		}
		for _, x := range p.probes() {
			var d nl.Decoder
			req := p.Decode(&d, x.payload).(nl.Request)
			err, want := req.Check(), p.refusal(x.payload)
			switch e, ok := errors.AsType[*nl.CheckError](err); {
			case want == nil && err == nil:
				good++
			case want == nil:
				t.Errorf("%s, %s: %v, want no error", p, x.name, err)
			case !ok || e.Path != want.Path || e.Text == "":
				t.Errorf("%s, %s: %v, want a *nl.CheckError of %s (%s)", p, x.name, err, want.Path, want.Text)
			default:
				bad++
				if err := ask(t, c, req); err == nil || err.Error() != p.Op.String()+": "+e.Error() {
					t.Errorf("%s, %s: asked for it: %v", p, x.name, err)
				}
			}
		}
	}
	if sent := player.Strange(); len(sent) > 0 {
		t.Errorf("sent in spite of it: %x", sent)
	}
	t.Logf("%d values that are right, %d that are wrong", good, bad)
	if good < 100 || bad < 100 {
		t.Error("that cannot be all")
	}
}

// play is a kernel that answers nothing, and keeps what it is sent.
func play(t *testing.T) *replay.Player {
	t.Helper()
	r, err := replay.Parse(nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Play()
}

func dial(t *testing.T, protocol wire.Protocol, via netlink.Opener) *nl.Conn {
	t.Helper()
	c, err := nl.Dial(protocol, &netlink.Options{Via: via})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// ask makes a request. What a dump yields does not matter: there is none.
func ask(t *testing.T, c *nl.Conn, req nl.Request) error {
	if !req.NetlinkOp().Dump {
		return nl.Do(t.Context(), c, req)
	}
	for _, err := range nl.Dump[nothing](t.Context(), c, req) {
		return err
	}
	return nil
}

// nothing is a message of which nothing is looked at.
type nothing struct{}

func (*nothing) AppendNetlink(*wire.Builder)       {}
func (*nothing) DecodeNetlink(*nl.Decoder, []byte) {}
func (*nothing) Own()                              {}

// refusal is what package codec says of a payload's values when it encodes them.
func (p *pair) refusal(payload []byte) *codec.Error {
	values, err := codec.ParseJSON(p.Layout.AppendJSON(nil, payload, codec.Options{}))
	if err != nil {
		panic(err)
	}
	var b wire.Builder
	refused, _ := errors.AsType[*codec.Error](p.Layout.Append(&b, values, codec.Options{}))
	return refused
}

// probe is a payload with one attribute, and nests around it.
type probe struct {
	name    string
	payload []byte
}

// probes are the payloads with each attribute that has checks.
func (p *pair) probes() []probe {
	var list []probe
	var visit func(set *ynl.AttrSet, way []*ynl.Attr)
	visit = func(set *ynl.AttrSet, way []*ynl.Attr) {
		if set == nil || len(way) > maxNested {
			return
		}
		for _, a := range set.Attrs {
			if set.ByID(a.ID) != a || len(way) == 0 && p.Listed != nil && !p.Listed[a] {
				continue
			}
			for _, value := range edges(a) {
				var b wire.Builder
				if h := p.Layout.Header; h != nil {
					b.Raw(make([]byte, h.Size))
				}
				name := ""
				var nests []wire.Nest
				for _, n := range way {
					nests = append(nests, b.Nest(n.ID))
					name += "." + n.Name
				}
				b.Attr(a.ID, value)
				for i := len(nests) - 1; i >= 0; i-- {
					b.End(nests[i])
				}
				payload, _ := b.Bytes() // nothing here is too long
				list = append(list, probe{fmt.Sprintf("%s.%s = %x", name, a.Name, value), payload})
			}
			if a.Type == ynl.Nested {
				visit(a.Nested, append(way[:len(way):len(way)], a))
			}
		}
	}
	visit(p.Layout.Set, nil)
	return list
}

// edges are values of an attribute at the bounds it has, and beyond.
func edges(a *ynl.Attr) (list [][]byte) {
	size := a.Type.Size()
	if a.Type == ynl.Uint || a.Type == ynl.Sint {
		size = 8
	}
	for _, l := range []ynl.Limit{a.Checks.Min, a.Checks.Max} {
		if l.Set && l.Known && size > 0 {
			n := l.Abs
			if l.Neg {
				n = -n
			}
			for _, v := range []uint64{n - 1, n, n + 1} {
				list = append(list, integer(v, size, a.ByteOrder))
			}
		}
	}
	if m := a.Checks.FlagsMask; m != nil && size > 0 {
		for _, v := range []uint64{m.Mask(), m.Mask() + 1, 0} {
			list = append(list, integer(v, size, a.ByteOrder))
		}
	}
	if a.Hint == ynl.HintIPv4 || a.Hint == ynl.HintIPv6 || a.Hint == ynl.HintIP {
		return list // the Go type has no value of another length
	}
	for _, l := range []ynl.Limit{a.Checks.MinLen, a.Checks.MaxLen, a.Checks.ExactLen} {
		if !l.Set || !l.Known || l.Neg || a.Type != ynl.String && a.Type != ynl.Binary {
			continue
		}
		for _, n := range []uint64{l.Abs - 1, l.Abs, l.Abs + 1} {
			if n > 1<<12 {
				continue
			}
			value := make([]byte, n)
			if a.Type == ynl.String {
				for i := range value {
					value[i] = 'x'
				}
			}
			list = append(list, value)
		}
	}
	return list
}
