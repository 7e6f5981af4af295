package importer

import (
	"strings"
	"testing"
	"testing/fstest"
)

func overlayOf(changes string) string {
	return "errors:\n  - where: toy\n    says: one\n    is: two\n    proof: ['linux/toy.h:7 TOY_A_ID']\n    changes:\n" + changes
}

func TestOverlay(t *testing.T) {
	for _, tt := range []struct {
		name, changes string
		has, lacks    string // of the result
	}{
		{"change", "- {at: attribute-sets/toy/attributes/id, was: {type: u32}, is: {type: u64}}", "{name: id, type: u64, checks", "type: u32"},
		{"key added", "- {at: attribute-sets/toy/attributes/id, was: {}, is: {byte-order: big-endian}}", "byte-order: big-endian", ""},
		{"key gone", "- {at: attribute-sets/toy/attributes/id, was: {checks: {max: 0x10}}, is: {}}", "{name: id, type: u32}", "checks"},
		{"list replaced", "- {at: operations/list/get/do/request/attributes, was: [id, name], is: [name]}", "request: {attributes: [name]}", ""},
		{"added behind", "- {at: attribute-sets/toy/attributes, after: id, add: [{name: pad, type: pad, doc: no prose}]}", "max: 0x10}}\n      - {name: pad, type: pad}\n", "prose"},
		{"added last", "- {at: definitions/mode/entries, add: [c]}", "      - {name: '8', value: 7}\n      - c\n", ""},
		{"removed", "- {at: operations/list/get/dump/reply/attributes, remove: ['off', id]}", "reply: {attributes: [name]}", ""},
		{"new section", "- {at: '', was: {}, is: {mcast-groups: {list: [{name: g}]}}}", "mcast-groups:\n  list:\n    - {name: g}\n", ""},
	} {
		o, err := ParseOverlay("toy.yaml", []byte(overlayOf("      "+tt.changes+"\n")))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		f, err := Import("toy.yaml", []byte(toy), o)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !strings.Contains(string(f.Text), tt.has) || tt.lacks != "" && strings.Contains(string(f.Text), tt.lacks) {
			t.Errorf("%s: want %q and not %q in\n%s", tt.name, tt.has, tt.lacks, f.Text)
		}
	}
}

