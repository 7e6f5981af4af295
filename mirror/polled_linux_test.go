package mirror

import (
	"testing"
	"time"
)

// TestPolledWithoutGroups mirrors a family that multicasts nothing at all.
func TestPolledWithoutGroups(t *testing.T) {
	s := newScene(t)
	metrics := Family("tcp_metrics", "get").Poll(20 * time.Millisecond)
	m := s.open(s.options(), metrics)
	reads := func() uint64 {
		h := m.Health().Tables
		if len(h) != 1 {
			t.Fatalf("%+v", h)
		}
		return h[0].Reads
	}
	for deadline := time.Now().Add(10 * time.Second); reads() < 3; {
		if time.Now().After(deadline) {
			t.Fatalf("read %d times only; %+v", reads(), m.Health())
		}
		time.Sleep(5 * time.Millisecond)
	}
	if r, err := m.Audit(t.Context()); err != nil || r.Drift != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}
