package netlink

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// fake is a Transport that receives what a test says, when it says so.
type fake struct {
	mu       sync.Mutex
	wake     sync.Cond
	queue    []arrival
	used     uint32 // bytes in queue
	limit    uint32 // bytes it may hold, 0 for any number
	drops    uint32
	full     bool // dropping until the queue is empty
	expired  bool
	closed   bool
	joined   []uint32
	reads    int // calls of Receive
	memInfos int

	// onSend, if set, is what the other side does inside Send.
	onSend func(f *fake, req []byte, to Address) error
	// onRead, if set, is what it does whenever a datagram has been read.
	onRead func(f *fake)
	// onEmpty, if set, runs after the queue was found empty and before the
	// reader knows.
	onEmpty func()
}

// arrival is a datagram or an error that Receive is to return. err comes first.
type arrival struct {
	data []byte
	from Datagram // N and Len are filled in
	err  error
	then func() // runs before Receive returns the error
}

func newFake(onSend func(f *fake, req []byte, to Address) error) *fake {
	f := &fake{onSend: onSend}
	f.wake.L = &f.mu
	return f
}

// fakeCost is what a datagram takes of the queue beside its length.
const fakeCost = 600

// arrive queues a datagram from the kernel made of the given messages.
func (f *fake) arrive(messages ...[]byte) { f.arriveFrom(Datagram{}, messages...) }

func (f *fake) arriveFrom(from Datagram, messages ...[]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	data := slices.Concat(messages...)
	cost := uint32(len(data)) + fakeCost
	if f.limit > 0 && (f.full || f.used > 0 && f.used+cost > f.limit) {
		f.drops++
		if !f.full {
			f.full = true
			f.queue = slices.Insert(f.queue, 0, arrival{err: ENOBUFS})
		}
		f.wake.Broadcast()
		return
	}
	f.used += cost
	f.queue = append(f.queue, arrival{data: data, from: from})
	f.wake.Broadcast()
}

// fails queues an error behind what is queued.
func (f *fake) fails(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queue = append(f.queue, arrival{err: err})
	f.wake.Broadcast()
}

func (f *fake) Send(b []byte, to Address) error {
	f.mu.Lock()
	closed := f.closed
	f.mu.Unlock()
	if closed {
		return os.ErrClosed
	}
	if f.onSend == nil {
		return nil
	}
	return f.onSend(f, b, to)
}

func (f *fake) Receive(buf []byte, wait bool) (Datagram, error) {
	d, err := f.receive(buf, wait)
	switch {
	case err == nil && f.onRead != nil:
		f.onRead(f)
	case err == EAGAIN && f.onEmpty != nil:
		f.onEmpty()
	}
	return d, err
}

func (f *fake) receive(buf []byte, wait bool) (Datagram, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reads++
	for {
		switch {
		case f.closed:
			return Datagram{}, os.ErrClosed
		case f.expired:
			return Datagram{}, os.ErrDeadlineExceeded
		case len(f.queue) > 0:
			a := f.queue[0]
			f.queue = f.queue[1:]
			if a.then != nil {
				a.then()
			}
			if a.err != nil {
				return Datagram{}, a.err
			}
			f.used -= uint32(len(a.data)) + fakeCost
			f.full = f.full && len(f.queue) > 0
			a.from.N, a.from.Len = copy(buf, a.data), len(a.data)
			return a.from, nil
		case !wait:
			return Datagram{}, EAGAIN
		}
		f.wake.Wait()
	}
}

// SetReadDeadline knows the two times that matter: passed and none.
func (f *fake) SetReadDeadline(t time.Time) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return os.ErrClosed
	}
	f.expired = !t.IsZero() && t.Before(time.Now())
	f.wake.Broadcast()
	return nil
}

func (f *fake) Join(group uint32) error {
	if group == 0 {
		return EINVAL
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.joined = append(f.joined, group)
	return nil
}

func (f *fake) Leave(group uint32) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.Index(f.joined, group)
	if i < 0 {
		return EINVAL
	}
	f.joined = slices.Delete(f.joined, i, i+1)
	return nil
}

func (f *fake) MemInfo() (MemInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.memInfos++
	limit := f.limit
	if limit == 0 {
		limit = 212992
	}
	return MemInfo{Queued: f.used, Limit: limit, Drops: f.drops}, nil
}

func (f *fake) Port() uint32            { return 77 }
func (f *fake) Protocol() wire.Protocol { return wire.Route }

func (f *fake) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return os.ErrClosed
	}
	f.closed = true
	f.wake.Broadcast()
	return nil
}

// clean fails the test unless nothing of a context is left on the transport.
func (f *fake) clean(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.expired {
		t.Error("a read deadline was left behind")
	}
}

// message builds one message; parts are its payload.
func message(typ wire.Type, flags wire.Flags, seq uint32, parts ...[]byte) []byte {
	b := slices.Concat(parts...)
	h := wire.Header{Len: uint32(wire.HeaderLen + len(b)), Type: typ, Flags: flags, Seq: seq, Port: 77}
	m := append(h.Append(nil), b...)
	return append(m, make([]byte, wire.Align(len(m))-len(m))...)
}

func u32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

func attr(typ uint16, value ...byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(value)))
	b = append(binary.NativeEndian.AppendUint16(b, typ), value...)
	return append(b, make([]byte, wire.Align(len(b))-len(b))...)
}

// ack is the positive answer to a request.
func ack(seq uint32) []byte { return nack(seq, 0) }

// nack is an answer with an error number and extended-ACK attributes.
func nack(seq uint32, e Errno, tlvs ...[]byte) []byte {
	flags := wire.Capped
	if len(tlvs) > 0 {
		flags |= wire.AckTLVs
	}
	parts := [][]byte{u32(-uint32(e)), message(18, wire.Request, seq)}
	return message(wire.TypeError, flags, seq, append(parts, tlvs...)...)
}

// done is the end of a dump.
func done(seq uint32, e Errno, tlvs ...[]byte) []byte {
	flags := wire.Multi
	if len(tlvs) > 0 {
		flags |= wire.AckTLVs
	}
	return message(wire.TypeDone, flags, seq, append([][]byte{u32(-uint32(e))}, tlvs...)...)
}

func text(s string) []byte { return attr(wire.AckMessage, append([]byte(s), 0)...) }

// request is a message to send; the Conn fills in the rest.
func request(typ wire.Type, parts ...[]byte) []byte { return message(typ, 0, 0, parts...) }

func seqOf(req []byte) uint32 { return wire.Message(req).Seq() }

// dialFake returns a Conn whose other side is onSend.
func dialFake(t testing.TB, onSend func(f *fake, req []byte, to Address) error) (*Conn, *fake) {
	t.Helper()
	f := newFake(onSend)
	c := New(f, nil)
	t.Cleanup(func() { c.Close() })
	return c, f
}

// patience bounds waits that are not to happen.
func patience(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// payloads returns a function for Do that collects what it is shown.
func payloads(into *[]string) func(wire.Message) error {
	return func(m wire.Message) error {
		*into = append(*into, string(bytes.TrimRight(m.Data(), "\x00")))
		return nil
	}
}
