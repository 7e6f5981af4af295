// Package guest is what runs inside a virtual machine: the first process, which
// runs one test binary and tells the host how that went, and what tests ask of
// their kernel. Only Linux has that side; what both sides agree on is here for
// all systems.
package guest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/vmtest/modinfo"
)

// Where things lie in the virtual machine.
const (
	PlanFile   = "/vmtest/plan.json"
	ModuleDir  = "/vmtest/modules"
	TestBinary = "/vmtest/test"
	TreeDir    = "/src/main" // the tree's files, as far as they are shipped; what is beside the tree is in /src
	runDir     = "/run/vmtest"
	keepDir    = runDir + "/keep"
	expectFile = runDir + "/expect-warnings"
)

// Env is the environment variable that tells a test which kernel, by the name
// that the host has for it, it runs in.
const Env = "NLKIT_VM"

// Plan is what the host wants done.
type Plan struct {
	Kernel  string   `json:"kernel"`
	Package string   `json:"package"` // import path
	Dir     string   `json:"dir"`     // the folder to run in
	Args    []string `json:"args"`
	Env     []string `json:"env"`
	Modules []Module `json:"modules"`
	Builtin []string `json:"builtin"` // modules that the kernel was built with
}

// Module is a module that was shipped.
type Module struct {
	Name  string   `json:"name"`
	First []string `json:"first,omitempty"` // to be loaded before, in this order
}

// File is where a module lies.
func (m Module) File() string { return ModuleDir + "/" + m.Name + ".ko" }

// Has reports whether a module was shipped or is built in.
func (p *Plan) Has(name string) bool {
	name = modinfo.Name(name)
	return slices.Contains(p.Builtin, name) || slices.ContainsFunc(p.Modules, func(m Module) bool { return m.Name == name })
}

// Event is what the first process tells the host, besides what the test prints.
type Event struct {
	// Kind is EventStart when the first process runs, EventEnd when the test has
	// ended and all was looked at, and before that EventFile for each file that the
	// test wants kept.
	Kind    string `json:"event"`
	Release string `json:"release,omitempty"` // of the kernel, at the start
	// Error says why the test could not be run.
	Error string `json:"error,omitempty"`
	// Status is the exit status of the test, or -1 where it ended by a signal.
	Status int `json:"status"`
	// Seconds is how long the test ran, by the clock of the virtual machine.
	Seconds float64 `json:"seconds,omitempty"`
	// Warnings are the complaints of the kernel while the test ran, unless the
	// test expected some.
	Warnings []string `json:"warnings,omitempty"`
	// Log is the kernel's log while the test ran, where there are warnings.
	Log []string `json:"log,omitempty"`
	// Name and Contents are those of a file that the test wants kept.
	Name     string `json:"name,omitempty"`
	Contents []byte `json:"contents,omitempty"`
}

// The kinds of events.
const (
	EventStart = "start"
	EventEnd   = "end"
	EventFile  = "file"
)

// Results go over a serial line of their own, in lines: a "=" and an event, or a
// "|" and a line that the test printed.
const (
	markEvent  = '='
	markOutput = '|'
)

// maxOutput is the length that a line of output is cut at, and maxLine what the
// host reads as a line at most: events may have files in them.
const (
	maxOutput = 1 << 20
	maxLine   = 64 << 20
)

// ReadResults reads the serial line until its end. What the test prints goes to
// output by the line, without its end; events go to event. Lines that are
// neither, or are too long, are an error, after the rest was read.
func ReadResults(r io.Reader, output func(string), event func(Event)) error {
	var bad error
	var line []byte
	for b := bufio.NewReader(r); ; {
		part, err := b.ReadSlice('\n')
		// Of a line that is too long enough is kept to see that it is.
		line = append(line, part[:min(len(part), maxLine+1-len(line))]...)
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if text := strings.TrimRight(string(line), "\r\n"); text != "" {
			if e := result(text, output, event); e != nil && bad == nil {
				bad = e
			}
		}
		if line = line[:0]; err != nil {
			return bad
		}
	}
}

func result(line string, output func(string), event func(Event)) error {
	if len(line) > maxLine {
		return fmt.Errorf("vmtest: a line of results longer than %d bytes: %.80q", maxLine, line)
	}
	switch line[0] {
	case markOutput:
		output(line[1:])
		return nil
	case markEvent:
		var e Event
		if err := json.Unmarshal([]byte(line[1:]), &e); err != nil {
			return fmt.Errorf("vmtest: an event that cannot be read: %.80q: %w", line, err)
		}
		event(e)
		return nil
	}
	return fmt.Errorf("vmtest: a line of results that begins neither with %q nor %q: %.80q", markEvent, markOutput, line)
}

// ReadPlan reads the plan that lies in the virtual machine.
func ReadPlan() (*Plan, error) {
	b, err := os.ReadFile(PlanFile)
	if err != nil {
		return nil, err
	}
	p := &Plan{}
	if err := json.Unmarshal(b, p); err != nil {
		return nil, fmt.Errorf("%s: %w", PlanFile, err)
	}
	return p, nil
}
