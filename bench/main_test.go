//go:build linux

package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/bench/internal/copies"
	"github.com/nlkit/nlkit/internal/testenv"
)

// noNamespace is why the tests run outside a namespace of their own, or nil.
var noNamespace error

// TestMain runs the tests in a network namespace of their own, where one may be
// made, as main does with the measurements.
func TestMain(m *testing.M) {
	if task := os.Getenv(peakEnv); task != "" {
		exitOn(runPeak(task))
		return
	}
	if name := os.Getenv(copies.Env); name != "" {
		exitOn(copies.Keep(name))
		return
	}
	if !inside() {
		code, err := runInNamespace()
		if err == nil {
			os.Exit(code)
		}
		if !errors.Is(err, errNoNamespace) {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		noNamespace = err
	} else if err := prepareNamespace(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	testenv.Main(m)
}

// needNamespace skips a test that changes the network, unless NLKIT_REQUIRE
// says that a namespace must be there.
func needNamespace(tb testing.TB) {
	tb.Helper()
	if noNamespace == nil {
		return
	}
	testenv.Missing(tb, "netns", noNamespace.Error())
}

func TestFlags(t *testing.T) {
	for _, test := range []struct {
		args string
		want options
		bad  string // part of the message
	}{
		{args: "", want: options{}},
		{args: "-quick -check -o json", want: options{quick: true, check: true, json: true}},
		{args: "-o xml", bad: `unknown output format "xml"`},
		{args: "-run (", bad: "missing closing )"},
		{args: "link", bad: `unexpected argument "link"`},
		{args: "-nosuch", bad: "not defined"},
	} {
		var out bytes.Buffer
		got, err := parseFlags(strings.Fields(test.args), &out)
		if (err != nil) != (test.bad != "") || !strings.Contains(out.String(), test.bad) {
			t.Errorf("%q: error %v, message %q, want %q in it", test.args, err, out.String(), test.bad)
			continue
		}
		got.match = nil
		if err == nil && got != test.want {
			t.Errorf("%q: got %+v, want %+v", test.args, got, test.want)
		}
	}
	if _, err := parseFlags([]string{"-h"}, &bytes.Buffer{}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

func TestPrepareRefusesNamespaceInUse(t *testing.T) {
	needNamespace(t)
	// TestMain has prepared this one.
	if err := prepareNamespace(); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("prepareNamespace where lo is up: %v", err)
	}
}
