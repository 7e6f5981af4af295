//go:build linux

package live_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/account"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
)

// row is what came of one operation.
type row struct {
	name     string
	requests int
	messages int
	refused  map[string]int // requests, by what the kernel said
	again    map[string]int // messages, by how they came out of JSON
	found    map[string]int // of exceptions
	other    map[account.Finding]int
	faults   []string
}

// TestEveryAnswer asks each family that the kernel has everything that can be
// read, and accounts for every byte of what comes.
func TestEveryAnswer(t *testing.T) {
	s := scene.New(t)
	questions, absent := s.Questions(t)
	clients := map[*ynl.Spec]*client.Client{}
	var rows []row
	for _, q := range questions {
		if clients[q.Spec] == nil {
			clients[q.Spec] = s.Dial(t, q.Spec)
		}
		r := ask(t, clients[q.Spec], q)
		rows = append(rows, r)
		if r.messages < q.Answers && s.Done[q.Where] {
			t.Errorf("%s: %d messages, want %d at the least; refused: %s", r.name, r.messages, q.Answers, counts(r.refused))
		}
	}
	report(t, rows)
	t.Logf("families this kernel lacks: %s", strings.Join(absent, " "))
	for _, r := range rows {
		for f, n := range r.other {
			t.Errorf("%s: %s: %s (%d times)", r.name, f.Place, f.What, n)
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

// ask makes all requests of an operation and checks what comes.
func ask(t *testing.T, c *client.Client, q scene.Question) row {
	r := row{name: q.String(), requests: len(q.Requests),
		refused: map[string]int{}, again: map[string]int{}, found: map[string]int{}, other: map[account.Finding]int{}}
	for _, text := range q.Requests {
		refused := q.Ask(t, c, text, func(m client.Message) {
			r.messages++
			r.take(account.Check(m, q.Spec.Name))
		})
		if refused != "" {
			r.refused[refused]++
		}
	}
	return r
}

func (r *row) take(o account.Outcome) {
	r.again[o.Again]++
	r.faults = append(r.faults, o.Faults...)
	for _, f := range o.Findings {
		if reason := f.Excuse(); reason != "" {
			r.found[reason]++
		} else {
			r.other[f]++
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
