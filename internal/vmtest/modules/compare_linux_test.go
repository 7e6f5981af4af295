package modules

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

var update = flag.Bool("update", false, "write testdata/answers.txt anew: what the simulated kernel answers, which a virtual machine has to bear out")

const answersFile = "testdata/answers.txt"

// answers are what kernel 6.12 answers, by the question's name: TestAnswers holds both
// kernels to them.
func answers(t *testing.T) map[string]string {
	t.Helper()
	b, err := os.ReadFile(answersFile)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if name, answer, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); ok {
			all[name] = answer
		}
	}
	return all
}

// TestAnswers asks both kernels all questions: they answer what is written down.
func TestAnswers(t *testing.T) {
	if *update {
		writeAnswers(t)
	}
	onBoth(t, func(t *testing.T, s *subject) {
		want := answers(t)
		p := newPeer(t, s)
		asked, wrong := 0, 0
		for _, q := range table() {
			got := words(p.ask(t, q.data))
			if q.name == "" {
				continue
			}
			asked++
			if !s.agree(q, got, want[q.name]) {
				if wrong++; wrong <= 20 {
					t.Errorf("%s:\ngot  %s\nwant %s", q.name, got, want[q.name])
				}
			}
		}
		if asked != len(want) {
			t.Errorf("%d questions, and %d answers are written down", asked, len(want))
		}
		t.Logf("%s: %d questions, %d answered otherwise", s.name, asked, wrong)
	})
}

// uintPolicy is how an error tells what a uint or a sint would have had to be; older
// kernels, which do not know these types, tell of some bytes, or of nothing.
var uintPolicy = regexp.MustCompile(` policy ([us]int [-.0-9]+|binary)`)

// agree reports whether a kernel answers a question as 6.12 does.
//
// There is one difference to the simulated kernel: where a function of the module
// checks an unsigned number, the policy says that it is a signed one, as kernels
// before 7.2 complain of themselves otherwise. Those from 7.2 on do not tell a range
// there, and have room for 8 bytes of a cookie.
//
// Kernels before 6.7 have two ways of their own: a function checks the types uint
// and sint, so that nobody can tell what it would have let pass; and before 6.2 what
// the request of a dump may have is checked in two steps, of which the first lets
// pass what any request with the same command may have.
func (s *subject) agree(q question, got, want string) bool {
	if unsigned(q, got) == unsigned(q, want) {
		return true
	}
	if s.newest {
		return unsigned(q, got) == longCookie.ReplaceAllString(unsigned(q, want), "$1")
	}
	if s.modern {
		return false
	}
	if uintPolicy.ReplaceAllString(got, "") == uintPolicy.ReplaceAllString(want, "") {
		return true
	}
	m := wire.Message(q.data)
	twoSteps := m.Header().Flags.Has(wire.Dump) && m[wire.HeaderLen] == cmdItemGet
	return twoSteps && strings.HasPrefix(got, "ack E") && strings.HasPrefix(want, "ack E")
}

// attrSparse is checked by a function.
const attrSparse = 29

var (
	blame      = regexp.MustCompile(` at ([0-9]+) policy (s32 -2147483648\.\.2147483647|u32 0\.\.4294967295|u32)`)
	longCookie = regexp.MustCompile(`( cookie [0-9a-f]{16})[0-9a-f]*`)
)

// unsigned is an answer with the type that the spec has for what a function checks.
func unsigned(q question, answer string) string {
	return blame.ReplaceAllStringFunc(answer, func(text string) string {
		at, err := strconv.Atoi(blame.FindStringSubmatch(text)[1])
		if err != nil || at+wire.AttrHeaderLen > len(q.data) || wire.Attr(q.data[at:]).Type() != attrSparse {
			return text
		}
		return fmt.Sprintf(" at %d policy u32", at)
	})
}

