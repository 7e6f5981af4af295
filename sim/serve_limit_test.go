package sim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// limited has a field for each way to bound a value.
type limited struct {
	U8     nl.Opt[uint8]  `nl:"1,u8,u8" policy:"min=3,max=200"`
	S32    nl.Opt[int32]  `nl:"2,s32,s32" policy:"min=-7"`
	U64    nl.Opt[uint64] `nl:"3,u64,u64" policy:"min=10,max=18446744073709551614"`
	Sparse nl.Opt[uint32] `nl:"4,sparse,u32" policy:"only=1|5..7"`
	Mask   nl.Opt[uint16] `nl:"5,mask,u16" policy:"mask=0x203"`
	SMask  nl.Opt[int16]  `nl:"6,smask,s16" policy:"mask=0x3"`
	Be16   nl.Opt[uint16] `nl:"7,be16,u16be" policy:"min=1,max=1024"`
	Be64   nl.Opt[uint64] `nl:"8,be64,u64be" policy:"max=300"`
	Uint   nl.Opt[uint64] `nl:"9,uint,uint" policy:"max=8589934592"`
	Sint   nl.Opt[int64]  `nl:"10,sint,sint" policy:"max=7"`
	Exact  []byte         `nl:"11,exact,binary" policy:"exact-len=6"`
	Least  []byte         `nl:"12,least,binary" policy:"min-len=4"`
	Most   []byte         `nl:"13,most,binary" policy:"max-len=3"`
	Both   []byte         `nl:"14,both,binary" policy:"min-len=2,max-len=3"`
	Text   nl.Opt[string] `nl:"15,text,string" policy:"min-len=2,max-len=3"`
	Raw    nl.Opt[string] `nl:"16,raw,string" policy:"max-len=3,unterminated"`
	Bits   nl.Opt[uint64] `nl:"17,bits,bitfield32" policy:"mask=0x5"`
	_      struct{}       `nl:"18,gone,unused"`
}

func TestLimits(t *testing.T) {
	p := make(policyMaker).of(reflect.TypeFor[limited]())
	if len(p) != 18 {
		t.Fatalf("%d rules, want 18: what is not to be used has none", len(p))
	}
	ne := binary.NativeEndian
	u16 := func(v uint16) []byte { return ne.AppendUint16(nil, v) }
	u32 := func(v uint32) []byte { return ne.AppendUint32(nil, v) }
	u64 := func(v uint64) []byte { return ne.AppendUint64(nil, v) }
	be64 := func(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }
	minus := func(v int64) uint64 { return uint64(v) }
	for _, tt := range []struct {
		typ   uint16
		value []byte
		errno netlink.Errno // 0: fine
		text  string
		told  bool // the policy
	}{
		{1, []byte{3}, 0, "", false},
		{1, []byte{200}, 0, "", false},
		{1, []byte{2}, netlink.ERANGE, textRange, true},
		{1, []byte{201}, netlink.ERANGE, textRange, true},
		{2, u32(uint32(minus(-7))), 0, "", false},
		{2, u32(math.MaxInt32), 0, "", false},
		{2, u32(uint32(minus(-8))), netlink.ERANGE, textRange, true},
		{3, u64(10), 0, "", false},
		{3, u64(math.MaxUint64 - 1), 0, "", false},
		{3, u64(math.MaxUint64), netlink.ERANGE, textRange, true},
		{4, u32(1), 0, "", false},
		{4, u32(7), 0, "", false},
		{4, u32(4), netlink.EINVAL, textEnum, false},
		{4, u32(math.MaxUint32), netlink.EINVAL, textEnum, false},
		{5, u16(0x203), 0, "", false},
		{5, u16(4), netlink.EINVAL, textReserved, false},
		{6, u16(3), 0, "", false},
		{6, u16(0x8000), netlink.EINVAL, textReserved, false},
		{7, []byte{0, 1}, 0, "", false},
		{7, []byte{4, 0}, 0, "", false},
		{7, []byte{0, 0}, netlink.ERANGE, textRange, false},
		{7, []byte{4, 1}, netlink.ERANGE, textRange, false},
		{8, be64(300), 0, "", false},
		{8, be64(301), netlink.ERANGE, textRange, false},
		{9, u32(math.MaxUint32), 0, "", false},
		{9, u64(8589934592), 0, "", false},
		{9, u64(8589934593), netlink.ERANGE, textRange, true},
		{10, u32(uint32(minus(-1))), 0, "", false},
		{10, u64(minus(-1)), 0, "", false},
		{10, u64(8), netlink.ERANGE, textRange, true},
		{11, make([]byte, 6), 0, "", false},
		{11, make([]byte, 5), netlink.ERANGE, textBinary, true},
		{12, make([]byte, 400), 0, "", false},
		{12, make([]byte, 3), netlink.ERANGE, textBinary, true},
		{13, nil, 0, "", false},
		{13, make([]byte, 4), netlink.ERANGE, textFailed, true},
		{14, make([]byte, 2), 0, "", false},
		{14, make([]byte, 4), netlink.ERANGE, textBinary, true},
		{15, []byte("ab\x00"), 0, "", false},
		{15, []byte("a\x00c\x00"), netlink.EINVAL, textLength, false},
		{15, []byte("abcd\x00"), netlink.EINVAL, textFailed, true},
		{16, []byte("abc"), 0, "", false},
		{16, []byte("abcd"), netlink.ERANGE, textFailed, true},
		{17, append(u32(1), u32(5)...), 0, "", false},
		{17, append(u32(2), u32(2)...), netlink.EINVAL, textFailed, true},
		{18, nil, netlink.EINVAL, textUnknown, false},
	} {
		var b wire.Builder
		b.Message(wire.Header{})
		b.Attr(tt.typ, tt.value)
		msg, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		err = p.Check(msg, wire.HeaderLen, len(msg))
		if tt.errno == 0 {
			if err != nil {
				t.Errorf("%d: % x: %v", tt.typ, tt.value, err)
			}
			continue
		}
		e, ok := errors.AsType[*netlink.Error](err)
		if !ok || e.Errno != tt.errno || e.Text != tt.text || e.Offset != wire.HeaderLen || !e.HasOffset || (e.Policy != nil) != tt.told {
			t.Errorf("%d: % x: %v, want %v %q, policy told: %v", tt.typ, tt.value, err, tt.errno, tt.text, tt.told)
		}
	}
}

