package testtwin

import (
	"iter"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// maxMessage is how large a message of the module may be, in bytes.
const maxMessage = 1 << 20

// pattern is the data of the entry with a number: its low byte and upwards.
func pattern(index uint32, size nl.Opt[uint32]) []byte {
	n, ok := size.Get()
	if !ok {
		return nil
	}
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(index + uint32(i))
	}
	return b
}

// Series answers with all entries in one reply.
func (t *Twin) Series(_ *nl.Incoming, req *nlkittest.SeriesRequest) (*nlkittest.Series, error) {
	t.entered.Add(1)
	defer t.left.Add(1)
	t.calls.Add(1)
	n, size := req.Entries.Value(), req.Size.Value()
	each := 2*wire.AttrHeaderLen + 4 // the nest, and index in it
	if req.Size.IsSet() {
		each += wire.AttrHeaderLen + wire.Align(int(size))
	}
	if int(n)*each > maxMessage {
		return nil, netlink.EMSGSIZE
	}
	m := &nlkittest.Series{}
	for i := range n {
		m.Entry = append(m.Entry, &nlkittest.SeriesEntry{Index: nl.U32(i + 1), Data: pattern(i+1, req.Size)})
	}
	return m, nil
}

// SeriesDump answers with a message for each entry.
func (t *Twin) SeriesDump(call *nl.Incoming, req *nlkittest.SeriesDumpRequest) iter.Seq2[*nlkittest.Series, error] {
	t.started.Add(1)
	return func(yield func(*nlkittest.Series, error) bool) {
		defer t.done.Add(1)
		changed := func(index uint32) {
			t.calls.Add(1)
			if at, ok := req.ChangeAt.Get(); ok && at == index {
				call.Interrupt()
			}
		}
		for i := range req.Entries.Value() {
			changed(i + 1)
			if !yield(&nlkittest.Series{Index: nl.U32(i + 1), Data: pattern(i+1, req.Size)}, nil) {
				return
			}
		}
		changed(req.Entries.Value() + 1)
	}
}

// Burst multicasts many notifications.
func (t *Twin) Burst(call *nl.Incoming, req *nlkittest.BurstRequest) (*nlkittest.Burst, error) {
	t.calls.Add(1)
	count, ok := req.Count.Get()
	if !ok {
		return nil, call.Missing(".count")
	}
	sent := uint32(0)
	for i := range count {
		n := &nlkittest.BurstNotification{Burst: nlkittest.Burst{Index: nl.U32(i + 1), Count: nl.U32(count), Data: pattern(i+1, req.Size)}}
		if t.notify(nlkittest.GroupBurst, n) {
			sent++
		}
	}
	return &nlkittest.Burst{Sent: nl.U32(sent)}, nil
}

const attrWhispered = 1

// Whisper sends a notification to who asks.
func (t *Twin) Whisper(call *nl.Incoming, _ *nlkittest.WhisperRequest) error {
	t.calls.Add(1)
	said := text(call, attrWhispered)
	if !said.IsSet() {
		return call.Missing(".text")
	}
	err := t.served.Send(call.Port(), &nlkittest.WhisperNotification{Whisper: nlkittest.Whisper{Text: said}})
	if err == nil {
		t.notifications.Add(1)
	}
	return err
}
