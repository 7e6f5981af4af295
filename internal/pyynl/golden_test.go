package pyynl

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/internal/replay"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl/specs"
)

// TestGoldenReplay runs every case of the golden suite against its recording, in
// this process. What is compared:
//
//   - The requests: each one sent is, byte for byte, one that was recorded, and
//     each one that was recorded is sent; only sequence numbers and port ids are
//     masked. Left out is how the number of a generic netlink family is found:
//     the Python client dumps all families, nlkit asks for one by name, and the
//     replay answers that from the recorded dump.
//   - The exit status.
//   - Groups ok and policy: the output as JSON, by value, nothing masked. It has
//     to be one line.
//   - Group err: the line "Netlink error: ..." where the Python client printed
//     it, byte for byte. Where it ended in a traceback the standard output is to
//     be empty, and the standard error to say something in one line.
//   - Cases without a recording: nothing may be sent, but for those that nlkit
//     can encode by its catalogue (catalogued).
//   - Group gap, where the Python client fails: the recorded answer has to be
//     decoded to one line of JSON, by names alone, with status 0. A case whose
//     answer is the kernel's refusal is compared as one of group err; one without
//     a recording (a request the Python client could not encode) is for the live
//     test.
func TestGoldenReplay(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the recordings are of a little-endian machine")
	}
	cases := loadGolden(t)
	live := 0
	for _, g := range cases {
		if g.group == "gap" && g.rec == nil {
			live++
			continue
		}
		t.Run(g.name, func(t *testing.T) { replayGolden(t, g) })
	}
	t.Logf("%d cases replayed, %d only live", len(cases)-live, live)
}

// catalogued are cases of group err whose request the Python client could not
// encode because its spec lacks a format that nlkit's catalogue has. The kernel
// refuses them, as the live test shows; here there is no recording of that.
var catalogued = map[string]struct{}{
	"248-err-link-vxlan-id": {}, // 16777216 does not fit the 24 bits there are
}

func replayGolden(t *testing.T, g golden) {
	rec, err := replay.Parse(g.rec)
	if err != nil {
		t.Fatal(err)
	}
	player := rec.Play()
	status, stdout, stderr := runWith(t, player, g.args)
	if _, encodes := catalogued[g.name]; !encodes {
		for _, sent := range player.Strange() {
			t.Errorf("sent what is not in the recording:\n%x", sent)
		}
	}
	for _, missing := range player.Unsent() {
		t.Errorf("in the recording, but not sent:\n%x", missing)
	}
	compareGolden(t, g, status, stdout, stderr, func(want, got any) string { return cmp.Diff(want, got) })
	if g.json == nil && !g.refused && g.group == "err" {
		if stdout != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("stdout %q, stderr %q; want one line, on the latter", stdout, stderr)
		}
	}
}

// runWith runs a command line on sockets of the given kind.
func runWith(t *testing.T, via netlink.Opener, args []string) (status int, stdout, stderr string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var out, errOut bytes.Buffer
	status = Run(ctx, args, &Env{
		Stdout: &out, Stderr: &errOut,
		Options:   &netlink.Options{Via: via},
		Families:  func() ([]string, error) { return specs.Names(), nil },
		Open:      specs.Open,
		Catalogue: specs.Open,
	})
	return status, out.String(), errOut.String()
}

// compareGolden compares what a case printed with what the Python client did.
// diff tells how two outputs differ, and is empty where they do not.
func compareGolden(t *testing.T, g golden, status int, stdout, stderr string, diff func(want, got any) string) {
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf(format, args...)
		t.Logf("status %d\nstdout: %.2000s\nstderr: %s", status, stdout, stderr)
	}
	switch {
	case g.group == "gap" && !g.refused:
		if _, err := oneJSON(stdout); status != 0 || err != nil {
			fail("no answer: %v", err)
		}
		if strings.Contains(stdout, "UnknownAttr") {
			fail("the answer is not by name alone")
		}
	case status != g.status:
		fail("status %d, want %d", status, g.status)
	case g.json != nil:
		got, err := oneJSON(stdout)
		if err != nil {
			fail("no JSON: %v", err)
			return
		}
		want, err := oneJSON(string(g.json))
		if err != nil {
			t.Fatal(err)
		}
		if d := diff(want, got); d != "" {
			fail("output differs (-want +got):\n%s", d)
		}
	case g.refused && stdout != g.out:
		fail("stdout %q, want %q", stdout, g.out)
	}
}

// oneJSON reads a line of JSON, numbers as they are written.
func oneJSON(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if rest := text[d.InputOffset():]; rest != "\n" {
		return nil, &json.SyntaxError{Offset: d.InputOffset()}
	}
	return v, nil
}
