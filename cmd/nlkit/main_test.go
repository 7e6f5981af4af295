package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/demo"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
)

// try runs a command line in this process.
func try(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

func TestWrongInput(t *testing.T) {
	tests := []struct {
		args   string
		status int
		says   string // in the first line of the error
		linux  bool
	}{
		{"frobnicate", 2, `unknown command "frobnicate"`, false},
		{"lst", 2, "did you mean lint or list?", false},
		{"demos", 2, "did you mean demo?", false},
		{"--frob", 2, "unknown flag: --frob", false},
		{"list --frob", 2, "unknown flag: --frob", false},
		{"list -o", 2, "needs an argument", false},
		{"list -o yaml", 2, "must be one of text, json, jsonl", false},
		{"demo -o xml", 2, "must be one of text, json, jsonl", false},
		{"list a b", 2, "give one family", false},
		{"list --timeout soon", 2, `--timeout must be a duration such as 5s or 500ms, or 0 for no limit, not "soon"`, false},
		{"list --timeout 5", 2, `, not "5"`, false},
		{"list --timeout -1s", 2, `, not "-1s"`, false},
		{"list --netns=", 2, `--netns must be a name that "ip netns" lists, or a path such as /proc/PID/ns/net, not ""`, false},
		{"list --netns .", 2, `, not "."`, false},
		{"list --netns ..", 2, `, not ".."`, false},
		{"demo --kernel=maybe", 2, `--kernel must be true or false, not "maybe"`, false},
		{"demo unicast --listeners 5", 2, "--listeners is for demo multicast", false},
		{"help bogus", 2, `unknown command "bogus"`, false},
		{"help demo bogus", 2, `unknown command "demo bogus"`, false},
		{"help version bogus", 2, `unknown command "version bogus"`, false},
		{"completion bogus", 2, `unknown command "bogus"`, false},
		{"--version bogus", 2, `unknown command "bogus"`, false},
		{"demo nosuch", 2, `no demo "nosuch": there are unicast, request, multicast, overflow, reload`, false},
		{"demo request unicast", 2, "give one demo", false},
		{"demo --listeners 0", 2, "must be a number from 1 to", false},
		{"demo --listeners -3", 2, "must be a number from 1 to", false},
		{"demo --listeners many", 2, "must be a number from 1 to", false},
		{"demo --listeners 99999999999999999999", 2, "must be a number from 1 to", false},
		{"demo --kernel --usersock", 2, "exclude each other", false},
		{"demo --netns blue", 2, "add --kernel", false},
		{"demo --module doc_exmpl.ko", 2, "add --kernel", false},
		{"version extra", 2, "", false},
		{"list nosuch", 1, `no generic netlink family "nosuch"`, true},
		{"list nosuch", 1, "there are: nlctrl", true},
		{"list nlctl", 1, `did you mean "nlctrl"?`, true},
		{"list a-name-that-is-far-too-long", 1, "no generic netlink family", true},
		{"list 65535", 1, "no generic netlink family with the number 65535", true},
		{"list 0", 1, `no generic netlink family "0"`, true},
		{"list 99999", 1, `no generic netlink family "99999"`, true},
		{"demo --kernel --netns nlkit-nosuch", 1, "network namespace /run/netns/nlkit-nosuch does not exist", true},
		{"list --netns nlkit-nosuch", 1, "network namespace /run/netns/nlkit-nosuch does not exist", true},
		{"list --netns /nonexistent/ns", 1, "network namespace /nonexistent/ns", true},
		{"list --netns /dev/null", 1, "not a network namespace", true},
		{"list --timeout 1ns", 1, "no answer within 1ns (--timeout)", true},
		{"demo --timeout 1ns", 1, "demo unicast: no answer within 1ns (--timeout)", false},
		{"demo multicast --timeout 1ns", 1, "demo multicast: no answer within 1ns (--timeout)", false},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			if tt.linux && runtime.GOOS != "linux" {
				t.Skip("asks a live kernel")
			}
			status, stdout, stderr := try(t, strings.Fields(tt.args)...)
			first, _, _ := strings.Cut(stderr, "\n")
			if status != tt.status || !strings.Contains(first, tt.says) {
				t.Errorf("status %d, %q; want status %d and %q", status, first, tt.status, tt.says)
			}
			if !strings.HasPrefix(stderr, "nlkit: ") {
				t.Errorf("the error does not begin with its program's name: %q", stderr)
			}
			if shown := strings.Contains(stderr, "\nUsage: nlkit "); shown != (tt.status == 2) {
				t.Errorf("usage shown: %v, with status %d", shown, tt.status)
			}
			want := 1 // lines
			if tt.status == 2 {
				want = 3 // and the usage, and where there is more
			}
			if n := strings.Count(stderr, "\n"); n != want {
				t.Errorf("%d lines, want %d: %q", n, want, stderr)
			}
			if stdout != "" {
				t.Errorf("printed on stdout: %q", stdout)
			}
		})
	}
}

