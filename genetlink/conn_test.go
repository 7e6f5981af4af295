package genetlink_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

func TestDo(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	wantEcho(t, ctx, c)
	ack, err := c.Do(ctx, genetlink.Request{Family: docName, Cmd: cmdWarn}, nil)
	if err != nil || ack.Text != "deprecated" {
		t.Errorf("warning %q, %v", ack.Text, err)
	}
	mine := errors.New("mine")
	if _, err := c.Do(ctx, genetlink.Request{Family: docName, Cmd: cmdEcho}, func(genetlink.Message) error { return mine }); err != mine {
		t.Errorf("error of each: %v", err)
	}
	wantEcho(t, ctx, c)
}

// The messages of demo 2 have the sizes the notes give.
func TestDoOnTheWire(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	var mu sync.Mutex
	var sent, received []int
	c := dial(t, &netlink.Options{Via: k, Tap: func(dir netlink.Direction, b []byte) {
		mu.Lock()
		defer mu.Unlock()
		if dir == netlink.Sent {
			sent = append(sent, len(b))
		} else {
			received = append(received, len(b))
		}
	}})
	wantEcho(t, testContext(t), c)
	mu.Lock()
	defer mu.Unlock()
	// nlctrl itself is looked up first, for its group: the name has 6 letters.
	if want := []int{32, 36, 56}; !slices.Equal(sent, want) {
		t.Errorf("sent messages of %v bytes, want %v", sent, want)
	}
	if !slices.Contains(received, 52) {
		t.Errorf("received messages of %v bytes, want one of 52", received)
	}
}

func TestErrorNamesTheOperation(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	_, err := c.Do(ctx, genetlink.Request{Family: docName, Cmd: cmdEcho, Attrs: func(b *wire.Builder) {
		b.Attr(attrMsg, []byte("no NUL"))
	}}, nil)
	var e *netlink.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want a *netlink.Error", err)
	}
	if e.Op != "DOC_EXMPL op 1" || e.Errno != netlink.EINVAL || !e.HasOffset || e.Offset != 20 || e.Value.Type() != attrMsg {
		t.Errorf("%+v", e)
	}
	// An ENOENT of the family's own stays what it is, and costs no lasting harm.
	_, err = c.Do(ctx, genetlink.Request{Family: docName, Cmd: cmdFail}, nil)
	var unknown *genetlink.UnknownFamilyError
	if !errors.Is(err, netlink.ENOENT) || errors.As(err, &unknown) || !strings.HasPrefix(err.Error(), "DOC_EXMPL op 3: ") {
		t.Errorf("error %v, want DOC_EXMPL op 3: ENOENT", err)
	}
	_, err = c.Do(ctx, genetlink.Request{Family: docName, Cmd: 99}, nil)
	if !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("error %v, want EOPNOTSUPP", err)
	}
	for _, err := range c.Dump(ctx, genetlink.Request{Family: docName, Cmd: cmdEcho}) {
		if !errors.Is(err, netlink.EOPNOTSUPP) || !strings.HasPrefix(err.Error(), "DOC_EXMPL op 1: ") {
			t.Errorf("dump: error %v, want DOC_EXMPL op 1: EOPNOTSUPP", err)
		}
	}
	wantEcho(t, ctx, c)
}

func TestDump(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	var got []string
	for m, err := range c.Dump(ctx, genetlink.Request{Family: docName, Cmd: cmdList}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Cmd != cmdList {
			t.Errorf("command %d", m.Cmd)
		}
		a, _ := wire.FindAttr(m.Attrs, attrMsg)
		got = append(got, a.Text())
		wantEcho(t, ctx, c) // another request while the dump is under way
	}
	if want := []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for range c.Dump(ctx, genetlink.Request{Family: docName, Cmd: cmdList}) {
		break
	}
	wantEcho(t, ctx, c)
}

