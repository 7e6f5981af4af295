package sim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// harbourSpec is the spec that the harbour's types would be generated of.
const harbourSpec = `
name: harbour
protocol: %s
doc: a harbour
definitions:
  - {name: hdr, type: struct, members: [{name: berth, type: u32}]}
attribute-sets:
  - name: ship
    attributes:
      - {name: id, type: u32}
      - {name: name, type: string}
      - {name: cargo, type: nest, nested-attributes: cargo}
      - {name: crew, type: nest, nested-attributes: cargo, multi-attr: true}
      - {name: holds, type: indexed-array, sub-type: nest, nested-attributes: cargo}
      - {name: flag, type: flag}
      - {name: port, type: u16, byte-order: big-endian}
  - name: cargo
    attributes:
      - {name: weight, type: u32}
      - {name: in, type: nest, nested-attributes: cargo}
operations:
  enum-model: directional
  fixed-header: hdr
  list:
    - name: get
      doc: ships
      attribute-set: ship
      do: {request: {value: 18, attributes: [id]}, reply: {value: 16, attributes: [id, name]}}
      dump: {request: {attributes: [flag]}, reply: {attributes: [id, name]}}
    - name: set
      doc: a ship
      attribute-set: ship
      do: {request: {value: 19, attributes: [id, name, cargo, crew, holds, port]}}
    - {name: ship-ntf, doc: a ship changed, value: 16, notify: get, mcgrp: ships}
mcast-groups:
  list: [{name: ships%s}]
`

// served is a harbour at work.
type served struct {
	kernel *Kernel
	port   *port
	h      *harbour
}

func serveHarbour(tb testing.TB, raw bool) *served {
	tb.Helper()
	s := &served{kernel: newKernel(tb), port: newPort(raw), h: pick(raw)}
	var err error
	if s.port.served, err = Serve(s.kernel, s.h.service(s.port)); err != nil {
		tb.Fatal(err)
	}
	return s
}

func (s *served) dial(tb testing.TB, via netlink.Opener) *nl.Conn {
	tb.Helper()
	c, err := nl.Dial(s.h.family.Protocol, &netlink.Options{Via: via})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { c.Close() })
	return c
}

// dynamic is a client that knows the spec alone.
func (s *served) dynamic(tb testing.TB) *client.Client {
	tb.Helper()
	text := fmt.Sprintf(harbourSpec, "genetlink-legacy", "")
	if s.port.raw {
		text = fmt.Sprintf(harbourSpec, fmt.Sprintf("netlink-raw\nprotonum: %d", harbourProtocol), ", value: 40")
	}
	spec, err := ynl.Parse("harbour.yaml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	c, err := client.Dial(spec, &netlink.Options{Via: s.kernel})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { c.Close() })
	return c
}

func patient(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	tb.Cleanup(cancel)
	return ctx
}

// both runs a test with the family as one of generic netlink and as a raw one.
func both(t *testing.T, test func(t *testing.T, s *served)) {
	t.Helper()
	for _, raw := range []bool{false, true} {
		t.Run(fmt.Sprintf("raw %v", raw), func(t *testing.T) { test(t, serveHarbour(t, raw)) })
	}
}

func TestServeTyped(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx, c := patient(t), s.dial(t, s.kernel)
		raw := s.port.raw
		got, err := nl.DoReply[ship](ctx, c, &shipGet{ship{raw: raw, ID: nl.Some[uint32](2)}})
		if err != nil || got.ID.Value() != 2 || got.Name.Value() != "Beagle" {
			t.Fatalf("get: %+v, %v", got, err)
		}
		var names []string
		for e, err := range nl.Dump[ship](ctx, c, &shipDump{ship{raw: raw}}) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, e.Name.Value())
		}
		if want := []string{"Ark", "Beagle", "Calypso"}; !slices.Equal(names, want) {
			t.Errorf("dump: %q, want %q", names, want)
		}
		// An error in mid-dump comes behind the entries.
		n := 0
		for _, e := range nl.Dump[ship](ctx, c, &shipDump{ship{raw: raw, Flag: true}}) {
			if n, err = n+1, e; err != nil {
				break
			}
		}
		if e, ok := errors.AsType[*netlink.Error](err); n != 4 || !ok || e.Errno != netlink.EIO || e.Text != "that was all" || !e.HasOffset {
			t.Errorf("dump with an error: %d steps, %v", n, err)
		}
		if err := nl.Do(ctx, c, &shipSet{ship{raw: raw, ID: nl.Some[uint32](9), Name: nl.Some("Zheng He")}}); err != nil {
			t.Fatal(err)
		}
		if s.port.ships[9] != "Zheng He" {
			t.Errorf("set: %v", s.port.ships)
		}
	})
}

