//go:build linux

// Command bench measures nlkit beside a hand-written loop and the other Netlink
// libraries of Go, in one run, and prints one table and whether the promised
// figures hold. See README.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/nlkit/nlkit/bench/internal/copies"
)

const usage = `Measure nlkit beside a hand-written loop and other Netlink libraries.

usage: bench [flags]

It works in a network namespace of its own and must be root, or be allowed to
make user namespaces. Exit status: 0 done, 1 it could not be measured or, with
-check, a figure was missed, 2 wrong usage.

`

type options struct {
	quick, check, json bool
	match              *regexp.Regexp
	python             string // a kernel's source with the Python client; empty for none
}

func parseFlags(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprint(stderr, usage)
		f.PrintDefaults()
	}
	format := f.String("o", "text", "output format: `text` or json")
	match := f.String("run", "", "measure the cases whose names match this `regexp`")
	f.BoolVar(&o.quick, "quick", false, "fewer and shorter rounds, no dump of a million routes")
	f.StringVar(&o.python, "python", "", "measure the kernel's Python client too: the `folder` of a kernel's source, which has it in tools/net/ynl")
	f.BoolVar(&o.check, "check", false, "exit with status 1 if a figure was missed")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	bad := func(err error) (options, error) {
		fmt.Fprintf(stderr, "bench: %v\n", err)
		f.Usage()
		return o, err
	}
	if f.NArg() > 0 {
		return bad(fmt.Errorf("unexpected argument %q", f.Arg(0)))
	}
	if *format != "text" && *format != "json" {
		return bad(fmt.Errorf("unknown output format %q: want text or json", *format))
	}
	o.json = *format == "json"
	var err error
	if o.match, err = regexp.Compile(*match); err != nil {
		return bad(err)
	}
	return o, nil
}

func main() {
	if task := os.Getenv(peakEnv); task != "" {
		exitOn(runPeak(task))
		return
	}
	o, err := parseFlags(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		os.Exit(2)
	}
	if name := os.Getenv(copies.Env); name != "" {
		exitOn(copies.Keep(name))
		return
	}
	if !inside() {
		if o.python != "" {
			exitOn(checkPython(o.python))
		}
		code, err := runInNamespace()
		exitOn(err)
		os.Exit(code)
	}
	exitOn(prepareNamespace())
	p, err := newPrograms(o.python)
	exitOn(err)
	show, clear := progress(os.Stderr)
	report, err := run(o.match, p, o.quick, show)
	clear()
	err = errors.Join(err, p.close())
	exitOn(err)
	if o.json {
		exitOn(report.WriteJSON(os.Stdout))
	} else {
		exitOn(report.WriteText(os.Stdout))
	}
	if n := report.Failed(); o.check && n > 0 {
		fmt.Fprintf(os.Stderr, "bench: %d figures missed\n", n)
		os.Exit(1)
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}
