package mirror

import (
	"errors"
	"testing"
	"time"
)

// TestResyncCounts: what has made a resync necessary is counted by its kind.
func TestResyncCounts(t *testing.T) {
	s := newScene(t)
	m := s.open(s.options(), Links)
	if err := m.Resync(t.Context()); err != nil {
		t.Fatal(err)
	}
	f := m.feeds[0]
	f.shared.mu.Lock()
	f.shared.source.Close() // as if it had failed
	f.shared.mu.Unlock()
	want := [resyncKinds]uint64{ResyncOpened: 1, ResyncAsked: 1, ResyncSocket: 1}
	var h Health
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if h = m.Health(); h.Feeds[0].Resyncs == want {
			break
		}
	}
	if h.Feeds[0].Resyncs != want || !h.Synced || h.Feeds[0].LastError == "" {
		t.Errorf("%+v, want the resyncs %v", h, want)
	}
	if last := h.Resyncs[len(h.Resyncs)-1]; last.Kind != ResyncSocket {
		t.Errorf("the last one was %+v", last)
	}
}

// TestHealthAfterTheEnd: what nobody keeps any more is not in sync.
func TestHealthAfterTheEnd(t *testing.T) {
	s := newScene(t)
	m := s.open(s.options(), Links)
	if h := m.Health(); !h.Synced || !h.Feeds[0].Synced || !h.Tables[0].Synced {
		t.Errorf("before: %+v", h)
	}
	m.Close()
	if h := m.Health(); h.Synced || h.Feeds[0].Synced || h.Tables[0].Synced || !errors.Is(m.Err(), ErrClosed) {
		t.Errorf("after: %+v", h)
	}
}

// TestResyncKinds: each has a word of its own.
func TestResyncKinds(t *testing.T) {
	words := map[string]bool{}
	for k := range ResyncKind(resyncKinds) {
		words[k.String()] = true
	}
	if len(words) != resyncKinds || words[""] {
		t.Errorf("the words are %v", words)
	}
	if got := ResyncKind(resyncKinds).String(); got != "resync kind 6" {
		t.Errorf("one that is none is %q", got)
	}
}
