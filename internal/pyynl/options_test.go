package pyynl

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseOptions(t *testing.T) {
	for _, tc := range []struct {
		args string // separated by "|"
		want options
	}{
		{"--spec|f.yaml", options{spec: "f.yaml"}},
		{"--spec=f.yaml", options{spec: "f.yaml"}},
		{"--spec=a=b", options{spec: "a=b"}},
		{"--spec=", options{}},
		{"--fam|x|--out", options{family: "x", outputJSON: true}},
		{"--family|x|--do|op|--json|{\"a b\": -1}", options{family: "x", do: "op", json: `{"a b": -1}`}},
		{"--family|x|--doc|op", options{family: "x", listAttrs: "op"}},
		{"--family|x|--list-a=op", options{family: "x", listAttrs: "op"}},
		{"--family|x|--json|-1", options{family: "x", json: "-1"}},
		{"--family|x|--json|-a b", options{family: "x", json: "-a b"}},
		{"--family|x|--multi|a|{}|--multi|b|{}", options{family: "x", multi: [][2]string{{"a", "{}"}, {"b", "{}"}}}},
		{"--family|x|--create|--excl|--repl|--app", options{family: "x", flags: []string{"create", "excl", "replace", "append"}}},
		{"--family|x|--dbg-small-recv", options{family: "x", smallRecv: 4000}},
		{"--family|x|--dbg|8000|--policy", options{family: "x", smallRecv: 8000, policy: true}},
		{"--family|x|--subscribe|g|--sleep|3", options{family: "x", subscribe: "g", duration: 3}},
		{"--family|x|--process-unknown|--no-process-unknown|--no-schema|--schema|s", options{family: "x", schema: "s"}},
		{"--list-f", options{listFamilies: true}},
		{"-h", options{help: true}},
		{"--family|x|--family|y", options{family: "y"}},
	} {
		got, err := parse(strings.Split(tc.args, "|"))
		if err != nil {
			t.Errorf("%s: %v", tc.args, err)
			continue
		}
		got.given = nil
		if d := cmp.Diff(tc.want, *got, cmp.AllowUnexported(options{})); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.args, d)
		}
	}
}

func TestParseOptionsErrors(t *testing.T) {
	for _, tc := range []struct{ args, want string }{
		{"", "one of the arguments --family --list-families --spec is required"},
		{"--do|x", "one of the arguments --family --list-families --spec is required"},
		{"--family|x|--spec|y", "argument --spec: not allowed with argument --family"},
		{"--family|x|--do|a|--dump|b", "argument --dump: not allowed with argument --do"},
		{"--family|x|--list|y", "ambiguous option: --list could match --list-families, --list-ops, --list-msgs, --list-attrs"},
		{"--family|x|--json", "argument --json: expected one argument"},
		{"--family|x|--json|--do|y", "argument --json: expected one argument"},
		{"--family|x|--multi|a", "argument --multi: expected 2 arguments"},
		{"--family|x|--multi=a|b", "argument --multi: expected 2 arguments"},
		{"--family|x|--policy=1", "argument --policy: ignored explicit argument '1'"},
		{"--family|x|--duration|soon", "argument --duration: invalid int value: 'soon'"},
		{"--family|x|y|z", "unrecognized arguments: y z"},
		{"--family|x|--nope|-q", "unrecognized arguments: --nope -q"},
		{"--family|x|--|--do", "unrecognized arguments: --do"},
	} {
		var args []string
		if tc.args != "" {
			args = strings.Split(tc.args, "|")
		}
		_, err := parse(args)
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", tc.args, err, tc.want)
		}
		var out, errOut bytes.Buffer
		if status := Run(context.Background(), args, &Env{Stdout: &out, Stderr: &errOut}); status != 2 || out.Len() > 0 || !strings.HasSuffix(errOut.String(), "error: "+tc.want+"\n") {
			t.Errorf("%s: status %d, %q, %q", tc.args, status, out.String(), errOut.String())
		}
	}
}

func TestHelp(t *testing.T) {
	var out, errOut bytes.Buffer
	if status := Run(context.Background(), []string{"--help"}, &Env{Stdout: &out, Stderr: &errOut}); status != 0 || errOut.Len() > 0 {
		t.Errorf("status %d, %q", status, errOut.String())
	}
	for _, name := range Options() {
		if !strings.Contains(out.String(), "\n  "+name+" ") {
			t.Errorf("the help does not explain %s", name)
		}
	}
	for line := range strings.Lines(out.String()) {
		if len(line) > 82 {
			t.Errorf("line too long: %s", line)
		}
	}
}
