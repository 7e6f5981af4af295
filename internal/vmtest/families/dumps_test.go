//go:build linux

package families_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/nlkit/nlkit/internal/catalogue"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/ynl/client"
)

// TestDumps fills a namespace with all a full kernel has, sets and reads back what
// can be set, and then asks every family everything that can be read. Every byte
// of every answer has to have a name in the catalogue, and the typed packages have
// to read from it what package codec does.
func TestDumps(t *testing.T) {
	vm := load(t)
	w := newWorld(t, vm)
	for _, step := range []struct {
		name string
		set  func(*testing.T, *world)
	}{
		{"wireguard", setWireguard}, {"team", setTeam}, {"ovs", setOVS}, {"devlink", setDevlink}, {"nl80211", setRadios}, {"nfsd", setNFS},
	} {
		t.Run("set "+step.name, func(t *testing.T) { step.set(t, w) })
	}
	w.Look(t)
	t.Run("read", func(t *testing.T) { w.read(t, func(family string) bool { return family != "tc" }) })
	t.Run("read without a spec", func(t *testing.T) { readUnknown(t, w) })
	t.Run("announcements", func(t *testing.T) { announce(t, w) })
	// The links for traffic control are many, and new to no other family.
	t.Run("set tc", func(t *testing.T) { setTraffic(t, w) })
	t.Run("read tc", func(t *testing.T) { w.read(t, func(family string) bool { return family == "tc" }) })
}

// answers are the operations that must answer, and with how many messages at the
// least.
var answers = map[string]int{
	"wireguard get-device dump": 1, "team options-get do": 1, "team port-list-get do": 1,
	"ovs_datapath get dump": 1, "ovs_vport get dump": 4, "ovs_flow get dump": len(flows),
	"nl80211 get-wiphy dump": 3, "nl80211 get-interface dump": 3, "nl80211 get-station dump": 2, "nl80211 get-scan dump": 2,
	"tc getqdisc dump": 60, "tc gettfilter dump": 60, "tc gettclass dump": 10, "devlink rate-get do": 2,
	"devlink get dump": 1, "devlink port-get dump": 6, "devlink info-get dump": 1, "devlink health-reporter-dump-get dump": 1, "devlink param-get dump": 2,
	"devlink region-get dump": 1, "devlink region-read dump": 1, "devlink resource-dump do": 1, "devlink trap-get dump": 10, "devlink trap-policer-get dump": 3,
	"ethtool rings-get dump": 3, "ethtool channels-get dump": 3, "ethtool coalesce-get dump": 3, "ethtool wol-get dump": 1, "ethtool pause-get dump": 1,
	"ethtool fec-get dump": 1, "ethtool tunnel-info-get dump": 1, "netdev page-pool-get dump": 2, "netdev napi-get dump": 4, "nfsd listener-get do": 1,
}

// excused are messages that the typed packages read otherwise than package codec,
// and why: the type and the place.
var excused = map[string]string{
	"rtlink.Link .af-spec.inet":                            "of a bridge's port these are VLANs, several of one number, and the numbers are theirs",
	"nl80211.MeshConfigReply .mesh-config.holding-timeout": "the kernel puts another attribute of that number in front (nl80211_get_mesh_config)",
}

// tally is what came of a family.
type tally struct {
	operations, answering, requests, messages int
	refused                                   map[string]int // requests, by what the kernel said
	excused                                   map[string]int // findings, by their excuse
	found                                     map[string]int // what is not accounted for
	examples                                  []string       // messages that the typed package reads otherwise
}

