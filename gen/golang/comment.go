package golang

import (
	"strings"
	"unicode"
)

// comment writes what a spec says of something as lines of a comment. Those of the
// catalogue say nothing.
func (w *printer) comment(doc string) {
	const width = 95
	line := "//"
	words := strings.FieldsFunc(doc, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	for _, word := range words {
		if len(line)+1+len(word) > width && line != "//" {
			w.p("%s", line)
			line = "//"
		}
		line += " " + word
	}
	if line != "//" {
		w.p("%s", line)
	}
}

// paragraph is such text as a further paragraph of a comment.
func (w *printer) paragraph(doc string) {
	if strings.TrimSpace(doc) != "" {
		w.p("//")
		w.comment(doc)
	}
}
