package genetlink_test

import (
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
)

// mark puts a mark into a stream.
func mark(t testing.TB, s *genetlink.Subscription) uint32 {
	t.Helper()
	seq, err := s.Mark()
	if err != nil || seq == 0 {
		t.Fatalf("mark %d, %v", seq, err)
	}
	return seq
}

func TestSubscriptionMark(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k}), docName)
	send(t, doc, docGroup, "before")
	seq := mark(t, s)
	send(t, doc, docGroup, "after")
	for _, want := range []string{docGroup + ": before", "marked", docGroup + ": after"} {
		ev, err := s.Receive(ctx)
		if err != nil || show(ev) != want || (ev.Kind == genetlink.Marked) != (ev.Mark == seq) {
			t.Errorf("%+v, %v, want %s", ev, err, want)
		}
	}
	if info, err := s.MemInfo(); err != nil || info.Queued != 0 || info.Limit == 0 {
		t.Errorf("%+v, %v, want an empty queue", info, err)
	}
	// While the family is not there too.
	unregister(t, doc)
	mark(t, s)
	wantQueued(t, s, fmt.Sprintf("unloaded %d", doc.ID()), "marked")
}

// TestMarkBehindOverrun: what was lost can be the news that the family was loaded
// anew; a mark comes behind that, however it was found out.
func TestMarkBehindOverrun(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k, ReceiveBuffer: 2048}), docName)
	for range 8 {
		send(t, doc, docGroup, "more than it takes")
	}
	unregister(t, doc)
	again := register(t, k, docFamily())
	n := 0
	for {
		ev, err := s.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if ev.Kind == genetlink.Overrun {
			break
		}
		n++
	}
	first, second := mark(t, s), mark(t, s)
	var got []string
	for range 3 {
		ev, err := s.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(show(ev), " ", ev.Mark))
	}
	want := []string{fmt.Sprintf("loaded %d 0", again.ID()), fmt.Sprint("marked ", first), fmt.Sprint("marked ", second)}
	if fmt.Sprint(got) != fmt.Sprint(want) || n == 0 || n > 7 {
		t.Errorf("%d events, then %q, want %q", n, got, want)
	}
	send(t, again, docGroup, "on")
	mark(t, s)
	wantQueued(t, s, docGroup+": on", "marked")
}
