package netlink

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

func TestDo(t *testing.T) {
	reply := func(seq uint32, s string) []byte { return message(20, 0, seq, []byte(s)) }
	multi := func(seq uint32, s string) []byte { return message(20, wire.Multi, seq, []byte(s)) }
	for _, c := range []struct {
		name    string
		arrives func(f *fake, seq uint32)
		want    []string
		text    string // of the Ack
		errno   Errno
	}{
		{"ACK only", func(f *fake, seq uint32) { f.arrive(ack(seq)) }, nil, "", 0},
		{"reply, then ACK", func(f *fake, seq uint32) { f.arrive(reply(seq, "a")); f.arrive(ack(seq)) }, []string{"a"}, "", 0},
		{"reply and ACK in one datagram", func(f *fake, seq uint32) { f.arrive(reply(seq, "a"), ack(seq)) }, []string{"a"}, "", 0},
		{"MULTI replies and an ACK, no DONE", func(f *fake, seq uint32) {
			f.arrive(multi(seq, "a"))
			f.arrive(multi(seq, "b"), multi(seq, "c"))
			f.arrive(ack(seq))
		}, []string{"a", "b", "c"}, "", 0},
		{"MULTI replies and a DONE", func(f *fake, seq uint32) {
			f.arrive(multi(seq, "a"), multi(seq, "b"), done(seq, 0))
		}, []string{"a", "b"}, "", 0},
		{"error", func(f *fake, seq uint32) { f.arrive(nack(seq, ENODEV)) }, nil, "", ENODEV},
		{"replies, then an error", func(f *fake, seq uint32) {
			f.arrive(reply(seq, "a"))
			f.arrive(nack(seq, EIO))
		}, []string{"a"}, "", EIO},
		{"error in DONE", func(f *fake, seq uint32) { f.arrive(multi(seq, "a"), done(seq, EIO)) }, []string{"a"}, "", EIO},
		{"warning on success", func(f *fake, seq uint32) { f.arrive(nack(seq, 0, text("mind the gap"))) }, nil, "mind the gap", 0},
		{"NOOP skipped", func(f *fake, seq uint32) {
			f.arrive(message(wire.TypeNoop, 0, seq), reply(seq, "a"), message(wire.TypeNoop, 0, 0))
			f.arrive(message(wire.TypeNoop, 0, seq))
			f.arrive(ack(seq))
		}, []string{"a"}, "", 0},
		{"payload of odd length", func(f *fake, seq uint32) { f.arrive(reply(seq, "abcde"), reply(seq, "x")); f.arrive(ack(seq)) },
			[]string{"abcde", "x"}, "", 0},
		{"nothing after the ACK counts", func(f *fake, seq uint32) { f.arrive(ack(seq), reply(seq, "late"), nack(seq, EIO)) }, nil, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, f := dialFake(t, func(f *fake, req []byte, _ Address) error {
				c.arrives(f, seqOf(req))
				return nil
			})
			var got []string
			a, err := conn.Do(patience(t), request(18), payloads(&got))
			if c.errno == 0 && err != nil || c.errno != 0 && !errors.Is(err, c.errno) {
				t.Errorf("error %v, want %v", err, c.errno)
			}
			if !slices.Equal(got, c.want) || a.Text != c.text {
				t.Errorf("replies %q, text %q, want %q, %q", got, a.Text, c.want, c.text)
			}
			if err := conn.Close(); err != nil {
				t.Error(err)
			}
			f.clean(t)
		})
	}
}

func TestDoFillsIn(t *testing.T) {
	var sent []wire.Header
	conn, _ := dialFake(t, func(f *fake, req []byte, to Address) error {
		sent = append(sent, wire.Message(req).Header())
		if to != (Address{}) {
			t.Errorf("sent to %+v, want the kernel", to)
		}
		f.arrive(ack(seqOf(req)))
		return nil
	})
	req := message(24, wire.Create|wire.Excl, 4711, u32(1))
	for range 2 {
		if _, err := conn.Do(patience(t), req, nil); err != nil {
			t.Fatal(err)
		}
	}
	want := wire.Request | wire.Ack | wire.Create | wire.Excl
	if len(sent) != 2 || sent[0].Flags != want || sent[1].Flags != want || sent[0].Seq == 0 || sent[1].Seq != sent[0].Seq+1 {
		t.Errorf("sent %+v, want flags %v and consecutive sequence numbers", sent, want)
	}
}

