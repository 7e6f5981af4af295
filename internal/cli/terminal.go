package cli

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Color reports whether to write colours to w: it is a terminal, NO_COLOR
// (no-color.org) is not set, and the terminal is not a dumb one.
func Color(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// defaultWidth is used where there is no terminal; output must not depend on
// the window of whoever runs it in a pipe.
const defaultWidth = 80

// Width returns the number of columns to fill with prose: the terminal's, but
// between 40 and 100.
func Width(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return defaultWidth
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil || n == 0 {
		return defaultWidth
	}
	return min(max(n, 40), 100)
}