func TestHelpHasExamples(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"demo", "--help"}, {"list", "-h"}, {"version", "--help"}, {"help", "list"}, {"mirror", "--help"}, {"audit", "--help"}, {"top", "--help"}, {}} {
		status, stdout, stderr := try(t, args...)
		if status != 0 || !strings.Contains(stdout, "Examples:") || stderr != "" {
			t.Errorf("%v: status %d, stderr %q, examples %v", args, status, stderr, strings.Contains(stdout, "Examples:"))
		}
		for line := range strings.Lines(stdout) {
			if len(line) > 81 {
				t.Errorf("%v: longer than 80 columns: %q", args, line)
			}
		}
		if strings.Contains(stdout, demoSideCommand) {
			t.Errorf("%v: names the hidden command", args)
		}
	}
}

func TestHelpTopics(t *testing.T) {
	_, want, _ := try(t, "demo", "--help")
	for _, args := range [][]string{{"help", "demo"}, {"help", "demo", "request"}} {
		if status, stdout, _ := try(t, args...); status != 0 || stdout != want {
			t.Errorf("%v: status %d, %q", args, status, stdout)
		}
	}
	if _, stdout, _ := try(t, "--help"); !strings.Contains(stdout, "0 done, 1 the kernel or the data said no, 2 wrong usage") {
		t.Errorf("nothing about the exit statuses: %s", stdout)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestFullDisk(t *testing.T) {
	for _, args := range []string{"--help", "demo --help", "help list", "", "completion", "completion bash", "version", "--version", "demo request"} {
		var errs bytes.Buffer
		status := run(t.Context(), strings.Fields(args), fullDisk{}, &errs)
		if status != 1 || errs.String() != "nlkit: no space left\n" {
			t.Errorf("%q: status %d, %q; want 1 and the writer's error", args, status, errs.String())
		}
	}
}

func TestListEmptyName(t *testing.T) {
	if status, _, stderr := try(t, "list", ""); status != 2 || !strings.Contains(stderr, "the family's name is empty") {
		t.Errorf("status %d, %q", status, stderr)
	}
}

func TestCompletion(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"demo", ""}, "unicast\nrequest\nmulticast\noverflow\nreload\n:4\n"},
		{[]string{"demo", "request", ""}, ":4\n"},
		{[]string{"demo", "--listeners", ""}, ":4\n"},
		{[]string{"list", "--timeout", ""}, ":4\n"},
		{[]string{"list", "--netns", dir + "/"}, ":0\n"}, // files
		{[]string{"list", "-o", ""}, "text\njson\njsonl\n:4\n"},
		{[]string{"version", ""}, ":4\n"},
		{[]string{"help", "completion", "ba"}, "bash\tGenerate the autocompletion script for bash\n:4\n"},
	} {
		if status, stdout, _ := try(t, append([]string{"__complete"}, tt.args...)...); status != 0 || stdout != tt.want {
			t.Errorf("%q: status %d, %q, want %q", tt.args, status, stdout, tt.want)
		}
	}
	if _, stdout, _ := try(t, "__complete", "list", "--netns", ""); !strings.HasSuffix(stdout, ":4\n") {
		t.Errorf("--netns: %q, want no files", stdout)
	}
}

func TestBuild(t *testing.T) {
	for _, tt := range []struct {
		info *debug.BuildInfo
		want string
	}{
		{nil, "nlkit devel ("},
		{&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "nlkit devel ("},
		{&debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"},
		}}, "nlkit v1.2.3 ("},
	} {
		got := newBuild(tt.info).String()
		if !strings.HasPrefix(got, tt.want) {
			t.Errorf("%q, want %q first", got, tt.want)
		}
		revision := tt.info != nil && len(tt.info.Settings) > 0
		if strings.HasSuffix(got, ", revision 0123456789ab, modified)") != revision {
			t.Errorf("%q: revision shown, want %v", got, revision)
		}
	}
}