func TestDoStops(t *testing.T) {
	conn, _ := dialFake(t, func(f *fake, req []byte, _ Address) error {
		s := seqOf(req)
		f.arrive(message(20, 0, s, []byte("a")), message(20, 0, s, []byte("b")), ack(s))
		return nil
	})
	stop := errors.New("enough")
	n := 0
	for range 3 {
		if _, err := conn.Do(patience(t), request(18), func(wire.Message) error { n++; return stop }); err != stop {
			t.Errorf("error %v, want the callback's", err)
		}
	}
	if n != 3 {
		t.Errorf("called %d times, want once each", n)
	}
	// The reply may be used to ask again from inside the callback.
	if _, err := conn.Do(patience(t), request(18), func(wire.Message) error {
		_, err := conn.Do(patience(t), request(18), nil)
		return err
	}); err != nil {
		t.Errorf("request inside the callback: %v", err)
	}
}

func TestDoWrongLength(t *testing.T) {
	conn, f := dialFake(t, func(*fake, []byte, Address) error {
		t.Error("something was sent")
		return nil
	})
	whole := request(18, u32(1))
	for _, req := range [][]byte{nil, whole[:15], whole[:16], append(slices.Clone(whole), 0, 0, 0, 0), slices.Concat(whole, whole)} {
		for name, err := range map[string]error{
			"Do": func() error { _, err := conn.Do(context.Background(), req, nil); return err }(),
			"Dump": func() (err error) {
				for _, err = range conn.Dump(context.Background(), req) {
				}
				return err
			}(),
			"Batch": conn.Batch(context.Background(), BatchOptions{}).Add(req),
		} {
			if !errors.Is(err, os.ErrInvalid) || !strings.Contains(err.Error(), "request of") {
				t.Errorf("%s of %d bytes: %v, want one that says so", name, len(req), err)
			}
		}
	}
	if f.reads != 0 {
		t.Errorf("%d reads for requests that were refused", f.reads)
	}
}

// TestDoError checks every field of an extended ACK on its way to the caller.
func TestDoError(t *testing.T) {
	req := request(18, u32(0), attr(3, 'e', 't', 'h', '0', 0), attr(4, 1, 2, 3, 4))
	const at = wire.HeaderLen + 4
	policy := slices.Concat(attr(PolicyAttrMaxU, 9, 0, 0, 0, 0, 0, 0, 0), attr(PolicyAttrMinU, 1, 0, 0, 0, 0, 0, 0, 0), attr(PolicyAttrType, u32(uint32(PolicyU32))...))
	conn, _ := dialFake(t, func(f *fake, req []byte, _ Address) error {
		f.arrive(nack(seqOf(req), ERANGE, text("out of range"), attr(wire.AckOffset, u32(at)...),
			attr(wire.AckCookie, 7, 8, 9), attr(wire.AckPolicy|wire.AttrNested, policy...),
			attr(wire.AckMissingType, u32(12)...), attr(wire.AckMissingNest, u32(at+12)...), attr(99, 1)))
		return nil
	})
	_, err := conn.Do(patience(t), req, nil)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want an *Error", err)
	}
	if e.Op != "RTM_GETLINK" || e.Errno != ERANGE || e.Text != "out of range" || !e.HasOffset || e.Offset != at ||
		string(e.Cookie) != "\x07\x08\x09" || !e.HasMissingType || e.MissingType != 12 || !e.HasMissingNest || e.MissingNest != at+12 {
		t.Errorf("%+v", e)
	}
	if e.Value.Type() != 3 || e.Value.Text() != "eth0" {
		t.Errorf("value % x, want the attribute that was sent", e.Value)
	}
	clear(req) // the value is the error's own
	if e.Value.Text() != "eth0" {
		t.Errorf("value changed with the request: % x", e.Value)
	}
	if p := e.Policy; p == nil || p.Type != PolicyU32 || !p.HasUnsigned {
		t.Errorf("policy %+v", p)
	}
	if !errors.Is(err, ERANGE) || errors.Is(err, EINVAL) || errors.Is(err, os.ErrInvalid) {
		t.Error("errors.Is does not tell ERANGE from EINVAL")
	}
}
