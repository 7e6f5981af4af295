package kmod

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
)

// frame is a spec around a name, definitions from its line 5 on, attributes, and
// further operations.
const frame = `name: %s
protocol: genetlink-legacy
doc: What has no form in a module.
definitions:
  - {name: none, type: const, value: 0}%s
attribute-sets:
  -
    name: top
    attributes:
      - {name: id, type: u32}%s
operations:
  list:
    -
      name: get
      doc: Gets a thing.
      attribute-set: top
      do:
        request: {attributes: [id%s]}
        reply: {attributes: [id]}%s
`

func TestRefused(t *testing.T) {
	for _, test := range []struct {
		name                             string
		family, defs, attrs, names, more string
		want                             string
	}{
		{name: "digit first", family: "9p", want: `bad.yaml:1: the family's name "9p" is no name in C: it must begin with a letter and have letters, digits, - and _ only`},
		{name: "blanks", family: "802.15.4 MAC", want: `bad.yaml:1: the family's name "802.15.4 MAC" is no name in C: it must begin with a letter and have letters, digits, - and _ only`},
		{name: "long", family: "a-name-of-16-byt", want: `bad.yaml:1: the family's name "a-name-of-16-byt" has 16 bytes, and the kernel has room for 15`},
		{name: "entry", defs: "\n  - {name: how, type: enum, entries: [so, a.b]}", want: `bad.yaml:6: the name of the entry "a.b" is no name in C: letters, digits, - and _ are`},
		{name: "group", more: "\nmcast-groups: {list: [{name: so many}]}", want: `bad.yaml:20: the name of the group "so many" is no name in C: letters, digits, - and _ are`},
		{name: "long group", more: "\nmcast-groups: {list: [{name: a-group-of-16-by}]}", want: `bad.yaml:20: the group's name "a-group-of-16-by" has 16 bytes, and the kernel has room for 15`},
		{name: "group for admins", more: "\nmcast-groups: {list: [{name: g, flags: [admin-perm]}]}", want: "bad.yaml:20: the group g has the flag admin-perm: who joins a group is asked for a capability in the network's namespace alone, which is uns-admin-perm"},
		{name: "two names alike", attrs: "\n      - {name: default, type: u32}\n      - {name: default-, type: u32}", want: "bad.yaml:12: the attributes default and default- are both default_ in C: rename one of them"},
		{name: "the largest", attrs: "\n      - {name: max, type: u32}", want: "bad.yaml:8: becomes BAD_A_TOP_MAX in C, a name that what stands at bad.yaml:11 has already: rename one of them"},
		{name: "constants alike", defs: "\n  - {name: cmd-get, type: const, value: 1}", want: "bad.yaml:15: becomes BAD_CMD_GET in C, a name that what stands at bad.yaml:6 has already: rename one of them"},
		{name: "functions alike", more: "\n    - {name: init, doc: It., attribute-set: top, do: {pre: setup, request: {attributes: [id]}}}", want: "bad.yaml:20: becomes bad_setup in C, a name that what stands at the generator has already: rename one of them"},
		{name: "large command", more: "\n    - {name: far, doc: It., value: 256, attribute-set: top, do: {request: {attributes: [id]}}}", want: "bad.yaml:20: operation far has the number 256, and a command is at most 255"},
		{name: "same command", more: "\n    - {name: again, doc: It., value: 1, attribute-set: top, do: {request: {attributes: [id]}}}", want: "bad.yaml:20: operations get and again both have the number 1, and the kernel could not tell them apart"},
		{name: "number 0", attrs: "\n      - {name: zero, type: u32, value: 0}", names: ", zero", want: "bad.yaml:11: attribute zero has the number 0, which a kernel takes for unknown in a request"},
		{name: "unknown attribute", names: ", ids", want: "bad.yaml:18: operation get lists the attribute ids, which its set does not have"},
		{name: "another kind in a subset", attrs: "\n  -\n    name: low\n    subset-of: top\n    attributes:\n      - {name: id, type: string}", more: "\n    - {name: all, doc: All., attribute-set: low, do: {request: {attributes: [id]}}}",
			want: "bad.yaml:15: attribute id is of another kind than in the set top, which is what its functions are made for: give the subset's attribute another name and number, or the same type"},
		{name: "array of flags", attrs: "\n      - {name: marks, type: indexed-array, sub-type: flag}", names: ", marks", want: "bad.yaml:11: attribute marks: an indexed array of flag has no form in a kernel module"},
		{name: "several arrays", attrs: "\n      - {name: lists, type: indexed-array, sub-type: u32, multi-attr: true}", names: ", lists", want: "bad.yaml:11: attribute lists: several of type indexed-array has no form in a kernel module"},
		{name: "uint by bytes", attrs: "\n      - {name: big, type: uint, byte-order: big-endian}", names: ", big", want: "bad.yaml:11: attribute big: a uint in big-endian byte order has no form in a kernel module"},
		{name: "deep values", attrs: "\n      - {name: deep, type: nest-type-value, type-value: [a, b, c, d, e], nested-attributes: top}", names: ", deep", want: "bad.yaml:11: attribute deep: a nest-type-value of 5 levels has no form in a kernel module"},
		{name: "empty range", attrs: "\n      - {name: n, type: u8, checks: {min: 300}}", names: ", n", want: "bad.yaml:11: attribute n: no value of type u8 is in the range that is asked for"},
		{name: "turned range", attrs: "\n      - {name: n, type: u8, checks: {min: 3, max: 2}}", names: ", n", want: "bad.yaml:11: attribute n: no value of type u8 is in the range that is asked for"},
		{name: "turned length", attrs: "\n      - {name: n, type: binary, checks: {min-len: 3, max-len: 2}}", names: ", n", want: "bad.yaml:11: attribute n: no length is at least 3 and at most 2"},
		{name: "dump without reply", more: "\n    - {name: all, doc: All., attribute-set: top, dump: {request: {attributes: [id]}}}", want: "bad.yaml:20: the dump of all has no reply, which has no form in a module"},
		{name: "no such group", more: "\n    - {name: ntf, doc: It., notify: get, mcgrp: nobody}", want: "bad.yaml:20: operation ntf is sent to the group nobody, which the spec does not have"},
		{name: "hook of two kinds", more: "\n    - {name: all, doc: All., attribute-set: top, do: {pre: hold, post: hold, request: {attributes: [id]}}}", want: "bad.yaml:20: the hook hold is used in two ways (pre and post, do and dump), which have different forms: give them different names"},
		{name: "hook without a name", more: "\n    - {name: all, doc: All., attribute-set: top, do: {pre: hold it, request: {attributes: [id]}}}", want: `bad.yaml:20: the hook "hold it" is no name in C: letters, digits, - and _ are`},
		{name: "headers", defs: "\n  - {name: head, type: struct, members: [{name: n, type: u32}]}", more: "\n    - {name: all, doc: All., fixed-header: head, attribute-set: top, do: {request: {attributes: [id]}}}",
			want: "bad.yaml:21: operation all has the fixed header head and get has no fixed header: all messages of a generic netlink family have the same"},
		{name: "header elsewhere", more: "\nuapi-header: ../../linux/bad.h", want: `bad.yaml:1: the uapi header "../../linux/bad.h" must be a path below the module's folder uapi that ends in .h, such as linux/bad.h`},
		{name: "header of a definition", defs: "\n  - {name: far, type: const, value: 3, header: 'linux/x.h>'}", want: `bad.yaml:1: the header "linux/x.h>" is no path of a header that C could include, such as linux/types.h`},
		{name: "prefix", defs: "\n  - {name: how, type: enum, name-prefix: 'a b-', entries: [so]}", want: `bad.yaml:6: becomes "A B_SO" in C, which is no name there: letters, digits, - and _ are`},
		{name: "option", more: "\n    - {name: all, doc: All., config-cond: 'x y', attribute-set: top, do: {request: {attributes: [id]}}}", want: `bad.yaml:20: config-cond "x y" is no name of an option of the kernel: letters, digits, - and _ are`},
		{name: "two at once", attrs: "\n      - {name: marks, type: indexed-array, sub-type: flag}\n      - {name: big, type: uint, byte-order: big-endian}", names: ", marks, big",
			want: "bad.yaml:11: attribute marks: an indexed array of flag has no form in a kernel module\nbad.yaml:12: attribute big: a uint in big-endian byte order has no form in a kernel module"},
	} {
		t.Run(test.name, func(t *testing.T) {
			family := test.family
			if family == "" {
				family = "bad"
			}
			spec, err := ynl.Parse("bad.yaml", fmt.Appendf(nil, frame, family, test.defs, test.attrs, test.names, test.more))
			if err != nil {
				t.Fatal(err)
			}
			mod, err := Generate(spec, Options{})
			if _, ok := errors.AsType[*Error](err); !ok || mod != nil {
				t.Fatalf("%v, %v, want no module and an *Error", mod, err)
			}
			if err.Error() != test.want {
				t.Errorf("the error says\n%s\nwant\n%s", err, test.want)
			}
		})
	}
	spec, err := ynl.Parse("bad.yaml", fmt.Appendf(nil, frame, "bad", "", "", "", ""))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := Generate(spec, Options{Source: "bad.yaml"})
	if err != nil || mod.Name != "bad" || !strings.Contains(string(mod.Files[4].Text), "Made by nlkit gen kmod from bad.yaml.") {
		t.Errorf("the frame alone: %v", err)
	}
}

