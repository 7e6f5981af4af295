package modules

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// testFamily is the family that both kernels have.
const testFamily = "nlkit_test"

// Where numbers differ from kernel to kernel, and stand for themselves in answers.
const (
	anyFamily wire.Type = 0x7f00 // the family's number
	ownPort   uint32    = 1      // the port id of who asks
)

// peer is a socket of one kernel, and what is needed to compare its answers with
// another's.
type peer struct {
	*subject
	socket netlink.Transport
	id     uint16
	groups map[string]uint32
	listen netlink.Transport // a member of all groups of the family
	buf    []byte            // for anything that the family answers
}

func newPeer(t testing.TB, s *subject) *peer {
	t.Helper()
	c := s.dial(t, netlink.Options{})
	f := family(t, c.Genetlink(), testFamily)
	p := &peer{subject: s, id: f.ID, groups: map[string]uint32{}, buf: make([]byte, 4<<20)}
	open := func() netlink.Transport {
		tr, err := netlink.Open(wire.Generic, s.options(netlink.Options{ReceiveBuffer: 4 << 20}))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { tr.Close() })
		return tr
	}
	p.socket, p.listen = open(), open()
	for _, g := range f.Groups {
		p.groups[g.Name] = g.ID
		if err := p.listen.Join(g.ID); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// ask sends a datagram whose messages to anyFamily go to the family, and returns all
// that is answered, and what is multicast meanwhile, by the kernel's numbers no
// more.
func (p *peer) ask(t testing.TB, datagram []byte) (answers, events []wire.Message) {
	t.Helper()
	b := bytes.Clone(datagram)
	for rest := wire.Message(b); len(rest) >= wire.HeaderLen; {
		if rest.Type() == anyFamily {
			binary.NativeEndian.PutUint16(rest[4:], p.id)
		}
		n := int64(rest.Header().Len)
		if n < wire.HeaderLen || n > int64(len(rest)) {
			break
		}
		rest = rest[min(wire.Align(int(n)), len(rest)):]
	}
	if err := p.socket.Send(b, netlink.Address{}); err != nil {
		t.Fatalf("%s: send % x: %v", p.name, b, err)
	}
	return p.drain(t, p.socket), p.drain(t, p.listen)
}

// drain reads what is there: a kernel answers before the call that asks returns,
// and goes on with a dump in the one that reads.
func (p *peer) drain(t testing.TB, tr netlink.Transport) []wire.Message {
	t.Helper()
	var all []wire.Message
	for {
		d, err := tr.Receive(p.buf, false)
		if errors.Is(err, netlink.EAGAIN) {
			return all
		}
		if err != nil || d.N != d.Len || d.Port != 0 {
			t.Fatalf("%s: received %d bytes of %d from port %d: %v", p.name, d.N, d.Len, d.Port, err)
		}
		for m, err := range wire.Messages(bytes.Clone(p.buf[:d.N])) {
			if err != nil {
				t.Fatalf("%s: answer % x: %v", p.name, p.buf[:d.N], err)
			}
			all = append(all, p.plain(m, tr.Port()))
		}
	}
}

// plain puts what stands for themselves in the place of the kernel's own numbers.
func (p *peer) plain(m wire.Message, port uint32) wire.Message {
	replace := func(h []byte) {
		if binary.NativeEndian.Uint16(h[4:]) == p.id {
			binary.NativeEndian.PutUint16(h[4:], uint16(anyFamily))
		}
		if binary.NativeEndian.Uint32(h[12:]) == port {
			binary.NativeEndian.PutUint32(h[12:], ownPort)
		}
	}
	replace(m)
	if m.Type() == wire.TypeError && len(m) >= 2*wire.HeaderLen+4 {
		replace(m[wire.HeaderLen+4:])
	}
	return m
}

// words are an answer for people, and for the file of answers: all there is in it
// but for the request's header in an acknowledgement.
func words(answers, events []wire.Message) string {
	var list []string
	for _, m := range answers {
		list = append(list, messageWords(m))
	}
	for _, m := range events {
		list = append(list, "event "+messageWords(m))
	}
	if len(list) == 0 {
		return "nothing"
	}
	const most = 12
	if n := len(list); n > most {
		list = append(list[:most/2], append([]string{fmt.Sprintf("(%d more)", n-most)}, list[n-most/2:]...)...)
	}
	return strings.Join(list, " ; ")
}

func messageWords(m wire.Message) string {
	h := m.Header()
	switch {
	case h.Type == wire.TypeError || h.Type == wire.TypeDone:
		word := "ack"
		if h.Type == wire.TypeDone {
			word = "done"
		}
		return word + " " + ackWords(m)
	case h.Type != anyFamily:
		return fmt.Sprintf("type %d %s", h.Type, hex.EncodeToString(m))
	}
	g, err := genetlink.Parse(m, 0)
	if err != nil {
		return err.Error()
	}
	text := fmt.Sprintf("%d seq %d", g.Cmd, h.Seq)
	if h.Flags != 0 {
		text += " " + h.Flags.String()
	}
	if h.Port != ownPort {
		text += fmt.Sprintf(" port %d", h.Port)
	}
	return text + " " + bytesWords(g.Attrs)
}

// bytesWords shows bytes: of many the number, the first and a sum.
func bytesWords(b []byte) string {
	const most = 96
	if len(b) <= most {
		return "[" + hex.EncodeToString(b) + "]"
	}
	sum := uint32(2166136261)
	for _, c := range b {
		sum = (sum ^ uint32(c)) * 16777619
	}
	return fmt.Sprintf("[%s.. %d bytes, sum %08x]", hex.EncodeToString(b[:most/2]), len(b), sum)
}

func ackWords(m wire.Message) string {
	ack, err := netlink.ParseAck(m, nil)
	ext := ack.ExtAck
	text := "0"
	if e, ok := errors.AsType[*netlink.Error](err); ok {
		ext, text = e.ExtAck, e.Errno.Name()
	} else if err != nil {
		return err.Error()
	}
	if f := m.Header().Flags &^ (wire.Capped | wire.AckTLVs); f != 0 {
		text += fmt.Sprintf(" flags %#x", uint16(f))
	}
	if ext.Text != "" {
		text += fmt.Sprintf(" %q", ext.Text)
	}
	if len(ext.Cookie) > 0 {
		text += fmt.Sprintf(" cookie %x", ext.Cookie)
	}
	if ext.HasOffset {
		text += fmt.Sprintf(" at %d", ext.Offset)
	}
	if ext.Policy != nil {
		text += fmt.Sprintf(" policy %v", *ext.Policy)
	}
	if ext.HasMissingType {
		text += fmt.Sprintf(" missing %d", ext.MissingType)
	}
	if ext.HasMissingNest {
		text += fmt.Sprintf(" in %d", ext.MissingNest)
	}
	return text
}

// same reports whether two kernels have answered the same, to the byte.
func same(a, b []wire.Message) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
