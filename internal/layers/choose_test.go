package layers

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// chooser is a schema with a fixed header whose members are known, and an
// attribute that holds what another one says.
func chooser() Schema {
	inner := &Set{Attrs: map[uint16]Attr{1: {Name: "id", Kind: U32}}}
	set := &Set{Attrs: map[uint16]Attr{
		1: {Name: "kind", Kind: Text},
		2: {Name: "data", Choose: func(around []Level) Inside {
			kind, ok := wire.FindAttr(around[0].Bytes, 1)
			if !ok {
				return Inside{}
			}
			switch kind.Text() {
			case "attrs":
				return Inside{Nested: true, Set: inner}
			case "both":
				return Inside{Nested: true, Set: inner, Header: []Member{{Name: "a", Size: 2}, {Name: "b", Size: 1}}}
			case "guess":
				return Inside{Nested: true}
			}
			return Inside{}
		}},
		3: {Name: "shown", Show: func(a wire.Attr) string { return fmt.Sprintf("%d bytes, shown", len(a.Data())) }},
	}}
	return Plain{Type: "op", HeaderLen: 6, Set: set, Header: []Member{
		{Name: "first", Size: 4, Show: func(h []byte) string { return fmt.Sprint("of ", len(h)) }},
		{Name: "second", Size: 2},
	}}
}

func TestChoose(t *testing.T) {
	var in wire.Builder
	in.Uint32(1, 5)
	id, err := in.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		kind string
		data []byte
		want []string // what the parts have, in order
	}{
		{"attrs", id, []string{"first: of 6", "second", "kind", "data", "  id"}},
		{"both", append([]byte{1, 2, 3, 0}, id...), []string{"data", "  a", "  b", "  id"}},
		{"both", []byte{1}, []string{"data", "  !fixed header: cut short"}},
		{"guess", id, []string{"data", "  attr 1"}},
		{"guess", []byte{1, 2, 3}, []string{"data: 3 bytes"}},
		{"none", id, []string{"data: 8 bytes"}},
	}
	for _, tt := range tests {
		var b wire.Builder
		b.Message(wire.Header{Type: 20})
		b.Raw([]byte{1, 2, 3, 4, 5, 6})
		b.Text(1, tt.kind)
		b.Attr(2, tt.data)
		b.Attr(3, []byte{1, 2})
		msg, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		at := 0
		for _, p := range Parts(msg, chooser()) {
			if p.Offset != at {
				t.Fatalf("%s: a part at %d, want %d", tt.kind, p.Offset, at)
			}
			at += len(p.Bytes)
			line := strings.Repeat("  ", p.Depth)
			switch {
			case p.Layer == Bad:
				line += "!" + p.Head
			case p.Name != "":
				line += p.Name
			default:
				line += p.Head
			}
			if p.Value != "" {
				line += ": " + p.Value
			}
			got = append(got, line)
		}
		if at != len(msg) {
			t.Errorf("%s: the parts end at %d of %d", tt.kind, at, len(msg))
		}
		all := strings.Join(got, "\n")
		rest := all
		for _, w := range append(tt.want, "shown: 2 bytes, shown") {
			_, after, ok := strings.Cut(rest, w)
			if !ok {
				t.Errorf("%s: no %q in its place in\n%s", tt.kind, w, all)
				break
			}
			rest = after
		}
		var out bytes.Buffer
		if err := Render(&out, msg, chooser(), Style{}); err != nil || !strings.Contains(out.String(), "userhdr     first: of 6") {
			t.Errorf("%s: %v\n%s", tt.kind, err, out.String())
		}
	}
}
