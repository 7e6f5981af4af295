package mirrorprom

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nlkit/nlkit/mirror"
)

// TestPage: docs/mirror-metrics.md has every metric, with its type and labels, and
// every value of the labels that are words.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/mirror-metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(New(sample()))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, f := range families {
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, "`"+l.GetName()+"`")
		}
		// As they are declared: who it is about first, then the rest.
		slices.SortStableFunc(labels, func(a, b string) int { return rank(a) - rank(b) })
		head := fmt.Sprintf("| `%s` | %s | %s", strings.TrimPrefix(f.GetName(), "nlkit_mirror_"), strings.ToLower(f.GetType().String()), strings.Join(labels, ", "))
		if !strings.Contains(string(page), "\n"+head) {
			t.Errorf("the page has no row that begins with %s", head)
		}
		rows++
	}
	if n := strings.Count(string(page), " | gauge | ") + strings.Count(string(page), " | counter | "); n != rows {
		t.Errorf("the page has %d metrics, there are %d", n, rows)
	}
	var words []string
	for k := range (mirror.FeedHealth{}).Resyncs {
		words = append(words, mirror.ResyncKind(k).String())
	}
	for r := range (mirror.TableHealth{}).Changes {
		words = append(words, mirror.Reason(r).String())
	}
	for _, w := range words {
		if !strings.Contains(string(page), "`"+w+"`") {
			t.Errorf("the page does not say what %q is", w)
		}
	}
}

func rank(label string) int { return slices.Index([]string{"`feed`", "`table`", "`nsid`"}, label) & 3 }

// TestOnlyHere: neither the library nor the command has Prometheus's client in it.
func TestOnlyHere(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "github.com/nlkit/nlkit/mirror", "github.com/nlkit/nlkit/cmd/nlkit").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.Lines(string(out)) {
		if strings.Contains(path, "prometheus") {
			t.Errorf("it depends on %s", strings.TrimSpace(path))
		}
	}
}
