//go:build linux

package live_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// row is what came of one operation.
type row struct {
	name     string
	requests int
	messages int
	refused  map[string]int // requests, by what the kernel said
	again    map[string]int // messages, by how they came out of JSON
	found    map[string]int // of exceptions
	other    map[finding]int
	faults   []string
}

// TestEveryAnswer asks each family that the kernel has everything that can be
// read, and accounts for every byte of what comes.
func TestEveryAnswer(t *testing.T) {
	s := newScene(t)
	families := s.families(t)
	var rows []row
	var absent []string
	for _, name := range specs.Names() {
		spec := open(t, name)
		if _, ok := families[spec.Name]; !ok && !spec.IsRaw() {
			absent = append(absent, name)
			continue
		}
		c := s.dial(t, spec)
		for _, op := range spec.Ops {
			for _, mode := range []string{"do", "dump"} {
				if m := (map[string]*ynl.Mode{"do": op.Do, "dump": op.Dump})[mode]; m == nil || m.Reply == nil && mode == "do" || !reads(op) {
					continue
				}
				requests, a, ok := s.requests(spec, op, mode, families)
				if !ok {
					t.Errorf("%s %s: how it is asked for is not in asks", spec.Name, op.Name)
					continue
				}
				r := s.ask(t, c, spec, op, mode, requests, a.echo)
				rows = append(rows, r)
				if r.messages < a.answers && s.done[a.where] {
					t.Errorf("%s: %d messages, want %d at the least; refused: %s", r.name, r.messages, a.answers, counts(r.refused))
				}
			}
		}
	}
	report(t, rows)
	t.Logf("families this kernel lacks: %s", strings.Join(absent, " "))
	for _, r := range rows {
		for f, n := range r.other {
			t.Errorf("%s: %s: %s (%d times)", r.name, f.place, f.what, n)
		}
		for i, f := range r.faults {
			if i == 3 {
				t.Errorf("%s: %d more of these", r.name, len(r.faults)-i)
				break
			}
			t.Errorf("%s: %s", r.name, f)
		}
	}
}

// families are the numbers of the generic netlink families, by name.
func (s *scene) families(t *testing.T) map[string]uint16 {
	t.Helper()
	c := s.dial(t, open(t, "nlctrl"))
	out := map[string]uint16{}
	for m, err := range c.Dump(t.Context(), client.Request{Op: "getfamily"}) {
		if err != nil {
			t.Fatalf("getfamily: %v", err)
		}
		o := m.Object(codec.Options{})
		name, _ := o.Get("family-name").(string)
		id, _ := o.Get("family-id").(uint64)
		if name == "" || id == 0 {
			t.Fatalf("a family without a name or a number: %s", o.AppendJSON(nil))
		}
		out[name] = uint16(id)
	}
	if out["nlctrl"] != 16 {
		t.Fatalf("nlctrl has number %d, want 16", out["nlctrl"])
	}
	return out
}

// ask makes all requests of an operation and checks what comes.
func (s *scene) ask(t *testing.T, c *client.Client, spec *ynl.Spec, op *ynl.Op, mode string, requests []string, echo bool) row {
	r := row{name: spec.Name + " " + op.Name + " " + mode, requests: len(requests),
		refused: map[string]int{}, again: map[string]int{}, found: map[string]int{}, other: map[finding]int{}}
	take := func(m client.Message) error {
		r.messages++
		r.take(check(m, spec.Name))
		return nil
	}
	for _, text := range requests {
		attrs, err := codec.ParseJSON([]byte(text))
		if err != nil {
			t.Fatalf("%s: %s: %v", r.name, text, err)
		}
		req := client.Request{Op: op.Name, Attrs: attrs}
		if echo {
			req.Flags = wire.Echo
		}
		if mode == "do" {
			_, err = c.Do(t.Context(), req, take)
		} else {
			for m, e := range c.Dump(t.Context(), req) {
				if err = e; err == nil {
					_ = take(m) // never fails
				}
			}
		}
		var refusal *netlink.Error
		switch {
		case err == nil, errors.Is(err, netlink.ErrDumpInterrupted):
		case errors.As(err, &refusal):
			r.refused[refusal.Errno.Name()]++
		default:
			t.Errorf("%s: %s: %v", r.name, text, err)
		}
	}
	return r
}

func (r *row) take(o outcome) {
	r.again[o.again]++
	r.faults = append(r.faults, o.faults...)
	for _, f := range o.findings {
		known := false
		for _, e := range exceptions {
			if e.place.MatchString(f.place) {
				known = true
				r.found[e.reason]++
			}
		}
		if !known {
			r.other[finding{f.place, f.what}]++
		}
	}
}

// counts writes numbers by name in one line.
func counts(m map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %d", k, m[k]))
	}
	return strings.Join(out, ", ")
}

// report logs what was asked and what came of it.
func report(t *testing.T, rows []row) {
	var b strings.Builder
	requests, messages := 0, 0
	again := map[string]int{}
	families := map[string]bool{}
	fmt.Fprintf(&b, "%-36s %8s %8s  %-28s %s\n", "OPERATION", "REQUESTS", "MESSAGES", "THROUGH JSON", "REFUSED")
	for _, r := range rows {
		fmt.Fprintf(&b, "%-36s %8d %8d  %-28s %s\n", r.name, r.requests, r.messages, counts(r.again), counts(r.refused))
		for reason, n := range r.found {
			fmt.Fprintf(&b, "    %d times: %s\n", n, reason)
		}
		requests += r.requests
		messages += r.messages
		for k, n := range r.again {
			again[k] += n
		}
		family, _, _ := strings.Cut(r.name, " ")
		families[family] = true
	}
	t.Logf("%d families, %d operations, %d requests, %d messages (%s)\n%s", len(families), len(rows), requests, messages, counts(again), &b)
}