func writeAnswers(t *testing.T) {
	p := newPeer(t, simulated(t))
	var b strings.Builder
	seen := map[string]bool{}
	for _, q := range table() {
		answer := words(p.ask(t, q.data))
		if q.name == "" {
			continue
		}
		if seen[q.name] {
			t.Errorf("two questions are called %q", q.name)
		}
		seen[q.name] = true
		fmt.Fprintf(&b, "%s\t%s\n", q.name, answer)
	}
	if err := os.WriteFile(answersFile, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// pair are both kernels, in a virtual machine.
func pair(t *testing.T) (simulator, kernel *peer) {
	t.Helper()
	r := real(t) // first, as it skips
	return newPeer(t, simulated(t)), newPeer(t, r)
}

// compare asks both and reports whether they answer the same.
func compare(t *testing.T, simulator, kernel *peer, q question) bool {
	t.Helper()
	a, ae := simulator.ask(t, q.data)
	b, be := kernel.ask(t, q.data)
	if same(a, b) && same(ae, be) {
		return true
	}
	if kernel.agree(q, words(b, be), words(a, ae)) && words(a, ae) != words(b, be) {
		return true
	}
	t.Errorf("%s: % x\nsimulated %s\nreal      %s", q.name, short(q.data), words(a, ae), words(b, be))
	return false
}

func short(b []byte) []byte { return b[:min(len(b), 200)] }

// TestSideBySide asks both kernels all questions and compares every byte.
func TestSideBySide(t *testing.T) {
	simulator, kernel := pair(t)
	wrong := 0
	for _, q := range table() {
		if !compare(t, simulator, kernel, q) {
			if wrong++; wrong > 40 {
				t.Fatal("and so on")
			}
		}
	}
}

// mutations is how many questions are asked that nobody has thought of.
const mutations = 2000

// TestMutations asks both kernels questions that are broken at random, always the
// same ones, and compares every byte of the answers.
func TestMutations(t *testing.T) {
	simulator, kernel := pair(t)
	wrong := 0
	for i, data := range mutated(mutations) {
		if !compare(t, simulator, kernel, question{fmt.Sprintf("mutation %d", i), data}) {
			if wrong++; wrong > 20 {
				t.Fatal("and so on")
			}
		}
	}
}

// TestMutationsSimulated asks the simulated kernel alone, and more: it never fails,
// and always answers.
func TestMutationsSimulated(t *testing.T) {
	p := newPeer(t, simulated(t))
	for _, data := range mutated(5 * mutations) {
		p.ask(t, data)
	}
}

// mutated breaks questions.
func mutated(n int) [][]byte {
	r := rand.New(rand.NewPCG(5, 2026))
	var base [][]byte
	for _, q := range table() {
		if len(q.data) < 400 && q.name != "" {
			base = append(base, q.data)
		}
	}
	var out [][]byte
	for len(out) < n {
		m := bytes.Clone(base[r.IntN(len(base))])
		for range 1 + r.IntN(3) {
			m = mutate(r, m)
		}
		if acceptable(m) {
			out = append(out, m)
		}
	}
	return out
}

// mutate breaks something.
func mutate(r *rand.Rand, m []byte) []byte {
	from := wire.HeaderLen // the header is broken by a table of its own
	if len(m) <= from {
		return m
	}
	at := from + r.IntN(len(m)-from)
	switch r.IntN(6) {
	case 0: // a bit
		m[at] ^= 1 << r.IntN(8)
	case 1: // a byte
		m[at] = byte(r.IntN(256))
	case 2: // a length or a number of an attribute, most likely
		at &^= 3
		if at+4 <= len(m) && at >= from+4 {
			m[at+2*r.IntN(2)] = byte(r.IntN(64))
		}
	case 3: // shorter
		m = m[:at]
	case 4: // some of it twice
		m = append(m, m[at&^3:]...)
	case 5: // something behind it
		for range r.IntN(9) {
			m = append(m, byte(r.IntN(70)))
		}
	}
	binary.NativeEndian.PutUint32(m, uint32(len(m)))
	return m
}

// acceptable leaves out what would be asked for too long, and what was no message
// before.
func acceptable(m []byte) bool {
	if len(m) < wire.HeaderLen+4 || len(m) > 2000 || wire.Message(m).Type() != anyFamily {
		return false
	}
	switch m[16] {
	case cmdSeries, cmdBurst, cmdFailDump, 20:
		return false
	}
	return true
}

// TestController compares what nlctrl tells of the family: its operations, its
// groups, and what each operation accepts, but for kernels that tell that otherwise.
func TestController(t *testing.T) {
	simulator, kernel := pair(t)
	tell := func(p *peer) (f genetlink.Family, accepted map[string]string) {
		c := p.dial(t, netlink.Options{}).Genetlink()
		f = *family(t, c, testFamily)
		f.ID, f.Groups = 0, slices.Clone(f.Groups)
		for i := range f.Groups {
			f.Groups[i].ID = 0
		}
		policies, err := c.Policies(within(t), testFamily)
		if err != nil {
			t.Fatal(err)
		}
		return f, tellPolicies(policies)
	}
	fs, ps := tell(simulator)
	fr, pr := tell(kernel)
	if diff := cmp.Diff(fr, fs); diff != "" {
		t.Errorf("the family (-real +simulated):\n%s", diff)
	}
	if !kernel.modern {
		return // it has one policy for each command, and the simulated one has one for each mode, as later ones
	}
	if diff := cmp.Diff(pr, ps); diff != "" {
		t.Errorf("its policies (-real +simulated):\n%s", diff)
	}
}

// tellPolicies tells what each operation accepts, whatever the numbers of the sets.
// An operation that accepts nothing has a set without attributes in a generated
// module, and none in the simulated kernel, as in others: it is left out.
func tellPolicies(p *genetlink.Policies) map[string]string {
	all := map[string]string{}
	for _, op := range p.Ops {
		if set, ok := p.Do(op.Op); ok && len(set) > 0 {
			all[fmt.Sprint(op.Op)] = tellSet(p, set, nil)
		}
		if set, ok := p.Dump(op.Op); ok && len(set) > 0 {
			all[fmt.Sprint(op.Op, " dump")] = tellSet(p, set, nil)
		}
	}
	return all
}

// tellSet tells of a set and of those in it, each once: sets may lie in themselves.
func tellSet(p *genetlink.Policies, set genetlink.AttrSet, above []uint32) string {
	var words []string
	for _, n := range slices.Sorted(maps.Keys(set)) {
		a := set[n]
		word := fmt.Sprintf("%d %v", n, a)
		if inner, ok := p.Nested(a); ok {
			at := slices.Index(above, a.Nested)
			a.HasNested, a.Nested = false, 0
			word = fmt.Sprintf("%d %v", n, a)
			if at >= 0 {
				word += fmt.Sprintf(" of the %d. nest above", len(above)-at)
			} else {
				word += " {" + tellSet(p, inner, append(above[:len(above):len(above)], set[n].Nested)) + "}"
			}
		}
		if n == attrSparse {
			word = fmt.Sprintf("%d u32", n) // see agree
		}
		words = append(words, word)
	}
	return strings.Join(words, ", ")
}
