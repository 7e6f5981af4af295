package nl_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func get(ctx context.Context, c *nl.Conn, label string, opts ...nl.Option) (*Crate, error) {
	return nl.DoReply[Crate](ctx, c, &CrateGet{labelled(label)}, opts...)
}

// checkCrate compares with what the simulated kernel answers.
func checkCrate(t *testing.T, c *Crate, shelf uint32, label string) {
	t.Helper()
	switch {
	case c == nil:
		t.Fatalf("no crate, want %q", label)
	case c.Header.Shelf != shelf || c.Label.Value() != label || c.Size.Value() != uint32(len(label)):
		t.Errorf("shelf %d, label %v, size %v; want %d, %q, %d", c.Header.Shelf, c.Label, c.Size, shelf, label, len(label))
	case c.Inner == nil || c.Inner.Level.Value() != 5 || !bytes.Equal(c.Blob, []byte{1, 2, 3}):
		t.Errorf("%q: inner %v, blob %v", label, c.Inner, c.Blob)
	case len(c.Unknown()) != 1 || c.Unknown()[0].Type != 60 || c.Unknown()[0].Value[0] != 9:
		t.Errorf("%q: unknown %v", label, c.Unknown())
	}
}

func TestDoReply(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	a, err := get(soon(t), c, "a")
	if err != nil {
		t.Fatal(err)
	}
	// What is returned is the caller's: the next one does not write over it.
	for range 3 {
		if _, err := get(soon(t), c, "zzz"); err != nil {
			t.Fatal(err)
		}
	}
	checkCrate(t, a, 7, "a")
	if r, err := get(soon(t), c, "none"); r != nil || !errors.Is(err, nl.ErrNoReply) || err.Error() != "crate get: acknowledged without a reply" {
		t.Errorf("none: %v, %v", r, err)
	}
	r, err := get(soon(t), c, "two")
	if !errors.Is(err, nl.ErrMoreReplies) {
		t.Errorf("two: %v", err)
	}
	checkCrate(t, r, 7, "two")
}

func TestDoEach(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	var got []string
	each := func(r *Crate) error {
		checkCrate(t, r, 7, "two")
		got = append(got, r.Label.Value())
		return nil
	}
	if err := nl.DoEach(soon(t), c, &CrateGet{labelled("two")}, each); err != nil || len(got) != 2 {
		t.Errorf("got %q, %v", got, err)
	}
	// An error of the caller stays as it is, even where it looks like the kernel's.
	own := &netlink.Error{Errno: netlink.ENOENT, Op: "mine"}
	err := nl.DoEach(soon(t), c, &CrateGet{labelled("two")}, func(*Crate) error { return own })
	if err != error(own) || own.Op != "mine" {
		t.Errorf("own error: %v", err)
	}
}

func TestDo(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	var warnings []string
	warn := nl.Warn(func(a netlink.Ack) { warnings = append(warnings, a.Text) })
	for _, label := range []string{"even", "odd"} {
		if err := nl.Do(soon(t), c, &CrateSet{labelled(label)}, nl.Create, warn); err != nil {
			t.Fatal(err)
		}
	}
	if len(warnings) != 1 || warnings[0] != "an odd label" {
		t.Errorf("warnings %q", warnings)
	}
	var echoes []string
	echo := nl.EchoTo(func(n nl.Notification) { echoes = append(echoes, n.NetlinkName()+" "+n.String()) })
	for range 2 {
		if err := nl.Do(soon(t), c, &CrateSet{labelled("x")}, echo); err != nil {
			t.Fatal(err)
		}
	}
	if len(echoes) != 4 || echoes[0] != "changed label x" || !strings.HasPrefix(echoes[1], "msg-99 02000000") {
		t.Errorf("echoes %q", echoes)
	}
	reply := nl.ReplyTo(func(r *Crate) { checkCrate(t, r, 7, "r"); echoes = append(echoes, "reply") })
	if err := nl.Do(soon(t), c, &CrateGet{labelled("r")}, reply); err != nil || len(echoes) != 5 {
		t.Errorf("reply to: %q, %v", echoes, err)
	}
	if r, err := get(soon(t), c, "y", echo); err != nil || r.Label.Value() != "y" {
		t.Errorf("a reply beside EchoTo: %v, %v", r, err)
	}
}

func TestFlags(t *testing.T) {
	k := newCrates(t)
	var sent wire.Flags
	c := dial(t, wire.Generic, &netlink.Options{Via: k.Kernel, Tap: func(dir netlink.Direction, b []byte) {
		if m := wire.Message(b); dir == netlink.Sent && m.Type() == wire.Type(k.reg.ID()) {
			sent = m.Flags()
		}
	}})
	for _, tt := range []struct {
		opts []nl.Option
		want wire.Flags
	}{
		{nil, 0},
		{[]nl.Option{nl.Create, nl.Excl}, wire.Create | wire.Excl},
		{[]nl.Option{nl.Replace, nl.Append}, wire.Replace | wire.Append},
		{[]nl.Option{nl.Echo}, wire.Echo},
		{[]nl.Option{nl.EchoTo(func(nl.Notification) {})}, wire.Echo},
		{[]nl.Option{nl.NonRecursive}, wire.NonRecursive},
		{[]nl.Option{nl.Bulk, nl.Flag(wire.Atomic)}, wire.Bulk | wire.Atomic},
	} {
		if err := nl.Do(soon(t), c, &CrateSet{labelled("a")}, tt.opts...); err != nil {
			t.Fatal(err)
		}
		if sent != tt.want|wire.Request|wire.Ack {
			t.Errorf("flags %v, want %v", sent, tt.want)
		}
	}
}

