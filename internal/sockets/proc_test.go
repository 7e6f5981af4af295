package sockets

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/wire"
)

const procText = `sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
000000009e692b5f 0   0          00000000 0        0        0     2        0        4       
000000001e692b5f 0   812        80000011 832      -3       1     2        1200     4711    
0000000000000000 16  4294963131 00000000 0        0        0     2        0        30
`

func TestParseProc(t *testing.T) {
	got, err := parseProc(strings.NewReader(procText))
	if err != nil {
		t.Fatal(err)
	}
	want := []Socket{
		{Protocol: wire.Route, Inode: 4},
		{Protocol: wire.Route, Port: 812, Inode: 4711, Queued: 832, Drops: 1200, Groups: []uint32{1, 5, 32}},
		{Protocol: wire.Generic, Port: 4294963131, Inode: 30},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if !got[0].IsKernel() || got[1].IsKernel() || got[2].IsKernel() {
		t.Error("the first one alone is the kernel's")
	}
}

func TestParseProcRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "no line with the columns' names",
		"sk Eth Pid Rmem\n":                    "no column Groups",
		"Eth Pid Groups Rmem\n0 1 0\n":         "line 2 has no column Rmem",
		"Eth Pid Groups Rmem\n0 1 0 x\n":       `line 2, column Rmem: "x" is no number`,
		"Eth Pid Groups Rmem\n0 1 1ffffffff 0": `column Groups: "1ffffffff"`,
		strings.Repeat("x", 1<<20):             "token too long",
	} {
		if _, err := parseProc(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q", text, err, want)
		}
	}
}

func FuzzParseProc(f *testing.F) {
	f.Add(procText)
	f.Add("Eth Pid Groups Rmem\n0 1 0 -9223372036854775808\n")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := parseProc(strings.NewReader(text))
		if err != nil {
			return
		}
		if lines := strings.Count(text, "\n"); len(all) > lines {
			t.Errorf("%d sockets of %d lines", len(all), lines)
		}
	})
}
