package pyynl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
)

// TestGoldenLive runs the cases of the golden suite against this kernel, with the
// program as it is built, in the namespaces that the suite's setup.sh makes. What
// differs from run to run is masked as the suite's compare.py does it.
func TestGoldenLive(t *testing.T) {
	cases := loadGolden(t)
	testenv.NeedRoot(t)
	for _, tool := range []string{"bash", "ip", "tc", "bridge", "nft", "conntrack", "ethtool", "sysctl", "/usr/bin/python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			testenv.Missing(t, "golden", err.Error())
		}
	}
	program := buildProgram(t)
	space := fmt.Sprintf("nlg%d", os.Getpid())
	dir := cases[0].dir
	t.Cleanup(func() {
		for _, ns := range []string{space, space + "x"} {
			if out, err := exec.Command("ip", "netns", "del", ns).CombinedOutput(); err != nil {
				t.Errorf("namespace %s stays behind: %v: %s", ns, err, out)
			}
		}
	})
	env := append(os.Environ(), "NS="+space, "YNL="+program+" ynl", "SPECS="+shared(t, "specs"))
	status, out, errOut := shell(t, env, "bash "+filepath.Join(dir, "setup.sh")+" "+space)
	if status != 0 || strings.Contains(errOut, "SKIP") {
		t.Fatalf("setup.sh: status %d\n%s%s", status, out, errOut)
	}
	masks := loadMasks(t, dir)
	todo := needed(cases)
	for _, g := range cases {
		for len(todo) > 0 && todo[0].before <= g.name {
			prepare(t, env, todo[0].line)
			todo = todo[1:]
		}
		t.Run(g.name, func(t *testing.T) {
			line, err := os.ReadFile(filepath.Join(dir, g.name+".cmd"))
			if err != nil {
				t.Fatal(err)
			}
			status, stdout, stderr := shell(t, env, string(line))
			compareGolden(t, g, status, stdout, stderr, masks.differ(g.name))
		})
	}
}

// buildProgram builds nlkit.
func buildProgram(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "nlkit")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/nlkit").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// shell runs a line of shell.
func shell(t *testing.T, env []string, line string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(ctx, "bash", "-c", line)
	cmd.Env, cmd.Stdout, cmd.Stderr = env, &out, &errOut
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), out.String(), errOut.String()
	}
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return 0, out.String(), errOut.String()
}

// step makes what a case needs that a case before it would have made, which may
// be held out, or takes away what one leaves behind that failed when the suite
// was recorded.
type step struct {
	without string // do it only if there is no case of this number; "" for always
	before  string // number of the case that needs it
	line    string
}

// steps are in the order of the cases that need them.
var steps = []step{
	{"029", "030", "ip -n $NS link add ybr address 02:00:00:00:bb:02 type bridge stp_state 1 priority 8192 ageing_time 5000"},
	{"029", "030", "ip -n $NS link add yve mtu 1300 group 9 address 02:00:00:00:bb:01 type veth && ip -n $NS link set yve up"},
	{"", "033", "ip -n $NS link del yvx"},
	{"035", "036", "ip -n $NS link add yifb type ifb"},
	{"039", "040", "ip -n $NS link del yve"},
	{"047", "048", "ip -n $NS addr add 192.0.2.97/28 dev br0"},
	{"049", "050", "ip -n $NS addr del fd00:99::1/64 dev br0"},
	{"061", "062", "ip -n $NS route add 198.18.0.0/24 via 10.0.0.2 dev veth0 metric 123 mtu 1234 hoplimit 9 congctl cubic proto static"},
	{"071", "072", "ip -n $NS rule add priority 1500 lookup 100"},
	{"087", "088", "ip -n $NS neigh add 10.9.0.45 dev br0 managed nud none"},
	{"105", "106", "tc -n $NS qdisc add dev veth3 root handle 6: htb"},
	{"107", "108", "tc -n $NS qdisc add dev veth3 clsact"},
}

// needed returns the steps that are to be done with these cases.
func needed(cases []golden) []step {
	var out []step
	for _, s := range steps {
		if s.without == "" || !slices.ContainsFunc(cases, func(g golden) bool { return strings.HasPrefix(g.name, s.without+"-") }) {
			out = append(out, s)
		}
	}
	return out
}

func prepare(t *testing.T, env []string, line string) {
	t.Helper()
	if status, out, errOut := shell(t, env, line); status != 0 {
		t.Errorf("%s: status %d\n%s%s", line, status, out, errOut)
	}
}

// masks are the paths in JSON of what differs from run to run, by case; those of
// "*" are of all.
type masks map[string][]*regexp.Regexp

