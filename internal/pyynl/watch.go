package pyynl

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/ynl/client"
)

// watch prints notifications until the time is over.
func (r *run) watch(ctx context.Context, sub *client.Subscription) error {
	if err := r.out.Flush(); err != nil {
		return err
	}
	if r.o.given["duration"] || r.o.given["sleep"] {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(r.o.duration)*time.Second)
		defer cancel()
	}
	o := r.codec()
	for ev, err := range sub.Events(ctx) {
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return nil
		case errors.Is(err, context.Canceled):
			return nil // Ctrl-C is how one stops to watch
		case err != nil:
			return err
		case ev.Kind == genetlink.Overrun:
			fmt.Fprintf(r.Stderr, "nlkit ynl: %d notifications were lost\n", ev.Lost)
			continue
		case ev.Kind != genetlink.Notification:
			fmt.Fprintf(r.Stderr, "nlkit ynl: family %s %v\n", r.spec.Name, ev.Kind)
			continue
		}
		err = r.print(func(b []byte) []byte {
			b = append(b, `{"name":`...)
			b = appendQuoted(b, ev.Message.Name)
			b = append(b, `,"msg":`...)
			b = ev.Message.AppendJSON(b, o)
			return append(b, '}')
		})
		if err == nil {
			err = r.out.Flush()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
