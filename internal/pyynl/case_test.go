package pyynl

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// golden is one case of the golden suite: a command line given to the kernel's
// Python client, and what that printed.
type golden struct {
	name    string
	dir     string
	args    []string // behind the client's name
	netns   string   // "$NS" or "$NSx", with its value
	group   string   // ok, policy, err, or gap where the Python client failed
	status  int
	json    []byte // stdout where it is JSON
	out     string // stdout else
	rec     []byte // nil where nothing was sent
	refused bool   // the kernel said no
}

const (
	testSpace = "GOLDEN"
)

// loadGolden reads all cases, in order.
func loadGolden(t *testing.T) []golden {
	t.Helper()
	dir := shared(t, "golden")
	specs := shared(t, "specs")
	files, err := filepath.Glob(filepath.Join(dir, "*.cmd"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", dir, err)
	}
	var cases []golden
	for _, file := range files {
		base := strings.TrimSuffix(file, ".cmd")
		read := func(ext string) []byte {
			text, err := os.ReadFile(base + ext)
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			return text
		}
		line, err := words(string(read(".cmd")), map[string]string{"NS": testSpace, "YNL": "YNL", "SPECS": specs})
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		g := golden{name: filepath.Base(base), dir: dir, json: read(".json"), out: string(read(".out")), rec: read(".rec")}
		if len(line) > 4 && line[0] == "ip" {
			g.netns, line = line[3], line[4:]
		}
		if line[0] != "YNL" {
			t.Fatalf("%s: %q is no command line of the client", file, line)
		}
		g.args = line[1:]
		g.group = strings.TrimSpace(string(read(".group")))
		if g.status, err = strconv.Atoi(strings.TrimSpace(string(read(".rc")))); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		g.refused = strings.HasPrefix(g.out, "Netlink error")
		cases = append(cases, g)
	}
	return cases
}
