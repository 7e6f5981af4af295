package replay

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// message makes a message; the numbers of the recording are far from those a
// Conn gives out.
func message(t *testing.T, h wire.Header, payload ...byte) []byte {
	t.Helper()
	var b wire.Builder
	b.Message(h)
	b.Raw(payload)
	out, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// recorded makes a line of a recording.
func recorded(socket int, protocol wire.Protocol, dir string, data ...[]byte) string {
	var all []byte
	for _, d := range data {
		all = append(all, d...)
	}
	return fmt.Sprintf(`{"s": %d, "proto": %d, "dir": %q, "hex": %q}`+"\n", socket, protocol, dir, hex.EncodeToString(all))
}

func parse(t *testing.T, lines ...string) *Recording {
	t.Helper()
	r, err := Parse([]byte(strings.Join(lines, "")))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func dial(t *testing.T, p *Player, protocol wire.Protocol) *netlink.Conn {
	t.Helper()
	c, err := netlink.Dial(protocol, &netlink.Options{Via: p})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

const seq = 4711

func TestReplay(t *testing.T) {
	request := message(t, wire.Header{Type: 18, Flags: wire.Request | wire.Ack, Seq: seq}, 1, 2, 3, 4)
	reply := message(t, wire.Header{Type: 16, Seq: seq, Port: 99}, 5, 6, 7, 8)
	ack := message(t, wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: seq}, append(make([]byte, 4), request[:16]...)...)
	for _, complete := range []bool{true, false} {
		lines := []string{recorded(1, wire.Route, "tx", request), recorded(1, wire.Route, "rx", reply)}
		if complete {
			lines = append(lines, recorded(1, wire.Route, "rx", ack))
		}
		p := parse(t, lines...).Play()
		if got := p.Unsent(); len(got) != 1 || string(got[0]) != string(request) {
			t.Errorf("before: Unsent = %x", got)
		}
		c := dial(t, p, wire.Route)
		var got []byte
		_, err := c.Do(soon(t), message(t, wire.Header{Type: 18}, 1, 2, 3, 4), func(m wire.Message) error {
			got = append(got, m.Data()...)
			return nil
		})
		if err != nil || string(got) != "\x05\x06\x07\x08" {
			t.Errorf("complete %v: %x, %v", complete, got, err)
		}
		if s, u := p.Strange(), p.Unsent(); len(s)+len(u) != 0 {
			t.Errorf("complete %v: strange %x, unsent %x", complete, s, u)
		}
	}
}

func TestReplayDumpWithoutEnd(t *testing.T) {
	request := message(t, wire.Header{Type: 18, Flags: wire.Request | wire.Ack | wire.Dump, Seq: seq}, 1, 2, 3, 4)
	reply := message(t, wire.Header{Type: 16, Flags: wire.Multi, Seq: seq}, 5, 6, 7, 8)
	p := parse(t, recorded(1, wire.Route, "tx", request), recorded(1, wire.Route, "rx", reply, reply), recorded(1, wire.Route, "rx", reply)).Play()
	n := 0
	for _, err := range dial(t, p, wire.Route).Dump(soon(t), message(t, wire.Header{Type: 18}, 1, 2, 3, 4)) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d messages, want 3", n)
	}
}

func TestStrange(t *testing.T) {
	request := message(t, wire.Header{Type: 18, Flags: wire.Request | wire.Ack, Seq: seq}, 1, 2, 3, 4)
	p := parse(t, recorded(1, wire.Route, "tx", request)).Play()
	for _, tc := range []struct {
		name     string
		protocol wire.Protocol
		req      []byte
		near     bool
	}{
		{"payload", wire.Route, message(t, wire.Header{Type: 18}, 1, 2, 3, 5), true},
		{"type", wire.Route, message(t, wire.Header{Type: 19}, 1, 2, 3, 4), true},
		{"flags", wire.Route, message(t, wire.Header{Type: 18, Flags: wire.Echo}, 1, 2, 3, 4), true},
		{"protocol", wire.Netfilter, message(t, wire.Header{Type: 18}, 1, 2, 3, 4), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := len(p.Strange())
			_, err := dial(t, p, tc.protocol).Do(soon(t), tc.req, nil)
			strange, ok := errors.AsType[*StrangeError](err)
			if !ok || (strange.Near != nil) != tc.near {
				t.Fatalf("error %v", err)
			}
			if got := p.Strange(); len(got) != before+1 || string(masked(got[before])) != string(masked(tc.req)) {
				t.Errorf("Strange = %x", got)
			}
		})
	}
	// Twice is strange as well.
	c := dial(t, p, wire.Route)
	for i := range 2 {
		if _, err := c.Do(soon(t), message(t, wire.Header{Type: 18}, 1, 2, 3, 4), nil); (err != nil) != (i == 1) {
			t.Errorf("attempt %d: %v", i, err)
		}
	}
}

