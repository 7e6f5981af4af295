package vmtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"time"
)

// Request is what a package asks for by directives.
type Request struct {
	Kernels  []string
	Modules  []string
	Cards    []string
	Files    []string
	Commands []string // main packages of the tree
	Memory   int      // MB
	Timeout  time.Duration
}

// What holds where a package does not say it.
const (
	defaultMemory  = 512
	defaultTimeout = 3 * time.Minute
	minMemory      = 128
	maxMemory      = 8192
)

func defaultKernels() []string { return []string{"6.1-cloud", "6.12-cloud"} }

const directivePrefix = "//nlkit:"

// directives of one package, while they are read.
type directives struct {
	Request
	asked bool           // by //nlkit:vm
	first token.Position // of the first directive
}

// read adds the directives of a test file. They are comments of their own line,
// anywhere outside functions or in them.
func (d *directives) read(name string, source []byte) error {
	if !bytes.Contains(source, []byte(directivePrefix)) {
		return nil
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			if err := d.comment(set, c); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *directives) comment(set *token.FileSet, c *ast.Comment) error {
	text, ok := strings.CutPrefix(c.Text, directivePrefix)
	if !ok {
		return nil
	}
	at := set.Position(c.Pos())
	if !d.first.IsValid() {
		d.first = at
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return fmt.Errorf("%s: %s is followed by nothing", at, directivePrefix)
	}
	if err := d.set(words[0], words[1:]); err != nil {
		return fmt.Errorf("%s: %s%s: %w", at, directivePrefix, words[0], err)
	}
	return nil
}

func (d *directives) set(name string, words []string) error {
	lists := map[string]*[]string{"kernels": &d.Kernels, "modules": &d.Modules, "cards": &d.Cards, "files": &d.Files, "commands": &d.Commands}
	if list := lists[name]; list != nil {
		if len(words) == 0 {
			return fmt.Errorf("it names nothing")
		}
		*list = append(*list, words...)
		return nil
	}
	if name == "vm" {
		if len(words) > 0 {
			return fmt.Errorf("nothing can follow, %q does", words[0])
		}
		d.asked = true
		return nil
	}
	if name != "memory" && name != "timeout" {
		return fmt.Errorf("there is no such directive: there are vm, kernels, modules, memory, cards, files, commands and timeout")
	}
	if len(words) != 1 {
		return fmt.Errorf("one value has to follow, not %d", len(words))
	}
	if name == "timeout" {
		t, err := time.ParseDuration(words[0])
		if err != nil || t <= 0 {
			return fmt.Errorf("%q is no time such as 3m or 90s", words[0])
		}
		d.Timeout = max(d.Timeout, t)
		return nil
	}
	mb, err := strconv.Atoi(words[0])
	if err != nil || mb < minMemory || mb > maxMemory {
		return fmt.Errorf("%q is no number of MB from %d to %d", words[0], minMemory, maxMemory)
	}
	d.Memory = max(d.Memory, mb)
	return nil
}

// request returns what the package asks for, or nil if it asks for nothing.
func (d *directives) request() (*Request, error) {
	if !d.asked {
		if d.first.IsValid() {
			return nil, fmt.Errorf("%s: a directive for a virtual machine, but none of the package's test files has %svm", d.first, directivePrefix)
		}
		return nil, nil
	}
	r := d.Request
	if r.Kernels == nil {
		r.Kernels = defaultKernels()
	}
	for _, name := range r.Kernels {
		if _, err := FindKernel(name); err != nil {
			return nil, fmt.Errorf("%s: %w", d.first, err)
		}
	}
	if r.Memory == 0 {
		r.Memory = defaultMemory
	}
	if r.Timeout == 0 {
		r.Timeout = defaultTimeout
	}
	return &r, nil
}
