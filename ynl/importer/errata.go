package importer

import (
	"bytes"
	"fmt"
	"strings"
)

// Headers names the headers that the lines of all proofs belong to.
const Headers = "Debian's linux-libc-dev 7.2.13-1"

const errataHead = `# Errata of the kernel's specs

What the catalogue in ` + "`ynl/specs/`" + ` says otherwise than the specs of Linux 7.2 do. It
is written from the overlays in ` + "`ynl/specs/overlay/`" + `, which the importer applies and
which fail to apply where upstream changes. Lines are those of the headers in
` + Headers + `, below ` + "`/usr/include`" + `. Where a header is silent on a type,
the function or policy of the kernel that tells is named.

`

// Errata writes docs/errata.md: what overlays correct and add, spec by spec.
func Errata(overlays map[string]*Overlay) []byte {
	var b bytes.Buffer
	b.WriteString(errataHead)
	errors, additions := 0, 0
	for _, o := range overlays {
		errors, additions = errors+len(o.Errors), additions+len(o.Additions)
	}
	fmt.Fprintf(&b, "## Errors\n\n%d in all.\n\n| spec | where | upstream says | in truth | proof |\n|---|---|---|---|---|\n", errors)
	for _, name := range sortedKeys(overlays) {
		for _, c := range overlays[name].Errors {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", name, cell(c.Where), cell(c.Upstream), cell(c.Header), proofs(c))
		}
	}
	fmt.Fprintf(&b, "\n## Additions\n\n%d in all: what the headers have and the specs do not.\n\n| spec | where | what | proof |\n|---|---|---|---|\n", additions)
	for _, name := range sortedKeys(overlays) {
		for _, c := range overlays[name].Additions {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, cell(c.Where), cell(c.Header), proofs(c))
		}
	}
	return b.Bytes()
}

// cell makes a text fit for a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

func proofs(c Correction) string {
	var all []string
	for _, p := range c.Proof {
		all = append(all, fmt.Sprintf("`%s:%d` `%s`", p.Header, p.Line, p.Symbol))
	}
	return strings.Join(all, ", ")
}
