package guest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Init is the first process of a virtual machine. It runs the test of the plan,
// tells the host what came of it, and ends the virtual machine; it does not
// return.
func Init() {
	if err := initialise(); err != nil {
		// The host sees the reason among the console's last lines.
		fmt.Fprintln(os.Stderr, "vmtest: init:", err)
	}
	// Ending this process would be a kernel panic: the log would end in a riddle.
	_ = unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART)
	select {}
}

func initialise() error {
	if err := mounts(); err != nil {
		return err
	}
	line, err := serial("/dev/ttyS1")
	if err != nil {
		return err
	}
	defer line.Close()
	report := &reporter{w: line}
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return err
	}
	report.event(Event{Kind: EventStart, Release: unix.ByteSliceToString(uts.Release[:])})
	end := Event{Kind: EventEnd, Status: -1}
	if err := run(report, &end); err != nil {
		end.Error = err.Error()
	}
	report.event(end)
	// What is written last has to leave the machine before it ends.
	return errors.Join(report.err, ioctl(line, unix.TCSBRK, 1))
}

// run runs the test, and looks at what the kernel said meanwhile.
func run(report *reporter, end *Event) error {
	plan, err := ReadPlan()
	if err != nil {
		return err
	}
	if err := loopback(); err != nil {
		return err
	}
	begin, err := LogEnd()
	if err != nil {
		return err
	}
	cmd := exec.Command(TestBinary, plan.Args...)
	cmd.Dir = plan.Dir
	cmd.Env = append([]string{
		"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TMPDIR=/tmp", "USER=root",
		Env + "=" + plan.Kernel,
	}, plan.Env...)
	// What the test leaves running may keep its output open.
	cmd.WaitDelay = 2 * time.Second
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	copied := make(chan struct{})
	go func() {
		defer close(copied)
		report.output(r)
	}()
	start := time.Now()
	err = cmd.Run()
	end.Seconds = time.Since(start).Seconds()
	w.Close()
	<-copied
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		end.Status = exit.ExitCode()
		if !exit.Exited() {
			end.Error = exit.Error()
		}
	case errors.Is(err, exec.ErrWaitDelay):
		end.Status = cmd.ProcessState.ExitCode()
		end.Error = "it has left a program behind that keeps its output open"
	case err != nil:
		return err
	default:
		end.Status = 0
	}
	if err := report.kept(); err != nil {
		return err
	}
	warnings, log, err := Complaints(begin)
	if err == nil && len(warnings) > 0 && !warningsExpected() {
		end.Warnings, end.Log = warnings, log
	}
	return err
}

func mounts() error {
	for _, m := range []struct{ kind, dir string }{
		{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/run"}, {"tmpfs", "/tmp"},
		{"debugfs", "/sys/kernel/debug"}, {"devpts", "/dev/pts"},
	} {
		err := os.MkdirAll(m.dir, 0o755)
		if err == nil {
			err = unix.Mount(m.kind, m.dir, m.kind, 0, "")
		}
		if err != nil && !errors.Is(err, unix.ENODEV) {
			return fmt.Errorf("%s on %s: %w", m.kind, m.dir, err)
		}
	}
	for name, target := range map[string]string{"fd": "/proc/self/fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"} {
		if err := os.Symlink(target, "/dev/"+name); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

// serial opens a serial line for bytes as they are.
func serial(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	t, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err == nil {
		t.Iflag, t.Oflag, t.Lflag = 0, 0, 0
		err = unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, t)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

func ioctl(f *os.File, request uint, arg int) error {
	return unix.IoctlSetInt(int(f.Fd()), request, arg)
}

// loopback sets the interface lo up, as it is on any machine that runs tests.
func loopback() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request); err != nil {
		return fmt.Errorf("setting lo up: %w", err)
	}
	return nil
}

// reporter writes results, and remembers the first error.
type reporter struct {
	w   io.Writer
	err error
}

func (r *reporter) event(e Event) {
	b, err := json.Marshal(e)
	if err == nil {
		_, err = fmt.Fprintf(r.w, "%c%s\n", markEvent, b)
	}
	if r.err == nil {
		r.err = err
	}
}

// output passes on what a test prints, by the line; of a line that is very long,
// by the part.
func (r *reporter) output(from io.Reader) {
	b := bufio.NewReaderSize(from, maxOutput)
	for {
		line, err := b.ReadSlice('\n')
		if text := strings.TrimRight(string(line), "\r\n"); len(line) > 0 {
			if _, e := fmt.Fprintf(r.w, "%c%s\n", markOutput, text); r.err == nil {
				r.err = e
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return
		}
	}
}

// Keep has a file brought out of the virtual machine when the test has ended.
func Keep(name string, contents []byte) error {
	if err := os.MkdirAll(keepDir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(keepDir, filepath.Base(name)), contents, 0o644)
}

// kept reports the files that the test wants kept.
func (r *reporter) kept() error {
	entries, err := os.ReadDir(keepDir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(keepDir, e.Name()))
		if err != nil {
			return err
		}
		r.event(Event{Kind: EventFile, Name: e.Name(), Contents: b})
	}
	return nil
}
