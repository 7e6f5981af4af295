package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nlkit/nlkit/internal/sockets"
)

// topColumn is a column of the table.
type topColumn struct {
	name  string
	right bool // numbers
	text  func(r *topRow) string
}

// netnsColumn stands in front where the sockets are of several namespaces.
var netnsColumn = topColumn{"NETNS", false, func(r *topRow) string {
	if r.netns == "" {
		return "-"
	}
	return printable(r.netns)
}}

// topColumns are those whose width is that of what is in them; groups and flags
// share what is left of a line.
var topColumns = []topColumn{
	{"PROTOCOL", false, func(r *topRow) string { return protocolName(r.Protocol) }},
	{"PID", true, (*topRow).pidText},
	{"PROCESS", false, (*topRow).process},
	{"PORT", true, func(r *topRow) string { return strconv.FormatUint(uint64(r.Port), 10) }},
	{"QUEUE", true, (*topRow).queue},
	{"DROPS", true, (*topRow).drops},
}

// pid is the owner's number; 0 where there is none, or none is known.
func (r *topRow) pid() int {
	if len(r.owners) == 0 {
		return 0
	}
	return r.owners[0].PID
}

func (r *topRow) pidText() string {
	switch {
	case r.kernel:
		return "-"
	case r.unknown():
		return "?"
	}
	return strconv.Itoa(r.pid())
}

func (r *topRow) process() string {
	switch {
	case r.kernel:
		return "kernel"
	case r.unknown():
		return "?"
	}
	name := printable(r.owners[0].Name)
	if more := len(r.owners) - 1; more > 0 {
		name += fmt.Sprintf(" +%d", more)
	}
	return name
}

func (r *topRow) queue() string {
	switch {
	case r.kernel:
		return "-"
	case r.Limit == 0:
		return amount(r.Queued)
	}
	return fmt.Sprintf("%s/%s %3.0f%%", amount(r.Queued), amount(r.Limit), 100*r.fill())
}

func (r *topRow) drops() string {
	total := strconv.FormatUint(uint64(r.Drops), 10)
	switch {
	case r.rate == 0:
		return total
	case r.rate < 10:
		return fmt.Sprintf("%s +%.1f/s", total, r.rate)
	}
	return fmt.Sprintf("%s +%.0f/s", total, r.rate)
}

// amount shows a number of bytes in few characters.
func amount(n uint32) string {
	const k, m = 1 << 10, 1 << 20
	switch {
	case n < k:
		return strconv.FormatUint(uint64(n), 10)
	case n < 10*k && n%k != 0:
		return fmt.Sprintf("%.1fK", float64(n)/k)
	case n < m:
		return fmt.Sprintf("%dK", n/k)
	case n < 10*m && n%m != 0:
		return fmt.Sprintf("%.1fM", float64(n)/m)
	}
	return fmt.Sprintf("%dM", n/m)
}

// Columns that groups get at least, and flags at most where groups need more.
const (
	minGroups = 12
	minFlags  = 10
)

// table returns the list's lines, the first one with the columns' names, none
// longer than width, which is 0 for no limit.
func (l *topList) table(names *sockets.GroupNames, width int) []string {
	columns := topColumns
	if l.allSpaces {
		columns = append([]topColumn{netnsColumn}, topColumns...)
	}
	cells := make([][]string, len(l.rows)+1)
	groups := make([][]string, len(l.rows))
	flags := make([]string, len(l.rows))
	widths := make([]int, len(columns))
	groupsWidth, flagsWidth := len("GROUPS"), len("FLAGS")
	for i := range cells {
		for j, c := range columns {
			text := c.name
			if i > 0 {
				text = c.text(&l.rows[i-1])
			}
			cells[i] = append(cells[i], text)
			widths[j] = max(widths[j], utf8.RuneCountInString(text))
		}
	}
	for i := range l.rows {
		r := &l.rows[i]
		for _, g := range r.Groups {
			groups[i] = append(groups[i], printable(names.Name(r.Protocol, g)))
		}
		flags[i] = strings.Join(r.Flags.Names(), ",")
		groupsWidth = max(groupsWidth, utf8.RuneCountInString(strings.Join(groups[i], ",")))
		flagsWidth = max(flagsWidth, len(flags[i]))
	}
	if width > 0 {
		left := width - min(flagsWidth, minFlags) - 2
		for _, w := range widths {
			left -= w + 2
		}
		groupsWidth = min(groupsWidth, max(left, minGroups))
	}
	lines := make([]string, len(cells))
	for i, row := range cells {
		var b strings.Builder
		for j, text := range row {
			pad := strings.Repeat(" ", widths[j]-utf8.RuneCountInString(text))
			if columns[j].right {
				b.WriteString(pad + text + "  ")
			} else {
				b.WriteString(text + pad + "  ")
			}
		}
		in, of := "GROUPS", "FLAGS"
		if i > 0 {
			in, of = abridge(groups[i-1], groupsWidth), flags[i-1]
		}
		fmt.Fprintf(&b, "%-*s  %s", groupsWidth, in, of)
		lines[i] = cut(strings.TrimRight(b.String(), " "), width)
	}
	return lines
}

// abridge joins names, as many as fit, and says how many are left out.
func abridge(names []string, width int) string {
	text := strings.Join(names, ",")
	for n := len(names) - 1; utf8.RuneCountInString(text) > width && n >= 0; n-- {
		text = strings.Join(append(names[:n:n], fmt.Sprintf("+%d", len(names)-n)), ",")
	}
	return text
}

// cut shortens a line to width columns, which is 0 for no limit.
func cut(line string, width int) string {
	if width == 0 || utf8.RuneCountInString(line) <= width {
		return line
	}
	return string([]rune(line)[:width])
}

// title says in a line what a list is.
func (l *topList) title() string {
	kernel, drops := 0, uint64(0)
	for i := range l.rows {
		if l.rows[i].kernel {
			kernel++
		}
		drops += uint64(l.rows[i].Drops)
	}
	return fmt.Sprintf("%s  %s: %d of processes, %d of the kernel; %d messages dropped  (q ends)",
		l.at.Format("15:04:05"), sockets1(len(l.rows)), len(l.rows)-kernel, kernel, drops)
}

// Styles of lines, as a terminal takes them.
const (
	styleBold   = "\x1b[1m"
	styleRed    = "\x1b[31m"
	styleYellow = "\x1b[33m"
	styleEnd    = "\x1b[m"
)

// frame returns the lines of a terminal of that size, which must be at least 2
// lines high: the last one is the cursor's.
func (l *topList) frame(names *sockets.GroupNames, width, height int, color bool) []string {
	style := func(line, with string) string {
		if !color || with == "" {
			return line
		}
		return with + line + styleEnd
	}
	lines := []string{cut(l.title(), width)}
	for _, note := range l.notes() {
		lines = append(lines, cut(note, width))
	}
	for i, line := range l.table(names, width) {
		with := styleBold
		if i > 0 {
			with = l.rows[i-1].style()
		}
		lines = append(lines, style(line, with))
	}
	room := max(height-1, 1)
	if len(lines) <= room {
		return lines
	}
	more := len(lines) - room + 1
	lines = lines[:room]
	if room > 1 {
		lines[room-1] = cut(fmt.Sprintf("... %d more: enlarge the window, or narrow the list (--no-kernel, --protocol, --pid)", more), width)
	}
	return lines
}

// style draws the eye to who loses messages now, and who soon may.
func (r *topRow) style() string {
	switch {
	case r.rate > 0:
		return styleRed
	case r.fill() >= 0.5:
		return styleYellow
	}
	return ""
}
