// Package docs checks what the project's documents claim.
package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

var goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")

// TestReadmeProgramsCompile builds every Go program in the README.
func TestReadmeProgramsCompile(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := goBlock.FindAllSubmatch(readme, -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no Go program")
	}
	for _, block := range blocks {
		file := filepath.Join(t.TempDir(), "main.go")
		if err := os.WriteFile(file, block[1], 0o644); err != nil {
			t.Fatal(err)
		}
		// Built, not run: it talks to the live kernel.
		out, err := exec.Command("go", "vet", file).CombinedOutput()
		if err != nil {
			t.Errorf("go vet: %v\n%s", err, out)
		}
	}
}
