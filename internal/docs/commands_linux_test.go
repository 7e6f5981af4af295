package docs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl/lint"
)

// documents are those whose commands are run.
var documents = []string{"README.md", "docs/specs.md", "docs/nlkit-mirror.md"}

var (
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	ownCommand = regexp.MustCompile(`^(NLKIT_SPECS=\S+ )?(sudo )?nlkit `)
)

// commands are the lines of a document's shell blocks that run nlkit.
func commands(t *testing.T, document string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", document))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range shellBlock.FindAllSubmatch(text, -1) {
		for line := range strings.Lines(string(block[1])) {
			if ownCommand.MatchString(line) {
				line, _, _ = strings.Cut(line, " #") // the comment
				lines = append(lines, strings.TrimSpace(line))
			}
		}
	}
	if len(lines) == 0 {
		t.Fatalf("%s shows no command", document)
	}
	return lines
}

// TestCommands runs the commands that the documents show and that need no root.
func TestCommands(t *testing.T) {
	bin := build(t)
	for _, document := range documents {
		for _, line := range commands(t, document) {
			if strings.HasPrefix(line, "sudo ") {
				continue
			}
			t.Run(line, func(t *testing.T) {
				if strings.Contains(line, "nlkit lint ") {
					needHeaders(t)
				}
				run(t, bin, line)
			})
		}
	}
}

// TestRootCommands runs the others, in the order they stand in and in a network
// namespace of their own.
func TestRootCommands(t *testing.T) {
	bin := build(t)
	for _, document := range documents {
		t.Run(document, func(t *testing.T) {
			space := ""
			for _, line := range commands(t, document) {
				line, root := strings.CutPrefix(line, "sudo nlkit ")
				if !root {
					continue
				}
				if space == "" {
					space = fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), testenv.NewNetNS(t).FD())
				}
				run(t, bin, "nlkit --netns "+space+" "+line)
			}
		})
	}
}

// build builds nlkit and returns the folder it is in.
func build(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	out, err := exec.Command("go", "build", "-o", bin, "github.com/nlkit/nlkit/cmd/nlkit").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

func needHeaders(t *testing.T) {
	t.Helper()
	if _, err := lint.New(lint.DefaultHeaders); err != nil {
		testenv.Missing(t, "uapi", "no kernel headers: install linux-libc-dev")
	}
}

// run runs a line of a shell in the repository's folder.
func run(t *testing.T, bin, line string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", line, err, out)
	}
}
