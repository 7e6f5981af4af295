package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nlkit/nlkit/internal/demo"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) {
	testscript.Main(testenv.Checked{M: m}, map[string]func(){"nlkit": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Condition:     condition,
		Cmds:          map[string]func(*testscript.TestScript, bool, []string){"jsonlines": jsonLines},
	})
}

func condition(name string) (bool, error) {
	switch name {
	case "userns":
		return userNamespaces(), nil
	case "nouserns":
		off := exec.Command("unshare", "-Ur", "sh", "-c", "echo 0 >/proc/sys/user/max_user_namespaces")
		return off.Run() == nil, nil
	case "netns":
		return entersNamespaces(), nil
	case "littleendian":
		return binary.NativeEndian.Uint16([]byte{1, 0}) == 1, nil
	}
	return false, fmt.Errorf("unknown condition %q", name)
}

// userNamespaces reports whether the demos can have a namespace of their own.
// NLKIT_REQUIRE=userns says that they must.
func userNamespaces() bool {
	if runtime.GOOS != "linux" {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	status, err := demo.Isolate(ctx, demo.Command{Path: "/bin/true"})
	return can("userns", err == nil && status == 0, fmt.Sprintf("status %d, %v", status, err))
}

// entersNamespaces reports whether a socket may be opened in a namespace that is
// given by path, if only the own one.
func entersNamespaces() bool {
	t, err := netlink.Open(wire.Generic, &netlink.Options{Namespace: netlink.NamespacePath("/proc/self/ns/net")})
	if err == nil {
		t.Close()
	}
	return can("netns", err == nil, fmt.Sprint(err))
}

// can returns ok. What the environment variable NLKIT_REQUIRE names may not be
// missing.
func can(ability string, ok bool, why string) bool {
	if !ok && testenv.Required(ability) {
		panic(fmt.Sprintf("%s is required (NLKIT_REQUIRE) but missing: %s", ability, why))
	}
	return ok
}

// jsonLines checks that each line of the last command's output is a JSON object
// with the fields given.
func jsonLines(ts *testscript.TestScript, neg bool, fields []string) {
	if neg {
		ts.Fatalf("jsonlines cannot be negated")
	}
	out := ts.ReadFile("stdout")
	if out == "" {
		ts.Fatalf("no output")
	}
	for line := range strings.Lines(out) {
		var v map[string]any
		ts.Check(json.Unmarshal([]byte(line), &v))
		for _, f := range fields {
			if _, ok := v[f]; !ok {
				ts.Fatalf("no field %q in %s", f, line)
			}
		}
	}
}
