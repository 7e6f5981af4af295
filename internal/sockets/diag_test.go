package sockets

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/wire"
)

// message builds a message of netlink_diag.
func message(typ wire.Type, fixed []byte, attrs func(b *wire.Builder)) wire.Message {
	var b wire.Builder
	b.Message(wire.Header{Type: typ, Flags: wire.Multi})
	b.Raw(fixed)
	if attrs != nil {
		attrs(&b)
	}
	m, err := b.Bytes()
	if err != nil {
		panic(err)
	}
	return m
}

func fixed(protocol byte, port, inode uint32, cookie uint64) []byte {
	b := make([]byte, diagMessageLen)
	b[0], b[1], b[2] = familyNetlink, 3, protocol
	order := binary.NativeEndian
	order.PutUint32(b[4:], port)
	order.PutUint32(b[16:], inode)
	order.PutUint32(b[20:], uint32(cookie))
	order.PutUint32(b[24:], uint32(cookie>>32))
	return b
}

func words(v ...uint32) []byte {
	var b []byte
	for _, w := range v {
		b = binary.NativeEndian.AppendUint32(b, w)
	}
	return b
}

func longs(v ...uint64) []byte {
	var b []byte
	for _, w := range v {
		b = binary.NativeEndian.AppendUint64(b, w)
	}
	return b
}

func TestParse(t *testing.T) {
	tests := []struct {
		name string
		m    wire.Message
		want Socket
	}{
		{"kernel", message(sockDiagByFamily, fixed(16, 0, 30, 1), func(b *wire.Builder) {
			b.Attr(attrMemInfo, words(0, 212992, 0, 212992, 0, 0, 0, 0, 0))
			b.Uint32(attrFlags, 0)
		}), Socket{Protocol: wire.Generic, Inode: 30, Cookie: 1, Limit: 212992, HasFlags: true}},
		{"process", message(sockDiagByFamily, fixed(0, 812, 4711, 5<<32|7), func(b *wire.Builder) {
			b.Attr(attrMemInfo, words(832, 4608, 256, 212992, 0, 0, 0, 0, 1200))
			b.Attr(attrGroups, longs(1|1<<4|1<<31|1<<63, 1))
			b.Uint32(attrFlags, uint32(CapAck|NoENOBUFS|0x100))
			b.Uint32(99, 1) // of a kernel to come
		}), Socket{Protocol: wire.Route, Port: 812, Inode: 4711, Cookie: 5<<32 | 7, Queued: 832, Limit: 4608, Sending: 256,
			Drops: 1200, Groups: []uint32{1, 5, 32, 64, 65}, Flags: CapAck | NoENOBUFS | 0x100, HasFlags: true}},
		{"without the count of drops", message(sockDiagByFamily, fixed(9, 1, 2, 3), func(b *wire.Builder) {
			b.Attr(attrMemInfo, words(1, 2, 3, 4, 5, 6, 7, 8))
		}), Socket{Protocol: wire.Audit, Port: 1, Inode: 2, Cookie: 3, Queued: 1, Limit: 2, Sending: 3}},
	}
	for _, tt := range tests {
		got, err := parse(tt.m)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", tt.name, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	inet := fixed(0, 1, 2, 3)
	inet[0] = 2
	tests := []struct {
		m    wire.Message
		want string
	}{
		{message(21, fixed(0, 1, 2, 3), nil), "a message of type 21, expected 20"},
		{message(sockDiagByFamily, fixed(0, 1, 2, 3)[:24], nil), "a message of 24 bytes, expected at least 28"},
		{message(sockDiagByFamily, inet, nil), "address family 2, expected 16"},
		{message(sockDiagByFamily, fixed(0, 1, 2, 3), func(b *wire.Builder) { b.Uint8(attrFlags, 1) }), "flags: "},
		{message(sockDiagByFamily, fixed(0, 1, 2, 3), func(b *wire.Builder) { b.Verbatim([]byte{200, 0, 1, 0}) }), "attribute"},
		{nil, "type 0"},
	}
	for _, tt := range tests {
		if s, err := parse(tt.m); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%x: %+v, error %v, want %q", []byte(tt.m), s, err, tt.want)
		}
	}
}

func TestRequest(t *testing.T) {
	b, err := appendRequest(nil)
	if err != nil {
		t.Fatal(err)
	}
	m := wire.Message(b)
	want := append([]byte{16, 255, 0, 0, 0, 0, 0, 0}, words(1|2|8, 0, 0)...)
	if m.Type() != 20 || !slices.Equal(m.Data(), want) {
		t.Errorf("type %d, %x, want 20, %x", m.Type(), m.Data(), want)
	}
}

func TestFlagNames(t *testing.T) {
	for f, want := range map[Flags]string{
		0:                              "",
		CBRunning | PktInfo:            "cb-running pktinfo",
		BroadcastError | NoENOBUFS:     "broadcast-error no-enobufs",
		ListenAllNSID | CapAck | 1<<31: "listen-all-nsid cap-ack 0x80000000",
		^Flags(0) &^ (1<<6 - 1):        "0xffffffc0",
	} {
		if got := strings.Join(f.Names(), " "); got != want {
			t.Errorf("%#x: %q, want %q", uint32(f), got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(message(sockDiagByFamily, fixed(0, 812, 4711, 5), func(b *wire.Builder) {
		b.Attr(attrMemInfo, words(832, 4608, 256, 212992, 0, 0, 0, 0, 1200))
		b.Attr(attrGroups, longs(1|1<<63, 1))
		b.Uint32(attrFlags, uint32(CapAck))
	})))
	f.Add([]byte(message(sockDiagByFamily, fixed(16, 0, 30, 1), func(b *wire.Builder) { b.Attr(attrGroups, []byte{1, 2, 3}) })))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parse(b)
		if err != nil {
			return
		}
		if len(s.Groups) > 8*len(b) || !slices.IsSorted(s.Groups) || slices.Contains(s.Groups, 0) {
			t.Errorf("%d bytes became the groups %v", len(b), s.Groups)
		}
		if len(s.Flags.Names()) > 32 {
			t.Errorf("flags %v", s.Flags.Names())
		}
	})
}
