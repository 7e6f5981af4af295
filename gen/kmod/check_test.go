package kmod

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
)

// TestSubsetChecks holds a request to the checks of the subset that it lists, and
// one of the whole set to the set's.
func TestSubsetChecks(t *testing.T) {
	spec, err := ynl.Parse("sub.yaml", []byte(`name: sub
protocol: genetlink
doc: A set, and a subset that allows less.
attribute-sets:
  -
    name: top
    attributes:
      - {name: id, type: u32, checks: {max: 100}}
  -
    name: low
    subset-of: top
    attributes:
      - {name: id, type: u32, checks: {max: 3}}
operations:
  list:
    -
      name: any
      doc: Takes all of the set.
      attribute-set: top
      do: {request: {attributes: [id]}}
    -
      name: some
      doc: Takes what the subset allows.
      attribute-set: low
      do: {request: {attributes: [id]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := Generate(spec, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var source string
	for _, f := range mod.Files {
		if f.Name == "sub_nl.c" {
			source = string(f.Text)
		}
	}
	for _, want := range []string{
		"sub_any_policy[SUB_A_TOP_ID + 1] = {\n\t[SUB_A_TOP_ID] = NLA_POLICY_MAX(NLA_U32, 100),",
		"sub_some_policy[SUB_A_TOP_ID + 1] = {\n\t[SUB_A_TOP_ID] = NLA_POLICY_MAX(NLA_U32, 3),",
	} {
		if !strings.Contains(source, want) {
			t.Errorf("the source lacks\n%s\nit is\n%s", want, source)
		}
	}
}