// liveFamilies asks the kernel of this machine, without the command.
func liveFamilies(t *testing.T) []*genetlink.Family {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("asks a live kernel")
	}
	c, err := genetlink.Dial(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	all, err := c.Families(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestListJSON(t *testing.T) {
	want := liveFamilies(t)
	var stdout string
	for { // until none came or went meanwhile: a module may be loaded when it is asked for
		status, out, stderr := try(t, "list", "-o", "json")
		if status != 0 || stderr != "" {
			t.Fatalf("status %d, %s", status, stderr)
		}
		before := want
		want = liveFamilies(t)
		if slices.EqualFunc(before, want, func(a, b *genetlink.Family) bool { return a.Name == b.Name && a.ID == b.ID }) {
			stdout = out
			break
		}
	}
	var raw []map[string]json.RawMessage
	var got []familyJSON
	if err := json.Unmarshal([]byte(stdout), &raw); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatal(err)
	}
	protocols := got[min(len(want), len(got)):]
	if len(protocols) != rawSpecs(t) {
		t.Fatalf("%d families, the kernel has %d, and there are specs of %d protocols", len(got), len(want), rawSpecs(t))
	}
	for i := range protocols {
		if raw := raw[len(want)+i]; string(raw["raw"]) != "true" || raw["protocol"] == nil || raw["spec"] == nil {
			t.Errorf("%s is no protocol", protocols[i].Name)
		}
	}
	for i, f := range want {
		g := got[i]
		for _, field := range []string{"name", "id", "version", "hdrsize", "maxattr", "ops", "groups"} {
			if v, ok := raw[i][field]; !ok || string(v) == "null" {
				t.Errorf("%s: no %q", f.Name, field)
			}
		}
		if g.Name != f.Name || g.ID != f.ID || g.Version != f.Version || g.HdrSize != f.HeaderLen || g.MaxAttr != f.MaxAttr ||
			len(g.Ops) != len(f.Ops) || len(g.Groups) != len(f.Groups) {
			t.Errorf("%s: printed %+v, the kernel says %+v", f.Name, g, f)
		}
	}
	_, lines, _ := try(t, "list", "-o", "jsonl")
	if n := strings.Count(lines, "\n"); n != len(got) {
		t.Errorf("jsonl: %d lines of %d families", n, len(got))
	}
}

// rawSpecs counts the specs of protocols of their own.
func rawSpecs(t *testing.T) int {
	t.Helper()
	all, err := (&app{}).finder().List()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, e := range all {
		if e.Level == ynl.NetlinkRaw {
			n++
		}
	}
	return n
}

func TestListFamilyJSON(t *testing.T) {
	liveFamilies(t)
	status, stdout, stderr := try(t, "list", "nlctrl", "-o", "json")
	var got []familyJSON
	if err := json.Unmarshal([]byte(stdout), &got); status != 0 || err != nil || len(got) != 1 {
		t.Fatalf("status %d, %v, %s%s", status, err, stdout, stderr)
	}
	if len(got[0].Policies) == 0 {
		testenv.Missing(t, "policies", "this kernel does not tell policies (Linux 5.7 does)")
	}
	sets := map[uint32]policyJSON{}
	for _, p := range got[0].Policies {
		sets[p.Index] = p
	}
	for _, o := range got[0].Ops {
		for _, index := range []*uint32{o.Do, o.Dump} {
			if index == nil {
				continue
			}
			set, ok := sets[*index]
			if !ok {
				t.Errorf("op %d refers to policy %d, which is not there", o.ID, *index)
			}
			// FAMILY_NAME is in every policy of nlctrl.
			name := attrJSON{}
			for _, a := range set.Attrs {
				if a.ID == 2 {
					name = a
				}
			}
			if name.Type != "nul-string" || name.MaxLength == nil || *name.MaxLength != 15 {
				t.Errorf("op %d: attribute 2 is %+v, want a nul-string up to 15 bytes", o.ID, name)
			}
		}
	}
}

// TestPolicyTreeEnds prints sets that contain themselves and each other.
func TestPolicyTreeEnds(t *testing.T) {
	nest := func(n uint32) netlink.AttrPolicy {
		return netlink.AttrPolicy{Type: netlink.PolicyNested, HasNested: true, Nested: n}
	}
	f := &genetlink.Family{Name: "x", Ops: []genetlink.Op{{ID: 1, Flags: genetlink.CanDo}, {ID: 2, Flags: genetlink.CanDump}, {ID: 3}}}
	p := &genetlink.Policies{
		Ops: []genetlink.OpPolicy{{Op: 1, HasDo: true, Do: 0}, {Op: 2, HasDump: true, Dump: 1}, {Op: 3, HasDo: true, Do: 9, HasDump: true, Dump: 0}},
		Sets: map[uint32]genetlink.AttrSet{
			0: {1: nest(0), 2: nest(1), 3: {Type: netlink.PolicyU8}},
			1: {1: nest(0), 2: nest(77)},
		},
	}
	var b bytes.Buffer
	if err := familyDetail(&b, f, p, nil); err != nil {
		t.Fatal(err)
	}
	want := `
x: id 0, version 0, hdrsize 0, maxattr 0

operations: 3
  op 1    do
    do takes policy 0
      attr 1    nested of policy 0, shown above
      attr 2    nested of policy 1
        attr 1    nested of policy 0, shown above
        attr 2    nested
      attr 3    u8
  op 2    dump
    dump takes policy 1, shown above
  op 3    -
    do takes no attributes
    dump takes policy 0, shown above

groups: 0
`[1:]
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{"nlctrl": "nlctrl", "802.15.4 MAC": "802.15.4 MAC", "a\x1b[31m": `"a\x1b[31m"`} {
		if got := printable(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestIsolateNames(t *testing.T) {
	for _, tt := range []struct {
		names string
		want  bool
	}{{"", true}, {"request", false}, {"unicast", true}, {"multicast", true}, {"overflow", true}} {
		if got := demo.WantsNamespace(strings.Fields(tt.names)); got != tt.want {
			t.Errorf("%q: %v, want %v", tt.names, got, tt.want)
		}
	}
}
