package netlink

import (
	"encoding/binary"
	"sync"

	"github.com/nlkit/nlkit/wire"
)

// Requests a fakeKernel understands.
const (
	reqEcho   wire.Type = 0x20 // one reply with the request's payload, an ACK
	reqQuiet  wire.Type = 0x21 // an ACK
	reqTable  wire.Type = 0x22 // a dump; the payload is the number of datagrams, two messages each
	reqRefuse wire.Type = 0x23 // EINVAL with a text
	reqSilent wire.Type = 0x24 // no answer at all
)

// fakeKernel answers requests as a kernel does: inside Send, and with one dump
// at a time, which goes on whenever a datagram is read.
type fakeKernel struct {
	mu   sync.Mutex
	seq  uint32 // of the dump in progress
	left int    // datagrams to come
	busy bool

	refused int // dumps that came while another was in progress
	dumps   int
}

func newFakeKernel() (*fake, *fakeKernel) {
	k := &fakeKernel{}
	f := newFake(k.send)
	f.onRead = k.goOn
	return f, k
}

func (k *fakeKernel) send(f *fake, datagram []byte, _ Address) error {
	for m, err := range wire.Messages(datagram) {
		if err != nil {
			return nil
		}
		k.answer(f, m)
	}
	return nil
}

func (k *fakeKernel) answer(f *fake, m wire.Message) {
	wantsAck := m.Flags().Has(wire.Ack)
	switch m.Type() {
	case reqEcho:
		f.arrive(message(reqEcho, 0, m.Seq(), m.Data()))
	case reqQuiet:
	case reqTable:
		k.begin(f, m)
		return
	case reqSilent:
		return
	default:
		f.arrive(nack(m.Seq(), EINVAL, text("no such thing")))
		return
	}
	if wantsAck {
		f.arrive(ack(m.Seq()))
	}
}

func (k *fakeKernel) begin(f *fake, m wire.Message) {
	k.mu.Lock()
	if k.busy {
		k.refused++
		k.mu.Unlock()
		f.arrive(nack(m.Seq(), EBUSY))
		return
	}
	k.busy, k.seq, k.left = true, m.Seq(), int(binary.NativeEndian.Uint32(m.Data()))
	k.dumps++
	k.mu.Unlock()
	k.goOn(f)
}

// goOn queues the next datagram of the dump in progress, if there is one.
func (k *fakeKernel) goOn(f *fake) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case !k.busy:
	case k.left == 0:
		k.busy = false
		f.arrive(done(k.seq, 0))
	default:
		k.left--
		f.arrive(message(reqTable, wire.Multi, k.seq, u32(uint32(2*k.left+1))), message(reqTable, wire.Multi, k.seq, u32(uint32(2*k.left))))
	}
}

// idle reports whether no dump is in progress, and how many were refused.
func (k *fakeKernel) idle() (bool, int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return !k.busy, k.refused
}
