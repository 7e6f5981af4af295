package testenv

import (
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestKindOf(t *testing.T) {
	for target, want := range map[string]string{
		"socket:[4711]":          "socket:",
		"pipe:[1]":               "pipe:",
		"pidfd:[12]":             "pidfd:",
		"anon_inode:[eventpoll]": "anon_inode:[eventpoll]",
		"anon_inode:[pidfd]":     "anon_inode:[pidfd]",
		"/tmp/a[b":               "/tmp/a[b",
		"/dev/null":              "/dev/null",
	} {
		if got := kindOf(target); got != want {
			t.Errorf("%s: kind %q, want %q", target, got, want)
		}
	}
}

// startPoller makes sure that the runtime has opened its poller.
func startPoller(t *testing.T) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	w.Close()
}

// TestLeftFiles opens what tests might leave behind.
func TestLeftFiles(t *testing.T) {
	startPoller(t)
	for kind, open := range map[string]func() (int, error){
		"anon_inode:[eventpoll]": func() (int, error) { return unix.EpollCreate1(unix.EPOLL_CLOEXEC) },
		"anon_inode:[eventfd]":   func() (int, error) { return unix.Eventfd(0, unix.EFD_CLOEXEC) },
		"pidfd":                  func() (int, error) { return unix.PidfdOpen(os.Getpid(), 0) },
		"socket:":                func() (int, error) { return unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0) },
	} {
		before := openFiles()
		if err := leftFiles(before); err != nil {
			t.Errorf("%s: before it is opened: %v", kind, err)
		}
		fd, err := open()
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if err := leftFiles(before); err == nil || !strings.Contains(err.Error(), kind) {
			t.Errorf("%s left open: error %v", kind, err)
		}
		if err := unix.Close(fd); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLeftFilesPoller: the first poller is the runtime's, the second is not.
func TestLeftFilesPoller(t *testing.T) {
	startPoller(t)
	n := openFiles()[pollerFiles[0]]
	if n != 1 {
		t.Fatalf("%d pollers open, want the runtime's", n)
	}
	if err := leftFiles(withoutPoller()); err != nil {
		t.Errorf("the runtime's poller: %v", err)
	}
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if leftFiles(withoutPoller()) == nil {
		t.Error("a second poller is not seen")
	}
}

// withoutPoller is what openFiles would have said before the poller was needed.
func withoutPoller() map[string]int {
	files := openFiles()
	for _, kind := range pollerFiles {
		delete(files, kind)
	}
	return files
}

func TestLeftGoroutines(t *testing.T) {
	stop, running := make(chan struct{}), make(chan struct{})
	go func() {
		close(running)
		<-stop
	}()
	<-running
	// The goroutine of a test before may still be on its way out.
	err := leftGoroutines()
	for end := time.Now().Add(settle); err != nil && !strings.Contains(err.Error(), "TestLeftGoroutines") && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
		err = leftGoroutines()
	}
	close(stop)
	if err == nil || !strings.Contains(err.Error(), "TestLeftGoroutines") {
		t.Errorf("a goroutine left behind: error %v", err)
	}
}

func TestRequired(t *testing.T) {
	for _, tt := range []struct {
		list string
		want bool
	}{{"", false}, {"root", false}, {"netns", true}, {"root,netns", true}, {"all", true}, {"netnsx", false}} {
		t.Setenv(require, tt.list)
		if got := Required("netns"); got != tt.want {
			t.Errorf("%s=%q: required %v, want %v", require, tt.list, got, tt.want)
		}
	}
}
