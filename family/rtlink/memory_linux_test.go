//go:build !race

package rtlink

import (
	"encoding/json"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
)

// TestMemory asks again and again with the same memory: the same link, and nothing
// is allocated for it.
func TestMemory(t *testing.T) {
	ctx := t.Context()
	c, err := Dial(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	req := &LinkGetRequest{Header: IfInfoMsg{Index: 1}}
	own, err := c.LinkGet(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	// What counts up meanwhile is left out.
	text := func(l *Link) string {
		l = l.Clone()
		l.Stats, l.Stats64, l.AFSpec = nil, nil, nil
		b, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var mem nl.Memory[Link]
	for range 3 {
		link, err := c.LinkGet(ctx, req, &mem)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := text(link), text(own); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
	}
	saved := testing.AllocsPerRun(100, func() { _, err = c.LinkGet(ctx, req) }) -
		testing.AllocsPerRun(100, func() { _, err = c.LinkGet(ctx, req, &mem) })
	if err != nil {
		t.Fatal(err)
	}
	allocs := testing.AllocsPerRun(100, func() { _, err = c.LinkGet(ctx, req, &mem) })
	if err != nil || allocs > 4 || saved < 5 {
		t.Errorf("a call with memory allocates %v times, %v less than one without (%v); want at most 4, for the call", allocs, saved, err)
	}
}
