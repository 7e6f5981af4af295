package genetlink

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// trust is how long a family is believed to be what it was where the
// controller's notifications cannot be had.
const trust = time.Second

// resolver finds families and keeps them for as long as they are right.
//
// It has no goroutine. Its socket on the controller's group notify is read
// empty before anything kept is believed: the kernel queues the notification
// before the call that unregisters a family returns, so that an empty queue
// means a current cache. What little is left of a race (the kernel forgets the
// number an instant before it tells) ends in ENOENT for a request, after which
// refresh asks anew.
//
// Without that socket (the group cannot be joined, or the Conn was made of one
// socket alone) an answer is believed for the time of trust.
type resolver struct {
	nl   *netlink.Conn
	opts *netlink.Options // how to open the notify socket; nil: not at all
	now  func() time.Time

	mu      sync.Mutex
	notify  *netlink.Subscription // nil while there is none
	opening bool                  // somebody is opening it
	nextTry time.Time             // when to try that again
	closed  bool
	gen     uint64 // counts what was forgotten
	byName  map[string]known
	byID    map[uint16]known
	stats   Stats
}

// known is a family and when it was learnt.
type known struct {
	f  *Family
	at time.Time // zero if notify was watched: then it holds until revoked
}

func newResolver(nl *netlink.Conn, opts *netlink.Options) *resolver {
	if opts != nil {
		o := notifyOptions(opts)
		opts = &o
	}
	return &resolver{
		nl: nl, opts: opts, now: time.Now,
		byName: map[string]known{}, byID: map[uint16]known{},
	}
}

// sideOptions are the options for one more socket beside the one o was for.
func sideOptions(o *netlink.Options) netlink.Options {
	side := *o
	side.Port = 0 // taken already
	return side
}

// notifyOptions are the options for a socket on the controller's notifications.
func notifyOptions(o *netlink.Options) netlink.Options {
	side := sideOptions(o)
	side.Filter = nil          // made for other messages
	side.NoENOBUFS = false     // a loss must be known here
	side.ReceiveBuffer = 0     // an event has a few hundred bytes, and there are few
	side.ListenAllNSID = false // families are the same in every namespace
	return side
}

// family returns the family of that name or, if name is empty, of that number.
// For a family that is known it makes one system call, which does not wait, and
// allocates nothing.
func (r *resolver) family(ctx context.Context, name string, id uint16) (*Family, error) {
	if f, ok := r.lookup(name, id); ok {
		return f, nil
	}
	r.watch(ctx)
	r.mu.Lock()
	gen := r.gen
	r.stats.Asked++
	r.mu.Unlock()
	f, err := getFamily(ctx, r.nl, name, id)
	if err != nil {
		return nil, err
	}
	r.store(f, gen)
	return f, nil
}

// refresh asks for a family anew after old has turned out to be unknown.
func (r *resolver) refresh(ctx context.Context, old *Family) (*Family, error) {
	r.mu.Lock()
	r.forget(old)
	r.mu.Unlock()
	return r.family(ctx, old.Name, 0)
}

func (r *resolver) lookup(name string, id uint16) (*Family, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drain()
	var k known
	if name != "" {
		k = r.byName[name]
	} else {
		k = r.byID[id]
	}
	if k.f == nil || !k.at.IsZero() && r.now().Sub(k.at) >= trust {
		return nil, false
	}
	return k.f, true
}

// store keeps what the controller answered, unless something was forgotten
// since gen: that may have been this family's end.
func (r *resolver) store(f *Family, gen uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gen != gen {
		return
	}
	k := known{f: f}
	if r.notify == nil {
		k.at = r.now()
	}
	r.drop(f.Name, f.ID)
	r.byName[f.Name] = k
	r.byID[f.ID] = k
}

// drain reads the notify socket empty and forgets what it revokes.
func (r *resolver) drain() {
	for r.notify != nil {
		ev, ok, err := r.notify.TryReceive()
		if err != nil {
			r.unwatch()
			return
		}
		if !ok {
			return
		}
		if ev.Overrun {
			r.stats.Overruns++
			r.forgetAll()
			continue
		}
		r.heed(ev.Message)
	}
}

// heed forgets what one notification revokes.
func (r *resolver) heed(m wire.Message) {
	n, ok, err := parseNotice(m)
	switch {
	case err != nil:
		r.forgetAll()
	case ok:
		r.forget(n.family)
	}
}

func (r *resolver) forget(f *Family) {
	r.gen++
	r.stats.Forgotten++
	r.drop(f.Name, f.ID)
}

func (r *resolver) forgetAll() {
	r.gen++
	r.stats.Forgotten++
	clear(r.byName)
	clear(r.byID)
}

// drop removes whatever is kept under a name or a number.
func (r *resolver) drop(name string, id uint16) {
	if k, ok := r.byName[name]; ok {
		delete(r.byID, k.f.ID)
	}
	if k, ok := r.byID[id]; ok {
		delete(r.byName, k.f.Name)
	}
	delete(r.byName, name)
	delete(r.byID, id)
}

// watch opens the notify socket if that is still to be done. Its failure is no
// error: families are then believed for a shorter time.
func (r *resolver) watch(ctx context.Context) {
	r.mu.Lock()
	idle := r.opts == nil || r.notify != nil || r.opening || r.closed || r.now().Before(r.nextTry)
	if !idle {
		r.opening = true
	}
	r.mu.Unlock()
	if idle {
		return
	}
	s, err := subscribeNotify(ctx, r.nl, r.opts)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opening = false
	switch {
	case err != nil:
		// The caller's impatience says nothing about the next one's chances.
		if ctx.Err() == nil {
			r.nextTry = r.now().Add(trust)
		}
	case r.closed:
		s.Close()
	default:
		// What was learnt before was learnt unwatched.
		r.forgetAll()
		r.notify = s
	}
}

func (r *resolver) unwatch() {
	r.notify.Close()
	r.notify = nil
	r.nextTry = r.now().Add(trust)
	r.forgetAll()
}

func (r *resolver) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.notify == nil {
		return nil
	}
	err := r.notify.Close()
	r.notify = nil
	r.forgetAll()
	return err
}

func (r *resolver) snapshot() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Watching = r.notify != nil
	return s
}

// subscribeNotify opens a socket on the controller's group notify, whose
// number it asks for through nl.
func subscribeNotify(ctx context.Context, nl *netlink.Conn, o *netlink.Options) (*netlink.Subscription, error) {
	g, err := notifyGroup(ctx, nl)
	if err != nil {
		return nil, err
	}
	return netlink.Subscribe(wire.Generic, o, g.ID)
}

func notifyGroup(ctx context.Context, nl *netlink.Conn) (Group, error) {
	ctrl, err := getFamily(ctx, nl, ControllerName, 0)
	if err != nil {
		return Group{}, err
	}
	g, ok := ctrl.Group(NotifyGroup)
	if !ok {
		return Group{}, unknownGroup(ctrl, NotifyGroup)
	}
	return g, nil
}

// Stats count what a Conn's resolver of families has done.
type Stats struct {
	Asked     uint64 // requests to the controller for one family
	Forgotten uint64 // times a family, or all of them, had to be forgotten
	Overruns  uint64 // times notifications of the controller were lost
	Watching  bool   // the controller's notifications are being received
}

// isUnknown reports whether err says that a family does not exist.
func isUnknown(err error) bool {
	_, ok := errors.AsType[*UnknownFamilyError](err)
	return ok
}
