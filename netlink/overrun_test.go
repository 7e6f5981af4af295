package netlink

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/nlkit/nlkit/wire"
)

// TestOverrun drops an answer and then the news that it was dropped reaches
// those whose answers are missing, and nobody else.
func TestOverrun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seqs []uint32
		conn, f := dialFake(t, func(f *fake, req []byte, a Address) error {
			if wire.Message(req).Type() == reqEcho {
				return echoing(f, req, a)
			}
			seqs = append(seqs, seqOf(req))
			return nil
		})
		errs := make(chan error, 3)
		for range 3 {
			go func() {
				_, err := conn.Do(t.Context(), request(18), nil)
				errs <- err
			}()
			synctest.Wait()
		}
		f.mu.Lock() // all at once
		f.queue = []arrival{{err: ENOBUFS}, {data: ack(seqs[1])}}
		f.wake.Broadcast()
		f.mu.Unlock()
		lost := 0
		for range 3 {
			if err := <-errs; errors.Is(err, ErrOverrun) {
				lost++
			} else if err != nil {
				t.Error(err)
			}
		}
		if lost != 2 {
			t.Errorf("%d requests failed with ErrOverrun, want those 2 without an answer", lost)
		}
		if s := conn.Stats(); s.Overruns != 1 {
			t.Errorf("%d overruns counted, want 1", s.Overruns)
		}
		works(t, conn)
		conn.Close()
	})
}

// TestOverrunWhileSending has the queue overrun, and found empty, while a
// request is on its way: its answer was dropped, or comes afterwards.
func TestOverrunWhileSending(t *testing.T) {
	for _, dropped := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			hold := make(chan struct{})
			conn, f := dialFake(t, nil)
			f.onSend = func(f *fake, req []byte, a Address) error {
				if wire.Message(req).Type() != reqEcho {
					return nil
				}
				<-hold
				if dropped {
					return nil
				}
				return echoing(f, req, a)
			}
			errs := make(chan error, 2)
			go func() {
				_, err := conn.Do(t.Context(), request(reqEcho), nil)
				errs <- err
			}()
			synctest.Wait() // it is inside Send
			f.fails(ENOBUFS)
			if _, err := conn.Do(t.Context(), request(18), nil); !errors.Is(err, ErrOverrun) {
				t.Errorf("request without an answer: %v, want ErrOverrun", err)
			}
			close(hold)
			if err := <-errs; errors.Is(err, ErrOverrun) != dropped || !dropped && err != nil {
				t.Errorf("answer dropped: %v, error %v", dropped, err)
			}
			conn.Close()
		})
	}
}

// TestOverrunBesideAnswer has a request sent, and answered, after the queue was
// found empty and before that is acted upon: its answer was not lost.
func TestOverrunBesideAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn, f := dialFake(t, func(f *fake, req []byte, a Address) error {
			if wire.Message(req).Type() != reqEcho {
				return nil
			}
			return echoing(f, req, a)
		})
		result := make(chan error, 1)
		f.fails(ENOBUFS)
		f.onEmpty = func() {
			f.onEmpty = nil
			go func() {
				_, err := conn.Do(t.Context(), request(reqEcho), nil)
				result <- err
			}()
			synctest.Wait() // it has sent, and waits for the one who reads
		}
		if _, err := conn.Do(t.Context(), request(18), nil); !errors.Is(err, ErrOverrun) {
			t.Errorf("request without an answer: %v, want ErrOverrun", err)
		}
		if err := <-result; err != nil {
			t.Errorf("request with an answer: %v", err)
		}
		conn.Close()
	})
}

// TestOverrunBesideCancel has the report of an overrun, or an error that may
// have displaced it, come just when the reader's context has ended: the others
// must hear of it.
func TestOverrunBesideCancel(t *testing.T) {
	for _, errno := range []Errno{ENOBUFS, EINVAL} {
		overrunBesideCancel(t, errno)
	}
}

func overrunBesideCancel(t *testing.T, errno Errno) {
	synctest.Test(t, func(t *testing.T) {
		conn, f := dialFake(t, nil)
		ctx, cancel := context.WithCancel(t.Context())
		reader, other := make(chan error, 1), make(chan error, 1)
		do := func(ctx context.Context, result chan<- error) {
			go func() {
				_, err := conn.Do(ctx, request(18), nil)
				result <- err
			}()
			synctest.Wait()
		}
		do(ctx, reader) // it came first, and reads for both
		do(t.Context(), other)
		f.mu.Lock()
		f.drops++
		f.queue = []arrival{{err: errno, then: cancel}}
		f.wake.Broadcast()
		f.mu.Unlock()
		if err := <-reader; !errors.Is(err, context.Canceled) && !errors.Is(err, ErrOverrun) {
			t.Errorf("the reader: %v", err)
		}
		if err := <-other; !errors.Is(err, ErrOverrun) {
			t.Errorf("the other: %v, want ErrOverrun", err)
		}
		conn.Close()
	})
}
