//go:build linux

package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestUnits(t *testing.T) {
	for _, test := range []struct{ got, want string }{
		{duration(5.554), "5.55 ns"}, {duration(999), "999 ns"}, {duration(12_340), "12.3 us"},
		{duration(43_000_000), "43.0 ms"}, {duration(1_140_000_000), "1.14 s"}, {duration(0), "-"},
		{times(1.305), "1.30x"}, {times(0), "-"},
		{amount(-1), "-"}, {amount(0.04), "0"}, {amount(0.25), "0.25"}, {amount(38.6), "39"},
		{megabytes(0), "-"}, {megabytes(5_750_000), "5.8 MB"},
		{count(10_000), "10k"}, {count(1_000_000), "1M"}, {count(1234), "1234"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestWriteText(t *testing.T) {
	r := goodReport()
	r.Judge()
	var out bytes.Buffer
	if err := r.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	// The name of a case stands at its first candidate only.
	if n := strings.Count(out.String(), "\n"+linkCaseName+" "); n != 1 {
		t.Errorf("%q at the start of %d lines, want 1", linkCaseName, n)
	}
	if n := strings.Count(out.String(), string(Pass)); n != targetCount {
		t.Errorf("%s stands there %d times, want %d", Pass, n, targetCount)
	}
	columns := strings.Fields(strings.ReplaceAll(lines[2], "TO ", "TO-"))
	if len(columns) != 10 {
		t.Errorf("%d columns: %q", len(columns), lines[2])
	}
}

func TestWriteCopies(t *testing.T) {
	var out bytes.Buffer
	if err := writeCopies(&out, goodCopies()); err != nil {
		t.Fatal(err)
	}
	table := map[string]string{}
	for line := range strings.Lines(out.String()) {
		words := strings.Fields(strings.ReplaceAll(line, ", ", ","))
		if len(words) > 2 {
			table[strings.Join(words[:2], " ")] = strings.Join(words[2:], " ")
		}
	}
	for name, want := range map[string]string{
		"CANDIDATE BURST":           "ADDRESS OVERRUNS LOST RESYNCS CPU TO NLKIT PEAK",
		"nlkit mirror":              "0 0 0 0 0 500 ms 1.00x 16.0 MB",
		"nlkit mirror,208":          "KiB buffer 5* 0 0 0 1 1.00 s 2.00x -",
		"libnl cache":               "manager: not here: gcc is needed",
		"vishvananda,subscribe and": "list 0 5 0 - 0 400 ms 0.80x -",
	} {
		if table[name] != want {
			t.Errorf("%s: %q, want %q", name, table[name], want)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	r := goodReport()
	r.Judge()
	var out bytes.Buffer
	if err := r.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Results) != len(r.Results) || len(back.Targets) != targetCount || len(back.Copies.Results) != 4 || back.Targets[0].Status != Pass || back.Results[3] != r.Results[3] {
		t.Errorf("read back %d results and %d targets: %+v", len(back.Results), len(back.Targets), back.Results[3])
	}
}
