package kmod

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl/specs"
)

// handmade are families whose header nobody generates: it calls some things as no
// key of the language can say.
var handmade = []string{"nlctrl", "ovs_datapath", "ovs_packet", "ovs_vport"}

// additions are constants of what the catalogue has more than the kernel's own
// specs, which numbers of the kernel's header are without.
var additions = regexp.MustCompile(`^(?:ETHTOOL_A_STATS_GRP_STAT_MAX|TCP_METRICS_TCP_FASTOPEN_COOKIE_MAX|TEAM_CMD_(?:OPTIONS|PORT_LIST)_NTF|` +
	`MPTCP_PM_CMD_(?:[A-Z_]+_EVENT|MAX)|__MPTCP_PM_CMD_AFTER_LAST|MPTCP_PM_MCGRP_[A-Z_]+)$`)

// enumerator is a line of an enum, or a macro.
var enumerator = regexp.MustCompile(`(?m)^(?:\t([A-Z_][A-Z_0-9]*)(?: = [^,]*)?,?|#define ([A-Z_][A-Z_0-9]*)\t.*)$`)

// TestNamesAndNumbers compares the constants of the uapi headers of the catalogue's
// families with those of the kernel's own, which the variable NLKIT_UAPI points to:
// a compiler has both and tells what differs.
func TestNamesAndNumbers(t *testing.T) {
	include := os.Getenv("NLKIT_UAPI")
	if _, err := os.Stat(filepath.Join(include, "linux", "dev_energymodel.h")); include == "" || err != nil {
		testenv.Missing(t, "uapi", "needs NLKIT_UAPI to name the folder usr/include of the headers of Linux 7.2")
	}
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		testenv.Missing(t, "gcc", "needs a C compiler: apt-get install gcc")
	}
	for _, name := range specs.Names() {
		spec, err := specs.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if spec.IsRaw() {
			continue
		}
		t.Run(name, func(t *testing.T) {
			header := spec.C.UAPIHeader
			if _, err := os.Stat(filepath.Join(include, header)); err != nil {
				t.Fatalf("%v", err)
			}
			p := &plan{spec: spec}
			p.spec.Kernel.SockPriv = "" // as in modules
			p.build()
			if len(p.problems) > 0 && refusals[name] != nil {
				return // there is no module of it; TestCatalogue tells why
			}
			var out printer
			p.writeUAPI(&out)
			ours := numbersOf(t, gcc, out.String(), "", names(out.String()), include)
			theirs := numbersOf(t, gcc, "", header, names(out.String()), include)
			same := 0
			for _, c := range names(out.String()) {
				have, ok := theirs[c]
				switch {
				case additions.MatchString(c):
				case ok && have != ours[c]:
					t.Errorf("%s is %s, and in %s it is %s", c, ours[c], header, have)
				case ok:
					same++
				case !slices.Contains(handmade, name):
					t.Errorf("%s does not have %s", header, c)
				}
			}
			t.Logf("%d constants are the same, %d are not in %s", same, len(ours)-same, header)
			if same == 0 {
				t.Errorf("no constant is in %s", header)
			}
		})
	}
}

// names are the constants that a header defines.
func names(text string) []string {
	var list []string
	for _, m := range enumerator.FindAllStringSubmatch(text, -1) {
		if n := m[1] + m[2]; !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// numbersOf asks the compiler for the values of constants, as far as a header has
// them.
func numbersOf(t *testing.T, gcc, text, header string, wanted []string, include string) map[string]string {
	t.Helper()
	dir := t.TempDir()
	ask := func(list []string) (string, string, error) {
		var c bytes.Buffer
		if text != "" {
			c.WriteString(text)
		} else {
			fmt.Fprintf(&c, "#include <%s>\n", header)
		}
		c.WriteString("#include <stdio.h>\n#define SHOW(x) printf(_Generic((x), char *: \"%s %s\\n\", default: \"%s %lld\\n\"), #x, (x))\nint main(void) {\n")
		for _, n := range list {
			fmt.Fprintf(&c, "SHOW(%s);\n", n)
		}
		c.WriteString("}\n")
		if err := os.WriteFile(filepath.Join(dir, "ask.c"), c.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		// Warnings are about formats, which the words of both kinds cannot all meet.
		cmd := exec.Command(gcc, "-w", "-fmax-errors=0", "-isystem", include, "-o", filepath.Join(dir, "ask"), filepath.Join(dir, "ask.c"))
		cmd.Env = append(os.Environ(), "LC_ALL=C")
		said, err := cmd.CombinedOutput()
		if err != nil {
			return "", string(said), err
		}
		shown, err := exec.Command(filepath.Join(dir, "ask")).Output()
		return string(shown), "", err
	}
	shown, said, err := ask(wanted)
	if err != nil {
		var known []string
		for _, n := range wanted {
			if !strings.Contains(said, "'"+n+"' undeclared") {
				known = append(known, n)
			}
		}
		if shown, said, err = ask(known); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	values := map[string]string{}
	for line := range strings.Lines(shown) {
		n, v, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		values[n] = v
	}
	return values
}
