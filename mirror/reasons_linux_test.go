package mirror

import "testing"

// TestReasons: a change has the reasons of its own table, not those of others that have
// changed with it.
func TestReasons(t *testing.T) {
	s := newScene(t)
	link := s.pairUp()
	s.ip("route add 10.9.0.0/16 via 10.1.0.2")
	m := s.open(s.options(), Links, Routes.Where("rtm-family == inet"))
	before := s.settled(m)
	s.request(linkUp(link, false))
	after := s.settled(m)
	d := delta(before, after)
	if !d.Reasons.Has(Announced) || !d.Reasons.Has(Inferred) {
		t.Errorf("all: %v, want announced and inferred", d.Reasons)
	}
	links, routes := 0, 0
	for step := range Links.Changes(d) {
		links++
		if !step.Reasons.Has(Announced) || step.Reasons.Has(Inferred) {
			t.Errorf("link %v: %v, want announced", step.New, step.Reasons)
		}
	}
	for step := range Routes.Changes(d) {
		routes++
		if step.Kind == Deleted && !step.Reasons.Has(Inferred) || step.Reasons.Has(Announced) {
			t.Errorf("route %v: %v, want inferred", step.Old, step.Reasons)
		}
	}
	if links == 0 || routes < 2 {
		t.Errorf("%d changes of links, %d of routes", links, routes)
	}
}
