// Package integer reads integers as people and JSON write them.
package integer

import (
	"strconv"
	"strings"
)

// Parse reads an integer: decimal, or behind 0x, 0b or 0o in that base. A 0 in front is
// no octal, and nothing stands between digits. base is the one that the text asks for,
// be it an integer or not.
func Parse(text string) (neg bool, abs uint64, base int, ok bool) {
	digits, neg := strings.CutPrefix(text, "-")
	base = 10
	if len(digits) > 2 && digits[0] == '0' {
		switch digits[1] {
		case 'x', 'X':
			base = 16
		case 'b', 'B':
			base = 2
		case 'o', 'O':
			base = 8
		}
	}
	if base != 10 {
		digits = digits[2:]
	}
	abs, err := strconv.ParseUint(digits, base, 64)
	return neg && abs != 0, abs, base, err == nil
}
