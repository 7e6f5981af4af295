package text

import (
	"strings"
	"unicode/utf8"
)

// cell is a name with its value.
type cell struct {
	name  string
	value value
}

func (c *cell) width() int { return width(c.name) + nameGap + width(c.value.text) }

func width(s string) int { return utf8.RuneCountInString(s) }

const (
	nameGap    = 1 // between a name and its value
	columnGap  = 3 // between columns
	maxColumns = 4
	// A few cells are easier to read below each other.
	fewCells = 4
)

// grid writes cells in columns that are aligned, as many as fit the width. What
// is too long for a column follows, a line each.
func (p *Printer) grid(cells []cell, depth int) {
	room := p.options.Width - indentOf(depth)
	g := arrange(cells, room)
	if g.columns > 1 {
		p.table(g, depth)
	}
	long := g.long
	names := 0
	for i := range long {
		names = max(names, width(long[i].name))
	}
	for i := range long {
		p.long(&long[i], min(names, room/2), room, depth)
	}
}

// arrangement is how cells are laid out.
type arrangement struct {
	columns int
	short   []cell // those in columns
	long    []cell // those behind, a line each
	// loose columns are aligned where the names begin, and not where the values
	// do, since names and values together would not fit.
	loose   bool
	numbers bool // all of short are: they are aligned to the right
}

// arrange finds the largest number of columns, and the cells that are short
// enough for them. With one column all cells are long.
func arrange(cells []cell, room int) arrangement {
	one := arrangement{columns: 1, long: cells}
	if len(cells) <= fewCells {
		return one
	}
	numbers := true
	for i := range cells {
		numbers = numbers && cells[i].value.number
	}
	for _, loose := range []bool{false, true} {
		for n := maxColumns; n > 1; n-- {
			g := arrangement{columns: n, loose: loose, numbers: numbers}
			g.divide(cells, room)
			if fewer := (arrangement{columns: n - 1, loose: loose, numbers: numbers}); n == maxColumns && len(g.long) > 0 {
				// One column less may do for all, which then keep their order.
				if fewer.divide(cells, room); len(fewer.long) == 0 && fewer.width() <= room {
					return fewer
				}
			}
			// A few that are too long are no reason for fewer columns, except
			// among counters, where what belongs together stands together.
			if 4*len(g.short) >= 3*len(cells) && (!numbers || len(g.long) == 0) && g.width() <= room {
				return g
			}
		}
	}
	return one
}

// divide finds the cells that are short enough for the columns.
func (g *arrangement) divide(cells []cell, room int) {
	limit := (room - (g.columns-1)*columnGap) / g.columns
	for _, c := range cells {
		if c.width() <= limit {
			g.short = append(g.short, c)
		} else {
			g.long = append(g.long, c)
		}
	}
}

// width is that of a line with all columns.
func (g *arrangement) width() int {
	sum := -columnGap
	for c := range g.columns {
		sum += g.column(c) + columnGap
	}
	return sum
}

// column is the width of a column.
func (g *arrangement) column(c int) int {
	if !g.loose {
		names, values := column(g.short, c, g.columns)
		return names + nameGap + values
	}
	most := 0
	for i := c; i < len(g.short); i += g.columns {
		most = max(most, g.short[i].width())
	}
	return most
}

// column measures a column of n.
func column(cells []cell, c, n int) (names, values int) {
	for i := c; i < len(cells); i += n {
		names = max(names, width(cells[i].name))
		values = max(values, width(cells[i].value.text))
	}
	return names, values
}

func (p *Printer) table(g arrangement, depth int) {
	var names, widths [maxColumns]int // measured once: of all the cells
	for c := range g.columns {
		names[c], _ = column(g.short, c, g.columns)
		widths[c] = g.column(c)
	}
	for i := range g.short {
		c := i % g.columns
		if c == 0 {
			p.spaces(indentOf(depth))
		}
		cell := &g.short[i]
		p.paint(styleName, cell.name)
		left := nameGap
		if !g.loose {
			left += names[c] - width(cell.name)
		}
		pad := widths[c] - width(cell.name) - left - width(cell.value.text)
		if g.numbers && !g.loose {
			left, pad = left+pad, 0
		}
		p.spaces(left)
		p.paint(cell.value.style, cell.value.text)
		if c == g.columns-1 || i == len(g.short)-1 {
			p.buf = append(p.buf, '\n')
			continue
		}
		p.spaces(pad + columnGap)
	}
}

// long writes a cell in a line of its own, or in several.
func (p *Printer) long(c *cell, names, room, depth int) {
	const gap = 2
	p.spaces(indentOf(depth))
	p.paint(styleName, c.name)
	over := width(c.name) - names
	p.spaces(max(names-width(c.name), 0) + gap)
	if c.value.text == "" {
		p.buf = append(p.buf[:len(p.buf)-max(-over, 0)-gap], '\n')
		return
	}
	hang := names + gap
	lines := breakValue(c.value.text, max(room-hang, minValue), max(over, 0))
	for i, line := range lines {
		if i > 0 {
			p.spaces(indentOf(depth) + hang)
		}
		p.paint(c.value.style, line)
		p.buf = append(p.buf, '\n')
	}
}

// minValue is the room a value has at least, however deep it stands.
const minValue = 24

// breakValue breaks a value into lines of at most room characters, the first one
// shorter by over: behind a ", " or "|", or between bytes in hexadecimal. What
// has no such place stays whole.
func breakValue(s string, room, over int) []string {
	var lines []string
	first := max(room-over, minValue/2)
	for limit := first; width(s) > limit; limit = room {
		at := breakAt(s, limit)
		if at <= 0 || at >= len(s) {
			break
		}
		lines = append(lines, strings.TrimRight(s[:at], " "))
		s = s[at:]
	}
	return append(lines, s)
}

func breakAt(s string, limit int) int {
	head := s
	n := 0
	for i := range s {
		if n == limit {
			head = s[:i]
			break
		}
		n++
	}
	if strings.HasPrefix(s, `"`) {
		return -1 // text is not broken, wherever it has a comma
	}
	if i := strings.LastIndex(head, ", "); i > 0 {
		return i + 2
	}
	if i := strings.LastIndexByte(head, '|'); i > 0 {
		return i + 1
	}
	digits := strings.TrimPrefix(head, hexPrefix)
	if strings.Trim(digits, "0123456789abcdef") == "" {
		return len(head) - len(digits)%2
	}
	return -1
}
