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
	// changes are what other feeds tell of theirs: it is taken in while something is read,
	// too.
	changes []func()
	health  FeedHealth
	tables  []TableHealth
	rules   []TableHealth // of hidden ones
	behind  time.Time     // since when there is a loss, zero if there is none
}

// setEvents makes the events socket known to those who want to wake the feed.
func (f *feed) setEvents(s source) {
	f.events = s
	f.shared.mu.Lock()
	defer f.shared.mu.Unlock()
	f.shared.source = s
}

// post has the feed's goroutine call fn soon: when it has taken in what is queued.
func (f *feed) post(fn func()) { f.shared.add(&f.shared.posted, fn) }

// postChange is post for what another feed has to tell.
func (f *feed) postChange(fn func()) { f.shared.add(&f.shared.changes, fn) }

func (s *feedShared) add(to *[]func(), fn func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := len(s.posted)+len(s.changes) == 0
	if *to = append(*to, fn); first {
		s.rouse(s.source)
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
		if s.source == source && len(s.posted)+len(s.changes) > 0 {
			s.rouse(source)
		}
	})
}

// runPosted calls what was posted, behind the changes that were posted before.
func (s *feedShared) runPosted() {
	s.mu.Lock()
	list := append(s.changes, s.posted...)
	s.changes, s.posted = nil, nil
	s.mu.Unlock()
	for _, fn := range list {
		fn()
	}
}

// runChanges calls what other feeds have posted.
func (s *feedShared) runChanges() {
	s.mu.Lock()
	list := s.changes
	s.changes = nil
	s.mu.Unlock()
	for _, fn := range list {
		fn()
	}
}
