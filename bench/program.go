//go:build linux

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// programs are the command lines that are measured: nlkit's and its peers'.
type programs struct {
	dir    string // holds what is built and written; removed at the end
	nlkit  string // built from this tree at first use
	python []string
}

// newPrograms makes the folder. python is the folder of the kernel's Python
// client, or empty.
func newPrograms(python string) (*programs, error) {
	dir, err := os.MkdirTemp("", "nlkit-bench")
	if err != nil {
		return nil, err
	}
	p := &programs{dir: dir}
	if python != "" {
		p.python = pythonCommand(python)
	}
	return p, nil
}

func (p *programs) close() error { return os.RemoveAll(p.dir) }

// build builds nlkit from the tree that this module stands in.
func (p *programs) build() error {
	if p.nlkit != "" {
		return nil
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/nlkit/nlkit").Output()
	if err != nil {
		return fmt.Errorf("find nlkit's source (run this in the folder bench): %w", err)
	}
	to := filepath.Join(p.dir, "nlkit")
	if out, err := exec.Command("go", "build", "-C", strings.TrimSpace(string(root)), "-o", to, "./cmd/nlkit").CombinedOutput(); err != nil {
		return fmt.Errorf("build nlkit: %w: %s", err, bytes.TrimSpace(out))
	}
	p.nlkit = to
	return nil
}

// program is a command line that is run as an operation.
type program struct {
	name   string
	rounds int // at most; 0 for all
	file   bool
	args   func() []string
}

// run runs it once. Its output goes to file, or nowhere.
func (p *programs) run(g program) (err error) {
	var out *os.File // nil is /dev/null
	if g.file {
		if out, err = os.Create(filepath.Join(p.dir, "output")); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, out.Close()) }()
	}
	return runProgram(g.args(), out, nil)
}

// runProgram runs a command line. watch, if it is there, is called with the
// process's number while it runs.
func runProgram(args []string, out *os.File, watch func(pid int)) error {
	cmd := exec.Command(args[0], args[1:]...)
	var diag bytes.Buffer
	cmd.Stderr = &diag
	if out != nil { // else the interface would hold a nil pointer
		cmd.Stdout = out
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if watch != nil {
		watch(cmd.Process.Pid)
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(diag.Bytes()))
	}
	return nil
}

func (p *programs) candidate(g program) Candidate {
	return Candidate{Name: g.name, Outside: true, Rounds: g.rounds, Open: func() (Runner, error) {
		return Runner{Run: func(_ Clock, n int) error {
			for range n {
				if err := p.run(g); err != nil {
					return err
				}
			}
			return nil
		}}, nil
	}}
}

// peak runs a program once more, counts the routes in what it prints, and returns
// the peak of its resident memory in bytes. The figure the system keeps for a
// process that has ended includes that of the one it was forked from, so it is
// read while the process lives.
func (p *programs) peak(g program, routes int) (uint64, error) {
	file, err := os.Create(filepath.Join(p.dir, "output"))
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var peak uint64
	err = runProgram(g.args(), file, func(pid int) {
		tick := time.NewTicker(500 * time.Microsecond)
		defer tick.Stop()
		for range tick.C {
			n, err := peakOf(strconv.Itoa(pid))
			if err != nil {
				return // it has ended, and has no memory any more
			}
			peak = max(peak, n)
		}
	})
	if err != nil {
		return 0, err
	}
	n, err := countRoutes(file.Name())
	if err == nil {
		err = checkCount(n, routes)
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", g.name, err)
	}
	return peak, nil
}

// countRoutes counts the destinations in a file of JSON.
func countRoutes(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	const key = `"dst":`
	r := bufio.NewReaderSize(f, 1<<20)
	for n := 0; ; {
		part, err := r.ReadSlice(':')
		if bytes.HasSuffix(part, []byte(key)) {
			n++
		}
		switch {
		case err == io.EOF:
			return n, nil
		case err != nil && err != bufio.ErrBufferFull:
			return n, err
		}
	}
}
