package vmtest

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func parse(sources ...string) (*Request, error) {
	var d directives
	for _, s := range sources {
		if err := d.read("x_test.go", []byte(s)); err != nil {
			return nil, err
		}
	}
	return d.request()
}

func TestDirectives(t *testing.T) {
	for _, tt := range []struct {
		name    string
		sources []string
		want    *Request
	}{
		{"none", []string{"package x\n"}, nil},
		{"in a text", []string{"package x\n\nconst s = `\n//nlkit:vm\n`\n"}, nil},
		{"with a blank", []string{"package x\n\n// nlkit:vm\n"}, nil},
		{
			"defaults", []string{"//nlkit:vm\npackage x\n"},
			&Request{Kernels: []string{"6.1-cloud", "6.12-cloud"}, Memory: 512, Timeout: 3 * time.Minute},
		},
		{
			"all, in two files", []string{
				"//nlkit:vm\n//nlkit:kernels 6.12 7.2-cloud\npackage x\n\n//nlkit:modules veth  kmod/plain\n//nlkit:memory 1024\n",
				"package x\n\nfunc f() {\n\t//nlkit:modules ?ovpn\n\t//nlkit:cards e1000e virtio-net-pci\n\t//nlkit:files a /bin/true\n\t//nlkit:commands cmd/nlkit\n\t//nlkit:timeout 90s\n}\n",
			},
			&Request{
				Kernels: []string{"6.12", "7.2-cloud"}, Modules: []string{"veth", "kmod/plain", "?ovpn"}, Memory: 1024,
				Cards: []string{"e1000e", "virtio-net-pci"}, Files: []string{"a", "/bin/true"}, Commands: []string{"cmd/nlkit"}, Timeout: 90 * time.Second,
			},
		},
		{
			"the most of two", []string{"//nlkit:vm\n//nlkit:memory 600\n//nlkit:timeout 2m\npackage x\n", "//nlkit:timeout 1m\n//nlkit:memory 700\npackage x\n"},
			&Request{Kernels: []string{"6.1-cloud", "6.12-cloud"}, Memory: 700, Timeout: 2 * time.Minute},
		},
	} {
		got, err := parse(tt.sources...)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tt.name, diff)
		}
	}
}

func TestDirectiveErrors(t *testing.T) {
	for line, want := range map[string]string{
		"//nlkit:":                      "followed by nothing",
		"//nlkit:vms":                   "no such directive: there are vm, kernels",
		"//nlkit:vm now":                `"now" does`,
		"//nlkit:modules":               "names nothing",
		"//nlkit:memory":                "one value has to follow, not 0",
		"//nlkit:memory 1 2":            "one value has to follow, not 2",
		"//nlkit:memory much":           "no number of MB from 128",
		"//nlkit:memory 64":             "no number of MB from 128",
		"//nlkit:timeout 3":             "no time such as 3m",
		"//nlkit:timeout -3m":           "no time such as 3m",
		"//nlkit:modules veth":          "none of the package's test files has //nlkit:vm",
		"//nlkit:vm\n//nlkit:kernels x": `no kernel "x": the kernels are 5.10-cloud`,
	} {
		_, err := parse("package x\n\n" + line + "\n")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x_test.go:3:1: ") {
			t.Errorf("%q: error %v, want one at x_test.go:3:1 with %q", line, err, want)
		}
	}
	if _, err := parse("//nlkit:vm\nno Go\n"); err == nil {
		t.Error("a file that is no Go: no error")
	}
}

func FuzzDirectives(f *testing.F) {
	f.Add("//nlkit:vm\n//nlkit:modules a b\npackage x\n")
	f.Add("package x\n//nlkit:vm\n//nlkit:memory 99999999999999999999\n")
	f.Fuzz(func(t *testing.T, source string) {
		r, err := parse(source)
		if err == nil && r != nil && (len(r.Kernels) == 0 || r.Memory < minMemory || r.Timeout <= 0) {
			t.Errorf("%+v", r)
		}
	})
}
