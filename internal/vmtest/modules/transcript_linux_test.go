package modules

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/vmtest"
)

// recordCommand writes the transcript and the page that shows it.
const recordCommand = "go test ./internal/vmtest/modules -run TranscriptInPage -record"

const (
	transcriptFile = "testdata/transcript.txt"
	transcriptPage = "../../../docs/demos-kernel.md"
	// Marks are around the transcript in what the test prints, to be recorded.
	transcriptBegin = "-- transcript --"
	transcriptEnd   = "-- end of transcript --"
)

// terminal is a person at a shell, as root.
type terminal struct {
	t    *testing.T
	dir  string
	text strings.Builder
}

// run runs a command and shows what it prints.
func (c *terminal) run(command string) {
	c.t.Helper()
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir = c.dir
	out, err := cmd.CombinedOutput()
	fmt.Fprintf(&c.text, "# %s\n%s", command, out)
	if exit, ok := err.(*exec.ExitError); ok {
		fmt.Fprintf(&c.text, "# echo $?\n%d\n", exit.ExitCode())
	} else if err != nil {
		c.t.Fatalf("%s: %v", command, err)
	}
}

// listener is a command that is left running, in a terminal of its own.
type listener struct {
	cmd *exec.Cmd
	out bytes.Buffer
}

func (c *terminal) start(command string) *listener {
	c.t.Helper()
	l := &listener{cmd: exec.Command("sh", "-c", "exec "+command)}
	l.cmd.Dir = c.dir
	l.cmd.Stdout, l.cmd.Stderr = &l.out, &l.out
	if err := l.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		if l.cmd.ProcessState == nil {
			_ = l.cmd.Process.Kill()
			_ = l.cmd.Wait()
		}
	})
	return l
}

// end waits for a listener and shows what it has printed.
func (c *terminal) end(command string, l *listener) {
	c.t.Helper()
	if err := l.cmd.Wait(); err != nil {
		c.t.Fatalf("%s: %v\n%s", command, err, l.out.String())
	}
	fmt.Fprintf(&c.text, "# %s\n%s", command, l.out.String())
}

// waitMembers waits until a group has that many members, by their sockets in
// /proc/net/netlink: groups up to 32 are told there.
func waitMembers(t *testing.T, group uint32, want int) {
	t.Helper()
	for start := time.Now(); time.Since(start) < patience; time.Sleep(5 * time.Millisecond) {
		b, err := os.ReadFile("/proc/net/netlink")
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(b)) {
			// sk, the protocol, the port id, the groups as a mask, ...
			f := strings.Fields(line)
			if len(f) < 4 || f[1] != "16" {
				continue
			}
			if mask, err := strconv.ParseUint(f[3], 16, 64); err == nil && mask&(1<<(group-1)) != 0 {
				n++
			}
		}
		if n == want {
			return
		}
	}
	t.Fatalf("group %d has not got %d members", group, want)
}

// session types the commands of the notes.
func session(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	yaml, err := filepath.Abs("../../../kmod/doc_exmpl/doc_exmpl.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"doc_exmpl.ko": moduleFile("doc_exmpl"), "doc_exmpl.yaml": yaml} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	// The tests before have been logged, too.
	if out, err := exec.Command("dmesg", "--clear").CombinedOutput(); err != nil {
		t.Fatalf("dmesg --clear: %v\n%s", err, out)
	}
	one, two, three := &terminal{t: t, dir: dir}, &terminal{t: t, dir: dir}, &terminal{t: t, dir: dir}
	one.run("insmod doc_exmpl.ko")
	g, ok := family(t, dial(t, nil), familyName).Group(groupName)
	if !ok {
		t.Fatalf("the family has no group %s", groupName)
	}
	const watch = "nlkit watch DOC_EXMPL --spec doc_exmpl.yaml --count 1"
	first, second := one.start(watch), two.start(watch)
	waitMembers(t, g.ID, 2)
	three.run("echo 1 > " + triggerFile)
	one.end(watch, first)
	two.end(watch, second)
	three.run("nlkit do DOC_EXMPL echo --spec doc_exmpl.yaml msg='" + userText + "'")
	three.run("nlkit do DOC_EXMPL echo --spec doc_exmpl.yaml")
	three.run("dmesg | grep doit")
	three.run("rmmod doc_exmpl")
	return "(terminal 1)\n" + one.text.String() + "\n(terminal 2)\n" + two.text.String() +
		"\n(terminal 3, while the others listen)\n" + three.text.String()
}

// numbers are what differs from run to run.
var numbers = regexp.MustCompile(`port \d+|\[ *\d+\.\d+\]`)

func withoutNumbers(text string) string {
	return numbers.ReplaceAllStringFunc(text, func(s string) string {
		if s[0] == '[' {
			return "[time]"
		}
		return "port N"
	})
}

// TestTranscript types the commands of the notes: two listeners, and a trigger that
// makes both print. What comes of it is what is written down, but for numbers that
// the kernel chooses.
func TestTranscript(t *testing.T) {
	vmtest.Need(t)
	got := session(t)
	fmt.Printf("%s\n%s%s\n", transcriptBegin, got, transcriptEnd)
	want, err := os.ReadFile(transcriptFile)
	if err != nil {
		t.Fatal(err)
	}
	if withoutNumbers(got) != withoutNumbers(string(want)) {
		t.Errorf("it is not what is in %s, which this command writes anew: %s", transcriptFile, recordCommand)
	}
}

// TestTranscriptInPage: the page shows the transcript as it was recorded.
func TestTranscriptInPage(t *testing.T) {
	if *record {
		recordTranscript(t)
	}
	text, err := os.ReadFile(transcriptFile)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(transcriptPage)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(page, []byte("```console\n"+string(text)+"```\n")) {
		t.Errorf("%s does not show %s: %s", transcriptPage, transcriptFile, recordCommand)
	}
}
