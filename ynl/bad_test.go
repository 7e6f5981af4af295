package ynl

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// badSpec is one case of testdata/bad.txt.
type badSpec struct {
	name, level, part, want string
}

const badFile = "testdata/bad.txt"

func readBad(t testing.TB) (head string, cases []badSpec) {
	t.Helper()
	text, err := os.ReadFile(badFile)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "\n== ")
	for _, p := range parts[1:] {
		title, rest, _ := strings.Cut(p, "\n")
		name, level, ok := strings.Cut(strings.TrimSuffix(title, ")"), " (")
		part, want, found := strings.Cut("\n"+rest, "\n--\n")
		if !ok || !found {
			t.Fatalf("%s: case %q has no level or no end", badFile, title)
		}
		cases = append(cases, badSpec{name, level, strings.TrimPrefix(part+"\n", "\n"), strings.TrimSpace(want)})
	}
	return parts[0], cases
}

// spec puts a case's lines between what each spec has.
func (b badSpec) spec() string {
	head := "name: t\ndoc: d\n"
	switch b.level {
	case "none":
		return head
	case "netlink-raw":
		head += "protocol: netlink-raw\nprotonum: 0\n"
	default:
		head += "protocol: " + b.level + "\nuapi-header: linux/t.h\n"
	}
	out := head + b.part
	for _, section := range []string{"attribute-sets: []", "operations: {list: []}"} {
		key, _, _ := strings.Cut(section, " ")
		if !strings.Contains(out, "\n"+key) {
			out += section + "\n"
		}
	}
	return out
}

func TestBadSpecs(t *testing.T) {
	head, cases := readBad(t)
	if len(cases) < 50 {
		t.Errorf("%d cases in %s", len(cases), badFile)
	}
	out := head
	for _, b := range cases {
		got := "accepted"
		if _, err := Parse("t.yaml", []byte(b.spec())); err != nil {
			got = err.Error()
			if e, ok := errors.AsType[*SpecError](err); !ok || len(e.Problems) == 0 {
				t.Errorf("%s: error %T, want a *SpecError with problems", b.name, err)
			}
		}
		out += fmt.Sprintf("\n== %s (%s)\n%s--\n%s\n", b.name, b.level, b.part, got)
		if !*update && got != b.want {
			t.Errorf("%s:\n%s\nwant\n%s", b.name, got, b.want)
		}
		if got == "accepted" {
			t.Errorf("%s: was accepted", b.name)
		}
	}
	if *update {
		if err := os.WriteFile(badFile, []byte(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestBadWhole has what cannot be a part of a spec.
func TestBadWhole(t *testing.T) {
	bomb := "name: t\ndoc: d\nx: &a [" + strings.Repeat("{name: x, type: u8},", 3000) + "]\nattribute-sets:\n" +
		strings.Repeat("- {name: y, attributes: *a}\n", 3000) + "operations: {list: []}\n"
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "t.yaml:1: the file is empty: a spec begins with its name"},
		{"comment", "# nothing\n", "t.yaml:1: the file is empty: a spec begins with its name"},
		{"list", "- name\n", "t.yaml:1: a spec must be a mapping of keys and values, not a list"},
		{"text", "hello\n", `t.yaml:1: a spec must be a mapping of keys and values, not "hello"`},
		{"binary", "name: \x7fELF\x00\x01", "t.yaml:1: this is no text: it has a NUL in it"},
		{"Latin-1", "name: caf\xe9\n", "t.yaml:1: this is no text: the byte 0xe9 is not UTF-8"},
		{"protocol", "name: t\nprotocol: generic\nprotonum: 1\n",
			`t.yaml:2: the spec: "protocol" must be one of genetlink, genetlink-c, genetlink-legacy, netlink-raw, not "generic"`},
		{"no protonum", "name: t\ndoc: d\nprotocol: netlink-raw\nattribute-sets: []\noperations: {list: []}\n",
			`t.yaml:1: a spec of protocol netlink-raw needs "protonum", the number of its protocol`},
		{"protonum", "name: t\ndoc: d\nprotocol: netlink-raw\nprotonum: 32\nattribute-sets: []\noperations: {list: []}\n",
			`t.yaml:4: "protonum" must be from 0 to 31, not 32`},
		{"large", strings.Repeat("#", maxText+1), "t.yaml: the file has more than 2097152 bytes, which no spec has"},
	} {
		if _, err := Parse("t.yaml", []byte(tt.text)); err == nil || err.Error() != tt.want {
			t.Errorf("%s:\n%v\nwant\n%s", tt.name, err, tt.want)
		}
	}
	for name, text := range map[string]string{"bomb": bomb, "problems": "name: t\n" + strings.Repeat("? [a]\n: 1\n", 100_000)} {
		_, err := Parse("t.yaml", []byte(text))
		e, ok := errors.AsType[*SpecError](err)
		if !ok || len(e.Problems) > maxProblems+1 {
			t.Errorf("%s: %T, want a *SpecError with at most %d problems", name, err, maxProblems)
		}
	}
}

func TestParseFileMissing(t *testing.T) {
	if _, err := ParseFile("testdata/nosuch.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that there is no such file", err)
	}
	if _, err := ParseFile("testdata"); err == nil {
		t.Error("a folder was read")
	}
}