// TestServeReplies reads several replies to one request.
func TestServeReplies(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		var ids []uint32
		req := &shipGet{ship{raw: s.port.raw, ID: nl.Some[uint32](manyShips)}}
		err := nl.DoEach[ship](patient(t), s.dial(t, s.kernel), req, func(got *ship) error {
			ids = append(ids, got.ID.Value())
			return nil
		})
		if err != nil || !slices.Equal(ids, []uint32{0, 1, 2, manyShips}) {
			t.Errorf("%v, %v", ids, err)
		}
	})
}

// TestServeLarge dumps entries that are larger than the datagrams of dumps.
func TestServeLarge(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		n := 0
		req := &shipDump{ship{raw: s.port.raw, Port: nl.Some[uint16](40000)}}
		for got, err := range nl.Dump[ship](patient(t), s.dial(t, s.kernel), req) {
			if err != nil {
				t.Fatal(err)
			}
			n++
			if x := got.Unknown(); len(x) != 1 || len(x[0].Value) != 40000 {
				t.Errorf("entry %d: %d attributes", n, len(x))
			}
		}
		if n != 3 {
			t.Errorf("%d entries", n)
		}
	})
}

// TestServeKeeps checks that a request is its handler's to keep.
func TestServeKeeps(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx, c := patient(t), s.dial(t, s.kernel)
		for i := range uint32(3) {
			req := &shipSet{ship{raw: s.port.raw, ID: nl.Some(i), Cargo: &cargo{Weight: nl.Some(i)}}}
			req.AddUnknown(3000, []byte{byte(i), 1, 2, 3})
			req.Cargo.AddUnknown(3001, []byte{byte(i)})
			err := nl.Do(ctx, c, req)
			if s.port.raw != (err == nil) {
				t.Fatalf("a strict family took what it does not know, or a raw one did not: %v", err)
			}
		}
		for i, req := range s.port.kept {
			if x := req.Unknown(); len(x) != 1 || x[0].Value[0] != byte(i) || req.ID.Value() != uint32(i) ||
				req.Cargo.Weight.Value() != uint32(i) || req.Cargo.Unknown()[0].Value[0] != byte(i) {
				t.Errorf("request %d: %+v", i, req)
			}
		}
	})
}

func TestServeRefuses(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx, c := patient(t), s.dynamic(t)
		for _, x := range []struct {
			attrs         map[string]any
			op            string
			errno         netlink.Errno
			text          string
			attr, missing string
		}{
			{map[string]any{"id": 7}, "get", netlink.ENOENT, "no such ship", ".id", ""},
			{map[string]any{}, "get", netlink.EINVAL, "", "", ".id"},
			{map[string]any{"id": 1, "name": "x", "cargo": map[string]any{"weight": 101}}, "set", netlink.ERANGE, "too heavy", ".cargo.weight", ""},
		} {
			_, err := c.Do(ctx, client.Request{Op: x.op, Attrs: x.attrs}, nil)
			e, ok := errors.AsType[*netlink.Error](err)
			if !ok || e.Errno != x.errno || e.Text != x.text || e.Attr != x.attr || e.Missing != x.missing {
				t.Errorf("%v: %v", x.attrs, err)
			}
		}
		var got []string
		for m, err := range c.Dump(ctx, client.Request{Op: "get", Attrs: map[string]any{}}) {
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(m.Object(codec.Options{}))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(b))
		}
		if want := `{"berth":0,"id":1,"name":"Ark"}`; len(got) != 3 || got[0] != want {
			t.Errorf("dump: %q, want %s first", got, want)
		}
	})
}

