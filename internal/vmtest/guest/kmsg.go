package guest

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Record is an entry of the kernel's log.
type Record struct {
	Level    int // 0 is the gravest, 7 for debugging
	Facility int // 0 is the kernel itself
	Seq      uint64
	Micros   uint64 // since the kernel began
	Text     string
}

// String writes a record as dmesg does.
func (r Record) String() string {
	return fmt.Sprintf("[%5d.%06d] %s", r.Micros/1e6, r.Micros%1e6, r.Text)
}

// ParseRecord reads what /dev/kmsg gives at a time: numbers, a semicolon, the
// text, and lines of further fields, which are left out.
func ParseRecord(b string) (Record, error) {
	head, text, ok := strings.Cut(b, ";")
	fields := strings.Split(head, ",")
	if !ok || len(fields) < 3 {
		return Record{}, fmt.Errorf("vmtest: a record of the kernel's log that cannot be read: %.80q", b)
	}
	var n [3]uint64
	for i := range n {
		var err error
		if n[i], err = strconv.ParseUint(fields[i], 10, 63); err != nil {
			return Record{}, fmt.Errorf("vmtest: a record of the kernel's log that cannot be read: %.80q: %w", b, err)
		}
	}
	text, _, _ = strings.Cut(text, "\n")
	return Record{Level: int(n[0] & 7), Facility: int(n[0] >> 3), Seq: n[1], Micros: n[2], Text: text}, nil
}

// complaint finds what the kernel prints when something is wrong with itself,
// its modules or their memory.
var complaint = regexp.MustCompile(`\bWARNING: |\bBUG\b|\bOops\b|^Call Trace:|Kernel panic|general protection fault|` +
	`[Uu]nable to handle|refcount_t: |list_(add|del) corruption|UBSAN: |KASAN: |KFENCE: |DEBUG_LOCKS_WARN_ON|` +
	`INFO: task .* blocked|INFO: rcu.* stall|soft lockup|suspicious RCU usage|possible (recursive|circular|irq lock)|` +
	`waiting for .* to become free|scheduling while atomic|sleeping function called`)

// Complaint reports whether a record says that something is wrong with the
// kernel. What programs write into the log is none.
func (r Record) Complaint() bool { return r.Facility == 0 && complaint.MatchString(r.Text) }
