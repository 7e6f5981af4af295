package cli

import (
	"strings"
	"unicode/utf8"
)

// Wrap breaks prose into lines of at most width columns, each begun with indent
// and ended with a newline. A word longer than a line gets a line of its own.
// Newlines in s are kept.
func Wrap(s, indent string, width int) string {
	var b strings.Builder
	for para := range strings.Lines(s) {
		b.WriteString(indent)
		at := utf8.RuneCountInString(indent)
		for i, word := range strings.Fields(para) {
			n := utf8.RuneCountInString(word)
			switch {
			case i == 0:
			case at+1+n > width:
				b.WriteString("\n" + indent)
				at = utf8.RuneCountInString(indent)
			default:
				b.WriteByte(' ')
				at++
			}
			b.WriteString(word)
			at += n
		}
		b.WriteByte('\n')
	}
	return b.String()
}