func TestUnknownFamily(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	for _, tt := range []struct {
		name string
		near []string
	}{
		{"DOC_EXAMPL", []string{docName}},
		{"doc-exmpl", []string{docName}},
		{"nosuch", []string{}},
		{"", nil},
		{"a name that is too long", []string{}},
		{"NUL\x00", []string{}},
	} {
		_, err1 := c.Family(ctx, tt.name)
		_, err2 := c.Do(ctx, genetlink.Request{Family: tt.name, Cmd: 1}, nil)
		_, err3 := c.Policies(ctx, tt.name)
		_, err4 := c.Subscribe(ctx, tt.name)
		var err5 error
		for _, err5 = range c.Dump(ctx, genetlink.Request{Family: tt.name, Cmd: 1}) {
		}
		for i, err := range []error{err1, err2, err3, err4, err5} {
			var unknown *genetlink.UnknownFamilyError
			if !errors.As(err, &unknown) {
				t.Errorf("%q, call %d: error %v, want an *UnknownFamilyError", tt.name, i+1, err)
				continue
			}
			if unknown.Name != tt.name || !slices.Equal(unknown.Near, tt.near) {
				t.Errorf("%q, call %d: %+v, want near %q", tt.name, i+1, unknown, tt.near)
			}
			if !errors.Is(err, os.ErrNotExist) || !errors.Is(err, netlink.ENOENT) {
				t.Errorf("%q, call %d: errors.Is is wrong", tt.name, i+1)
			}
		}
	}
	for _, id := range []uint16{0, 999} {
		var unknown *genetlink.UnknownFamilyError
		if _, err := c.FamilyByID(ctx, id); !errors.As(err, &unknown) || unknown.ID != id {
			t.Errorf("number %d: %v", id, err)
		}
	}
}

func TestFamilies(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	all, err := c.Families(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].Name != genetlink.ControllerName || all[1].Name != docName {
		t.Fatalf("families %v", all)
	}
	f := all[1]
	if g, ok := f.Group("second"); !ok || g.ID == 0 || f.ID != doc.ID() || f.Version != 1 || len(f.Ops) != 4 {
		t.Errorf("%+v", f)
	}
	if o, ok := f.Op(cmdEcho); !ok || o.Flags != genetlink.CanDo|genetlink.HasPolicy {
		t.Errorf("op %v: %v", o, ok)
	}
	byName, err := c.Family(ctx, docName)
	if err != nil {
		t.Fatal(err)
	}
	if byID, err := c.FamilyByID(ctx, doc.ID()); err != nil || byID != byName {
		t.Errorf("by number: %v, %v; want what is known by name", byID, err)
	}
}

func TestPolicies(t *testing.T) {
	k := newKernel(t)
	inner := sim.Policy{1: {Kind: sim.U32}}
	register(t, k, sim.Family{Name: "nests", Ops: []sim.Op{
		{Cmd: 1, Policy: sim.Policy{1: {Kind: sim.Nested, Nested: inner}, 2: {Kind: sim.NulString, Len: 15}}, Do: func(*sim.Request) error { return nil }},
		{Cmd: 2, Policy: inner, Do: func(*sim.Request) error { return nil }},
	}})
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	p, err := c.Policies(ctx, "nests")
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Ops) != 2 {
		t.Fatalf("ops %+v", p.Ops)
	}
	set, ok := p.Do(1)
	if !ok || len(set) != 2 || set[2].Type != netlink.PolicyNulString || set[2].MaxLen != 15 {
		t.Errorf("op 1: %v, %v", set, ok)
	}
	nest, ok := p.Nested(set[1])
	if !ok || nest[1].Type != netlink.PolicyU32 || nest[1].MaxU != 1<<32-1 {
		t.Errorf("nest: %v, %v", nest, ok)
	}
	if _, ok := p.Dump(1); ok {
		t.Error("op 1 has a policy for dumps")
	}
	one, err := c.OpPolicies(ctx, "nests", 2)
	if err != nil || len(one.Ops) != 1 || one.Ops[0].Op != 2 {
		t.Errorf("op 2 alone: %+v, %v", one, err)
	}
	_, err = c.OpPolicies(ctx, "nests", 3)
	var unknown *genetlink.UnknownFamilyError
	if !errors.Is(err, netlink.ENOENT) || errors.As(err, &unknown) {
		t.Errorf("op 3: %v, want ENOENT that is not about the family", err)
	}
	// Without extended ACKs as well.
	quiet := dial(t, &netlink.Options{Via: k, NoExtAck: true})
	if _, err = quiet.OpPolicies(ctx, "nests", 3); !errors.Is(err, netlink.ENOENT) || errors.As(err, &unknown) {
		t.Errorf("op 3 without extended ACKs: %v, want ENOENT that is not about the family", err)
	}
}

// userHeader registers a family with a user header of 8 bytes, which it sends
// back with its attribute.
func userHeader(t *testing.T, k *sim.Kernel) {
	register(t, k, sim.Family{
		Name: "with_header", HeaderLen: 8, Policy: sim.Policy{1: {Kind: sim.U32}},
		Groups: []sim.Group{{Name: "events"}},
		Ops: []sim.Op{{Cmd: 1, Do: func(r *sim.Request) error {
			a, ok := r.Attr(1)
			if !ok {
				r.SetMissing(1, nil)
				return netlink.EINVAL
			}
			return r.Reply(func(b *wire.Builder) { b.Raw(r.UserHeader()); b.Attr(1, a.Data()) })
		}}},
	})
}

