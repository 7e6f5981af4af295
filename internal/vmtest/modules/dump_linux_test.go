package modules

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/netlink"
)

// pattern is the data of an entry or a notification.
func pattern(index uint32, size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(int(index) + i)
	}
	return b
}

// TestDumpResumes: a dump of many entries goes on where it stopped, in each of its
// datagrams, and takes no memory for them.
func TestDumpResumes(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		c := s.dial(t, netlink.Options{})
		for _, tt := range []struct {
			entries uint32
			size    nl.Opt[uint32]
		}{
			{0, nl.Opt[uint32]{}}, {1, nl.Opt[uint32]{}}, {1, nl.U32(0)}, {100_000, nl.Opt[uint32]{}}, {2000, nl.U32(1000)}, {100, nl.U32(3000)},
		} {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			n := uint32(0)
			req := &nlkittest.SeriesDumpRequest{Entries: nl.U32(tt.entries), Size: tt.size}
			for m, err := range c.SeriesDump(t.Context(), req) {
				if err != nil {
					t.Fatalf("%d entries of %v: after %d: %v", tt.entries, tt.size, n, err)
				}
				n++
				if m.Index.Value() != n || (m.Data != nil) != tt.size.IsSet() || !bytes.Equal(m.Data, pattern(n, int(tt.size.Value()))) {
					t.Fatalf("%d entries of %v: entry %d is %v", tt.entries, tt.size, n, m)
				}
			}
			if n != tt.entries {
				t.Errorf("%d entries of %v: got %d", tt.entries, tt.size, n)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
				t.Errorf("%d entries of %v: %d bytes more on the heap", tt.entries, tt.size, grown)
			}
		}
	})
}

// TestDumpLeft: a dump that nobody reads to its end is ended, and the socket can be
// used for others at once.
func TestDumpLeft(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		watcher := s.dial(t, netlink.Options{})
		stats := func() *nlkittest.Stats {
			st, err := watcher.Stats(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			return st
		}
		before := stats()
		const dumps = 20
		for i := range dumps {
			c := s.dial(t, netlink.Options{})
			for _, err := range c.SeriesDump(t.Context(), &nlkittest.SeriesDumpRequest{Entries: nl.U32(5000), Size: nl.U32(100)}) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if i%2 == 0 {
				m, err := c.EchoAll(t.Context(), &nlkittest.EchoAllRequest{U32Any: nl.U32(7)})
				if err != nil || m.U32Any.Value() != 7 {
					t.Fatalf("after a dump that was left: %v, error %v", m, err)
				}
			}
			c.Close() // with the dump under way
		}
		after := stats()
		started, done := after.SeriesStarted.Value()-before.SeriesStarted.Value(), after.SeriesDone.Value()-before.SeriesDone.Value()
		if started != dumps || done != dumps {
			t.Errorf("%d dumps began and %d ended, want %d", started, done, dumps)
		}
	})
}

