package uapi

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

// headersDir is where headers of any version are: those that the variable
// NLKIT_UAPI names, or the system's.
func headersDir(t testing.TB) string {
	for _, dir := range []string{os.Getenv("NLKIT_UAPI"), "/usr/include"} {
		if _, err := os.Stat(filepath.Join(dir, "linux", "netlink.h")); dir != "" && err == nil {
			return dir
		}
	}
	testenv.Missing(t, "uapi", "no kernel headers: install linux-libc-dev, or set NLKIT_UAPI to a folder that has linux/netlink.h")
	return ""
}

// ofTheMachine are headers that take types from <asm/...>, which is not read.
var ofTheMachine = []string{"linux/kvm.h", "linux/loop.h", "linux/lsm.h", "linux/sem.h", "linux/signal.h", "linux/unistd.h"}

// TestCompiler asks a C compiler for every number and every layout of headers that were
// read here: of many, which takes a minute, where NLKIT_REQUIRE asks for that.
func TestCompiler(t *testing.T) {
	dir := headersDir(t)
	cc, err := exec.LookPath("cc")
	if err != nil {
		testenv.Missing(t, "cc", "no C compiler to compare with: install gcc and libc6-dev")
	}
	var headers []string
	for _, pattern := range []string{"linux/*.h", "linux/tc_act/*.h", "linux/netfilter/*.h", "linux/android/*.h", "drm/*.h"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			rel, _ := filepath.Rel(dir, f)
			if rel = filepath.ToSlash(rel); !slices.Contains(ofTheMachine, rel) {
				headers = append(headers, rel)
			}
		}
	}
	if testing.Short() || !testenv.Required("uapi") {
		headers = []string{"linux/rtnetlink.h", "linux/pkt_sched.h", "linux/ethtool.h"}
	}
	// The C library's headers define some of the same names, so they are empty.
	stubs := t.TempDir()
	for _, name := range []string{"sys/socket.h", "sys/ioctl.h", "sys/time.h", "sys/types.h", "netinet/in.h", "net/if.h", "stdint.h", "stddef.h", "string.h", "time.h", "unistd.h"} {
		path := filepath.Join(stubs, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	tree := NewTree(dir)
	var mu sync.Mutex
	var compared, refused int
	var work sync.WaitGroup
	next := make(chan string)
	for range 2 {
		work.Go(func() {
			for h := range next {
				n, ok := compare(t, cc, stubs, dir, tree, h)
				mu.Lock()
				compared += n
				if !ok {
					refused++
				}
				mu.Unlock()
			}
		})
	}
	for _, h := range headers {
		next <- h
	}
	close(next)
	work.Wait()
	t.Logf("%d headers, of which %d do not compile by themselves; %d facts compared", len(headers), refused, compared)
	if compared < 1000 {
		t.Errorf("only %d facts compared", compared)
	}
}

// compare compiles a file that asserts what was read from a header. ok is false
// where the header does not compile by itself.
func compare(t *testing.T, cc, stubs, dir string, tree *Tree, header string) (n int, ok bool) {
	compile := func(text string) string {
		cmd := exec.Command(cc, "-x", "c", "-std=gnu11", "-fsyntax-only", "-w", "-m64", "-nostdinc",
			"-I", stubs, "-I", dir, "-I", filepath.Join(dir, "x86_64-linux-gnu"), "-")
		cmd.Stdin = strings.NewReader(text)
		out, err := cmd.CombinedOutput()
		if err != nil && len(out) == 0 {
			return err.Error()
		}
		return string(out)
	}
	// Some headers need types of others, as every program that uses them knows.
	start := "typedef __SIZE_TYPE__ size_t;\n#include <linux/types.h>\n#include <linux/socket.h>\n#include <" + header + ">\n"
	if compile(start) != "" {
		return 0, false
	}
	text, n := assertions(tree.Read("linux/types.h", "linux/socket.h", header))
	if out := compile(start + text); out != "" {
		lines := strings.Split(out, "\n")
		t.Errorf("%s: the compiler does not agree:\n%s", header, strings.Join(lines[:min(len(lines), 30)], "\n"))
	}
	return n, true
}

func assertions(u *Unit) (string, int) {
	var b strings.Builder
	count := 0
	claim := func(format string, args ...any) {
		s := fmt.Sprintf(format, args...)
		fmt.Fprintf(&b, "_Static_assert(%s, %q);\n", s, s)
		count++
	}
	names := slices.Sorted(maps.Keys(u.numbers))
	for _, m := range slices.Sorted(maps.Keys(u.macros)) {
		if _, isEnum := u.numbers[m]; !isEnum && predefined[m] == "" {
			names = append(names, m)
		}
	}
	for _, name := range names {
		n, ok := u.Number(name)
		if !ok {
			continue
		}
		claim("(%s) == (__typeof__(%s))%dull", name, name, n.Value)
		// The type of an enum's entry depends on the entries that follow.
		if m := u.macros[name]; m != nil && len(m.body) == 1 && m.body[0].kind == kNumber {
			claim("sizeof(+(%s)) == %d", name, n.Size)
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(u.records)) {
		s := u.Struct(tag)
		if s == nil {
			continue
		}
		keyword := "struct"
		if u.records[tag].union {
			keyword = "union"
		}
		claim("sizeof(%s %s) == %d", keyword, tag, s.Size)
		for _, m := range s.Members {
			if m.BitField {
				continue
			}
			claim("__builtin_offsetof(%s %s, %s) == %d", keyword, tag, m.Name, m.Offset)
			member := fmt.Sprintf("((%s %s *)0)->%s", keyword, tag, m.Name)
			if m.Integer {
				claim("((__typeof__(%s))-1 < 0) == %v", member, map[bool]int{true: 1}[m.Signed])
			}
			if !m.Flexible {
				claim("sizeof(%s) == %d", member, m.Size)
			}
		}
	}
	return b.String(), count
}

func TestMain(m *testing.M) { testenv.Main(m) }
