package wire

import (
	"bytes"
	"math"
	"testing"
)

func TestParseAck(t *testing.T) {
	const enodev, einval = -19, -22
	errno := func(v int32) []byte { return h32(uint32(v)) }
	request := message(18, Request|Ack, make([]byte, 16), attr(3, 'x', 0)) // 40 bytes
	odd := message(18, Request, []byte{1})                                 // 17 bytes
	head := request[:HeaderLen]
	tlvs := cat(attr(AckMessage, 'n', 'o', 0), attr(AckOffset, h32(32)...))

	for _, c := range []struct {
		name string
		in   []byte
		want AckFields
	}{
		{"ACK", message(TypeError, Capped, errno(0), head), AckFields{Request: head}},
		{"capped", message(TypeError, Capped, errno(enodev), head), AckFields{Errno: enodev, Request: head}},
		{"capped with TLVs", message(TypeError, Capped|AckTLVs, errno(einval), head, tlvs),
			AckFields{Errno: einval, Request: head, TLVs: tlvs}},
		{"ACK with a warning", message(TypeError, Capped|AckTLVs, errno(0), head, tlvs),
			AckFields{Request: head, TLVs: tlvs}},
		{"uncapped", message(TypeError, 0, errno(enodev), request), AckFields{Errno: enodev, Request: request}},
		{"uncapped with TLVs", message(TypeError, AckTLVs, errno(einval), request, tlvs),
			AckFields{Errno: einval, Request: request, TLVs: tlvs}},
		{"uncapped, padded, with TLVs", message(TypeError, AckTLVs, errno(einval), padded(odd), tlvs),
			AckFields{Errno: einval, Request: odd, TLVs: tlvs}},
		{"uncapped, padding missing", message(TypeError, AckTLVs, errno(einval), odd), AckFields{Errno: einval, Request: odd}},
		{"uncapped request without payload, with TLVs", message(TypeError, AckTLVs, errno(einval), message(18, 0), tlvs),
			AckFields{Errno: einval, Request: message(18, 0), TLVs: tlvs}},
		{"ACK of a request without payload", message(TypeError, 0, errno(0), message(18, 0)), AckFields{Request: message(18, 0)}},
		{"TLVs without the flag", message(TypeError, Capped, errno(0), head, tlvs), AckFields{Request: head}},
		{"flag without TLVs", message(TypeError, Capped|AckTLVs, errno(0), head), AckFields{Request: head}},
		{"capped without the flag", message(TypeError, 0, errno(enodev), head), AckFields{Errno: enodev, Request: head}},
		{"capped, absurd request length", message(TypeError, Capped, errno(0), rawMessage(3, 18, 0)),
			AckFields{Request: rawMessage(3, 18, 0)}},
		{"smallest errno", message(TypeError, Capped, errno(math.MinInt32), head), AckFields{Errno: math.MinInt32, Request: head}},
		{"DONE", message(TypeDone, Multi, errno(0)), AckFields{}},
		{"DONE, errno", message(TypeDone, Multi, errno(einval)), AckFields{Errno: einval}},
		{"DONE, errno and TLVs", message(TypeDone, Multi|AckTLVs, errno(einval), tlvs), AckFields{Errno: einval, TLVs: tlvs}},
		{"DONE, TLVs without the flag", message(TypeDone, Multi, errno(0), tlvs), AckFields{}},
		{"DONE without errno", message(TypeDone, Multi), AckFields{}},
		{"DONE, errno cut short", message(TypeDone, Multi|AckTLVs, []byte{1, 2, 3}), AckFields{}},
	} {
		got, err := ParseAck(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got.Errno != c.want.Errno || !bytes.Equal(got.Request, c.want.Request) || !bytes.Equal(got.TLVs, c.want.TLVs) {
			t.Errorf("%s: errno %d request % x TLVs % x, want %d, % x, % x", c.name,
				got.Errno, got.Request, got.TLVs, c.want.Errno, c.want.Request, c.want.TLVs)
		}
		if (got.Request == nil) != (c.want.Request == nil) || cap(got.Request) != len(got.Request) {
			t.Errorf("%s: request nil %v, capacity %d of %d", c.name, got.Request == nil, cap(got.Request), len(got.Request))
		}
		if err := Check(c.in, 0); err != nil {
			t.Errorf("%s: Check: %v", c.name, err)
		}
	}
}

func TestParseAckMalformed(t *testing.T) {
	const einval = -22
	e := h32(0xffffffea)
	for _, c := range []struct {
		name  string
		in    []byte
		errno int32
		want  Malformed
	}{
		{"nothing", nil, 0, Malformed{Offset: 16, What: "errno", Reason: "cut short", Want: 4, Have: 0}},
		{"not a header", []byte{1, 2, 3}, 0, Malformed{Offset: 16, What: "errno", Reason: "cut short", Want: 4, Have: 0}},
		{"no errno", message(TypeError, 0), 0, Malformed{Offset: 16, What: "errno", Reason: "cut short", Want: 4, Have: 0}},
		{"half an errno", message(TypeError, 0, []byte{1, 2}), 0, Malformed{Offset: 16, What: "errno", Reason: "cut short", Want: 4, Have: 2}},
		{"no request", message(TypeError, Capped, e), einval,
			Malformed{Offset: 20, What: "header of the request in an ACK", Reason: "cut short", Want: 16, Have: 0}},
		{"half a request header", message(TypeError, 0, e, make([]byte, 15)), einval,
			Malformed{Offset: 20, What: "header of the request in an ACK", Reason: "cut short", Want: 16, Have: 15}},
		{"request length 0", message(TypeError, 0, e, rawMessage(0, 18, 0)), einval,
			Malformed{Offset: 20, What: "request in an ACK", Reason: "length field shorter than the header", Want: 16, Have: 0}},
		{"request cut", message(TypeError, 0, e, rawMessage(30, 18, 0, 1, 2, 3, 4)), einval,
			Malformed{Offset: 20, What: "request in an ACK", Reason: "length field runs past the end", Want: 30, Have: 20}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseAck(c.in)
			wantMalformed(t, err, c.want)
			if got.Errno != c.errno || got.Request != nil || got.TLVs != nil {
				t.Errorf("beside the error: %+v, want errno %d alone", got, c.errno)
			}
		})
	}
}

// TestRecordedAcks parses what a kernel sent.
func TestRecordedAcks(t *testing.T) {
	for _, c := range []struct {
		name    string
		errno   int32
		request int // bytes
		text    string
		offset  uint32
	}{
		{"ack_ok", 0, 16, "", 0},
		{"ack_nodev_capped", -19, 16, "", 0},
		{"ack_nodev_uncapped", -19, 44, "", 0},
		{"ack_tlvs_capped", -22, 16, "Unsupported attribute in get link request", 0},
		{"ack_tlvs_uncapped", -22, 40, "Unsupported attribute in get link request", 0},
		{"done", 0, 0, "", 0},
		{"dump_error", -22, 0, "Unknown attribute type", 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := ParseAck(recording(t, c.name))
			if err != nil {
				t.Fatal(err)
			}
			text, _ := FindAttr(a.TLVs, AckMessage)
			off, found := FindAttr(a.TLVs, AckOffset)
			v, err := off.Uint32()
			if found != (err == nil) || v != c.offset {
				t.Errorf("offset %d, %v, want %d", v, err, c.offset)
			}
			if a.Errno != c.errno || len(a.Request) != c.request || text.Text() != c.text {
				t.Errorf("errno %d, request of %d bytes, text %q", a.Errno, len(a.Request), text.Text())
			}
		})
	}
}
