package testtwin

import (
	"sync"
	"sync/atomic"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/sim"
)

// Twin serves nlkit_test. What of it is exported but Close is for the simulated
// kernel to call.
type Twin struct {
	nlkittest.Unimplemented
	served *sim.Served

	calls, notifications         atomic.Uint64
	started, done, entered, left atomic.Uint64

	mu         sync.Mutex
	items      map[uint32]*item
	generation uint32 // of items; never 0
}

// New puts the family to work.
func New(k *sim.Kernel) (*Twin, error) {
	t := &Twin{items: make(map[uint32]*item), generation: 1}
	var err error
	t.served, err = sim.Serve(k, nlkittest.Service(t))
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Close takes the family away.
func (t *Twin) Close() error { return t.served.Close() }

// notify hands a notification to a group, reports whether that went well and counts
// it then. What came of it is nobody's business who asked for the change.
func (t *Twin) notify(group nl.Group, n nl.Announcement) bool {
	ok := t.served.Notify(group, n) == nil
	if ok {
		t.notifications.Add(1)
	}
	return ok
}

// Stats answers with counts.
func (t *Twin) Stats(*nl.Incoming, *nlkittest.StatsRequest) (*nlkittest.Stats, error) {
	calls := t.calls.Add(1)
	t.mu.Lock()
	defer t.mu.Unlock()
	return &nlkittest.Stats{
		Calls: nl.U64(calls), Notifications: nl.U64(t.notifications.Load()),
		SeriesStarted: nl.U64(t.started.Load()), SeriesDone: nl.U64(t.done.Load()),
		SeriesEntered: nl.U64(t.entered.Load()), SeriesLeft: nl.U64(t.left.Load()),
		Items: nl.U32(uint32(len(t.items))), Generation: nl.U32(t.generation),
	}, nil
}

// Admin does nothing: who may not ask for it does not come here.
func (t *Twin) Admin(*nl.Incoming, *nlkittest.AdminRequest) error {
	t.calls.Add(1)
	return nil
}

// UnsAdmin does nothing as well.
func (t *Twin) UnsAdmin(*nl.Incoming, *nlkittest.UnsAdminRequest) error {
	t.calls.Add(1)
	return nil
}

// Strict does nothing: attributes do not come here.
func (t *Twin) Strict(*nl.Incoming, *nlkittest.StrictRequest) error {
	t.calls.Add(1)
	return nil
}