// TestRefusedEmpty is told that there is nothing to generate.
func TestRefusedEmpty(t *testing.T) {
	spec, err := ynl.Parse("bad.yaml", []byte("name: bad\ndoc: Nothing.\nattribute-sets: []\noperations: {list: [{name: old, doc: Not used.}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Generate(spec, Options{}); err == nil || err.Error() != "bad.yaml:1: the family has no operation that can be asked for and no group: there is nothing to generate a module for" {
		t.Error(err)
	}
}

// FuzzGenerate generates modules for whatever is a spec: it is refused, or is the
// same twice.
func FuzzGenerate(f *testing.F) {
	f.Add(fmt.Appendf(nil, frame, "good", "", "", "", ""))
	f.Add(fmt.Appendf(nil, frame, "good", "\n  - {name: how, type: flags, entries: [so, {name: far, value: 63}]}", "\n      - {name: n, type: sint, enum: how}\n      - {name: in, type: nest, nested-attributes: top}", ", n, in", ""))
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, err := ynl.Parse("fuzz.yaml", text)
		if err != nil {
			return
		}
		mod, err := Generate(spec, Options{Source: "fuzz.yaml"})
		if err != nil {
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Fatal(err)
			}
			return
		}
		for _, file := range mod.Files {
			if strings.Contains(file.Name, "..") || strings.HasPrefix(file.Name, "/") {
				t.Errorf("file %q", file.Name)
			}
		}
		for name := range definitions(string(mod.Author.Text)) {
			if !strings.HasPrefix(name, mod.Name+"_") {
				t.Errorf("function %s", name)
			}
		}
		if missing := len(mod.Stubs) - len(definitions(string(mod.Author.Text))); missing != 0 {
			t.Errorf("%d stubs are not found in the file that has all", missing)
		}
	})
}
