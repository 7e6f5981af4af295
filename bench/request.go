//go:build linux

package main

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// The requests by hand, as bytes: what the hand-written loop sends, and what
// fills the tables.

// loopback is the index of lo in a fresh namespace.
const loopback = 1

// appendHeader begins a message; endMessage writes its length.
func appendHeader(b []byte, typ, flags uint16) []byte {
	b = binary.NativeEndian.AppendUint32(b, 0)
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = binary.NativeEndian.AppendUint16(b, flags)
	return append(b, 0, 0, 0, 0, 0, 0, 0, 0)
}

func endMessage(b []byte, start int) []byte {
	binary.NativeEndian.PutUint32(b[start:], uint32(len(b)-start))
	return b
}

// linkRequest appends RTM_GETLINK for one index.
func linkRequest(b []byte, index int, flags uint16) []byte {
	start := len(b)
	b = appendHeader(b, unix.RTM_GETLINK, unix.NLM_F_REQUEST|flags)
	b = append(b, 0, 0, 0, 0)
	b = binary.NativeEndian.AppendUint32(b, uint32(index))
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	return endMessage(b, start)
}

// dumpRequest appends RTM_GETROUTE for all IPv4 routes.
func dumpRequest(b []byte) []byte {
	start := len(b)
	b = appendHeader(b, unix.RTM_GETROUTE, unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	b = append(b, unix.AF_INET, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	return endMessage(b, start)
}

// routeMsg is the rtmsg of the routes added here: what "ip route add A/32 dev lo" sends.
var routeMsg = [unix.SizeofRtMsg]byte{
	unix.AF_INET, 32, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_BOOT, unix.RT_SCOPE_LINK, unix.RTN_UNICAST,
}

const createFlags = unix.NLM_F_REQUEST | unix.NLM_F_CREATE | unix.NLM_F_EXCL

// addRoute and delRoute append RTM_NEWROUTE and RTM_DELROUTE for one address.
func addRoute(b []byte, dst uint32) []byte {
	return appendRoute(b, unix.RTM_NEWROUTE, createFlags, dst)
}

func delRoute(b []byte, dst uint32) []byte {
	return appendRoute(b, unix.RTM_DELROUTE, unix.NLM_F_REQUEST, dst)
}

func appendRoute(b []byte, typ, flags uint16, dst uint32) []byte {
	start := len(b)
	b = appendHeader(b, typ, flags)
	b = append(b, routeMsg[:]...)
	b = binary.NativeEndian.AppendUint16(b, 8)
	b = binary.NativeEndian.AppendUint16(b, unix.RTA_DST)
	b = binary.BigEndian.AppendUint32(b, dst)
	b = binary.NativeEndian.AppendUint16(b, 8)
	b = binary.NativeEndian.AppendUint16(b, unix.RTA_OIF)
	b = binary.NativeEndian.AppendUint32(b, loopback)
	return endMessage(b, start)
}

// The addresses: tables of the dump cases in 10/8 and 11/8, those of the batch
// cases in 12/8 and 13/8, the route that events are made of in 14/8.
const (
	dumpBase  = 10<<24 + 1
	batchBase = 12<<24 + 1
	eventDst  = 14<<24 + 1
)

func ip4(dst uint32) [4]byte {
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], dst)
	return a
}

// linkFlags appends the RTM_NEWLINK that brings a link up (IFF_UP) or down (0).
func linkFlags(b []byte, index int, flags uint32) []byte {
	start := len(b)
	b = appendHeader(b, unix.RTM_NEWLINK, unix.NLM_F_REQUEST|unix.NLM_F_ACK)
	b = append(b, 0, 0, 0, 0)
	b = binary.NativeEndian.AppendUint32(b, uint32(index))
	b = binary.NativeEndian.AppendUint32(b, flags)
	b = binary.NativeEndian.AppendUint32(b, unix.IFF_UP)
	return endMessage(b, start)
}
