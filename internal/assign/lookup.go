package assign

import (
	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/internal/rtnames"
	"github.com/nlkit/nlkit/internal/tchandle"
	"github.com/nlkit/nlkit/ynl"
)

// Lookup is for codec.Options: it finds the number that a word stands for, an
// interface's, a routing table's and the like, or a handle of traffic control. index
// finds those of interfaces.
func Lookup(index func(name string) (uint32, error)) func(a *ynl.Attr, m *ynl.Member, text string) (uint64, bool) {
	return func(a *ynl.Attr, m *ynl.Member, text string) (uint64, bool) {
		if tchandle.Is(a, m) {
			handle, ok := tchandle.Number(text)
			return uint64(handle), ok
		}
		name, t := "", ynl.Unset
		switch {
		case m != nil:
			name, t = m.Name, m.Type
		case a != nil:
			name, t = a.Name, a.Type
		}
		if words := rtnames.Of(a, m, t); words != nil {
			n, _, ok := words.Value(text)
			return n, ok
		}
		if !ifname.IsIndex(name, t) {
			return 0, false
		}
		i, err := index(text)
		return uint64(i), err == nil
	}
}