// read asks families that the kernel has everything that can be read.
func (w *world) read(t *testing.T, which func(family string) bool) {
	questions, absent := w.Questions(t)
	families := map[string]*tally{}
	var silent []string
	for _, q := range questions {
		if !which(q.Spec.Name) {
			continue
		}
		f := families[q.Spec.Name]
		if f == nil {
			f = newTally()
			families[q.Spec.Name] = f
		}
		before := f.messages
		f.ask(t, w.client(t, q.Spec.Name), q)
		f.operations++
		if f.messages > before {
			f.answering++
		} else {
			silent = append(silent, q.String())
		}
		if min := answers[q.String()]; f.messages-before < min {
			t.Errorf("%s: %d messages, want %d at the least", q, f.messages-before, min)
		}
	}
	for name := range answers {
		family, _, _ := strings.Cut(name, " ")
		if which(family) && !slices.ContainsFunc(questions, func(q scene.Question) bool { return q.String() == name }) {
			t.Errorf("%s has to answer, but is not asked", name)
		}
	}
	report(t, families)
	if silent != nil {
		t.Logf("nothing there to answer: %s", strings.Join(silent, ", "))
	}
	t.Logf("families of the catalogue that this kernel lacks: %s", strings.Join(absent, " "))
	for _, name := range slices.Sorted(maps.Keys(families)) {
		families[name].tell(t)
	}
}

// ask makes all requests of an operation, and looks at what comes.
func (f *tally) ask(t *testing.T, c *client.Client, q scene.Question) {
	typed := reply(q)
	for _, text := range q.Requests {
		f.requests++
		refused := q.Ask(t, c, text, func(m client.Message) {
			f.messages++
			f.account(m, q.String(), q.Spec.Name, typed)
		})
		if refused != "" {
			f.refused[refused]++
		}
	}
}

func newTally() *tally {
	return &tally{refused: map[string]int{}, excused: map[string]int{}, found: map[string]int{}}
}

// compared notes that a typed package reads a message otherwise than package
// codec.
func (f *tally) compared(typed *catalogue.Pair, err error) {
	for at, reason := range excused {
		name, place, _ := strings.Cut(at, " ")
		if strings.HasPrefix(typed.Type().String(), name) && strings.HasPrefix(err.Error(), "JSON differs at "+place) {
			f.excused[reason]++
			return
		}
	}
	what, example, _ := strings.Cut(err.Error(), "\n")
	what = fmt.Sprintf("%s: %.300s", typed.TypeName(), what)
	if f.found[what]++; f.found[what] == 1 {
		f.examples = append(f.examples, what+"\n"+example)
	}
}

// tell fails the test for what is not accounted for.
func (f *tally) tell(t *testing.T) {
	t.Helper()
	for _, what := range slices.Sorted(maps.Keys(f.found)) {
		t.Errorf("%s (%d times)", what, f.found[what])
	}
	for _, example := range f.examples {
		t.Logf("%.1500s", example)
	}
}

// reply is the typed package's answer to a question.
func reply(q scene.Question) *catalogue.Pair {
	for _, p := range catalogue.Pairs() {
		if p.Spec.Name == q.Spec.Name && p.Role == catalogue.Reply && p.Name == q.Op.Name && p.Op.Dump == q.Dump {
			return p
		}
	}
	return nil
}

// report logs what was asked and what came of it.
func report(t *testing.T, families map[string]*tally) {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 1, 2, ' ', 0)
	fmt.Fprintln(table, "FAMILY\tREADS\tANSWER\tREQUESTS\tMESSAGES\tREFUSED")
	all := tally{}
	excused := map[string]int{}
	for _, name := range slices.Sorted(maps.Keys(families)) {
		f := families[name]
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%s\n", name, f.operations, f.answering, f.requests, f.messages, counts(f.refused))
		all.operations += f.operations
		all.answering += f.answering
		all.requests += f.requests
		all.messages += f.messages
		for reason, n := range f.excused {
			excused[reason] += n
		}
	}
	table.Flush()
	for _, reason := range slices.Sorted(maps.Keys(excused)) {
		fmt.Fprintf(&b, "excused %d times: %s\n", excused[reason], reason)
	}
	t.Logf("%d families, %d operations, of which %d answered, %d requests, %d messages\n%s",
		len(families), all.operations, all.answering, all.requests, all.messages, &b)
}

// counts writes numbers by name in one line.
func counts(m map[string]int) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s %d", k, m[k]))
	}
	return strings.Join(out, ", ")
}
