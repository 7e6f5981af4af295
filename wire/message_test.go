package wire

import (
	"bytes"
	"math"
	"testing"
)

func TestMessageView(t *testing.T) {
	m := Message(rawMessage(20, 18, Request|Ack, 1, 2, 3, 4))
	if h := m.Header(); h != (Header{Len: 20, Type: 18, Flags: Request | Ack, Seq: 7, Port: 9}) {
		t.Errorf("Header = %+v", h)
	}
	if m.Type() != 18 || m.Flags() != Request|Ack || m.Seq() != 7 || m.Port() != 9 {
		t.Errorf("type %v flags %v seq %d port %d", m.Type(), m.Flags(), m.Seq(), m.Port())
	}
	if !bytes.Equal(m.Data(), []byte{1, 2, 3, 4}) {
		t.Errorf("Data = % x", m.Data())
	}
	c := m.Clone()
	c.SetFlags(Echo)
	c.SetSeq(0x01020304)
	c.SetPort(0xfffefdfc)
	want := cat(h32(20), h16(18), h16(uint16(Echo)), h32(0x01020304), h32(0xfffefdfc), []byte{1, 2, 3, 4})
	if !bytes.Equal(c, want) {
		t.Errorf("after the setters % x, want % x", c, want)
	}
	if m.Seq() != 7 || m.Flags() != Request|Ack || m.Port() != 9 {
		t.Error("changing the clone changed the original")
	}
}

func TestMessageViewShort(t *testing.T) {
	full := bytes.Repeat([]byte{0xff}, HeaderLen)
	for n := range HeaderLen {
		m := Message(full[:n:n]).Clone()
		m.SetFlags(0)
		m.SetSeq(0)
		m.SetPort(0)
		if !bytes.Equal(m, full[:n]) {
			t.Errorf("%d bytes: a setter wrote", n)
		}
		if m.Header() != (Header{}) || m.Type() != 0 || m.Flags() != 0 || m.Seq() != 0 || m.Port() != 0 || m.Data() != nil {
			t.Errorf("%d bytes: not all zero", n)
		}
	}
	bare := Message(message(18, Ack))
	if bare.Type() != 18 || bare.Flags() != Ack || bare.Seq() != 7 || bare.Port() != 9 || len(bare.Data()) != 0 {
		t.Errorf("bare header: %v, data % x", bare.Header(), bare.Data())
	}
	bare.SetFlags(Echo)
	bare.SetSeq(1)
	bare.SetPort(2)
	if h := bare.Header(); h != (Header{Len: 16, Type: 18, Flags: Echo, Seq: 1, Port: 2}) {
		t.Errorf("bare header after the setters: %v", h)
	}
}

func TestMessages(t *testing.T) {
	bare := message(3, Multi)
	odd := message(18, 0, []byte{1, 2, 3, 4, 5})
	for _, c := range []struct {
		name  string
		in    []byte
		want  [][]byte
		fault *Malformed
	}{
		{"nil", nil, nil, nil},
		{"empty", []byte{}, nil, nil},
		{"bare header", bare, [][]byte{bare}, nil},
		{"last padding missing", cat(bare, odd), [][]byte{bare, odd}, nil},
		{"last padding there", cat(padded(odd), padded(odd)), [][]byte{odd, odd}, nil},
		{"last padding in part", cat(odd, []byte{0}), [][]byte{odd}, nil},
		{"1 byte", []byte{1}, nil, &Malformed{Offset: 0, What: "message header", Reason: "cut short", Want: 16, Have: 1}},
		{"15 bytes", bare[:15], nil, &Malformed{Offset: 0, What: "message header", Reason: "cut short", Want: 16, Have: 15}},
		{"1 trailing", cat(bare, []byte{0}), [][]byte{bare}, &Malformed{Offset: 16, What: "message header", Reason: "cut short", Want: 16, Have: 1}},
		{"3 trailing", cat(padded(odd), []byte{0, 0, 0}), [][]byte{odd}, &Malformed{Offset: 24, What: "message header", Reason: "cut short", Want: 16, Have: 3}},
		{"length 0", cat(bare, rawMessage(0, 18, 0)), [][]byte{bare}, &Malformed{Offset: 16, What: "message", Reason: "length field shorter than the header", Want: 16, Have: 0}},
		{"length 15", rawMessage(15, 18, 0), nil, &Malformed{Offset: 0, What: "message", Reason: "length field shorter than the header", Want: 16, Have: 15}},
		{"1 past the end", rawMessage(21, 18, 0, 1, 2, 3, 4), nil, &Malformed{Offset: 0, What: "message", Reason: "length field runs past the end", Want: 21, Have: 20}},
		{"huge", cat(bare, rawMessage(math.MaxUint32, 18, 0, 1, 2, 3, 4)), [][]byte{bare},
			&Malformed{Offset: 16, What: "message", Reason: "length field runs past the end", Want: int(min(uint64(math.MaxUint32), math.MaxInt)), Have: 20}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got [][]byte
			var fault error
			for m, err := range Messages(c.in) {
				if fault != nil {
					t.Fatal("the iteration went on after an error")
				}
				if fault = err; err != nil {
					if m != nil {
						t.Errorf("a message beside the error: % x", m)
					}
					continue
				}
				if cap(m) != len(m) {
					t.Errorf("capacity %d reaches beyond the message of %d bytes", cap(m), len(m))
				}
				got = append(got, m)
			}
			if c.fault == nil && fault != nil {
				t.Errorf("error %v", fault)
			}
			if c.fault != nil {
				wantMalformed(t, fault, *c.fault)
			}
			if len(got) != len(c.want) {
				t.Fatalf("%d messages, want %d", len(got), len(c.want))
			}
			for i := range got {
				if !bytes.Equal(got[i], c.want[i]) {
					t.Errorf("message %d: % x, want % x", i, got[i], c.want[i])
				}
			}
		})
	}
}

func TestMessagesBorrowAndBreak(t *testing.T) {
	in := cat(message(18, 0, h32(1)), message(19, 0, h32(2)))
	n := 0
	for m := range Messages(in) {
		n++
		m.Data()[0] = 0xee
		break
	}
	if n != 1 || in[HeaderLen] != 0xee {
		t.Errorf("%d messages, byte %#x: want one view of the caller's bytes", n, in[HeaderLen])
	}
	seq := Messages(in)
	for range 2 { // an iter.Seq2 may be walked again
		n = 0
		for range seq {
			n++
		}
		if n != 2 {
			t.Errorf("%d messages, want 2", n)
		}
	}
}
