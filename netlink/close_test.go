package netlink

import (
	"context"
	"errors"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// TestClose closes a Conn while calls are in all phases.
func TestClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, k := newFakeKernel()
		full := make(chan struct{})
		f.onSend = func(f *fake, b []byte, to Address) error {
			select {
			case <-full:
				return EAGAIN
			default:
				return k.send(f, b, to)
			}
		}
		conn := New(f, nil)
		errs := make(chan error)
		n := 0
		start := func(fn func() error) {
			n++
			go func() { errs <- fn() }()
			synctest.Wait()
		}
		for range 10 {
			start(func() error { _, err := conn.Do(t.Context(), request(reqSilent), nil); return err })
		}
		for range 3 { // one has the turn, two wait for it
			start(func() error {
				_, err := collectDump(conn, t.Context(), request(reqSilent), DumpOptions{})
				return err
			})
		}
		for range 3 { // one is on its way, two wait
			start(func() error {
				b := conn.Batch(t.Context(), BatchOptions{})
				b.Add(request(reqSilent))
				b.Add(request(reqSilent))
				return b.Flush()
			})
		}
		close(full)
		start(func() error { return conn.Send(t.Context(), request(reqEcho), Address{Port: 5}) })
		before := time.Now()
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		for range n {
			if err := <-errs; !errors.Is(err, os.ErrClosed) {
				t.Errorf("error %v, want os.ErrClosed", err)
			}
		}
		if d := time.Since(before); d > maxSendPause {
			t.Errorf("it took %v until all calls had returned", d)
		}
		if err := conn.Close(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("closed twice: %v, want os.ErrClosed", err)
		}
		if _, err := conn.Do(t.Context(), request(reqEcho), nil); !errors.Is(err, os.ErrClosed) {
			t.Errorf("afterwards: %v, want os.ErrClosed", err)
		}
		if _, err := collectDump(conn, t.Context(), request(reqTable, u32(1)), DumpOptions{}); !errors.Is(err, os.ErrClosed) {
			t.Errorf("afterwards: %v, want os.ErrClosed", err)
		}
		if err := conn.Batch(t.Context(), BatchOptions{}).Flush(); err != nil {
			t.Errorf("an empty batch: %v", err)
		}
		f.clean(t)
		if conn.rx.done != nil {
			t.Error("the context of the call that read is still watched")
		}
	})
}

// TestCloseIdle closes a Conn that has waited with a context before: what was
// arranged for that context must be undone.
func TestCloseIdle(t *testing.T) {
	for _, ends := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			conn, f := dialFake(t, nil)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			f.onSend = func(f *fake, req []byte, a Address) error {
				go func() {
					time.Sleep(time.Millisecond)
					f.arrive(ack(seqOf(req)))
				}()
				return nil
			}
			if _, err := conn.Do(ctx, request(18), nil); err != nil {
				t.Error(err)
			}
			if ends {
				cancel()
				synctest.Wait()
				if _, err := conn.Do(t.Context(), request(18), nil); err != nil {
					t.Errorf("after the end of an earlier call's context: %v", err)
				}
			}
			conn.Close()
			if conn.rx.done != nil {
				t.Error("a context is still watched")
			}
		})
	}
}
