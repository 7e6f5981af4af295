package kmod

import (
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// builds are the kernels that modules are compiled for. Those of the catalogue take
// turns: some are for the oldest, the others for one that tells do from dump.
var builds = []struct {
	kernel string
	turn   int
}{{"5.10-cloud", 0}, {"6.1-cloud", -1}, {"6.12-cloud", 1}, {"7.2-cloud", -1}}

var everywhere = flag.Bool("everywhere", false, "compile all of the catalogue's modules for all kernels")

// theirs are names of the catalogue's families that the kernel's own headers have,
// which every module includes: here they begin with other letters.
var theirs = map[string][]string{
	"nlctrl":  {"CTRL_", "NL_ATTR_", "NL_POLICY_", "netlink_attribute_type"},
	"ethtool": {"ETHTOOL_", "HWTSTAMP_", "ethtool_", "hwtstamp_"},
	"netdev":  {"NETDEV_", "netdev_"},
}

// included are lines that name files, which are called as they are.
var included = regexp.MustCompile(`(?m)^#include .*$`)

// TestCompiles builds a module with everything for each of some kernels, and those of
// the catalogue for one of two, with the stubs for handlers: nothing is complained about.
func TestCompiles(t *testing.T) {
	if testing.Short() || !testenv.Required("vm") {
		testenv.Missing(t, "vm", "builds modules for four kernels, which takes minutes and fetches their headers; type: NLKIT_REQUIRE=vm go test -run TestCompiles ./gen/kmod")
	}
	for _, b := range builds {
		t.Run(b.kernel, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "modules")
			flat(t, dir, "every", parse(t, "every.yaml"))
			for _, name := range specs.Names() {
				spec := open(t, name)
				if spec.IsRaw() {
					continue
				}
				if turn(name) == b.turn || *everywhere {
					flat(t, dir, name, spec)
				}
			}
			compile(t, b.kernel, dir)
		})
	}
}

// turn goes by a family's name alone: another one that comes moves none.
func turn(name string) int {
	h := fnv.New32()
	h.Write([]byte(name))
	return int(h.Sum32() % 2)
}

// flat writes a module into a folder that others are in too.
func flat(t *testing.T, dir, name string, spec *ynl.Spec) {
	t.Helper()
	spec.Kernel.SockPriv = "" // which is refused, and is all that is wrong with some
	spec.C.UAPIHeader = fmt.Sprintf("linux/%s.h", name)
	mod, err := Generate(spec, Options{})
	if err != nil {
		if refusals[name] == nil {
			t.Fatal(err)
		}
		return
	}
	for _, f := range append(mod.Files, mod.Author) {
		text := string(f.Text)
		for _, begin := range theirs[name] {
			text = strings.ReplaceAll(text, begin, "MY"+begin)
		}
		text = included.ReplaceAllStringFunc(text, func(line string) string { return strings.ReplaceAll(line, "MY", "") })
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		switch f.Name {
		case "README.md", "Makefile", "dkms.conf":
			continue
		case "Kbuild":
			text = strings.ReplaceAll(text, "obj-m :=", "obj-m +=")
			text = strings.ReplaceAll(text, "MY"+mod.Name, mod.Name)
			text = strings.ReplaceAll(text, "-include $(src)/Kbuild.author\n", "")
			have, err := os.ReadFile(path)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			text = string(have) + text
		}
		if err := replace(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range spec.Kernel.Headers {
		if err := replace(filepath.Join(dir, filepath.FromSlash(h)), nil); err != nil {
			t.Fatal(err)
		}
	}
}

// compile builds what a folder has for a kernel, with all warnings.
func compile(t *testing.T, kernel, dir string) {
	t.Helper()
	k, err := vmtest.FindKernel(kernel)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	tree, err := vmtest.Fetch(ctx, k, func(line string) { t.Log(line) })
	if vmtest.IsMissing(err) {
		testenv.Missing(t, "vm", err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	variables := []string{"-j2"}
	if _, err := exec.LookPath("sparse"); err == nil {
		variables = append(variables, "C=1")
	}
	built, err := tree.Build(ctx, dir, t.TempDir(), variables...)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range built.Warnings {
		t.Error(w)
	}
	t.Logf("%d modules built for %s (%s)", len(built.Modules), kernel, strings.Join(variables, " "))
}
