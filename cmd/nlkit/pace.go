package main

import (
	"context"
	"io"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
)

// pace tells whether a dump goes on. Nobody waits for its end with a watch in
// the hand: what it may not take too long for is the next entry. While its
// output waits for the reader of a pipe the kernel is not to blame.
type pace struct {
	steps   atomic.Uint64
	writing atomic.Bool
}

// unhurried returns the command's context with a time limit for each pause, and
// not for the whole. The limit is kept to once or twice its length.
func (a *app) unhurried(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(cmd.Context())
	a.ctx = ctx
	if a.timeout == 0 {
		return ctx, func() { cancel(nil) }
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Duration(a.timeout))
		defer tick.Stop()
		for seen := a.pace.steps.Load(); ; {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			now := a.pace.steps.Load()
			if now == seen && !a.pace.writing.Load() {
				cancel(context.DeadlineExceeded)
				return
			}
			seen = now
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-done
	}
}

// pacedWriter notes that something is being written.
type pacedWriter struct {
	w    io.Writer
	pace *pace
}

func (w *pacedWriter) Write(b []byte) (int, error) {
	w.pace.writing.Store(true)
	n, err := w.w.Write(b)
	w.pace.steps.Add(1)
	w.pace.writing.Store(false)
	return n, err
}