// TestServeUnsupported serves a server that has nothing.
func TestServeUnsupported(t *testing.T) {
	for _, raw := range []bool{false, true} {
		k := newKernel(t)
		h := pick(raw)
		if _, err := Serve(k, h.service(noHarbour{})); err != nil {
			t.Fatal(err)
		}
		s := &served{kernel: k, h: h}
		ctx, c := patient(t), s.dial(t, k)
		if _, err := nl.DoReply[ship](ctx, c, &shipGet{ship{raw: raw}}); !errors.Is(err, netlink.EOPNOTSUPP) {
			t.Errorf("get: %v", err)
		}
		if err := nl.Do(ctx, c, &shipSet{ship{raw: raw}}); !errors.Is(err, netlink.EOPNOTSUPP) {
			t.Errorf("set: %v", err)
		}
		for _, err := range nl.Dump[ship](ctx, c, &shipDump{ship{raw: raw}}) {
			if !errors.Is(err, netlink.EOPNOTSUPP) {
				t.Errorf("dump: %v", err)
			}
		}
	}
}

func TestServePrivileges(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx, c := patient(t), s.dial(t, s.kernel.Unprivileged())
		if err := nl.Do(ctx, c, &shipSet{ship{raw: s.port.raw}}); !errors.Is(err, netlink.EPERM) {
			t.Errorf("set: %v", err)
		}
		if _, err := nl.DoReply[ship](ctx, c, &shipGet{ship{raw: s.port.raw, ID: nl.Some[uint32](1)}}); err != nil {
			t.Errorf("get: %v", err)
		}
	})
}

func TestServeNotify(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx, c := patient(t), s.dynamic(t)
		if s.port.served.HasListeners("ships") {
			t.Error("somebody listens")
		}
		if err := s.port.served.Notify("ships", &ship{}); err != nil {
			t.Errorf("nobody listens: %v", err)
		}
		if err := s.port.served.Notify("boats", &ship{}); !errors.Is(err, netlink.EINVAL) {
			t.Errorf("a group that is not there: %v", err)
		}
		long := &ship{Name: nl.Some(strings.Repeat("x", 1<<16))}
		if err := s.port.served.Notify("ships", long); !errors.Is(err, wire.ErrTooLong) {
			t.Errorf("a text too long: %v", err)
		}
		sub, err := c.Subscribe(ctx, "ships")
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Close()
		if !s.port.served.HasListeners("ships") {
			t.Error("nobody listens")
		}
		typed := s.dial(t, s.kernel)
		req := &shipSet{ship{raw: s.port.raw, ID: nl.Some[uint32](5), Name: nl.Some("Endurance")}}
		if err := nl.Do(ctx, typed, req); err != nil {
			t.Fatal(err)
		}
		for ev, err := range sub.Events(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(ev.Message.Object(codec.Options{}))
			if want := `{"berth":0,"id":5,"name":"Endurance"}`; err != nil || string(b) != want {
				t.Errorf("%s, %v; want %s", b, err, want)
			}
			break
		}
	})
}

// TestServeEcho asks for the notification of one's own change, and reads a warning.
func TestServeEcho(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx, c := patient(t), s.dial(t, s.kernel)
		req := &shipSet{ship{raw: s.port.raw, ID: nl.Some[uint32](5)}}
		var seen []nl.Notification
		var said []string
		warn := nl.Warn(func(a netlink.Ack) { said = append(said, a.Text) })
		if err := nl.Do(ctx, c, req, warn); err != nil || said != nil {
			t.Fatalf("a warning without reason: %q, %v", said, err)
		}
		opts := []nl.Option{nl.EchoTo(func(n nl.Notification) { seen = append(seen, n) }), warn}
		if s.port.raw { // strict checks of generic netlink allow no other flags
			opts = append(opts, nl.Create)
		}
		if err := nl.Do(ctx, c, req, opts...); err != nil {
			t.Fatal(err)
		}
		if len(seen) != 1 || seen[0].NetlinkName() != "msg-16" {
			t.Errorf("echoes: %v", seen)
		}
		if s.port.raw != slices.Equal(said, []string{"a ship was built"}) {
			t.Errorf("warnings: %q", said)
		}
	})
}

func TestServeClose(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx, c := patient(t), s.dial(t, s.kernel)
		get := &shipGet{ship{raw: s.port.raw, ID: nl.Some[uint32](1)}}
		if _, err := nl.DoReply[ship](ctx, c, get); err != nil {
			t.Fatal(err)
		}
		if err := s.port.served.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := nl.DoReply[ship](ctx, c, get)
		if gone, ok := errors.AsType[*genetlink.UnknownFamilyError](err); s.port.raw != errors.Is(err, netlink.EOPNOTSUPP) || s.port.raw == ok {
			t.Errorf("closed: %v, %v", err, gone)
		}
		if err := s.port.served.Notify("ships", &ship{}); !errors.Is(err, netlink.ENOENT) {
			t.Errorf("notify of what is closed: %v", err)
		}
		if err := s.port.served.Close(); !errors.Is(err, netlink.ENOENT) {
			t.Errorf("second close: %v", err)
		}
	})
}

