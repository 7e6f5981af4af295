package vmtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nlkit/nlkit/internal/vmtest/guest"
)

// qemu is the emulator.
const qemu = "qemu-system-x86_64"

// machine is what is booted.
type machine struct {
	kernel    string // ELF file
	initramfs string
	memory    int // MB
	cards     []string
}

// args returns the emulator's arguments. Results go to descriptor 3.
//
// What was left out was tried: with KVM some machines hang for ever, the machine
// "microvm" hangs in one boot of ten, and with two processors one of fifty fails.
// Without ACPI and PCI a boot takes about half the time. After an oops a thread of
// the test is dead, and the rest might wait for it until the limit: so it ends
// the machine.
func (m *machine) args() []string {
	line := "console=ttyS0 panic=-1 oops=panic quiet log_buf_len=4M cryptomgr.notests acpi=off reboot=t"
	args := []string{
		"-accel", "tcg", "-machine", "pc", "-cpu", "max", "-smp", "1", "-m", strconv.Itoa(m.memory) + "M",
		"-nodefaults", "-no-user-config", "-no-reboot", "-display", "none", "-nic", "none",
		"-serial", "stdio", "-serial", "file:/dev/fd/3",
		"-kernel", m.kernel, "-initrd", m.initramfs,
	}
	if len(m.cards) == 0 {
		line += " pci=off"
	} else {
		// All cards are on one wire, which goes nowhere else.
		for i, card := range m.cards {
			args = append(args, "-netdev", fmt.Sprintf("hubport,hubid=0,id=n%d", i),
				"-device", fmt.Sprintf("%s,netdev=n%d,romfile=", card, i))
		}
	}
	return append(args, "-append", line)
}

// boot is what came of a virtual machine.
type boot struct {
	Start   *guest.Event // nil if the first process never spoke
	End     *guest.Event // nil if there is no verdict
	Files   []guest.Event
	Took    time.Duration
	Limit   bool   // it was ended because its time was over
	Console string // what the kernel printed: its last bytes
}

// listener hears what happens in a virtual machine while it runs.
type listener struct {
	console io.Writer    // what the kernel prints
	line    func(string) // what the test prints
	start   func(release string, after time.Duration)
}

// maxConsole is how much of the console is kept.
const maxConsole = 1 << 20

// run boots and returns when the machine has ended, which ctx may make it do. An
// error is one of running the emulator, not of what ran in it.
func (m *machine) run(ctx context.Context, to listener) (*boot, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd := exec.CommandContext(ctx, qemu, m.args()...)
	cmd.ExtraFiles = []*os.File{w}
	log := &tail{limit: maxConsole}
	cmd.Stdout = io.MultiWriter(log, to.console)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.WaitDelay = 5 * time.Second
	b := &boot{}
	start := time.Now()
	err = cmd.Start()
	w.Close()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, need(bootTools)
	}
	if err != nil {
		return nil, err
	}
	var broken error
	var wait sync.WaitGroup
	wait.Go(func() {
		broken = guest.ReadResults(r, to.line, func(e guest.Event) {
			switch e.Kind {
			case guest.EventStart:
				b.Start = &e
				to.start(e.Release, time.Since(start))
			case guest.EventFile:
				b.Files = append(b.Files, e)
			case guest.EventEnd:
				b.End = &e
			}
		})
	})
	err = cmd.Wait()
	wait.Wait()
	b.Took = time.Since(start)
	b.Console = strings.ReplaceAll(log.String(), "\r", "")
	if ctx.Err() != nil {
		b.Limit = errors.Is(ctx.Err(), context.DeadlineExceeded)
		return b, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", qemu, err, bytes.TrimSpace(stderr.Bytes()))
	}
	if b.End != nil && broken != nil {
		return nil, broken
	}
	return b, nil
}

// tail keeps the last bytes written to it.
type tail struct {
	b     []byte
	limit int
}

func (t *tail) Write(b []byte) (int, error) {
	t.b = append(t.b, b...)
	if over := len(t.b) - t.limit; over > 0 {
		t.b = append(t.b[:0], t.b[over:]...)
	}
	return len(b), nil
}

func (t *tail) String() string { return string(t.b) }