// TestHeaderFilled: where the kernel's header is longer than the spec's the rest
// of it is zeros.
func TestHeaderFilled(t *testing.T) {
	k := newCrates(t)
	if err := k.reg.Unregister(); err != nil {
		t.Fatal(err)
	}
	k.registerWithHeader(t, 12)
	c := k.dial(t)
	r, err := get(soon(t), c, "long header")
	if err != nil {
		t.Fatal(err)
	}
	if r.Header.Shelf != 7 {
		t.Errorf("shelf %d", r.Header.Shelf)
	}
}

func TestErrors(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	raw := dial(t, wire.Netfilter, &netlink.Options{Via: batchKernel(t, true)})
	ctx := soon(t)
	_, missing := nl.DoReply[Crate](ctx, c, &CrateGet{})
	_, bad := get(ctx, c, "longer than fifteen")
	_, unchecked := get(ctx, c, strings.Repeat("l", 31))
	nul := nl.Do(ctx, c, &CrateSet{labelled("a\x00b")})
	_, wrongConn := get(ctx, raw, "a")
	_, gone := get(ctx, c, "gone")
	var dumpAsDo, doAsDump error
	dumpAsDo = nl.Do(ctx, c, &CrateGetDump{})
	for _, doAsDump = range nl.Dump[Crate](ctx, c, &CrateGet{}) {
	}
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"missing", missing, "crate get: invalid argument (missing attribute .label)"},
		{"bad", bad, ".label"},
		{"check", unchecked, "crate get: .label: is longer than 30 bytes"},
		{"text", nul, "crate set: attribute 1: string holds a NUL byte"},
		{"wrong protocol", wrongConn, "crate is a family of NETLINK_GENERIC, and this Conn was opened for NETLINK_NETFILTER: dial another"},
		{"own ENOENT", gone, "crate get: no such file or directory"},
		{"dump as do", dumpAsDo, "crate get: the request asks for a dump: give it to Dump"},
		{"do as dump", doAsDump, "crate get: the request asks for no dump: give it to Do"},
	} {
		if tt.err == nil || !strings.Contains(tt.err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, tt.err, tt.want)
		}
	}
	if e, ok := errors.AsType[*netlink.Error](bad); !ok || e.Attr != ".label" || e.Op != "crate get" {
		t.Errorf("refusal %+v", bad)
	}
	if e, ok := errors.AsType[*netlink.Error](missing); !ok || e.Missing != ".label" {
		t.Errorf("refusal %+v", missing)
	}
	if e, ok := errors.AsType[*nl.CheckError](unchecked); !ok || e.Op != "crate get" {
		t.Errorf("check %+v", unchecked)
	}
}

// TestEnded: what ended without the kernel's answer is told by names as well.
func TestEnded(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	if _, err := get(soon(t), c, "a"); err != nil { // the family is known from then on
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	ask := func(ctx context.Context) (errs []error) {
		_, err := get(ctx, c, "a")
		errs = append(errs, err)
		for _, err = range nl.Dump[Crate](ctx, c, (*CrateGetDump)(nil)) {
		}
		return append(errs, err)
	}
	for _, err := range ask(ended) {
		if !errors.Is(err, context.Canceled) || err.Error() != "crate get: context canceled" {
			t.Errorf("cancelled: %v", err)
		}
	}
	c.Close()
	for _, err := range ask(soon(t)) {
		if !errors.Is(err, os.ErrClosed) {
			t.Errorf("closed: %v", err)
		}
	}
}

// TestClosedUnasked checks that a Conn that is closed before the family was asked for
// names the operation.
func TestClosedUnasked(t *testing.T) {
	c := newCrates(t).dial(t)
	c.Close()
	if _, err := get(soon(t), c, "a"); !errors.Is(err, os.ErrClosed) || !strings.HasPrefix(err.Error(), "crate get: ") {
		t.Errorf("got %v", err)
	}
}

// TestMoved: a family that has another number by now is asked by that.
func TestMoved(t *testing.T) {
	k := newCrates(t)
	// Without options the Conn does not hear of it, and believes for a second.
	conn, err := netlink.Dial(wire.Generic, &netlink.Options{Via: k.Kernel})
	if err != nil {
		t.Fatal(err)
	}
	c := nl.NewConn(conn, nil)
	defer c.Close()
	for i := range 3 {
		switch i {
		case 0:
			_, err = get(soon(t), c, "a")
		case 1:
			var list []Crate
			if list, err = nl.Collect(nl.Dump[Crate](soon(t), c, &CrateGetDump{})); len(list) != len(dumped) {
				t.Errorf("%d entries", len(list))
			}
		case 2:
			err = nl.Do(soon(t), c, &CrateSet{labelled("a")})
		}
		if err != nil {
			t.Errorf("%d: %v", i, err)
		}
		if err := k.reg.Unregister(); err != nil {
			t.Fatal(err)
		}
		k.register(t)
	}
	if err := k.reg.Unregister(); err != nil {
		t.Fatal(err)
	}
	if _, err := get(soon(t), c, "a"); !isUnknownFamily(err) {
		t.Errorf("gone: %v", err)
	}
}

func isUnknownFamily(err error) bool {
	_, ok := errors.AsType[*genetlink.UnknownFamilyError](err)
	return ok
}
