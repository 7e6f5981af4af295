package client_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// TestConcurrent uses one Client from many goroutines in every way there is,
// breaks some of it off, and closes it under way.
func TestConcurrent(t *testing.T) {
	box, registered := boxKernel(t)
	raw := batchKernel(t, true)
	payload := append([]byte{9, 0, 0, 0}, 6, 0, 1, 0, 'x', 0, 0, 0)
	for _, tc := range []struct {
		spec   *ynl.Spec
		k      netlink.Opener
		op     string
		dump   client.Request
		group  string
		notify func() error
	}{
		{parse(t, genericText), box, "get", client.Request{Op: "all"}, "changes", func() error {
			return registered.Multicast("changes", 4, func(b *wire.Builder) { b.Raw(u32(7)); b.Text(1, "x") })
		}},
		{parse(t, rawText), raw, "put", client.Request{Op: "put", AnyMode: true, Attrs: map[string]any{"label": "d"}}, "news", func() error {
			return raw.Multicast(wire.Netfilter, 3, build(t, wire.Header{Type: 0x21}, payload))
		}},
	} {
		t.Run(tc.spec.Name, func(t *testing.T) {
			w := worker{c: dial(t, tc.spec, tc.k), op: tc.op, dump: tc.dump, group: tc.group, notify: tc.notify}
			var all sync.WaitGroup
			for i, work := range []func(context.Context, string) error{w.do, w.readDump, w.leaveDump, w.multi, w.subscribe} {
				for j := range 3 {
					all.Go(func() { w.loop(t, fmt.Sprintf("w%d-%d", i, j), j == 2, work) })
				}
			}
			deadline := time.Now().Add(20 * time.Second)
			for w.done.Load() < 300 && time.Now().Before(deadline) {
				time.Sleep(time.Millisecond)
			}
			if err := w.c.Close(); err != nil {
				t.Error(err)
			}
			all.Wait()
			if w.done.Load() < 300 {
				t.Errorf("%d calls went well in 20 s", w.done.Load())
			}
		})
	}
}

// worker makes calls of one Client.
type worker struct {
	c      *client.Client
	op     string
	dump   client.Request
	group  string
	notify func() error
	done   atomic.Int64 // calls that went well
}

// loop works until the Client is closed. With hasty the calls have next to no
// time, and most are broken off.
func (w *worker) loop(t *testing.T, name string, hasty bool, work func(context.Context, string) error) {
	deadline := time.Now().Add(30 * time.Second)
	for i := 0; ; i++ {
		if time.Now().After(deadline) {
			t.Errorf("%s: the Client's end was not noticed", name)
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if hasty {
			time.AfterFunc(time.Duration(i%20)*10*time.Microsecond, cancel)
		}
		err := work(ctx, fmt.Sprintf("%s-%d", name, i%1000))
		cancel()
		switch {
		case err == nil:
			w.done.Add(1)
		case errors.Is(err, os.ErrClosed):
			return
		case !hasty || !errors.Is(err, context.Canceled):
			t.Errorf("%s: %v", name, err)
			return
		}
	}
}

func (w *worker) request(label string) client.Request {
	return client.Request{Op: w.op, Attrs: map[string]any{"label": label}}
}

func checkLabel(m client.Message, want string) error {
	if got := m.Object(codec.Options{}).Get("label"); got != want {
		return fmt.Errorf("the reply to another: %v, want %s", got, want)
	}
	return nil
}

func (w *worker) do(ctx context.Context, label string) error {
	n := 0
	_, err := w.c.Do(ctx, w.request(label), func(m client.Message) error {
		n++
		return checkLabel(m, label)
	})
	if err == nil && n != 1 {
		return fmt.Errorf("%d replies", n)
	}
	return err
}

func (w *worker) readDump(ctx context.Context, _ string) error {
	n := 0
	for _, err := range w.c.Dump(ctx, w.dump) {
		if err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		return errors.New("an empty dump")
	}
	return nil
}

func (w *worker) leaveDump(ctx context.Context, _ string) error {
	for _, err := range w.c.Dump(ctx, w.dump) {
		return err
	}
	return errors.New("an empty dump")
}

func (w *worker) multi(ctx context.Context, label string) error {
	results, err := w.c.Multi(ctx, []client.Request{w.request(label), w.request(label + "b")})
	if err != nil {
		return err
	}
	for i, r := range results {
		if r.Err != nil || len(r.Replies) != 1 {
			return fmt.Errorf("result %d: %d replies, %w", i, len(r.Replies), r.Err)
		}
		if err := checkLabel(r.Replies[0], label+[]string{"", "b"}[i]); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) subscribe(ctx context.Context, _ string) error {
	s, err := w.c.Subscribe(ctx, w.group)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := w.notify(); err != nil {
		return err
	}
	ev, err := s.Receive(ctx)
	if err != nil {
		return err
	}
	return checkLabel(ev.Message, "x")
}