// TestOverlayDoesNotFit applies overlays to a spec that is not what they expect:
// each must say where in the overlay, and what is there instead.
func TestOverlayDoesNotFit(t *testing.T) {
	for _, tt := range []struct{ name, changes, want string }{
		{"other value", "{at: attribute-sets/toy/attributes/id, was: {type: u16}, is: {type: u64}}", `toy.yaml:7: "type" of attribute-sets/toy/attributes/id is u32 and not u16, which this overlay replaces: has upstream changed?`},
		{"key is there", "{at: attribute-sets/toy/attributes/id, was: {}, is: {type: u64}}", `"type" of attribute-sets/toy/attributes/id is u32 and not not there`},
		{"other list", "{at: operations/list/get/do/request/attributes, was: [id], is: [name]}", "is [id, name] and not [id]"},
		{"no such element", "{at: attribute-sets/toy/attributes/nam, was: {}, is: {}}", `there is no "nam" in attribute-sets/toy/attributes (did you mean name?)`},
		{"no such set", "{at: attribute-sets/toys, was: {}, is: {}}", `there is no "toys" in attribute-sets (did you mean toy?)`},
		{"into a value", "{at: name/x, was: {}, is: {}}", `there is no "x" in name`},
		{"has it already", "{at: attribute-sets/toy/attributes, add: [{name: id, type: u8}]}", `attribute-sets/toy/attributes has "id" already`},
		{"nothing to stand behind", "{at: attribute-sets/toy/attributes, after: ix, add: [{name: x, type: u8}]}", `has no "ix" to add something behind (did you mean id?)`},
		{"adding to no list", "{at: name, add: [x]}", "name is no list"},
		{"removing from no list", "{at: name, remove: [x]}", "name is no list"},
		{"removing what is not there", "{at: operations/list/get/do/request/attributes, remove: [nam]}", `has no "nam" to be taken out (did you mean name?)`},
		{"no spec any more", "{at: attribute-sets/toy/attributes/id, was: {type: u32}, is: {type: u31}}", "toy.yaml: what the import made of it is no spec: toy.yaml as written:"},
	} {
		o, err := ParseOverlay("toy.yaml", []byte(overlayOf("      - "+tt.changes+"\n")))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if _, err := Import("toy.yaml", []byte(toy), o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

func TestMalformedOverlay(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"not YAML", "errors: [", "toy.yaml: "},
		{"empty", "", "toy.yaml: the file is empty"},
		{"no mapping", "- x", "toy.yaml:1: an overlay must be a mapping with the keys errors, additions"},
		{"unknown key", "mistakes: []", `toy.yaml:1: an overlay cannot have the key "mistakes"`},
		{"key twice", "errors: []\nerrors: []", "toy.yaml"},
		{"no text", strings.Replace(overlayOf("      - {at: '', was: {}, is: {}}"), "says: one", "says: ''", 1), `toy.yaml:2: an error needs "says"`},
		{"no proof", strings.Replace(overlayOf("      - {at: '', was: {}, is: {}}"), "['linux/toy.h:7 TOY_A_ID']", "[]", 1), `an error needs "proof"`},
		{"bad proof", strings.Replace(overlayOf("      - {at: '', was: {}, is: {}}"), ":7", "", 1), "toy.yaml:5: a proof is written as HEADER:LINE SYMBOL"},
		{"no changes", strings.Replace(overlayOf(""), "    changes:\n", "", 1), `an error needs "changes"`},
		{"two kinds", overlayOf("      - {at: '', add: [], remove: []}"), "toy.yaml:7: a change is one of three"},
		{"no kind", overlayOf("      - {at: ''}"), "a change is one of three"},
		{"no place", overlayOf("      - {add: [x]}"), `a change needs "at"`},
		{"half", overlayOf("      - {at: '', was: {}}"), `needs both "was" and "is"`},
		{"two natures", overlayOf("      - {at: '', was: {}, is: []}"), "must be of one kind"},
		{"no list to add", overlayOf("      - {at: '', add: x}"), `"add" must be a list`},
		{"no list to remove", overlayOf("      - {at: '', remove: x}"), `"remove" must be a list`},
		{"after nothing", overlayOf("      - {at: '', remove: [], after: x}"), `"after" belongs to "add"`},
	} {
		if _, err := ParseOverlay("toy.yaml", []byte(tt.text)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v\nwant %s", tt.name, err, tt.want)
		}
	}
}

// TestOverlayWithoutSpec has a correction for a spec that is not there.
func TestOverlayWithoutSpec(t *testing.T) {
	spec := fstest.MapFS{"toy.yaml": {Data: []byte(toy)}}
	over := fstest.MapFS{"gone.yaml": {Data: []byte(overlayOf("      - {at: '', was: {}, is: {}}"))}}
	if _, err := Dir(spec, over); err == nil || err.Error() != "gone.yaml: there is no spec gone.yaml to correct" {
		t.Errorf("%v", err)
	}
	files, err := Dir(spec, nil)
	if err != nil || len(files) != 1 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// FuzzImport makes sure that no text is a reason to panic, and that what is
// accepted comes out the same when it is imported again.
func FuzzImport(f *testing.F) {
	f.Add(toy, overlayOf("      - {at: attribute-sets/toy/attributes/id, was: {type: u32}, is: {type: u64}}\n"))
	f.Add(toyImported, overlayOf("      - {at: operations/list, remove: [get]}\n"))
	f.Add("name: x\ndoc: &a [*a]", "errors: &a [*a]")
	f.Fuzz(func(t *testing.T, spec, overlay string) {
		o, err := ParseOverlay("toy.yaml", []byte(overlay))
		if err != nil {
			o = nil
		}
		file, err := Import("toy.yaml", []byte(spec), o)
		if err != nil {
			return
		}
		again, err := Import("toy.yaml", file.Text, nil)
		if err != nil || string(again.Text) != string(file.Text) {
			t.Errorf("not stable: %v\n%s\n%s", err, file.Text, again.Text)
		}
	})
}
