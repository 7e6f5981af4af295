//go:build linux

package copies

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"os"
)

// Env names, in a process that was started to keep a copy, the candidate that it is.
const Env = "NLKIT_BENCH_COPY"

// readyLine is what a candidate says when its copy is complete for the first time, and
// askLine how it is asked for it.
const (
	readyLine = "ready"
	askLine   = "copy"
)

// keeper keeps a copy in this process.
type keeper interface {
	// routes is the copy as it is now.
	routes() iter.Seq[Route]
	standing() Standing
	close() error
}

// Keep is the process of a candidate: it keeps a copy until its standard input ends.
func Keep(name string) error { return keep(name, os.Stdin, os.Stdout) }

func keep(name string, in io.Reader, out io.Writer) error {
	c, ok := find(name)
	if !ok || c.open == nil {
		return fmt.Errorf("%s keeps no copy in a process of Go", name)
	}
	k, err := c.open(c.buffer)
	if err != nil {
		return err
	}
	defer k.close()
	if _, err := fmt.Fprintln(out, readyLine); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if lines.Text() != askLine {
			return fmt.Errorf("asked for %q", lines.Text())
		}
		if err := answer(out, k.standing(), k.routes()); err != nil {
			return err
		}
	}
	return nil
}

// answer writes a copy.
func answer(out io.Writer, s Standing, routes iter.Seq[Route]) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, standingForm, s.Overruns, s.Lost, s.Resyncs, s.Behind)
	for r := range routes {
		if err := r.write(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, endOfCopy)
	return w.Flush()
}
