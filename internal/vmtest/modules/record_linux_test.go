package modules

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/vmtest"
)

var record = flag.Bool("record", false, "boot a virtual machine, and write the transcript and the page that shows it anew")

// recordKernel is the kernel of the transcript.
const recordKernel = "6.12-cloud"

// recordTranscript has the transcript typed in a virtual machine, and writes it down.
func recordTranscript(t *testing.T) {
	ctx := t.Context()
	packages, err := vmtest.Packages(ctx, ".")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	runner, err := vmtest.NewRunner(ctx, vmtest.Options{
		Kernels: []string{recordKernel}, Run: "^TestTranscript$", Verbose: true, Out: &out,
		Say: func(line string) { t.Log(line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer runner.Close()
	// That it differs from what is written down makes the test there fail.
	if _, err := runner.Run(ctx, packages); err != nil {
		t.Fatal(err)
	}
	_, text, found := strings.Cut(out.String(), transcriptBegin+"\n")
	text, _, whole := strings.Cut(text, transcriptEnd+"\n")
	if !found || !whole {
		t.Fatalf("the test has not printed a transcript:\n%s", out.String())
	}
	page, err := os.ReadFile(transcriptPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(page), "```console\n(terminal 1)\n")
	_, after, whole := strings.Cut(rest, "```\n")
	if !found || !whole {
		t.Fatalf("%s has no block of a console with the terminals in it", transcriptPage)
	}
	if err := os.WriteFile(transcriptPage, []byte(before+"```console\n"+text+"```\n"+after), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(transcriptFile, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
