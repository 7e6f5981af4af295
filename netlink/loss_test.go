package netlink

import (
	"errors"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// TestDoLosesReply has the queue overrun between a request and its ACK: a reply
// may be missing, which only a caller without interest in replies may overlook.
func TestDoLosesReply(t *testing.T) {
	lossy := func(f *fake, req []byte, _ Address) error {
		f.arrive(message(18, 0, seqOf(req), []byte("ping")))
		f.fails(ENOBUFS)
		f.arrive(ack(seqOf(req)))
		return nil
	}
	conn, f := dialFake(t, lossy)
	defer conn.Close()
	var got []string
	if _, err := conn.Do(patience(t), request(18), payloads(&got)); !errors.Is(err, ErrOverrun) || len(got) != 1 {
		t.Errorf("replies %q, error %v, want one and ErrOverrun", got, err)
	}
	if _, err := conn.Do(patience(t), request(18), nil); err != nil {
		t.Errorf("without interest in replies: %v", err)
	}
	f.onSend = func(f *fake, req []byte, _ Address) error {
		f.arrive(ack(seqOf(req)))
		return nil
	}
	if _, err := conn.Do(patience(t), request(18), payloads(&got)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestBatchLosesError has the queue overrun before the only ACK of a batch: of
// the items before it nobody knows whether they failed.
func TestBatchLosesError(t *testing.T) {
	conn, _ := dialFake(t, func(f *fake, req []byte, _ Address) error {
		var last uint32
		for m, err := range wire.Messages(req) {
			if err != nil {
				t.Error(err)
			}
			last = m.Seq()
		}
		f.fails(ENOBUFS)
		f.arrive(ack(last))
		return nil
	})
	defer conn.Close()
	b := conn.Batch(patience(t), BatchOptions{ElideAcks: true})
	for range 3 {
		if err := b.Add(request(24)); err != nil {
			t.Fatal(err)
		}
	}
	err := b.Flush()
	var failed *BatchError
	if !errors.As(err, &failed) || len(failed.Items) != 2 || failed.Items[0].Index != 0 || !errors.Is(err, ErrOverrun) {
		t.Errorf("%v, want items 0 and 1 with ErrOverrun", err)
	}
}

// TestSpuriousReceiveError has a receive call report what Linux left behind.
func TestSpuriousReceiveError(t *testing.T) {
	conn, f := dialFake(t, func(f *fake, req []byte, _ Address) error {
		f.arrive(message(18, 0, seqOf(req), []byte("ping")))
		f.fails(EINVAL)
		f.arrive(ack(seqOf(req)))
		return nil
	})
	defer conn.Close()
	for range 2 * maxFaults {
		var got []string
		if _, err := conn.Do(patience(t), request(18), payloads(&got)); err != nil || len(got) != 1 {
			t.Fatalf("replies %q, error %v", got, err)
		}
	}
	// Where something was dropped the error stands for an ENOBUFS.
	f.mu.Lock()
	f.drops++
	f.mu.Unlock()
	var got []string
	if _, err := conn.Do(patience(t), request(18), payloads(&got)); !errors.Is(err, ErrOverrun) {
		t.Errorf("replies %q, error %v, want ErrOverrun", got, err)
	}
	f.onSend = func(f *fake, req []byte, _ Address) error {
		for range maxFaults + 1 {
			f.fails(EINVAL)
		}
		return nil
	}
	for range 2 {
		if _, err := conn.Do(patience(t), request(18), nil); !errors.Is(err, EINVAL) {
			t.Errorf("error %v of a socket that is broken, want EINVAL", err)
		}
	}
}

func TestEndlessReplies(t *testing.T) {
	const size = 60 << 10
	sent := 0
	conn, _ := dialFake(t, func(f *fake, req []byte, _ Address) error {
		for seq := seqOf(req); sent < maxReplies+size; sent += size {
			f.arrive(message(18, wire.Multi, seq, make([]byte, size)))
		}
		return nil
	})
	defer conn.Close()
	if _, err := conn.Do(patience(t), request(18), nil); !errors.Is(err, ErrReplies) {
		t.Errorf("error %v, want ErrReplies", err)
	}
}

func TestControlTypeRefused(t *testing.T) {
	conn, f := dialFake(t, nil)
	defer conn.Close()
	for typ := range wire.TypeMin {
		_, err := conn.Do(patience(t), request(typ), nil)
		if !errors.Is(err, EINVAL) || !strings.Contains(err.Error(), "control") {
			t.Errorf("Do of type %d: %v", typ, err)
		}
		for _, err = range conn.Dump(patience(t), request(typ)) {
		}
		if !errors.Is(err, EINVAL) {
			t.Errorf("Dump of type %d: %v", typ, err)
		}
		if err := conn.Batch(patience(t), BatchOptions{}).Add(request(typ)); !errors.Is(err, EINVAL) {
			t.Errorf("Add of type %d: %v", typ, err)
		}
	}
	if f.reads > 0 {
		t.Errorf("%d reads for requests that were refused", f.reads)
	}
}
