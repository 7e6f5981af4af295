package genetlink

import (
	"bytes"
	"errors"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// The sizes of the founding demos' messages.
func TestWireSizes(t *testing.T) {
	const echo, msg = 1, 1
	for _, tt := range []struct {
		name  string
		id    uint16
		cmd   uint8
		attr  uint16
		text  string
		total int
		nla   int
	}{
		{"GETFAMILY DOC_EXMPL", ControllerID, CtrlGetFamily, CtrlAttrFamilyName, "DOC_EXMPL", 36, 14},
		{"ECHO request", 0x20, echo, msg, "Hello World from user space!", 56, 33},
		{"ECHO reply", 0x20, echo, msg, "Hello from kernel space!!!", 52, 31},
	} {
		m := build(t, tt.id, tt.cmd, nil, func(b *wire.Builder) { b.Text(tt.attr, tt.text) })
		if len(m) != tt.total || int(m.Header().Len) != tt.total {
			t.Errorf("%s: %d bytes, nlmsg_len %d, want %d", tt.name, len(m), m.Header().Len, tt.total)
		}
		g, err := Parse(m, 0)
		if err != nil {
			t.Fatal(err)
		}
		a, ok := wire.FindAttr(g.Attrs, tt.attr)
		if !ok || len(a) != tt.nla || a.Text() != tt.text {
			t.Errorf("%s: attribute of %d bytes %q, want %d bytes %q", tt.name, len(a), a.Text(), tt.nla, tt.text)
		}
	}
}

func TestParse(t *testing.T) {
	full := build(t, 0x20, 7, []byte{1, 2, 3, 4, 5, 6}, func(b *wire.Builder) { b.Uint32(9, 99) })
	for _, tt := range []struct {
		name  string
		m     wire.Message
		user  int
		want  Message
		fault *wire.Malformed
	}{
		{name: "no user header", m: full, user: 0, want: Message{
			Header: Header{Cmd: 7, Version: 1}, User: []byte{}, Attrs: full[20:]}},
		{name: "user header padded", m: full, user: 6, want: Message{
			Header: Header{Cmd: 7, Version: 1}, User: []byte{1, 2, 3, 4, 5, 6}, Attrs: full[28:]}},
		{name: "negative size", m: full, user: -5, want: Message{
			Header: Header{Cmd: 7, Version: 1}, User: []byte{}, Attrs: full[20:]}},
		{name: "header only", m: full[:20], user: 0, want: Message{
			Header: Header{Cmd: 7, Version: 1}, User: []byte{}, Attrs: []byte{}}},
		{name: "padding cut off", m: full[:26], user: 6, want: Message{
			Header: Header{Cmd: 7, Version: 1}, User: []byte{1, 2, 3, 4, 5, 6}, Attrs: []byte{}}},
		{name: "header cut", m: full[:19], fault: &wire.Malformed{Offset: 16, Want: 4, Have: 3}},
		{name: "no header", m: full[:16], fault: &wire.Malformed{Offset: 16, Want: 4, Have: 0}},
		{name: "not even a message", m: full[:5], fault: &wire.Malformed{Offset: 16, Want: 4, Have: 0}},
		{name: "nothing", m: nil, fault: &wire.Malformed{Offset: 16, Want: 4, Have: 0}},
		{name: "user header cut", m: full[:24], user: 6, fault: &wire.Malformed{Offset: 20, Want: 6, Have: 4}},
		{name: "user header enormous", m: full, user: 1<<31 - 1, fault: &wire.Malformed{Offset: 20, Want: 1<<31 - 1, Have: 16}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Parse(tt.m, tt.user)
			if tt.fault != nil {
				var bad *wire.Malformed
				if !errors.As(err, &bad) {
					t.Fatalf("error %v, want a *wire.Malformed", err)
				}
				if bad.Offset != tt.fault.Offset || bad.Want != tt.fault.Want || bad.Have != tt.fault.Have {
					t.Errorf("%+v, want %+v", bad, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got.Header != tt.want.Header || !bytes.Equal(got.User, tt.want.User) || !bytes.Equal(got.Attrs, tt.want.Attrs) || !bytes.Equal(got.Wire, tt.m) {
				t.Errorf("got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestParseRefusesControlMessages(t *testing.T) {
	var b wire.Builder
	b.Message(wire.Header{Type: wire.TypeError})
	b.Raw(make([]byte, 20))
	m, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(m, 0); err == nil || err.Error() != "NLMSG_ERROR is a control message and has no generic netlink header" {
		t.Errorf("error %v", err)
	}
}

func TestMessageClone(t *testing.T) {
	for _, user := range []int{0, 3, 4, 6, 8} {
		m := build(t, 0x20, 1, bytes.Repeat([]byte{0xaa}, user), func(b *wire.Builder) { b.Text(1, "text") })
		g, err := Parse(m, user)
		if err != nil {
			t.Fatal(err)
		}
		c := g.Clone()
		for i := range m {
			m[i] = 0xff // the buffer is used for something else
		}
		if len(c.User) != user || bytes.Contains(c.User, []byte{0xff}) {
			t.Errorf("user header of %d: %x", user, c.User)
		}
		if a, ok := wire.FindAttr(c.Attrs, 1); !ok || a.Text() != "text" {
			t.Errorf("user header of %d: attributes %x", user, c.Attrs)
		}
		if c.Wire.Type() != 0x20 || c.Cmd != 1 {
			t.Errorf("user header of %d: %x", user, c.Wire)
		}
	}
	if c := (Message{}).Clone(); c.Wire != nil || c.Attrs != nil {
		t.Errorf("clone of nothing: %+v", c)
	}
}

func TestParseDoesNotAllocate(t *testing.T) {
	m := build(t, 0x20, 1, nil, func(b *wire.Builder) { b.Text(1, "text") })
	if n := testing.AllocsPerRun(100, func() {
		if _, err := Parse(m, 0); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(build(f, 0x20, 1, []byte{1, 2, 3, 4}, func(b *wire.Builder) { b.Uint8(1, 1) })), 4)
	f.Add([]byte{}, 0)
	f.Add(make([]byte, 21), 1)
	f.Add(make([]byte, 20), -1)
	f.Fuzz(func(t *testing.T, data []byte, user int) {
		m, err := Parse(data, user)
		if err != nil {
			return
		}
		if len(m.User) != max(user, 0) {
			t.Fatalf("user header of %d bytes, want %d", len(m.User), user)
		}
		if n := wire.HeaderLen + HeaderLen + len(m.User) + len(m.Attrs); n > len(data) || len(data)-n >= wire.Alignment {
			t.Fatalf("%d bytes in the layers, %d in the message", n, len(data))
		}
		c := m.Clone()
		if !bytes.Equal(c.User, m.User) || !bytes.Equal(c.Attrs, m.Attrs) || !bytes.Equal(c.Wire, m.Wire) {
			t.Fatal("the clone differs")
		}
	})
}
