package mirror

import (
	"sync"
	"sync/atomic"
	"time"
)

// feedShared is what other goroutines see of a feed.
type feedShared struct {
	events, overruns, dropped atomic.Uint64
	lastError                 atomic.Pointer[string]

	mu     sync.Mutex
	source source // nil while there is none
	posted []func()
	health FeedHealth
	tables []TableHealth
	behind time.Time // since when there is a loss, zero if there is none
}

// setEvents makes the events socket known to those who want to wake the feed.
func (f *feed) setEvents(s source) {
	f.events = s
	f.shared.mu.Lock()
	defer f.shared.mu.Unlock()
	f.shared.source = s
}

// post has the feed's goroutine call fn soon: when it has taken in what is queued.
func (f *feed) post(fn func()) {
	f.shared.mu.Lock()
	defer f.shared.mu.Unlock()
	f.shared.posted = append(f.shared.posted, fn)
	if f.shared.source != nil && len(f.shared.posted) == 1 {
		// Its acknowledgement wakes the feed. Where it cannot be sent the socket is
		// broken or full, and the feed is awake.
		_, _ = f.shared.source.Mark()
	}
}

// runPosted calls what was posted.
func (s *feedShared) runPosted() {
	s.mu.Lock()
	posted := s.posted
	s.posted = nil
	s.mu.Unlock()
	for _, fn := range posted {
		fn()
	}
}
