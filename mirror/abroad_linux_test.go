package mirror

import (
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// TestHeld: a table whose rules watch one of another feed is not in sync while that is
// not, and is when that is again.
func TestHeld(t *testing.T) {
	s := newScene(t)
	s.ip("link add va type veth peer name vb")
	m := s.open(s.options(), Ethtool("linkinfo"))
	links := m.feed(wire.Route, "")
	become := func(want bool, what string) {
		t.Helper()
		for until := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
			h := m.Health()
			if m.Snapshot().Synced() == want && h.Synced == want && h.Tables[0].Synced == want {
				return
			}
			if time.Now().After(until) {
				t.Fatalf("%s: in sync %v, %+v", what, m.Snapshot().Synced(), h.Tables)
			}
		}
	}
	become(true, "at first")
	loss := make(chan bool)
	links.post(func() {
		links.unsynced(ResyncOverrun, "a loss")
		links.pending++ // which nobody makes good
		loss <- true
	})
	<-loss
	become(false, "while the links are not in sync")
	s.ip("link set va up")
	links.post(func() {
		links.pending--
		links.resyncAll(ResyncOverrun, "a loss", 0)
	})
	become(true, "when they are again")
	s.equal(m, "at the end", Ethtool("linkinfo").def)
}
