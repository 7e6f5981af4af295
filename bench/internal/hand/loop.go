//go:build linux

package hand

import (
	"encoding/binary"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Do sends a request that carries NLM_F_ACK and reads until its ACK. The reply,
// if there is one, is handed to each; its bytes are the socket's.
func (s *Socket) Do(req []byte, each func([]byte)) error {
	seq, err := s.sendNext(req)
	if err != nil {
		return err
	}
	for {
		d, err := s.Receive()
		if err != nil {
			return err
		}
		for {
			m, rest := Next(d)
			if m == nil {
				break
			}
			d = rest
			if binary.NativeEndian.Uint32(m[8:]) != seq {
				continue
			}
			if binary.NativeEndian.Uint16(m[4:]) == unix.NLMSG_ERROR {
				if e := Errno(m); e != 0 {
					return e
				}
				return nil
			}
			if each != nil {
				each(m)
			}
		}
	}
}

// DoReply sends a request without NLM_F_ACK and reads its one reply.
func (s *Socket) DoReply(req []byte, each func([]byte)) error {
	seq, err := s.sendNext(req)
	if err != nil {
		return err
	}
	for {
		d, err := s.Receive()
		if err != nil {
			return err
		}
		m, _ := Next(d)
		if m == nil || binary.NativeEndian.Uint32(m[8:]) != seq {
			continue
		}
		if binary.NativeEndian.Uint16(m[4:]) == unix.NLMSG_ERROR {
			return Errno(m)
		}
		each(m)
		return nil
	}
}

// Count dumps and counts the messages: the least a dump can cost. It looks at
// the message headers only, which it must to find the next one and the end.
func (s *Socket) Count(req []byte) (int, error) {
	if _, err := s.sendNext(req); err != nil {
		return 0, err
	}
	count := 0
	for {
		d, err := s.Receive()
		if err != nil {
			return count, err
		}
		for len(d) >= unix.NLMSG_HDRLEN {
			n := int(binary.NativeEndian.Uint32(d))
			if n < unix.NLMSG_HDRLEN || n > len(d) {
				return count, fmt.Errorf("malformed message of length %d", n)
			}
			switch binary.NativeEndian.Uint16(d[4:]) {
			case unix.NLMSG_DONE, unix.NLMSG_ERROR:
				return count, endOf(d)
			}
			count++
			d = d[min((n+3)&^3, len(d)):]
		}
	}
}

// Route is what the dump cases read from a route.
type Route struct {
	Dst    uint32 // the first 4 bytes of the address, in host byte order
	DstLen uint8
	OIF    uint32
	Table  uint32
}

// Walk dumps routes as Count does, and reads every route's attributes. It
// returns how many there were and a sum over what was read.
func (s *Socket) Walk(req []byte) (count int, sum uint64, err error) {
	if _, err := s.sendNext(req); err != nil {
		return 0, 0, err
	}
	for {
		d, err := s.Receive()
		if err != nil {
			return count, sum, err
		}
		for len(d) >= unix.NLMSG_HDRLEN {
			n := int(binary.NativeEndian.Uint32(d))
			if n < unix.NLMSG_HDRLEN || n > len(d) {
				return count, sum, fmt.Errorf("malformed message of length %d", n)
			}
			switch binary.NativeEndian.Uint16(d[4:]) {
			case unix.NLMSG_DONE, unix.NLMSG_ERROR:
				return count, sum, endOf(d)
			}
			r := ParseRoute(d[:n])
			sum += uint64(r.Dst) + uint64(r.DstLen) + uint64(r.OIF) + uint64(r.Table)
			count++
			d = d[min((n+3)&^3, len(d)):]
		}
	}
}

// sendNext sends a request under the next sequence number, which it returns.
func (s *Socket) sendNext(req []byte) (uint32, error) {
	seq := s.NextSeq()
	binary.NativeEndian.PutUint32(req[8:], seq)
	return seq, s.Send(req)
}

func endOf(m []byte) error {
	if e := Errno(m); e != 0 {
		return os.NewSyscallError("dump", e)
	}
	return nil
}

// ParseRoute reads an RTM_NEWROUTE message.
func ParseRoute(m []byte) Route {
	var r Route
	const fixed = unix.NLMSG_HDRLEN + unix.SizeofRtMsg
	if len(m) < fixed {
		return r
	}
	r.DstLen = m[unix.NLMSG_HDRLEN+1]
	for a := m[fixed:]; len(a) >= unix.SizeofRtAttr; {
		n := int(binary.NativeEndian.Uint16(a))
		if n < unix.SizeofRtAttr || n > len(a) {
			break
		}
		if v := a[unix.SizeofRtAttr:n]; len(v) >= 4 {
			switch binary.NativeEndian.Uint16(a[2:]) {
			case unix.RTA_DST:
				r.Dst = binary.BigEndian.Uint32(v)
			case unix.RTA_OIF:
				r.OIF = binary.NativeEndian.Uint32(v)
			case unix.RTA_TABLE:
				r.Table = binary.NativeEndian.Uint32(v)
			}
		}
		a = a[min((n+3)&^3, len(a)):]
	}
	return r
}

// Link is what the link cases read from a link.
type Link struct {
	Index   int32
	Flags   uint32
	MTU     uint32
	Name    [16]byte
	NameLen int
}

// ParseLink reads an RTM_NEWLINK message into l.
func ParseLink(m []byte, l *Link) {
	const fixed = unix.NLMSG_HDRLEN + unix.SizeofIfInfomsg
	if len(m) < fixed {
		return
	}
	l.Index = int32(binary.NativeEndian.Uint32(m[unix.NLMSG_HDRLEN+4:]))
	l.Flags = binary.NativeEndian.Uint32(m[unix.NLMSG_HDRLEN+8:])
	for a := m[fixed:]; len(a) >= unix.SizeofRtAttr; {
		n := int(binary.NativeEndian.Uint16(a))
		if n < unix.SizeofRtAttr || n > len(a) {
			break
		}
		v := a[unix.SizeofRtAttr:n]
		switch binary.NativeEndian.Uint16(a[2:]) & 0x3fff {
		case unix.IFLA_IFNAME:
			l.NameLen = max(copy(l.Name[:], v)-1, 0) // without its NUL
		case unix.IFLA_MTU:
			if len(v) >= 4 {
				l.MTU = binary.NativeEndian.Uint32(v)
			}
		}
		a = a[min((n+3)&^3, len(a)):]
	}
}
