//go:build linux

package copies

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
)

// tiny is enough for each phase to leave something behind in who does not notice.
var tiny = size{routes: 400, paced: 200, burst: 2000, nexthop: 40, quiet: 100 * time.Millisecond}

func run(t *testing.T, name string, s size) Result {
	t.Helper()
	testenv.NewNetNS(t) // or it is skipped
	c, ok := find(name)
	if !ok {
		t.Fatalf("no candidate %q", name)
	}
	r, err := c.measure(t.Context(), s, t.TempDir(), func(string, ...any) {})
	if errors.Is(err, errNotHere) {
		testenv.Missing(t, "libnl", reason(err))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", r)
	if len(r.After) != len(phases) || r.CPU <= 0 || r.CPU > 60 || r.Peak < 1e6 || r.Peak > 1e9 || r.Changes < s.burst {
		t.Errorf("not all was measured: %+v", r)
	}
	return r
}

// TestMirror: the mirror is what the kernel has after each phase. On a machine that is
// busy the pauses may have to be longer.
func TestMirror(t *testing.T) {
	for _, name := range []string{Nlkit, Nlkit + SmallBuffer} {
		s := tiny
		for ; ; s.quiet *= 4 {
			r := run(t, name, s)
			if r.Most() == 0 {
				break
			}
			if s.quiet > time.Second {
				t.Errorf("%s: %+v", name, r.After)
				break
			}
		}
	}
}

// TestPeers: the comparison finds the routes that the kernel takes along without a
// word, and nothing before anything has changed.
func TestPeers(t *testing.T) {
	for _, name := range []string{Libnl, Vishvananda} {
		t.Run(name, func(t *testing.T) {
			// With the large buffer: a loss has everything read anew.
			r := run(t, name+LargeBuffer, tiny)
			if first := r.After[0]; first.Sum() != 0 || first.Routes < tiny.routes {
				t.Errorf("at first: %+v", first)
			}
			i := slices.IndexFunc(phases, func(p phase) bool { return p.name == "link down" })
			if c := r.After[i]; c.Stale == 0 {
				t.Errorf("after the link was set down: %+v", c)
			}
		})
	}
}

// TestSameChanges: the same seed makes the same routes.
func TestSameChanges(t *testing.T) {
	s := tiny
	s.burst, s.paced = 1000, 100
	var routes [2][]int
	for i := range routes {
		for _, c := range run(t, Nlkit, s).After[1:4] {
			routes[i] = append(routes[i], c.Routes)
		}
	}
	// The kernel adds a few of its own when it finds the time to.
	for i, n := range routes[0] {
		if d := n - routes[1][i]; d < -4 || d > 4 {
			t.Errorf("%v and %v routes", routes[0], routes[1])
		}
	}
}

func TestKeepRefuses(t *testing.T) {
	if err := keep("nobody", strings.NewReader(""), nil); err == nil || !strings.Contains(err.Error(), "nobody keeps no copy") {
		t.Errorf("an unknown candidate: %v", err)
	}
	if err := keep(Libnl, strings.NewReader(""), nil); err == nil {
		t.Error("libnl ran in a process of Go")
	}
}

func TestMost(t *testing.T) {
	r := Result{After: []Checkpoint{{}, {Divergence: Divergence{Stale: 3}}, {Divergence: Divergence{Missing: 5}, Behind: true}, {Divergence: Divergence{Different: 1}}}}
	if r.Most() != 5 || r.Silent() != 3 {
		t.Errorf("most %d, silent %d, want 5 and 3", r.Most(), r.Silent())
	}
}
