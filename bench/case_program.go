//go:build linux

package main

import (
	"fmt"
	"path/filepath"
)

const (
	startCaseName = "start of a command"
	ipRouteName   = "ip -j route"
	pythonName    = "the kernel's Python client"
	fileName      = "nlkit, to a file"

	jsonRoutes   = 100_000
	pythonRounds = 3 // it takes seconds
)

func jsonCaseName(routes int) string { return dumpCaseName(routes) + " as JSON" }

// jsonPrograms dump the table and write it as JSON.
func (p *programs) jsonPrograms() []program {
	nlkit := func() []string { return []string{p.nlkit, "dump", "rt-route", "getroute", "-o", "json"} }
	list := []program{
		{name: nlkitName, args: nlkit},
		{name: fileName, file: true, args: nlkit},
		{name: ipRouteName, args: func() []string { return []string{"ip", "-j", "route", "show", "table", "main"} }},
	}
	if p.python != nil {
		list = append(list, program{name: pythonName, rounds: pythonRounds, args: func() []string { return p.python }})
	}
	return list
}

// jsonCase: a whole program, from its start to its end.
func jsonCase(f *filler, p *programs, routes int) *Case {
	c := &Case{
		Name: jsonCaseName(routes), Op: "run the program once", Ops: 1, Once: true, Reference: nlkitName,
		Setup: func() (func() error, error) {
			if err := p.build(); err != nil {
				return nil, err
			}
			return nil, f.fill(routes)
		},
	}
	for _, g := range p.jsonPrograms() {
		c.Candidates = append(c.Candidates, p.candidate(g))
	}
	return c
}

// startCase: commands that do next to nothing.
func startCase(p *programs) *Case {
	c := &Case{
		Name: startCaseName, Op: "run the program once", Ops: 1, Reference: "nlkit version",
		Setup: func() (func() error, error) { return nil, p.build() },
	}
	for _, args := range [][]string{
		{"version"}, {"list"}, {"show", "tc"}, {"do", "rt-link", "getlink", "ifname=lo"},
	} {
		name := nlkitName
		for _, a := range args {
			name += " " + a
		}
		c.Candidates = append(c.Candidates, p.candidate(program{name: name, args: func() []string {
			return append([]string{p.nlkit}, args...)
		}}))
	}
	return c
}

// addProgramPeaks measures the memory of the programs that dump the table. Where
// Python's client is not there, a line says so.
func (p *programs) addProgramPeaks(results []Result, routes int, log func(string, ...any)) ([]Result, error) {
	for _, g := range p.jsonPrograms() {
		for i := range results {
			if results[i].Candidate != g.name {
				continue
			}
			log("%s: peak memory of %s", results[i].Case, g.name)
			var err error
			if results[i].Peak, err = p.peak(g, routes); err != nil {
				return nil, err
			}
		}
	}
	if p.python == nil {
		results = append(results, Result{
			Case: jsonCaseName(routes), Candidate: pythonName + ": not here, see -python",
			Op: "run the program once", Allocs: -1, Bytes: -1,
		})
	}
	return results, nil
}

// pythonCommand is the command line of the Python client in a kernel's source.
func pythonCommand(tree string) []string {
	return []string{
		"python3", filepath.Join(tree, pythonClient), "--spec", filepath.Join(tree, "Documentation/netlink/specs/rt-route.yaml"),
		"--no-schema", "--dump", "getroute", "--json", fmt.Sprintf(`{"rtm-family": %d}`, 2), "--output-json",
	}
}