// TestDumpInterrupted: a table that changes while it is read is flagged.
func TestDumpInterrupted(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		c, writer := s.dial(t, netlink.Options{}), s.dial(t, netlink.Options{})
		for _, tt := range []struct {
			at   nl.Opt[uint32]
			want bool
		}{{nl.Opt[uint32]{}, false}, {nl.U32(2), true}, {nl.U32(700), true}, {nl.U32(1000), true}, {nl.U32(1001), true}, {nl.U32(1002), false}} {
			n := 0
			var last error
			for _, err := range c.SeriesDump(t.Context(), &nlkittest.SeriesDumpRequest{Entries: nl.U32(1000), Size: nl.U32(100), ChangeAt: tt.at}) {
				if last = err; err == nil {
					n++
				}
			}
			if n != 1000 || errors.Is(last, netlink.ErrDumpInterrupted) != tt.want || last != nil && !tt.want {
				t.Errorf("change at %v: %d entries, error %v; want interrupted: %v", tt.at, n, last, tt.want)
			}
		}
		const items = 400
		for i := range uint32(items) {
			if err := writer.ItemSet(t.Context(), &nlkittest.ItemSetRequest{ID: nl.U32(i + 1), Data: pattern(i, 200)}); err != nil {
				t.Fatal(err)
			}
		}
		n := 0
		var last error
		for _, err := range c.ItemGetDump(t.Context(), nil) {
			if last = err; err != nil {
				continue
			}
			if n++; n == 1 {
				if err := writer.ItemSet(t.Context(), &nlkittest.ItemSetRequest{ID: nl.U32(1), Name: nl.Some("changed")}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if !errors.Is(last, netlink.ErrDumpInterrupted) || n != items {
			t.Errorf("changed while it was read: %d items, error %v", n, last)
		}
		list, err := nl.Collect(c.ItemGetDump(t.Context(), nil, nl.Retries(3)))
		if err != nil || len(list) != items {
			t.Errorf("left alone: %d items, error %v", len(list), err)
		}
		for i, m := range list {
			if id := uint32(i + 1); m.ID.Value() != id || !bytes.Equal(m.Data, pattern(uint32(i), 200)) || (m.Name.Value() == "changed") != (id == 1) {
				t.Fatalf("item %d is %v", id, &m)
			}
		}
	})
}

// TestDumpFails: what comes before a failure is read, and the error and its text
// come with the dump's end.
func TestDumpFails(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		c := s.dial(t, netlink.Options{})
		for _, entries := range []uint32{0, 1, 5000} {
			n := uint32(0)
			var last error
			for m, err := range c.FailDump(t.Context(), &nlkittest.FailDumpRequest{
				Errno: nl.U32(uint32(netlink.ENODEV)), Text: nl.Some("the dump fails here"), Entries: nl.U32(entries),
			}) {
				if last = err; err == nil {
					if n++; m.Index.Value() != n {
						t.Fatalf("entry %d is %v", n, m)
					}
				}
			}
			e, ok := errors.AsType[*netlink.Error](last)
			if n != entries || !ok || e.Errno != netlink.ENODEV || e.Text != "the dump fails here" {
				t.Errorf("%d entries: got %d, error %v", entries, n, last)
			}
		}
		if list, err := nl.Collect(c.FailDump(t.Context(), &nlkittest.FailDumpRequest{Entries: nl.U32(10)})); err != nil || len(list) != 10 {
			t.Errorf("without an error: %d entries, error %v", len(list), err)
		}
	})
}

// TestOverrun: a burst into a queue that is too small is lost in part, and each
// message of it is accounted for.
func TestOverrun(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		asker := s.dial(t, netlink.Options{})
		listener := s.dial(t, netlink.Options{ReceiveBuffer: 8192})
		sub, err := listener.Subscribe(t.Context(), nlkittest.GroupBurst)
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Close()
		const count = 1000
		reply, err := asker.Burst(t.Context(), &nlkittest.BurstRequest{Count: nl.U32(count), Size: nl.U32(100)})
		if err != nil || reply.Sent.Value() != count {
			t.Fatalf("%v, error %v", reply, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		got, lost := 0, uint64(0)
		for got+int(lost) < count {
			ev, err := sub.Receive(ctx)
			if err != nil {
				t.Fatalf("%d received, %d lost of %d: %v", got, lost, count, err)
			}
			switch n := ev.Notification.(type) {
			case *nlkittest.BurstNotification:
				if got++; n.Index.Value() != uint32(got) {
					t.Fatalf("notification %d is %v", got, n)
				}
			case *nl.Overrun:
				lost += n.Lost
			default:
				t.Fatalf("event %v", ev)
			}
		}
		if got == 0 || lost == 0 || got+int(lost) != count {
			t.Errorf("%d received and %d lost of %d", got, lost, count)
		}
		t.Logf("%s: %d received, %d lost of %d", s.name, got, lost, count)
		// And it goes on.
		if _, err := asker.Burst(t.Context(), &nlkittest.BurstRequest{Count: nl.U32(1)}); err != nil {
			t.Fatal(err)
		}
		if ev, err := sub.Receive(ctx); err != nil {
			t.Errorf("after the overrun: %v, error %v", ev, err)
		}
	})
}
