//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCountRoutes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "output")
	// Longer than the buffer, in parts and as a whole.
	text := strings.Repeat(`{"dst": "10.0.0.1","dst-len":32,"x":"`+strings.Repeat("y", 90)+`"},`, 20_000) + strings.Repeat("z", 2<<20) + `"dst":"10.0.0.2"`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	n, err := countRoutes(path)
	if err != nil || n != 20_001 {
		t.Errorf("%d routes, %v, want 20001", n, err)
	}
}

// TestPeakCounts: a program that prints too few routes does not pass.
func TestPeakCounts(t *testing.T) {
	p, err := newPrograms("")
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	show := func(text string) program {
		return program{name: "printer", args: func() []string { return []string{"sh", "-c", "sleep 0.05; echo '" + text + "'"} }}
	}
	peak, err := p.peak(show(`"dst":1 "dst":2`), 2)
	if err != nil || peak < 100_000 || peak > 100e6 {
		t.Errorf("peak of %d bytes, %v", peak, err)
	}
	if _, err := p.peak(show(`"dst":1`), 2); err == nil || !strings.Contains(err.Error(), "printer: found 1 routes where 2 were expected") {
		t.Errorf("too few routes: %v", err)
	}
	err = p.run(program{args: func() []string { return []string{"sh", "-c", "echo broken >&2; exit 3"} }})
	if err == nil || !strings.Contains(err.Error(), "exit status 3: broken") {
		t.Errorf("a program that fails: %v", err)
	}
}

func TestPythonIsNamedWhereItIsMissing(t *testing.T) {
	without, with := &programs{}, &programs{python: pythonCommand("cache")}
	results, err := without.addProgramPeaks(nil, jsonRoutes, func(string, ...any) {})
	if err != nil || len(results) != 1 || results[0].Case != jsonCaseName(jsonRoutes) || !strings.Contains(results[0].Candidate, "not here, see -python") {
		t.Errorf("%+v, %v", results, err)
	}
	names := func(p *programs) (out []string) {
		for _, k := range jsonCase(&filler{}, p, jsonRoutes).Candidates {
			out = append(out, fmt.Sprint(k.Name, k.Rounds))
		}
		return out
	}
	python := fmt.Sprint(pythonName, pythonRounds)
	if slices.Contains(names(without), python) || !slices.Contains(names(with), python) {
		t.Errorf("candidates without: %q, with: %q", names(without), names(with))
	}
}

func TestPythonFolder(t *testing.T) {
	tree := t.TempDir()
	if err := checkPython(tree); err == nil || !strings.Contains(err.Error(), pythonClient) {
		t.Errorf("a folder without it: %v", err)
	}
	client := filepath.Join(tree, pythonClient)
	if err := errors.Join(os.MkdirAll(filepath.Dir(client), 0o755), os.WriteFile(client, nil, 0o644), checkPython(tree)); err != nil {
		t.Error(err)
	}
}