// TestServeTogether asks from many sides, for the race detector.
func TestServeTogether(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		ctx := patient(t)
		var wg sync.WaitGroup
		for g := range uint32(4) {
			c := s.dial(t, s.kernel)
			wg.Go(func() {
				for i := range uint32(50) {
					req := &shipSet{ship{raw: s.port.raw, ID: nl.Some(g*50 + i), Name: nl.Some("x")}}
					if err := nl.Do(ctx, c, req); err != nil {
						t.Error(err)
					}
					for _, err := range nl.Dump[ship](ctx, c, &shipDump{ship{raw: s.port.raw}}) {
						if err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		if n := len(s.port.ships); n != 200 {
			t.Errorf("%d ships", n)
		}
	})
}

// TestServeWrong serves what cannot be served.
func TestServeWrong(t *testing.T) {
	do := func(*nl.Incoming, nl.Request) (nl.Message, error) { return nil, nil }
	newGet := genHarbour.get.New
	op := func(f *nl.Family, id, reply uint16) *nl.Op {
		return &nl.Op{Family: f, Name: "odd", ID: id, ReplyID: reply, New: newGet}
	}
	for _, p := range []wire.Protocol{wire.Generic, harbourProtocol} {
		f := &nl.Family{Name: "wrong", Protocol: p}
		get := op(f, 17, 17)
		cases := map[string][]nl.Handler{
			"no op":        {{Do: do}},
			"no New":       {{Op: &nl.Op{Family: f}, Do: do}},
			"no handler":   {{Op: get}},
			"one op twice": {{Op: get, Do: do}, {Op: get, Do: do}},
			"one id twice": {{Op: get, Do: do}, {Op: op(f, 17, 17), Do: do}},
		}
		if p == wire.Generic {
			cases["command of two bytes"] = []nl.Handler{{Op: op(f, 256, 1), Do: do}}
			cases["reply of two bytes"] = []nl.Handler{{Op: op(f, 1, 256), Do: do}}
		} else {
			cases["a control message"] = []nl.Handler{{Op: op(f, 3, 3), Do: do}}
		}
		for name, handlers := range cases {
			if _, err := Serve(newKernel(t), &nl.Service{Family: f, Handlers: handlers}); !errors.Is(err, netlink.EINVAL) && !errors.Is(err, netlink.EEXIST) {
				t.Errorf("%v, %s: %v", p, name, err)
			}
		}
	}
	k := newKernel(t)
	if _, err := ServeRaw(k, wire.Route, rawHarbour.service(noHarbour{})); !errors.Is(err, netlink.EINVAL) {
		t.Errorf("another protocol: %v", err)
	}
	if _, err := Serve(k, rawHarbour.service(noHarbour{})); err != nil {
		t.Fatal(err)
	}
	if _, err := Serve(k, rawHarbour.service(noHarbour{})); !errors.Is(err, netlink.EEXIST) || !strings.Contains(err.Error(), "one ServeRaw") {
		t.Errorf("a second time: %v", err)
	}
}

// TestServeReplyless checks that a reply the spec does not know is told, not sent.
func TestServeReplyless(t *testing.T) {
	for _, h := range []*harbour{genHarbour, rawHarbour} {
		k := newKernel(t)
		svc := &nl.Service{Family: h.family, Handlers: []nl.Handler{
			{Op: h.set, Do: func(*nl.Incoming, nl.Request) (nl.Message, error) { return &ship{}, nil }},
		}}
		if _, err := Serve(k, svc); err != nil {
			t.Fatal(err)
		}
		s := &served{kernel: k, h: h}
		err := nl.Do(patient(t), s.dial(t, k), &shipSet{ship{raw: h == rawHarbour}})
		if !errors.Is(err, netlink.EIO) || !strings.Contains(err.Error(), "no reply by its spec") {
			t.Errorf("%v", err)
		}
	}
}
