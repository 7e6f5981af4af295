package mirror

import (
	"bytes"
	"fmt"
	"testing"
)

// TestAuditTells changes what the kernel does not announce: the group of links that
// are down. The audit says which records were wrong, and repairs them.
func TestAuditTells(t *testing.T) {
	s := newScene(t)
	const links = MaxDrifted + 3
	var add, change []string
	for i := range links {
		add = append(add, fmt.Sprintf("link add v%d type bridge", i))
		change = append(change, fmt.Sprintf("link set v%d group 7", i))
	}
	s.ip(add...)
	m := s.open(s.options(), Links, Routes)
	r, err := m.Audit(t.Context())
	if err != nil || r.Drift != 0 {
		t.Fatalf("before anything has happened: %+v, %v", r, err)
	}
	s.ip(change...)
	s.settled(m)
	r, err = m.Audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Drift != links || len(r.Tables) != 2 {
		t.Fatalf("%d records in %d tables, want %d in 2", r.Drift, len(r.Tables), links)
	}
	for _, d := range r.Tables {
		if d.Table == "route" {
			if len(d.Drifted) != 0 {
				t.Errorf("routes: %v", d.Drifted)
			}
			continue
		}
		if d.Drift != links || len(d.Drifted) != MaxDrifted {
			t.Errorf("%d records, of which it tells %d; want %d and %d", d.Drift, len(d.Drifted), links, MaxDrifted)
		}
		for _, c := range d.Drifted {
			has := c.AppendOldJSON(nil)
			want := bytes.Replace(has, []byte(`"group":0`), []byte(`"group":7`), 1)
			if got := c.AppendNewJSON(nil); c.Kind != Changed || c.Table != "link" || c.NSID != Own || !bytes.Equal(got, want) {
				t.Errorf("%v of %s: from %s to %s", c.Kind, c.Table, has, got)
			}
		}
	}
	if r, err := m.Audit(t.Context()); err != nil || r.Drift != 0 {
		t.Errorf("after it: %+v, %v", r, err)
	}
	for _, h := range m.Health().Tables {
		if h.Name == "link" && h.Drift != links {
			t.Errorf("counted %d", h.Drift)
		}
	}
}
