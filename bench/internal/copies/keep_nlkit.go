//go:build linux

package copies

import (
	"context"
	"iter"

	"github.com/nlkit/nlkit/mirror"
)

// mirrorKeeper is nlkit's mirror. Beside the routes it keeps links, addresses and
// nexthop objects, by which it knows what the kernel does not announce.
type mirrorKeeper struct{ *mirror.Mirror }

func openMirror(buffer int) (keeper, error) {
	var o mirror.Options
	o.Netlink.ReceiveBuffer = buffer
	m, err := o.Open(context.Background(), mirror.Routes)
	return mirrorKeeper{m}, err
}

func (k mirrorKeeper) close() error { return k.Close() }

func (k mirrorKeeper) routes() iter.Seq[Route] {
	return func(yield func(Route) bool) {
		for r := range mirror.Routes.All(k.Snapshot()) {
			// What cannot be read is not there, and will be missed.
			if route, err := fromTyped(r); err == nil && !yield(route) {
				return
			}
		}
	}
}

func (k mirrorKeeper) standing() Standing {
	h := k.Health()
	s := Standing{Behind: !h.Synced}
	for _, f := range h.Feeds {
		s.Overruns += int(f.Overruns)
		s.Lost += int(f.Dropped)
		for kind, n := range f.Resyncs {
			if mirror.ResyncKind(kind) != mirror.ResyncOpened {
				s.Resyncs += int(n)
			}
		}
	}
	return s
}