func TestFamilies(t *testing.T) {
	var b wire.Builder
	genetlink.Begin(&b, genetlink.ControllerID, wire.Request|wire.Ack|wire.Dump, genetlink.Header{Cmd: genetlink.CtrlGetFamily, Version: 1}, nil)
	request, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	wire.Message(request).SetSeq(seq)
	var list []byte
	for i, name := range []string{"nlctrl", "netdev"} {
		var b wire.Builder
		genetlink.Begin(&b, genetlink.ControllerID, wire.Multi, genetlink.Header{Cmd: genetlink.CtrlNewFamily, Version: 2}, nil)
		f := genetlink.Family{ID: genetlink.ControllerID + uint16(4*i), Name: name, Version: 1, Groups: []genetlink.Group{{Name: "notify", ID: 16}}}
		f.Append(&b)
		m, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		wire.Message(m).SetSeq(seq)
		list = append(list, m...)
	}
	p := parse(t, recorded(1, wire.Generic, "tx", request), recorded(1, wire.Generic, "rx", list)).Play()
	if got := p.Unsent(); len(got) != 0 {
		t.Errorf("Unsent = %x, and the list of families is not to count", got)
	}
	c, err := genetlink.Dial(&netlink.Options{Via: p})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	f, err := c.Family(soon(t), "netdev")
	if err != nil || f.ID != 0x14 {
		t.Fatalf("Family = %v, %v", f, err)
	}
	if f, err := c.FamilyByID(soon(t), 0x10); err != nil || f.Name != "nlctrl" {
		t.Errorf("FamilyByID = %v, %v", f, err)
	}
	// The near name comes from a dump with other flags than the recorded one.
	_, err = c.Family(soon(t), "netdov")
	if unknown, ok := errors.AsType[*genetlink.UnknownFamilyError](err); !ok || len(unknown.Near) != 1 {
		t.Errorf("unknown family: %v", err)
	}
	if got := p.Strange(); len(got) != 0 {
		t.Errorf("Strange = %x", got)
	}
}

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct{ text, want string }{
		{"{", "line 1"},
		{"\n{\"s\": 1, \"dir\": \"tx\", \"hex\": \"0g\"}", "line 2"},
		{recorded(1, 0, "rx", []byte{1}), "before it has sent"},
		{recorded(1, 0, "ty", []byte{1}), "neither tx nor rx"},
	} {
		if _, err := Parse([]byte(tc.text)); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("Parse(%q): %v, want something with %q", tc.text, err, tc.want)
		}
	}
	if r, err := Parse(nil); err != nil || len(r.Play().Unsent()) != 0 {
		t.Errorf("empty recording: %v, %v", r, err)
	}
}

func TestSocket(t *testing.T) {
	s, err := parse(t).Play().Open(wire.Route, nil)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 10)
	if _, err := s.Receive(buf, false); err != netlink.EAGAIN {
		t.Errorf("empty: %v", err)
	}
	for _, at := range []time.Time{time.Unix(1, 0), time.Now().Add(5 * time.Millisecond)} {
		if err := s.SetReadDeadline(at); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Receive(buf, true); err != os.ErrDeadlineExceeded {
			t.Errorf("deadline: %v", err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := s.Receive(buf, true); err != os.ErrClosed {
		t.Errorf("closed: %v", err)
	}
	if err := s.Send(buf, netlink.Address{}); err == nil {
		t.Error("Send on a closed socket went well")
	}
}

// FuzzParse plays whatever is a recording: no bytes may make it panic.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"s": 1, "proto": 0, "dir": "tx", "hex": "1400000012000503670000000000000001020304"}`))
	f.Add([]byte(`{"s": 1, "proto": 16, "dir": "tx", "hex": "1400000010000503140100000000000003010000"}` + "\n" +
		`{"s": 1, "proto": 16, "dir": "rx", "hex": "1800000010000200140100000000000001020000080001"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		p := r.Play()
		s, err := p.Open(wire.Generic, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, sent := range p.Unsent() {
			if err := s.Send(sent, netlink.Address{}); err != nil && len(p.Strange()) == 0 {
				t.Errorf("Send: %v, but nothing strange", err)
			}
		}
		var b wire.Builder
		genetlink.Begin(&b, genetlink.ControllerID, wire.Request|wire.Ack, genetlink.Header{Cmd: genetlink.CtrlGetFamily}, nil)
		b.Text(genetlink.CtrlAttrFamilyName, "nlctrl")
		if req, err := b.Bytes(); err == nil {
			_ = s.Send(req, netlink.Address{}) // an error is as good as an answer
		}
		buf := make([]byte, 1<<12)
		for {
			if _, err := s.Receive(buf, false); err != nil {
				break
			}
		}
	})
}
