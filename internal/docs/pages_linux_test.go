package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/assign"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

const pages = "../../docs/families"

// TestEveryFamilyHasAPage compares the pages, and the index, with the catalogue.
func TestEveryFamilyHasAPage(t *testing.T) {
	index, err := os.ReadFile(filepath.Join(pages, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := specs.Names()
	for _, name := range names {
		page, err := os.ReadFile(filepath.Join(pages, name+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, line := range []string{"# " + name + "\n", "\n* Package: ", "\n* Rights: ", "\n* Kernel: "} {
			if !strings.Contains(string(page), line) {
				t.Errorf("%s.md has no line %q", name, strings.TrimSpace(line))
			}
		}
		if !strings.Contains(string(index), "| ["+name+"]("+name+".md) | ") {
			t.Errorf("README.md has no line for %s", name)
		}
	}
	files, err := filepath.Glob(pages + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".md")
		if name != "README" && !slices.Contains(names, name) {
			t.Errorf("%s is of no family", file)
		}
	}
}

// TestPageCommands reads the commands of the pages as nlkit does, up to the bytes
// that it would send. They are not run: most change something, or need hardware.
func TestPageCommands(t *testing.T) {
	for _, name := range specs.Names() {
		for _, line := range commands(t, filepath.Join("docs/families", name+".md")) {
			words := strings.Fields(strings.TrimPrefix(line, "sudo "))[1:]
			if words[0] == "list" {
				continue // TestCommands has those
			}
			if len(words) < 2 || words[1] != name {
				t.Errorf("%s.md: %s: is not about %s", name, line, name)
				continue
			}
			if err := checkCommand(words); err != nil {
				t.Errorf("%s.md: %s: %v", name, line, err)
			}
		}
	}
}

// checkCommand checks the words of a command: do, dump or watch, and what follows.
func checkCommand(words []string) error {
	spec, err := specs.Open(words[1])
	if err != nil {
		return err
	}
	var args []string
	for i := 2; i < len(words); i++ {
		switch words[i] {
		case "--create", "--excl", "--replace", "--append":
		case "--count", "--for", "-o":
			i++
		default:
			args = append(args, words[i])
		}
	}
	if words[0] == "watch" {
		for _, group := range args {
			if spec.Group(group) == nil {
				return fmt.Errorf("there is no group %s", group)
			}
		}
		return nil
	}
	op := spec.Op(args[0])
	if op == nil {
		return fmt.Errorf("there is no operation %s", args[0])
	}
	mode := op.Do
	if words[0] == "dump" {
		mode = op.Dump
	}
	if mode == nil {
		return fmt.Errorf("%s cannot be asked for by %s", op.Name, words[0])
	}
	return checkRequest(spec, op, mode, args[1:])
}

func checkRequest(spec *ynl.Spec, op *ynl.Op, mode *ynl.Mode, args []string) error {
	layout := codec.Of(op)
	m, err := assign.Parse(args, layout, assign.Options{
		Interface: func(string) (uint32, error) { return 1, nil },
		Request:   mode.Request,
	})
	if err != nil {
		return err
	}
	if !spec.IsRaw() { // raw families take the whole set
		for _, f := range m.Attrs {
			if !isHeader(layout, f.Name) && !takes(mode.Request, f.Name) {
				return fmt.Errorf("%s does not take %s", op.Name, f.Name)
			}
		}
	}
	var b wire.Builder
	if err := layout.Append(&b, m.Attrs, codec.Options{Lookup: assign.Lookup(anyLink)}); err != nil {
		return err
	}
	return b.Err()
}

func takes(m *ynl.Message, name string) bool {
	return m != nil && slices.ContainsFunc(m.Attrs, func(a *ynl.Attr) bool { return a.Name == name })
}

func isHeader(l codec.Layout, name string) bool {
	return l.Header != nil && slices.ContainsFunc(l.Header.Members, func(m *ynl.Member) bool { return m.Name == name })
}

// anyLink takes the names of interfaces that pages have.
func anyLink(name string) (uint32, error) {
	if strings.HasPrefix(name, "eth") || name == "dp0" || name == "ovpn0" || name == "team0" {
		return 1, nil
	}
	return 0, fmt.Errorf("there is no interface %q", name)
}
