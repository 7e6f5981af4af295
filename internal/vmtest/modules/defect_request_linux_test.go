package modules

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// answer has the module answer one message and returns the datagrams, by a socket
// without any of the library.
func answer(t testing.TB, fd int, msg []byte, size int) [][]byte {
	t.Helper()
	sendTo(t, fd, msg)
	var all [][]byte
	for b := receive(t, fd, size); b != nil; b = receive(t, fd, size) {
		all = append(all, b)
	}
	return all
}

// TestD4: the parser of the notes forgets that the 16 bytes of nlmsghdr are a part
// of the message's length, and reads past its end.
func TestD4(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	id := family(t, dial(t, nil), familyName).ID
	fd, err := plainSocket(t, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	replies := answer(t, fd, echoMessage(t, id, wire.Request, userText), 4096)
	if len(replies) != 1 || len(replies[0]) != 52 {
		t.Fatalf("replies % x, want one of 52 bytes", replies)
	}
	reply := replies[0]
	m, err := genetlink.Parse(reply, 0)
	if err != nil {
		t.Fatal(err)
	}
	// The notes take the length of the attributes for nlmsg_len - 4.
	if naive, room := int(wire.Message(reply).Header().Len)-genetlink.HeaderLen, len(m.Attrs); naive <= room {
		t.Errorf("the notes' length of the attributes is %d, of %d that are there: it would have done", naive, room)
	}
	// Whatever of the reply arrives, and whatever lengths it claims, reading ends in it.
	for cut := range len(reply) + 1 {
		for _, claim := range []uint32{uint32(cut), uint32(len(reply)), 1 << 31} {
			b := bytes.Clone(reply[:cut])
			if cut >= wire.HeaderLen {
				copy(b, wire.Header{Len: claim}.Append(nil)[:4])
			}
			text, whole := "", false
			for m, err := range wire.Messages(b) {
				if err != nil {
					break
				}
				if g, err := genetlink.Parse(m, 0); err == nil {
					var a wire.Attr
					if a, whole = wire.FindAttr(g.Attrs, attrMsg); whole {
						text = a.Text()
					}
				}
			}
			if whole != (cut >= 51 && int64(claim) <= int64(cut)) || whole && text != kernelText {
				t.Errorf("%d bytes that claim to be %d: text %q", cut, claim, text)
			}
		}
	}
}

// TestD5: with nlmsg_pid = getpid() two sockets of one process want the same port
// id, and the second one is refused.
func TestD5(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	pid := uint32(os.Getpid())
	if _, err := plainSocket(t, pid, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := plainSocket(t, pid, 0); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("the second socket: error %v, want EADDRINUSE", err)
	}
	ports := map[uint32]bool{}
	var conns []*genetlink.Conn
	for range 8 {
		c := dial(t, nil)
		conns = append(conns, c)
		ports[c.Netlink().Port()] = true
	}
	if len(ports) != len(conns) || ports[0] {
		t.Errorf("ports %v, want %d", ports, len(conns))
	}
	var group sync.WaitGroup
	for _, c := range conns {
		group.Go(func() {
			for range 100 {
				if reply, err := echo(t.Context(), c); reply != kernelText || err != nil {
					t.Errorf("reply %q, error %v", reply, err)
				}
			}
			if s := c.Netlink().Stats(); s.Foreign != 0 {
				t.Errorf("%d messages that were another socket's", s.Foreign)
			}
		})
	}
	group.Wait()
}

// TestD6: with the sequence number 0 always, no ACK and NLMSG_ERROR ignored, a
// program takes whatever comes first for its reply, and errors for replies.
func TestD6(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	c := dial(t, nil)
	id := family(t, c, familyName).ID
	fd, err := plainSocket(t, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	// Two requests, of which the first is refused: nothing tells which is meant,
	// and there is one that looks like a reply.
	sendTo(t, fd, echoMessage(t, id, wire.Request, ""))
	sendTo(t, fd, echoMessage(t, id, wire.Request, userText))
	first, second := wire.Message(receive(t, fd, 4096)), wire.Message(receive(t, fd, 4096))
	if first.Type() != wire.TypeError || second.Type() != wire.Type(id) || first.Header().Seq != second.Header().Seq {
		t.Errorf("answers %v and %v", first.Header(), second.Header())
	}
	if a := wire.Attr(first[20:]); a.Text() == kernelText {
		t.Error("the error has the reply's text where the notes look for it")
	}
	// The library, with many requests in flight on one socket.
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 50 {
				if i%2 == 0 {
					if reply, err := echo(t.Context(), c); reply != kernelText || err != nil {
						t.Errorf("reply %q, error %v", reply, err)
					}
					continue
				}
				_, err := c.Do(t.Context(), genetlink.Request{Family: familyName, Cmd: cmdEcho, Names: genetlink.Names{attrMsg: {Name: "msg"}}},
					func(genetlink.Message) error { return errors.New("a reply to what was refused") })
				e, ok := errors.AsType[*netlink.Error](err)
				if !ok || e.Errno != netlink.EINVAL || !e.HasMissingType || e.MissingType != attrMsg || e.Missing != ".msg" {
					t.Errorf("without MSG: error %v", err)
				}
			}
		})
	}
	group.Wait()
	// What is well is acknowledged, if that is asked for.
	acked := answer(t, fd, echoMessage(t, id, wire.Request|wire.Ack, userText), 4096)
	if len(acked) != 2 {
		t.Fatalf("%d answers, want reply and ACK", len(acked))
	}
	if _, err := netlink.ParseAck(acked[1], nil); err != nil {
		t.Errorf("ACK: %v", err)
	}
}

