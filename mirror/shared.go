package mirror

import (
	"errors"
	"os"
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
	rules  []TableHealth // of hidden ones
	behind time.Time     // since when there is a loss, zero if there is none
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
	if len(f.shared.posted) == 1 {
		f.shared.rouse(f.shared.source)
	}
}

// rouse wakes the feed: the acknowledgement of a mark does. It can be that there is no
// memory to send one, while the feed sleeps: then it is tried again, as long as the
// socket is the same. s.mu is held.
func (s *feedShared) rouse(source source) {
	if source == nil {
		return
	}
	if _, err := source.Mark(); err == nil || errors.Is(err, os.ErrClosed) {
		return
	}
	time.AfterFunc(minBackoff, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.source == source && len(s.posted) > 0 {
			s.rouse(source)
		}
	})
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
