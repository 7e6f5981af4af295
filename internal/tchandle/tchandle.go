// Package tchandle knows how people write the handles of traffic control: a
// major and a minor number in hexadecimal with a colon between them, and words
// for the places where qdiscs can be attached.
package tchandle

import (
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// places are the handles with a name (linux/pkt_sched.h, TC_H_*).
var places = []struct {
	handle uint32
	name   string
}{
	{0xffffffff, "root"},
	{0xfffffff1, "ingress"}, // the parent of ingress and clsact qdiscs alike
}

// Is reports whether an integer is a handle: the members of struct tcmsg, and
// what classes are called in the families of that protocol. One of a and m is
// nil.
func Is(a *ynl.Attr, m *ynl.Member) bool {
	switch {
	case m != nil:
		return m.Type == ynl.U32 && (m.Name == "handle" || m.Name == "parent")
	case a != nil:
		return a.Type == ynl.U32 && a.Name == "classid" && strings.HasPrefix(a.Set.Name, "tc-")
	}
	return false
}

// Name writes a handle as people do: "1:", "1:a", "root"; "" for none.
func Name(handle uint32) string {
	for _, p := range places {
		if p.handle == handle {
			return p.name
		}
	}
	if handle == 0 {
		return ""
	}
	s := strconv.FormatUint(uint64(handle>>16), 16) + ":"
	if minor := handle & 0xffff; minor != 0 {
		s += strconv.FormatUint(uint64(minor), 16)
	}
	return s
}

// Number reads what Name writes. It takes no plain numbers: those are handles as
// a whole.
func Number(text string) (uint32, bool) {
	for _, p := range places {
		if p.name == text {
			return p.handle, true
		}
	}
	major, minor, ok := strings.Cut(text, ":")
	if !ok || major == "" && minor == "" {
		return 0, false
	}
	half := func(s string) (uint32, bool) {
		if s == "" {
			return 0, true
		}
		n, err := strconv.ParseUint(s, 16, 16)
		return uint32(n), err == nil
	}
	high, ok1 := half(major)
	low, ok2 := half(minor)
	return high<<16 | low, ok1 && ok2
}
