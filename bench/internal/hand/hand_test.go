//go:build linux

package hand

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"
)

func message(typ, flags uint16, payload ...byte) []byte {
	b := binary.NativeEndian.AppendUint32(nil, uint32(unix.NLMSG_HDRLEN+len(payload)))
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = binary.NativeEndian.AppendUint16(b, flags)
	b = append(b, make([]byte, 8)...)
	return append(b, payload...)
}

func getLink(index uint32, flags uint16) []byte {
	m := message(unix.RTM_GETLINK, unix.NLM_F_REQUEST|flags, make([]byte, unix.SizeofIfInfomsg)...)
	binary.NativeEndian.PutUint32(m[20:], index)
	return m
}

func dump(typ uint16, family byte, fixed int) []byte {
	payload := make([]byte, fixed)
	payload[0] = family
	return message(typ, unix.NLM_F_REQUEST|unix.NLM_F_DUMP, payload...)
}

func open(t *testing.T) *Socket {
	s, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestLinks asks for links in whatever namespace this runs in, which anybody
// may: there is a loopback link in each.
func TestLinks(t *testing.T) {
	s := open(t)
	for name, do := range map[string]func() (Link, error){
		"with ACK": func() (l Link, err error) {
			err = s.Do(getLink(1, unix.NLM_F_ACK), func(m []byte) { ParseLink(m, &l) })
			return l, err
		},
		"without ACK": func() (l Link, err error) {
			err = s.DoReply(getLink(1, 0), func(m []byte) { ParseLink(m, &l) })
			return l, err
		},
	} {
		for range 3 { // what one request leaves behind would confuse the next
			l, err := do()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if l.Index != 1 || string(l.Name[:l.NameLen]) != "lo" || l.MTU == 0 {
				t.Errorf("%s: got %+v", name, l)
			}
		}
	}
	const none = 1<<31 - 1
	if err := s.Do(getLink(none, unix.NLM_F_ACK), nil); err != unix.ENODEV {
		t.Errorf("a link that does not exist, with ACK: %v", err)
	}
	if err := s.DoReply(getLink(none, 0), nil); err != unix.ENODEV {
		t.Errorf("a link that does not exist: %v", err)
	}
}

func TestCountAndWalkAgree(t *testing.T) {
	s := open(t)
	req := dump(unix.RTM_GETROUTE, unix.AF_UNSPEC, unix.SizeofRtMsg)
	for range 3 {
		n, err := s.Count(req)
		if err != nil {
			t.Fatal(err)
		}
		walked, _, err := s.Walk(req)
		if err != nil || walked != n {
			t.Fatalf("counted %d, walked %d, error %v", n, walked, err)
		}
	}
	links, err := s.Count(dump(unix.RTM_GETLINK, 0, unix.SizeofIfInfomsg))
	if err != nil || links < 1 {
		t.Errorf("%d links, error %v; there is lo at least", links, err)
	}
	// A dump that is refused: strict checking does not take this rtmsg.
	req[unix.NLMSG_HDRLEN+3] = 1
	if _, err := s.Count(req); err == nil {
		t.Error("a dump with a bad header succeeded")
	}
}

func TestBare(t *testing.T) {
	s, err := OpenBare()
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := s.Exchange(getLink(1, unix.NLM_F_ACK), 2); err != nil {
			t.Fatal(err)
		}
		// The ACK came last: what it says is in the buffer.
		if m, _ := Next(s.buf); binary.NativeEndian.Uint16(m[4:]) != unix.NLMSG_ERROR || Errno(m) != 0 {
			t.Errorf("last datagram % x is no ACK", m)
		}
	}
	if err := s.Exchange(getLink(1, 0), 1); err != nil {
		t.Fatal(err)
	}
	var l Link
	m, _ := Next(s.buf)
	if ParseLink(m, &l); l.Index != 1 {
		t.Errorf("got %+v", l)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := s.Exchange(getLink(1, 0), 1); err == nil {
		t.Error("a closed socket sends")
	}
}

func TestNext(t *testing.T) {
	odd := message(16, 0, 1)
	two := append(append([]byte{}, odd...), 0, 0, 0)
	two = append(two, message(17, 0)...)
	m, rest := Next(two)
	if len(m) != 17 || len(rest) != 16 {
		t.Fatalf("first message of %d bytes, %d left; want 17 and 16", len(m), len(rest))
	}
	if m, rest = Next(rest); len(m) != 16 || len(rest) != 0 {
		t.Errorf("second message of %d bytes, %d left; want 16 and 0", len(m), len(rest))
	}
	if m, rest = Next(odd); len(m) != 17 || len(rest) != 0 {
		t.Errorf("last message without padding: %d bytes, %d left", len(m), len(rest))
	}
	for _, bad := range [][]byte{nil, odd[:15], message(1, 0)[:8], append([]byte{15, 0, 0, 0}, make([]byte, 12)...), append([]byte{17, 0, 0, 0}, make([]byte, 12)...)} {
		if m, _ := Next(bad); m != nil {
			t.Errorf("% x is taken for a message", bad)
		}
	}
}

func TestParseRoute(t *testing.T) {
	payload := append([]byte{unix.AF_INET, 24}, make([]byte, 10)...)
	payload = append(payload, 8, 0, unix.RTA_DST, 0, 10, 1, 2, 0)
	if hostIsBig() {
		payload[12], payload[13], payload[14], payload[15] = 0, 8, 0, unix.RTA_DST
	}
	r := ParseRoute(message(unix.RTM_NEWROUTE, 0, payload...))
	if want := (Route{Dst: 10<<24 | 1<<16 | 2<<8, DstLen: 24}); r != want {
		t.Errorf("got %+v, want %+v", r, want)
	}
}

func hostIsBig() bool { return binary.NativeEndian.Uint16([]byte{0, 1}) == 1 }

func FuzzParse(f *testing.F) {
	f.Add(message(unix.RTM_NEWROUTE, 0, make([]byte, 20)...))
	f.Add(message(unix.RTM_NEWLINK, 0, append(make([]byte, 16), 5, 0, unix.IFLA_IFNAME, 0, 'l', 0, 0, 0)...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		left := len(b)
		for m, rest := Next(b); m != nil; m, rest = Next(rest) {
			if len(rest) >= left {
				t.Fatal("no progress")
			}
			left = len(rest)
			var l Link
			ParseRoute(m)
			ParseLink(m, &l)
			Errno(m)
			if l.NameLen < 0 || l.NameLen > len(l.Name) {
				t.Fatalf("name of %d bytes", l.NameLen)
			}
		}
	})
}
