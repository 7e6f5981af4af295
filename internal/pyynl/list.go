package pyynl

import (
	"fmt"
	"io"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// modes names the ways an operation can be met, in brackets.
func modes(op *ynl.Op) string {
	var m []string
	if op.Do != nil {
		m = append(m, "do")
	}
	if op.Dump != nil {
		m = append(m, "dump")
	}
	if op.Event != nil {
		m = append(m, "event")
	}
	if op.Notify != nil {
		m = append(m, "notify")
	}
	return strings.Join(m, ", ")
}

// listOps prints the operations, with all the notifications too.
func listOps(w io.Writer, spec *ynl.Spec, all bool) {
	for _, op := range spec.Ops {
		if !op.IsReserved() && (all || !op.IsAsync()) {
			fmt.Fprintf(w, "%s  [ %s ]\n", op.Name, modes(op))
		}
	}
}

// listAttrs prints the attributes of an operation's messages.
func listAttrs(w io.Writer, op *ynl.Op) {
	fmt.Fprintf(w, "Operation: %s\n", op.Name)
	if op.Doc != "" {
		fmt.Fprintln(w, strings.TrimRight(op.Doc, "\n"))
	}
	same := op.Do != nil && op.Dump != nil && sameAttrs(op.Do.Reply, op.Dump.Reply)
	for _, m := range []struct {
		name string
		mode *ynl.Mode
	}{{"Do", op.Do}, {"Dump", op.Dump}} {
		if m.mode == nil {
			continue
		}
		attrsOf(w, m.name+" request", m.mode.Request)
		switch {
		case !same:
			attrsOf(w, m.name+" reply", m.mode.Reply)
		case m.name == "Dump":
			attrsOf(w, "Do and Dump reply", m.mode.Reply)
		}
	}
	if op.Event != nil {
		attrsOf(w, "Event", op.Event)
	}
	if op.Notify == nil {
		return
	}
	reply := op.Notify.Do
	if reply == nil {
		reply = op.Notify.Dump
	}
	if reply != nil {
		attrsOf(w, "Notification", reply.Reply)
	}
}

func sameAttrs(a, b *ynl.Message) bool {
	if a == nil || b == nil || len(a.Attrs) != len(b.Attrs) {
		return false
	}
	for i := range a.Attrs {
		if a.Attrs[i].Name != b.Attrs[i].Name {
			return false
		}
	}
	return true
}

func attrsOf(w io.Writer, title string, m *ynl.Message) {
	if m == nil || len(m.Attrs) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s attributes:\n", title)
	printAttrs(w, m.Attrs, 2, nil)
}

// printAttrs prints attributes, and in nests those of the nest; way are the sets
// it is in already, which may refer to themselves.
func printAttrs(w io.Writer, attrs []*ynl.Attr, indent int, way []*ynl.AttrSet) {
	prefix := strings.Repeat(" ", indent)
	for _, a := range attrs {
		line := fmt.Sprintf("%s- %s: %v", prefix, a.Name, a.Type)
		if a.Enum != nil {
			line += " (enum: " + a.Enum.Name + ")"
		}
		if a.Nested != nil {
			line += " -> " + a.Nested.Name
		}
		fmt.Fprintln(w, line)
		if a.Enum != nil {
			kind := "Enum"
			if a.Enum.IsFlags {
				kind = "Flags"
			}
			names := make([]string, len(a.Enum.Entries))
			for i, e := range a.Enum.Entries {
				names[i] = e.Name
			}
			fmt.Fprintf(w, "%s  %s: %s\n", prefix, kind, strings.Join(names, ", "))
		}
		for line := range strings.Lines(strings.TrimRight(a.Doc, "\n")) {
			fmt.Fprintf(w, "%s  %s\n", prefix, strings.TrimRight(line, "\n"))
		}
		if a.Nested != nil && !contains(way, a.Nested) {
			printAttrs(w, a.Nested.Attrs, indent+4, append(way[:len(way):len(way)], a.Nested))
		}
	}
}

func contains(way []*ynl.AttrSet, s *ynl.AttrSet) bool {
	for _, w := range way {
		if w == s {
			return true
		}
	}
	return false
}
