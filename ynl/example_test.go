package ynl_test

import (
	"errors"
	"fmt"

	"github.com/nlkit/nlkit/ynl"
)

const spec = `
name: ship
doc: A fleet.
attribute-sets:
  - name: ship
    attributes:
      - {name: id, type: u32, checks: {min: 1}}
      - {name: name, type: string, checks: {max-len: 15}}
operations:
  list:
    - name: get
      doc: look at a ship
      attribute-set: ship
      do:
        request: {attributes: [id]}
        reply: {attributes: [id, name]}
`

// A spec is read once; the model answers what is asked of it.
func Example() {
	s, err := ynl.Parse("ship.yaml", []byte(spec))
	if err != nil {
		fmt.Println(err)
		return
	}
	op := s.Op("get")
	fmt.Printf("%s of %s is command %d\n", op.Name, s.Name, op.Do.RequestID)
	for _, a := range op.Do.Reply.Attrs {
		fmt.Printf("attribute %d is %s, a %v\n", a.ID, a.Name, a.Type)
	}
	// Output:
	// get of ship is command 1
	// attribute 1 is id, a u32
	// attribute 2 is name, a string
}

// A spec that breaks the rules is refused with all that is wrong with it.
func ExampleSpecError() {
	_, err := ynl.Parse("ship.yaml", []byte("name: ship\ndoc: A fleet.\natribute-sets: []\noperations: {lst: []}\n"))
	if e, ok := errors.AsType[*ynl.SpecError](err); ok {
		for _, p := range e.Problems {
			fmt.Println(p)
		}
	}
	// Output:
	// ship.yaml:1: the spec has no "attribute-sets"
	// ship.yaml:3: the spec cannot have the key "atribute-sets" (did you mean attribute-sets?)
	// ship.yaml:4: "operations" cannot have the key "lst" (did you mean list?)
	// ship.yaml:4: "operations" has no "list"
}
