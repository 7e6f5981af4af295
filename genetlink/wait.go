package genetlink

import (
	"context"
	"time"

	"github.com/nlkit/nlkit/netlink"
)

// watch waits for the controller to tell something, or for the time of trust
// where that cannot be heard.
type watch struct{ s *netlink.Subscription }

func newWatch(ctx context.Context, c *Conn) (*watch, error) {
	w := &watch{}
	if c.opts == nil {
		return w, nil
	}
	o := notifyOptions(c.opts)
	s, err := subscribeNotify(ctx, c.nl, &o)
	if err == nil {
		w.s = s
	}
	return w, ctx.Err()
}

func (w *watch) wait(ctx context.Context) error {
	if w.s != nil {
		_, err := w.s.Receive(ctx) // whatever it was: look again
		return err
	}
	pause := time.NewTimer(trust)
	defer pause.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-pause.C:
		return nil
	}
}

func (w *watch) close() {
	if w.s != nil {
		w.s.Close()
	}
}