func loadMasks(t *testing.T, dir string) masks {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "volatile.json"))
	if err != nil {
		t.Fatal(err)
	}
	var patterns map[string][]string
	if err := json.Unmarshal(text, &patterns); err != nil {
		t.Fatal(err)
	}
	m := masks{}
	for name, list := range patterns {
		for _, p := range list {
			re, err := regexp.Compile("^(?:" + p + ")$")
			if err != nil {
				t.Fatal(err)
			}
			m[name] = append(m[name], re)
		}
	}
	return m
}

// unordered are the cases whose lists come out of a hash table.
var unordered = regexp.MustCompile(`^.*-(neigh-(dump|fdb).*|nft-setelem-m[12]|ct-dump.*|ct-stats|tcpm-dump)$`)

// conntrackDump are those where flows of others may be there as well.
var conntrackDump = regexp.MustCompile(`^.*-ct-dump(-v6)?$`)

// differ returns how two outputs of a case are compared.
func (m masks) differ(name string) func(want, got any) string {
	list := maskList(append(slices.Clone(m["*"]), m[name]...))
	return func(want, got any) string {
		if unordered.MatchString(name) {
			want, got = list.strip(want, ""), list.strip(got, "")
		}
		if all, ok := got.([]any); ok && conntrackDump.MatchString(name) {
			known, _ := want.([]any)
			got = without(all, without(all, known))
		}
		return strings.Join(list.walk(want, got, ""), "\n")
	}
}

type maskList []*regexp.Regexp

func (l maskList) match(path string) bool {
	return slices.ContainsFunc(l, func(re *regexp.Regexp) bool { return re.MatchString(path) })
}

// jsonText is a value's JSON with sorted keys.
func jsonText(v any) string {
	out, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was JSON
	}
	return string(out)
}

// without returns the elements of a that b does not have.
func without(a, b []any) []any {
	return slices.DeleteFunc(slices.Clone(a), func(x any) bool {
		return slices.ContainsFunc(b, func(y any) bool { return jsonText(x) == jsonText(y) })
	})
}

func join(path, name string) string { return strings.TrimLeft(path+"/"+name, "/") }

// strip leaves out what is masked, and sorts lists of objects.
func (l maskList) strip(v any, path string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if !l.match(join(path, k)) {
				out[k] = l.strip(e, join(path, k))
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = l.strip(e, join(path, "0"))
		}
		if len(out) > 0 {
			if _, objects := out[0].(map[string]any); objects {
				slices.SortFunc(out, func(a, b any) int { return strings.Compare(jsonText(a), jsonText(b)) })
			}
		}
		return out
	}
	return v
}

// walk lists where two values differ, but for what is masked.
func (l maskList) walk(want, got any, path string) []string {
	if l.match(path) {
		return nil
	}
	differ := []string{fmt.Sprintf("%s: -%s +%s", path, jsonText(want), jsonText(got))}
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return differ
		}
		var out []string
		for k := range w {
			if e, ok := g[k]; ok {
				out = append(out, l.walk(w[k], e, join(path, k))...)
			} else if !l.match(join(path, k)) && !l.match(k) {
				out = append(out, fmt.Sprintf("%s: -%s, missing", join(path, k), jsonText(w[k])))
			}
		}
		for k := range g {
			if _, ok := w[k]; !ok && !l.match(join(path, k)) && !l.match(k) {
				out = append(out, fmt.Sprintf("%s: +%s, not wanted", join(path, k), jsonText(g[k])))
			}
		}
		slices.Sort(out)
		return out
	case []any:
		g, ok := got.([]any)
		if !ok {
			return differ
		}
		var out []string
		if len(g) != len(w) {
			for _, e := range without(w, g) {
				out = append(out, fmt.Sprintf("%s: -%s, missing", path, jsonText(e)))
			}
			for _, e := range without(g, w) {
				out = append(out, fmt.Sprintf("%s: +%s, not wanted", path, jsonText(e)))
			}
			return append(out, fmt.Sprintf("%s: %d elements, want %d", path, len(g), len(w)))
		}
		for i := range w {
			out = append(out, l.walk(w[i], g[i], join(path, fmt.Sprint(i)))...)
		}
		return out
	}
	if want != got && !(kernelText(want) && kernelText(got)) {
		return differ
	}
	return nil
}

// textAddress is an address of the kernel's own text and data. nf_tables names the
// type of a set by one, which is another with each build of a kernel.
var textAddress = regexp.MustCompile("^0xffffffff[0-9a-f]{8}$")

func kernelText(v any) bool {
	s, ok := v.(string)
	return ok && textAddress.MatchString(s)
}
