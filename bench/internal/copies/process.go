//go:build linux

package copies

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/netlink"
)

// process is a candidate that runs, in a network namespace that ends with it.
type process struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	diag bytes.Buffer
	peak uint64 // of its resident memory so far, without the telling of its copy
}

// start starts a candidate once its namespace has been prepared.
func start(cmd *exec.Cmd, prepare func(netlink.Namespace) error) (p *process, err error) {
	// The program waits for a byte before it begins: until then its namespace is
	// filled. A shell does the waiting, and becomes the program.
	shell, err := exec.LookPath("sh")
	if err != nil {
		return nil, err
	}
	cmd.Args = append([]string{shell, "-c", `read -r go && exec "$@"`, "sh", cmd.Path}, cmd.Args[1:]...)
	if cmd.Path == "/proc/self/exe" {
		// That would be the shell.
		if cmd.Args[4], err = os.Readlink(cmd.Path); err != nil {
			return nil, err
		}
	}
	cmd.Path = shell
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	p = &process{cmd: cmd}
	cmd.Stderr = &p.diag
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReaderSize(out, 1<<16)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	err = prepare(p.namespace())
	if err == nil {
		_, err = io.WriteString(p.in, "go\n")
	}
	if err == nil {
		err = p.ready()
	}
	if err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

// ready waits until the copy is complete for the first time.
func (p *process) ready() error {
	line, err := p.out.ReadString('\n')
	if err != nil || line != readyLine+"\n" {
		return fmt.Errorf("it is not ready: %q: %w", line, errors.Join(err, errors.New(strings.TrimSpace(p.diag.String()))))
	}
	return nil
}

func (p *process) namespace() netlink.Namespace {
	return netlink.NamespacePath(fmt.Sprintf("/proc/%d/ns/net", p.cmd.Process.Pid))
}

// ask has it tell its copy.
func (p *process) ask() (Copy, Standing, error) {
	if err := p.notePeak(); err != nil {
		return nil, Standing{}, err
	}
	if _, err := io.WriteString(p.in, askLine+"\n"); err != nil {
		return nil, Standing{}, fmt.Errorf("%w: %s", err, bytes.TrimSpace(p.diag.Bytes()))
	}
	c, s, err := readCopy(p.out)
	if err != nil {
		return nil, s, fmt.Errorf("%w: %s", err, bytes.TrimSpace(p.diag.Bytes()))
	}
	return c, s, p.resetPeak()
}

// stop ends the process, and with it its namespace.
func (p *process) stop() error {
	p.in.Close()
	done := make(chan error, 1)
	go func() { done <- p.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			return fmt.Errorf("%w: %s", err, bytes.TrimSpace(p.diag.Bytes()))
		}
		return nil
	case <-time.After(10 * time.Second):
		p.cmd.Process.Kill()
		<-done
		return errors.New("it did not end with its standard input")
	}
}

// cpu is the processor time it has used: the clock of another process, which counts
// nanoseconds (CPUCLOCK_SCHED, include/linux/posix-timers.h).
func (p *process) cpu() (time.Duration, error) {
	var ts unix.Timespec
	err := unix.ClockGettime(int32(^p.cmd.Process.Pid)<<3|2, &ts)
	return time.Duration(ts.Nano()), err
}

// notePeak takes in the largest resident set since it was reset.
func (p *process) notePeak() error {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseUint(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			p.peak = max(p.peak, kb<<10)
			return err
		}
	}
	return errors.New("no VmHWM in the status of the process")
}

func (p *process) resetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)
}
