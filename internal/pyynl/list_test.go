package pyynl

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/ynl"
)

const listText = `
name: lists
protocol: genetlink
doc: test
definitions:
  -
    name: colour
    type: enum
    entries: [red, green]
attribute-sets:
  -
    name: inner
    attributes:
      -
        name: depth
        type: u32
      -
        name: again
        type: nest
        nested-attributes: inner
  -
    name: box
    attributes:
      -
        name: colour
        doc: |
          What it looks like.
          From outside.
        type: u32
        enum: colour
      -
        name: in
        type: nest
        nested-attributes: inner
      -
        name: size
        type: u32
operations:
  list:
    -
      name: get
      doc: Look at a box.
      attribute-set: box
      do:
        request:
          attributes: [size]
        reply: &reply
          attributes: [colour, in]
      dump:
        reply: *reply
    -
      name: made
      doc: A box is there.
      notify: get
    -
      name: seen
      doc: A box was seen.
      attribute-set: box
      event:
        attributes: [size]
`

func TestLists(t *testing.T) {
	spec, err := ynl.Parse("lists.yaml", []byte(listText))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	listOps(&b, spec, false)
	b.WriteString("\n")
	listOps(&b, spec, true)
	for _, name := range []string{"get", "made", "seen"} {
		b.WriteString("\n")
		listAttrs(&b, spec.Op(name))
	}
	const reply = `  - colour: u32 (enum: colour)
    Enum: red, green
    What it looks like.
    From outside.
  - in: nest -> inner
      - depth: u32
      - again: nest -> inner
`
	want := `get  [ do, dump ]

get  [ do, dump ]
made  [ notify ]
seen  [ event ]

Operation: get
Look at a box.

Do request attributes:
  - size: u32

Do and Dump reply attributes:
` + reply + `
Operation: made
A box is there.

Notification attributes:
` + reply + `
Operation: seen
A box was seen.

Event attributes:
  - size: u32
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
