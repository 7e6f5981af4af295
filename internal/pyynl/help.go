package pyynl

import (
	"fmt"
	"strings"
)

// usage is the short form of the help.
const usage = "usage: nlkit ynl (--family FAMILY | --list-families | --spec SPEC) [options]\n"

const about = `
Take the options of the kernel's Python YNL client (cli.py) and print what it
prints: a drop-in for scripts that use it. Options may be shortened as long as
they are unambiguous, and take their value behind a space or "=".

Where a spec given with --spec lacks the format of a sub-message (a kind of link,
of traffic control, an nftables expression), the one of the same name in nlkit's
own catalogue is used. What that lacks as well is shown by number. With --family
the spec is that of the catalogue, unless a folder of specs is found first.
`

const status = `
Exit status: 0 done, 1 the kernel or the data said no (the kernel's refusal is
the line "Netlink error: ..." on the standard output), 2 wrong usage.
`

// About is the text that explains the command, with its options.
func About() string {
	var b strings.Builder
	b.WriteString(about)
	b.WriteString("\nOptions:\n")
	for _, opt := range optionTable() {
		left := "--" + opt.name
		if opt.maybe {
			left += " [" + opt.meta + "]"
		} else if opt.meta != "" {
			left += " " + opt.meta
		}
		for i, line := range strings.Split(opt.help, "\n") {
			if i > 0 {
				left = ""
			}
			fmt.Fprintf(&b, "  %-24s %s\n", left, line)
		}
	}
	b.WriteString(status)
	return b.String()
}

// Options are the names of all options, with their dashes.
func Options() []string {
	var names []string
	for _, opt := range optionTable() {
		names = append(names, "--"+opt.name)
	}
	return names
}
