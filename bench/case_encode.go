//go:build linux

package main

import (
	"encoding/binary"
	"errors"
	"net"

	"github.com/jsimonetti/rtnetlink/v2"
	mdlayher "github.com/mdlayher/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// What every encoder makes: RTM_NEWROUTE for 14.0.0.1/32 through 14.0.0.2 on lo
// with metric 100. They are variables: of constants the compiler would make the
// message beforehand.
var (
	encodeDst     uint32 = eventDst
	encodeGateway uint32 = eventDst + 1
	encodeOIF     uint32 = loopback
	encodeMetric  uint32 = 100
)

// encodeCase: a request from values to bytes.
func encodeCase() *Case {
	return &Case{
		Name: "encode request", Op: "RTM_NEWROUTE with 4 attributes",
		Reference: nlkitName, Yardstick: handName,
		Candidates: []Candidate{
			pure(nlkitName, newWireEncoder),
			pure(handName, newHandEncoder),
			pure(mdlayherName, func() func() error { return discard(encodeMdlayher) }),
			pure(vishName, func() func() error { return discard(encodeVishvananda) }),
			pure(jsimName, func() func() error { return discard(encodeJsimonetti) }),
		},
	}
}

// pure makes a candidate of a function that has no socket.
func pure(name string, open func() func() error) Candidate {
	return Candidate{Name: name, Open: func() (Runner, error) {
		op := open()
		return Runner{Run: func(_ Clock, n int) error {
			for range n {
				if err := op(); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}}
}

// checked reads what an encoder made, so that the work is not left out.
func checked(b []byte, err error) error {
	if err == nil && len(b) == 0 {
		err = errors.New("nothing was encoded")
	}
	return err
}

func discard(encode func() ([]byte, error)) func() error {
	return func() error { return checked(encode()) }
}

func newWireEncoder() func() error {
	buf := make([]byte, 0, 256)
	return func() error { return checked(encodeWire(buf)) }
}

func encodeWire(buf []byte) ([]byte, error) {
	var b wire.Builder
	b.Reset(buf[:0])
	b.Message(wire.Header{Type: unix.RTM_NEWROUTE, Flags: wire.Request | wire.Create | wire.Excl | wire.Ack})
	b.Raw(routeMsg[:])
	b.Uint32BE(unix.RTA_DST, encodeDst)
	b.Uint32BE(unix.RTA_GATEWAY, encodeGateway)
	b.Uint32(unix.RTA_OIF, encodeOIF)
	b.Uint32(unix.RTA_PRIORITY, encodeMetric)
	return b.Bytes()
}

func newHandEncoder() func() error {
	buf := make([]byte, 0, 256)
	return func() error { return checked(encodeHand(buf), nil) }
}

func encodeHand(buf []byte) []byte {
	b := appendHeader(buf[:0], unix.RTM_NEWROUTE, createFlags|unix.NLM_F_ACK)
	b = append(b, routeMsg[:]...)
	b = append32be(b, unix.RTA_DST, encodeDst)
	b = append32be(b, unix.RTA_GATEWAY, encodeGateway)
	b = append32(b, unix.RTA_OIF, encodeOIF)
	b = append32(b, unix.RTA_PRIORITY, encodeMetric)
	return endMessage(b, 0)
}

func append32(b []byte, typ uint16, v uint32) []byte {
	b = binary.NativeEndian.AppendUint16(b, 8)
	b = binary.NativeEndian.AppendUint16(b, typ)
	return binary.NativeEndian.AppendUint32(b, v)
}

func append32be(b []byte, typ uint16, v uint32) []byte {
	b = binary.NativeEndian.AppendUint16(b, 8)
	b = binary.NativeEndian.AppendUint16(b, typ)
	return binary.BigEndian.AppendUint32(b, v)
}

func encodeMdlayher() ([]byte, error) {
	ae := mdlayher.NewAttributeEncoder()
	dst, gw := ip4(encodeDst), ip4(encodeGateway)
	ae.Bytes(unix.RTA_DST, dst[:])
	ae.Bytes(unix.RTA_GATEWAY, gw[:])
	ae.Uint32(unix.RTA_OIF, encodeOIF)
	ae.Uint32(unix.RTA_PRIORITY, encodeMetric)
	attrs, err := ae.Encode()
	if err != nil {
		return nil, err
	}
	return mdlayherMessage(unix.RTM_NEWROUTE, createFlags|unix.NLM_F_ACK, append(routeMsg[:len(routeMsg):len(routeMsg)], attrs...)).MarshalBinary()
}

func mdlayherMessage(typ uint16, flags int, data []byte) mdlayher.Message {
	return mdlayher.Message{
		Header: mdlayher.Header{
			Length: uint32(unix.NLMSG_HDRLEN + len(data)),
			Type:   mdlayher.HeaderType(typ),
			Flags:  mdlayher.HeaderFlags(flags),
		},
		Data: data,
	}
}

func encodeVishvananda() ([]byte, error) {
	req := nl.NewNetlinkRequest(unix.RTM_NEWROUTE, createFlags|unix.NLM_F_ACK)
	msg := nl.NewRtMsg()
	msg.Family, msg.Dst_len, msg.Scope = unix.AF_INET, 32, unix.RT_SCOPE_LINK
	req.AddData(msg)
	dst, gw := ip4(encodeDst), ip4(encodeGateway)
	req.AddData(nl.NewRtAttr(unix.RTA_DST, dst[:]))
	req.AddData(nl.NewRtAttr(unix.RTA_GATEWAY, gw[:]))
	req.AddData(nl.NewRtAttr(unix.RTA_OIF, nl.Uint32Attr(encodeOIF)))
	req.AddData(nl.NewRtAttr(unix.RTA_PRIORITY, nl.Uint32Attr(encodeMetric)))
	return req.Serialize(), nil
}

func encodeJsimonetti() ([]byte, error) {
	dst, gw := ip4(encodeDst), ip4(encodeGateway)
	m := rtnetlink.RouteMessage{
		Family: unix.AF_INET, DstLength: 32, Table: unix.RT_TABLE_MAIN, Protocol: unix.RTPROT_BOOT,
		Scope: unix.RT_SCOPE_LINK, Type: unix.RTN_UNICAST,
		Attributes: rtnetlink.RouteAttributes{
			Dst: net.IP(dst[:]), Gateway: net.IP(gw[:]), OutIface: encodeOIF, Priority: encodeMetric,
		},
	}
	data, err := m.MarshalBinary()
	if err != nil {
		return nil, err
	}
	if len(data) < unix.SizeofRtMsg {
		return nil, errors.New("message too short")
	}
	return mdlayherMessage(unix.RTM_NEWROUTE, createFlags|unix.NLM_F_ACK, data).MarshalBinary()
}