func TestUserHeader(t *testing.T) {
	k := newKernel(t)
	userHeader(t, k)
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	for _, tt := range []struct{ send, want []byte }{
		{nil, make([]byte, 8)},
		{[]byte{1, 2, 3, 4}, []byte{1, 2, 3, 4, 0, 0, 0, 0}},
		{[]byte{1, 2, 3, 4, 5, 6}, []byte{1, 2, 3, 4, 5, 6, 0, 0}},
		{[]byte{1, 2, 3, 4, 5, 6, 7, 8}, []byte{1, 2, 3, 4, 5, 6, 7, 8}},
	} {
		replies := 0
		_, err := c.Do(ctx, genetlink.Request{
			Family: "with_header", Cmd: 1, User: tt.send,
			Attrs: func(b *wire.Builder) { b.Uint32(1, 4711) },
		}, func(m genetlink.Message) error {
			replies++
			a, _ := wire.FindAttr(m.Attrs, 1)
			if v, err := a.Uint32(); err != nil || v != 4711 || !bytes.Equal(m.User, tt.want) {
				t.Errorf("sent %x: user header %x, attribute %d, %v", tt.send, m.User, v, err)
			}
			return nil
		})
		if err != nil || replies != 1 {
			t.Errorf("sent %x: %d replies, %v", tt.send, replies, err)
		}
	}
	_, err := c.Do(ctx, genetlink.Request{Family: "with_header", Cmd: 1, User: make([]byte, 9)}, nil)
	if err == nil || err.Error() != "with_header op 1: user header of 9 bytes, the family has one of 8" {
		t.Errorf("too long a user header: %v", err)
	}
	for _, err = range c.Dump(ctx, genetlink.Request{Family: "with_header", Cmd: 1, User: make([]byte, 9)}) {
	}
	if err == nil || err.Error() != "with_header op 1: user header of 9 bytes, the family has one of 8" {
		t.Errorf("too long a user header in a dump: %v", err)
	}
	if _, err := c.Do(ctx, genetlink.Request{Family: "with_header", Cmd: 1, Attrs: func(b *wire.Builder) {
		b.Attr(1, make([]byte, 1<<16))
	}}, nil); !errors.Is(err, wire.ErrTooLong) {
		t.Errorf("too long an attribute: %v", err)
	}
}

// A reply that is another family's is not taken for one's own.
func TestReplyOfAnotherFamily(t *testing.T) {
	k := newKernel(t)
	register(t, k, sim.Family{Name: "confused", Ops: []sim.Op{{Cmd: 1, Do: func(r *sim.Request) error {
		return r.ReplyMessage(999, 0, func(b *wire.Builder) { b.Raw([]byte{1, 1, 0, 0}) })
	}}}})
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	_, err := c.Do(ctx, genetlink.Request{Family: "confused", Cmd: 1}, nil)
	if err == nil || !strings.Contains(err.Error(), `reply to a request to family "confused": message type 0x3e7 instead of 0x13`) {
		t.Errorf("error %v", err)
	}
}

func TestAppendToABatch(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	batch := c.Netlink().Batch(ctx, netlink.BatchOptions{})
	for _, cmd := range []uint8{cmdEcho, cmdFail, cmdWarn} {
		var b wire.Builder
		f, err := c.AppendTo(ctx, &b, genetlink.Request{Family: docName, Cmd: cmd})
		if err != nil || f.Name != docName {
			t.Fatalf("%v, %v", f, err)
		}
		msg, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if err := batch.Add(msg); err != nil {
			t.Fatal(err)
		}
	}
	var failed *netlink.BatchError
	if err := batch.Flush(); !errors.As(err, &failed) || len(failed.Items) != 1 || failed.Items[0].Index != 1 {
		t.Errorf("error %v, want one for item 1", err)
	}
	if _, err := c.AppendTo(ctx, new(wire.Builder), genetlink.Request{Family: "nosuch"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("unknown family: %v", err)
	}
}

func TestManyGoroutines(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 100 {
				if got, err := echo(ctx, c); err != nil || got != hello {
					t.Errorf("%q, %v", got, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestCancelled(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	c := dial(t, &netlink.Options{Via: k})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := echo(ctx, c); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	wantEcho(t, testContext(t), c)
	// The notify socket could not be looked up before; it was now.
	if !c.Stats().Watching {
		t.Error("the controller is not watched")
	}
}

func TestClosed(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	wantEcho(t, ctx, c)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := echo(ctx, c); !errors.Is(err, os.ErrClosed) {
		t.Errorf("error %v, want os.ErrClosed", err)
	}
}