// naiveBuffer is how many bytes the notes receive into.
const naiveBuffer = 280

// TestD7: a message larger than a buffer of 280 bytes is cut, and who does not look
// at MSG_TRUNC reads half of it for all.
func TestD7(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_test")
	c := (&subject{}).dial(t, netlink.Options{})
	f := family(t, c.Genetlink(), "nlkit_test")
	const entries, size = 40, 1000
	req := &nlkittest.SeriesRequest{Entries: nl.U32(entries), Size: nl.U32(size)}
	var b wire.Builder
	genetlink.Begin(&b, f.ID, wire.Request, genetlink.Header{Cmd: 7, Version: 1}, nil)
	req.AppendNetlink(&b)
	msg, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := plainSocket(t, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	got := answer(t, fd, msg, naiveBuffer)
	if len(got) != 1 || len(got[0]) != naiveBuffer {
		t.Fatalf("%d datagrams, want one that is cut", len(got))
	}
	if claims := int(wire.Message(got[0]).Header().Len); claims <= entries*size {
		t.Errorf("the message has %d bytes: it would have done", claims)
	}
	// The library has room for it,
	m, err := c.Series(within(t), req)
	if err != nil || len(m.Entry) != entries {
		t.Fatalf("error %v, %d entries", err, len(m.Entry))
	}
	for i, e := range m.Entry {
		if e.Index.Value() != uint32(i+1) || !bytes.Equal(e.Data, pattern(uint32(i+1), size)) {
			t.Fatalf("entry %d is %v", i+1, e)
		}
	}
	// says where there was none,
	tr, err := netlink.Open(wire.Generic, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if err := tr.Send(msg, netlink.Address{}); err != nil {
		t.Fatal(err)
	}
	if d, err := tr.Receive(make([]byte, naiveBuffer), false); err != nil || d.N != naiveBuffer || d.Len <= entries*size {
		t.Errorf("received %d bytes of %d, error %v", d.N, d.Len, err)
	}
	// and has a limit that it tells of: this reply has 1,000,000 bytes.
	m, err = c.Series(within(t), &nlkittest.SeriesRequest{Entries: nl.U32(950), Size: nl.U32(size)})
	if !errors.Is(err, netlink.ErrTruncated) && (err != nil || len(m.Entry) != 950) {
		t.Errorf("a reply of a megabyte: error %v", err)
	}
	t.Logf("a reply of a megabyte: error %v", err)
	if m, err := c.Series(within(t), req); err != nil || len(m.Entry) != entries {
		t.Errorf("after it: error %v", err)
	}
}

// TestD8: the handler of the notes does not look whether the attribute is there,
// and reads garbage; nor what it is.
func TestD8(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	c := dial(t, nil)
	long := strings.Repeat("x", 60000)
	for _, tt := range []struct {
		name  string
		attrs func(b *wire.Builder)
		errno netlink.Errno // 0: answered
		text  string
	}{
		{"none", nil, netlink.EINVAL, ""},
		{"no NUL", func(b *wire.Builder) { b.Attr(attrMsg, []byte("abc")) }, netlink.EINVAL, "Attribute failed policy validation"},
		{"nothing in it", func(b *wire.Builder) { b.Attr(attrMsg, nil) }, netlink.EINVAL, "Attribute failed policy validation"},
		{"a nest", func(b *wire.Builder) { b.Attr(attrMsg|wire.AttrNested, []byte("a\x00")) }, netlink.EINVAL, "NLA_F_NESTED not expected"},
		{"another number", func(b *wire.Builder) { b.Text(2, "a") }, netlink.EINVAL, "Unknown attribute type"},
		{"number 0", func(b *wire.Builder) { b.Text(0, "a") }, netlink.EINVAL, "Unknown attribute type"},
		{"bytes behind", func(b *wire.Builder) { b.Text(attrMsg, "abc"); b.Raw([]byte{1, 0, 0, 0}) }, netlink.EINVAL, "bytes leftover after parsing attributes"},
		{"length of 3", func(b *wire.Builder) { b.Raw([]byte{3, 0, 1, 0, 'a', 0, 0, 0}) }, netlink.EINVAL, "bytes leftover after parsing attributes"},
		{"length too large", func(b *wire.Builder) { b.Raw([]byte{200, 0, 1, 0, 'a', 0, 0, 0}) }, netlink.EINVAL, "bytes leftover after parsing attributes"},
		{"empty text", func(b *wire.Builder) { b.Text(attrMsg, "") }, 0, ""},
		{"a NUL inside", func(b *wire.Builder) { b.Attr(attrMsg, []byte("a\x00b\x00")) }, 0, ""},
		{"twice", func(b *wire.Builder) { b.Text(attrMsg, "a"); b.Text(attrMsg, "b") }, 0, ""},
		{"no letters", func(b *wire.Builder) { b.Text(attrMsg, "\x01\x7f\xff%s%n\n<0>") }, 0, ""},
		{"60,000 bytes", func(b *wire.Builder) { b.Text(attrMsg, long) }, 0, ""},
	} {
		replies := 0
		_, err := c.Do(within(t), genetlink.Request{Family: familyName, Cmd: cmdEcho, Attrs: tt.attrs}, func(m genetlink.Message) error {
			replies++
			if a, ok := wire.FindAttr(m.Attrs, attrMsg); !ok || a.Text() != kernelText {
				t.Errorf("%s: reply % x", tt.name, m.Attrs)
			}
			return nil
		})
		if tt.errno == 0 {
			if err != nil || replies != 1 {
				t.Errorf("%s: %d replies, error %v", tt.name, replies, err)
			}
			continue
		}
		e, ok := errors.AsType[*netlink.Error](err)
		if !ok || e.Errno != tt.errno || e.Text != tt.text || replies != 0 {
			t.Errorf("%s: %d replies, error %v; want %v %q", tt.name, replies, err, tt.errno.Name(), tt.text)
		}
	}
	for line := range strings.Lines(vm.Dmesg()) {
		if len(line) > 700 || strings.Contains(line, "\x1b") {
			t.Errorf("the log has what was sent as it is, %d bytes", len(line))
		}
	}
	if w := vm.Warnings(); len(w) > 0 {
		t.Errorf("the kernel complains: %q", w)
	}
}
