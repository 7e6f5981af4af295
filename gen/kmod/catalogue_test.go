package kmod

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

var update = flag.Bool("update", false, "write the golden files anew")

// refusals are the families of the catalogue that no module can be generated for,
// with the reasons: all that is said of a family has one of them in it.
var refusals = map[string][]string{
	// Two sets have the same prefix and no name of their own for the largest number.
	"devlink": {"becomes DEVLINK_ATTR_MAX in C", "becomes __DEVLINK_ATTR_MAX in C", "has the number 0, which a kernel takes for unknown in a request"},
	// Sets and an enum have the same names in C; a subset reads an attribute otherwise.
	"nl80211":  {"becomes NL80211_IFTYPE_", "becomes __NL80211_IFTYPE_MAX", "becomes __NL80211_ATTR_MAX", "attribute frame-type is of another kind than in the set nl80211-attrs"},
	"netdev":   {"sock-priv (struct netdev_nl_sock): no kernel lets modules at the state of a socket"},
	"ovs_flow": {"has the number 0, which a kernel takes for unknown in a request"},
}

// TestCatalogue generates modules for all families of the catalogue, twice, or is
// told why there can be none.
func TestCatalogue(t *testing.T) {
	for _, name := range specs.Names() {
		t.Run(name, func(t *testing.T) {
			mod, err := Generate(open(t, name), Options{})
			bad, refused := errors.AsType[*Error](err)
			switch {
			case err != nil && !refused:
				t.Fatalf("%v, want an *Error", err)
			case open(t, name).IsRaw():
				if !refused || len(bad.Problems) != 1 || !strings.Contains(err.Error(), name+".yaml:3: ") || !strings.Contains(err.Error(), "is a protocol of its own (netlink-raw)") {
					t.Errorf("a raw protocol: %v", err)
				}
				return
			case refused:
				for _, p := range bad.Problems {
					if !containsAny(p.Text, refusals[name]) || p.Line == 0 {
						t.Errorf("%s", p)
					}
				}
				return
			case refusals[name] != nil:
				t.Fatalf("is not refused any more: take it off the list")
			}
			again, err := Generate(open(t, name), Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range append(mod.Files, mod.Author) {
				if other := append(again.Files, again.Author)[i]; other.Name != f.Name || !bytes.Equal(other.Text, f.Text) {
					t.Errorf("%s: generated twice it is not the same", f.Name)
				}
				for i, line := range strings.Split(string(f.Text), "\n") {
					if strings.TrimRight(line, " \t") != line || strings.Contains(line, "%!") {
						t.Errorf("%s:%d: %q", f.Name, i+1, line)
					}
				}
			}
		})
	}
}

func containsAny(text string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// open reads a spec of the catalogue anew.
func open(t testing.TB, name string) *ynl.Spec {
	t.Helper()
	spec, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// parse reads a spec of testdata.
func parse(t testing.TB, name string) *ynl.Spec {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	spec, err := ynl.Parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// TestGolden compares modules with those that are checked in, file by file: one
// with everything, and families of the kernel that are made in different ways.
func TestGolden(t *testing.T) {
	modules := map[string]*ynl.Spec{"every": parse(t, "every.yaml")}
	for _, name := range []string{"fou", "ovpn", "ovs_datapath", "team"} {
		modules[name] = open(t, name)
	}
	for name, spec := range modules {
		t.Run(name, func(t *testing.T) {
			mod, err := Generate(spec, Options{Source: name + ".yaml"})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range append(mod.Files, mod.Author) {
				if strings.HasPrefix(f.Name, "nlkit") {
					continue // a file of this package
				}
				golden := filepath.Join("testdata", "golden", name, filepath.FromSlash(f.Name))
				if *update {
					if err := replace(golden, f.Text); err != nil {
						t.Fatal(err)
					}
					continue
				}
				have, err := os.ReadFile(golden)
				if err != nil {
					t.Errorf("%v: write it with go test ./gen/kmod -update", err)
				} else if !bytes.Equal(have, f.Text) {
					t.Errorf("%s differs in line %d; once you have read it: go test ./gen/kmod -update", golden, line(have, f.Text))
				}
			}
		})
	}
}

// line is the number of the first line that differs.
func line(a, b []byte) int {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return i + 1
		}
	}
	return min(len(x), len(y)) + 1
}
