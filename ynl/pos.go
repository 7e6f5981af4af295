package ynl

import (
	"fmt"
	"strings"
)

// Pos is a place in a spec.
type Pos struct {
	File string
	Line int // from 1; 0 where it is not known
}

func (p Pos) String() string {
	switch {
	case p.File == "":
		return fmt.Sprintf("line %d", p.Line)
	case p.Line == 0:
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Problem is one thing that is wrong with a spec.
type Problem struct {
	Pos
	Text string
}

func (p Problem) String() string { return p.Pos.String() + ": " + p.Text }

// SpecError is returned for a spec that breaks the rules of its schema. It has
// everything that was found, in the order of the text.
type SpecError struct {
	Problems []Problem
}

// maxProblemsShown bounds what Error says: a file that is no spec at all has one
// problem in each line.
const maxProblemsShown = 10

func (e *SpecError) Error() string {
	var b strings.Builder
	for i, p := range e.Problems {
		if i == maxProblemsShown {
			fmt.Fprintf(&b, "\nand %d more", len(e.Problems)-i)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}
