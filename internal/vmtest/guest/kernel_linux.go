package guest

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/vmtest/modinfo"
)

// Insmod loads a module that was shipped, and before it those it needs that are
// not there yet. One that the kernel was built with is there. The error of one
// that is loaded already is EEXIST.
func (p *Plan) Insmod(name string, params ...string) error {
	name = modinfo.Name(name)
	i := slices.IndexFunc(p.Modules, func(m Module) bool { return m.Name == name })
	if i < 0 {
		if slices.Contains(p.Builtin, name) {
			return nil
		}
		return fmt.Errorf("insmod %s: the module was not shipped: name it in the package's //nlkit:modules: %w", name, os.ErrNotExist)
	}
	for _, first := range p.Modules[i].First {
		if err := load(Module{Name: first}, ""); err != nil && !errors.Is(err, unix.EEXIST) {
			return fmt.Errorf("insmod %s: %w", name, err)
		}
	}
	return load(p.Modules[i], strings.Join(params, " "))
}

func load(m Module, params string) error {
	f, err := os.Open(m.File())
	if err != nil {
		return fmt.Errorf("insmod %s: %w", m.Name, err)
	}
	defer f.Close()
	if err := unix.FinitModule(int(f.Fd()), params, 0); err != nil {
		return fmt.Errorf("insmod %s: %w", m.Name, err)
	}
	return nil
}

// Rmmod unloads a module. It does not wait for one that is in use: EWOULDBLOCK.
func Rmmod(name string) error {
	name = modinfo.Name(name)
	if err := unix.DeleteModule(name, unix.O_NONBLOCK); err != nil {
		return fmt.Errorf("rmmod %s: %w", name, err)
	}
	return nil
}

// Log returns the records of the kernel's log from the one numbered seq on. Lost
// is set where some of these were overwritten before they were read.
func Log(seq uint64) (records []Record, lost bool, err error) {
	fd, err := unix.Open("/dev/kmsg", unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, false, fmt.Errorf("/dev/kmsg: %w", err)
	}
	defer unix.Close(fd)
	buf := make([]byte, 16<<10) // a record has 8 KiB at most
	next := uint64(0)
	for {
		n, err := unix.Read(fd, buf)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return records, lost, nil
		case errors.Is(err, unix.EPIPE):
			continue // overwritten while it was read: the next record tells
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return nil, false, fmt.Errorf("/dev/kmsg: %w", err)
		}
		r, err := ParseRecord(string(buf[:n]))
		if err != nil {
			return nil, false, err
		}
		if r.Seq > max(seq, next) {
			lost = true
		}
		next = r.Seq + 1
		if r.Seq >= seq {
			records = append(records, r)
		}
	}
}

// LogEnd is the number that the next record of the kernel's log will have.
func LogEnd() (uint64, error) {
	records, _, err := Log(0)
	if err != nil || len(records) == 0 {
		return 0, err
	}
	return records[len(records)-1].Seq + 1, nil
}

// Complaints returns the complaints of the kernel from the record numbered seq
// on, as dmesg writes them. That some of the log was overwritten is one, too.
func Complaints(seq uint64) (complaints, log []string, err error) {
	records, lost, err := Log(seq)
	if err != nil {
		return nil, nil, err
	}
	if lost {
		complaints = append(complaints, "some of the kernel's log was overwritten before it was read: it may hold complaints")
	}
	for _, r := range records {
		log = append(log, r.String())
		if r.Complaint() {
			complaints = append(complaints, r.String())
		}
	}
	return complaints, log, nil
}

// ExpectWarnings makes the kernel's complaints no reason for the package to
// fail.
func ExpectWarnings() error {
	if err := os.MkdirAll(runDir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(expectFile, nil, 0o644)
}

func warningsExpected() bool {
	_, err := os.Stat(expectFile)
	return err == nil
}

// Slab returns how many bytes of the kernel's slabs cannot be reclaimed, after
// its caches were dropped and what waits for that was freed.
func Slab() (int64, error) {
	// What is freed after a grace period lingers for up to five seconds where the
	// kernel collects it; each reading below the last one begins the wait anew.
	const (
		calm  = 5
		pause = 100 * time.Millisecond
		bound = 80
	)
	const drop = "/proc/sys/vm/drop_caches"
	if err := os.WriteFile(drop, []byte("4"), 0o644); err != nil { // it need not log that
		return 0, err
	}
	least := int64(-1)
	for i, still := 0, 0; i < bound && still < calm; i++ {
		if err := os.WriteFile(drop, []byte("3"), 0o644); err != nil {
			return 0, err
		}
		if _, _, err := unix.Syscall(unix.SYS_MEMBARRIER, 1 /* global: waits for a grace period */, 0, 0); err != 0 {
			return 0, fmt.Errorf("membarrier: %w", err)
		}
		n, err := meminfo("SUnreclaim")
		if err != nil {
			return 0, err
		}
		if still++; least < 0 || n < least {
			least, still = n, 0
		}
		time.Sleep(pause)
	}
	return least, nil
}

func meminfo(key string) (int64, error) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	for line := range strings.SplitSeq(string(b), "\n") {
		if rest, ok := strings.CutPrefix(line, key+":"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err != nil {
				return 0, fmt.Errorf("/proc/meminfo: %q: %w", line, err)
			}
			return n << 10, nil
		}
	}
	return 0, fmt.Errorf("/proc/meminfo says nothing of %s", key)
}
