package wire

import (
	"encoding/binary"
	"testing"
)

// A second implementation of the walk and of Check, written to be slow and
// plain: it copies, uses no iterator and none of the package's functions. The
// fuzz targets compare the package with it.

type span struct{ from, to int }

// refNumber reads an unsigned number of the host's byte order, byte by byte.
func refNumber(b []byte) uint64 {
	big := binary.NativeEndian.Uint16([]byte{1, 2}) == 0x0102
	var v uint64
	for i := range b {
		if big {
			v = v*256 + uint64(b[i])
		} else {
			v = v*256 + uint64(b[len(b)-1-i])
		}
	}
	return v
}

// refWalk returns where the records of b lie whose headers have the given size
// and begin with a length field of lenSize bytes, and the offset where b stops
// being records, or -1.
func refWalk(b []byte, header, lenSize int) (list []span, fault int) {
	at := 0
	for at < len(b) {
		if at+header > len(b) {
			return list, at
		}
		n := refNumber(b[at : at+lenSize])
		if n < uint64(header) || n > uint64(len(b)-at) {
			return list, at
		}
		list = append(list, span{at, at + int(n)})
		at += int(n)
		for at%4 != 0 && at < len(b) {
			at++
		}
	}
	return list, -1
}

// refAttrs returns the offset of the first fault in the attributes b[from:to],
// or -1, and the attribute types that lead there.
func refAttrs(b []byte, s span, depth int) (fault int, path []uint16) {
	list, at := refWalk(append([]byte{}, b[s.from:s.to]...), 4, 2)
	for _, a := range list {
		from, to := s.from+a.from, s.from+a.to
		typ := uint16(refNumber(b[from+2 : from+4]))
		if typ < 0x8000 {
			continue
		}
		if depth == 16 {
			return from, []uint16{typ % 0x4000}
		}
		if fault, path := refAttrs(b, span{from + 4, to}, depth+1); fault >= 0 {
			return fault, append([]uint16{typ % 0x4000}, path...)
		}
	}
	if at < 0 {
		return -1, nil
	}
	at += s.from
	if at+4 <= s.to {
		path = []uint16{uint16(refNumber(b[at+2:at+4])) % 0x4000}
	}
	return at, path
}

// refMessage is refAttrs for one message.
func refMessage(b []byte, s span, headerLen int) (fault int, path []uint16) {
	typ := refNumber(b[s.from+4 : s.from+6])
	flags := refNumber(b[s.from+6 : s.from+8])
	at := s.from + 16
	capped, tlvs := flags/0x100%2 == 1, flags/0x200%2 == 1
	switch {
	case typ == 2:
		if s.to-at < 4 {
			return at, nil
		}
		at += 4
		if s.to-at < 16 {
			return at, nil
		}
		n := refNumber(b[at : at+4])
		switch {
		case capped:
			n = 16
		case n < 16:
			return at, nil
		case n > uint64(s.to-at):
			if s.to-at > 16 {
				return at, nil
			}
			n = 16
		}
		for at += int(n); at%4 != s.from%4 && at < s.to; {
			at++
		}
	case typ == 3:
		if s.to-at < 4 {
			return -1, nil
		}
		at += 4
	case typ < 16:
		return -1, nil
	default:
		if s.to-at < headerLen {
			return at, nil
		}
		for at += headerLen; at%4 != 0 && at < s.to; {
			at++
		}
		tlvs = true
	}
	if !tlvs {
		return -1, nil
	}
	return refAttrs(b, span{at, s.to}, 0)
}

// refCheck returns the offset of the fault that Check must report, or -1, and
// its path.
func refCheck(b []byte, headerLen int) (fault int, path []uint16) {
	list, at := refWalk(b, 16, 4)
	for _, m := range list {
		if fault, path := refMessage(b, m, headerLen); fault >= 0 {
			return fault, path
		}
	}
	return at, nil
}

// sameBytes fails unless view is exactly b[s.from:s.to], the same memory and no
// byte beyond.
func sameBytes(t *testing.T, b, view []byte, s span) {
	t.Helper()
	if len(view) != s.to-s.from || cap(view) != len(view) || &view[0] != &b[s.from] {
		t.Fatalf("view of %d bytes, capacity %d, want the bytes %d to %d", len(view), cap(view), s.from, s.to)
	}
}
