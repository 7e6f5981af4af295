package testenv

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Main runs a package's tests and then fails if goroutines or descriptors were
// left behind. Use it as the body of TestMain:
//
//	func TestMain(m *testing.M) { testenv.Main(m) }
func Main(m *testing.M) { os.Exit(Checked{m}.Run()) }

// Checked runs a package's tests as Main does, for a TestMain that has more to
// do and exits by itself.
type Checked struct{ M *testing.M }

// Run returns the exit status: that of the tests, or 1 where they passed and
// left something behind.
func (c Checked) Run() int {
	files := openFiles()
	code := c.M.Run()
	if code == 0 {
		if err := leaks(files); err != nil {
			fmt.Fprintln(os.Stderr, "FAIL: left behind after all tests:", err)
			return 1
		}
	}
	return code
}

// settle is how long what a test has closed may take to be gone.
const settle = 3 * time.Second

func leaks(before map[string]int) (err error) {
	for end := time.Now().Add(settle); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if err = leftGoroutines(); err == nil {
			err = leftFiles(before)
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// leftGoroutines reports goroutines that are neither this one nor the
// runtime's, the testing package's or a signal handler's.
func leftGoroutines() error {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	for i, g := range strings.Split(string(buf), "\n\n") {
		if i == 0 || strings.Contains(g, "os/signal.") || strings.Contains(g, "testing.(*M).") ||
			strings.Contains(g, "internal/fuzz.") || strings.Contains(g, "runtime.ensureSigM") {
			continue
		}
		return fmt.Errorf("a goroutine:\n%s", g)
	}
	return nil
}

// openFiles counts this process's descriptors by what they stand for. Where
// the system cannot tell, there are none.
func openFiles() map[string]int {
	files := map[string]int{}
	const dir = "/proc/self/fd"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return files
	}
	for _, e := range entries {
		target, err := os.Readlink(dir + "/" + e.Name())
		if err != nil {
			continue // the descriptor of the listing itself
		}
		files[kindOf(target)]++
	}
	return files
}

// kindOf is what descriptors of one kind have in common: sockets and pipes are
// told apart by a number in brackets, anonymous inodes by a word.
func kindOf(target string) string {
	kind, rest, _ := strings.Cut(target, "[")
	if strings.Trim(rest, "0123456789") == "]" {
		return kind
	}
	return target
}

// pollerFiles are what the runtime opens when it first needs its poller, one of
// each, and keeps.
var pollerFiles = []string{"anon_inode:[eventpoll]", "anon_inode:[eventfd]"}

func leftFiles(before map[string]int) error {
	for kind, n := range openFiles() {
		allowed := before[kind]
		if allowed == 0 && slices.Contains(pollerFiles, kind) {
			allowed = 1
		}
		if n <= allowed {
			continue
		}
		return fmt.Errorf("%d more open files of kind %s", n-before[kind], kind)
	}
	return nil
}
