package testenv

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Main runs a package's tests and then fails if goroutines or descriptors were
// left behind. Use it as the body of TestMain:
//
//	func TestMain(m *testing.M) { testenv.Main(m) }
func Main(m *testing.M) {
	files := openFiles()
	code := m.Run()
	if code == 0 {
		if err := leaks(files); err != nil {
			fmt.Fprintln(os.Stderr, "FAIL: left behind after all tests:", err)
			code = 1
		}
	}
	os.Exit(code)
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
		kind, _, _ := strings.Cut(target, "[")
		files[kind]++
	}
	return files
}

func leftFiles(before map[string]int) error {
	for kind, n := range openFiles() {
		// The runtime opens its poller when it first needs it.
		if kind == "anon_inode:" || n <= before[kind] {
			continue
		}
		return fmt.Errorf("%d more open files of kind %s", n-before[kind], kind)
	}
	return nil
}
