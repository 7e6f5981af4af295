//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// peakEnv names, in a process that was started to have its memory measured, what
// it is to do: the number of routes and the candidate of the dump case.
const peakEnv = "NLKIT_BENCH_PEAK"

// idleName is the candidate that does nothing: what the program itself takes.
const idleName = "nothing at all"

// measurePeak runs a dump in a process of its own and returns the peak of its
// resident memory in bytes. In this process the other candidates would count.
func measurePeak(candidate string, routes int) (uint64, error) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %s", peakEnv, routes, candidate))
	var out, diag bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diag
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("peak memory of %s: %w: %s", candidate, err, bytes.TrimSpace(diag.Bytes()))
	}
	return strconv.ParseUint(strings.TrimSpace(out.String()), 10, 64)
}

// runPeak is the process measurePeak starts: it does the work and prints the
// peak in bytes.
func runPeak(task string) error {
	size, name, _ := strings.Cut(task, " ")
	routes, err := strconv.Atoi(size)
	if err != nil {
		return err
	}
	if name != idleName {
		if err := dumpOnce(name, routes); err != nil {
			return err
		}
	}
	peak, err := peakMemory()
	if err != nil {
		return err
	}
	fmt.Println(peak)
	return nil
}

func dumpOnce(name string, routes int) error {
	for _, m := range dumpers() {
		if m.name != name {
			continue
		}
		d, err := m.open()
		if err != nil {
			return err
		}
		return errors.Join(d.check(routes), d.close())
	}
	return fmt.Errorf("no candidate %q", name)
}

// peakMemory returns the largest resident set this process has had (VmHWM).
func peakMemory() (uint64, error) { return peakOf("self") }

// peakOf returns that of a process that lives.
func peakOf(pid string) (uint64, error) {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseUint(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kb << 10, err
		}
	}
	return 0, errors.New("no VmHWM in the status of " + pid)
}