// TestLimitsOfStrangers: a tag that says nothing that is known bounds nothing.
func TestLimitsOfStrangers(t *testing.T) {
	type strange struct {
		A nl.Opt[uint8]  `nl:"1,a,u8" policy:"min=x,max=,colour=7,mask=-1"`
		B nl.Opt[string] `nl:"2,b,string" policy:"max-len=many"`
		C []byte         `nl:"3,c,binary" policy:"exact-len=70000,unterminated"`
	}
	for i, r := range make(policyMaker).of(reflect.TypeFor[strange]()) {
		want := []Rule{{}, {Kind: U8}, {Kind: NulString}, {Kind: Binary}}[i]
		if r.Kind != want.Kind || r.Range != nil || r.Mask != 0 || r.Valid != nil || r.Len != 0 || r.MaxLen != 0 {
			t.Errorf("%d: %+v", i, r)
		}
	}
}

// TestServeSend: a message for one socket is nobody's reply.
func TestServeSend(t *testing.T) {
	both(t, func(t *testing.T, s *served) {
		conn, err := netlink.Open(s.h.family.Protocol, &netlink.Options{Via: s.kernel})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := s.port.served.Send(conn.Port(), &ship{Name: nl.Some("Fram")}); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 4096)
		d, err := conn.Receive(buf, false)
		if err != nil {
			t.Fatal(err)
		}
		if h := wire.Message(buf[:d.N]).Header(); d.Port != 0 || d.Group != 0 || h.Seq != 0 || h.Port != conn.Port() || !bytes.Contains(buf[:d.N], []byte("Fram\x00")) {
			t.Errorf("%+v, %+v: % x", d, h, buf[:d.N])
		}
		if err := s.port.served.Send(conn.Port()+1, &ship{}); !errors.Is(err, netlink.ECONNREFUSED) {
			t.Errorf("to nobody: %v", err)
		}
		if err := s.port.served.Send(conn.Port(), &ship{Name: nl.Some(string(make([]byte, 1<<16)))}); err == nil {
			t.Error("a text that is too long was sent")
		}
		if err := s.port.served.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.port.served.Send(conn.Port(), &ship{}); !errors.Is(err, netlink.ENOENT) {
			t.Errorf("closed: %v", err)
		}
	})
}
