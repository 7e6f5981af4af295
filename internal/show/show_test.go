package show

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/specs"
)

var update = flag.Bool("update", false, "write the golden files anew")

func spec(t *testing.T, name string) *ynl.Spec {
	t.Helper()
	s, err := ynl.ParseFile(filepath.Join("testdata", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// golden compares a text with that of a file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}

// kernel is one that has the boat, without the operation "list" and the group
// "far", and accepts one attribute that the spec does not list and one that it
// does not know.
func kernel(s *ynl.Spec) *Kernel {
	nested := netlink.AttrPolicy{Type: netlink.PolicyNested, HasNested: true, Nested: 1}
	u32 := netlink.AttrPolicy{Type: netlink.PolicyU32, HasUnsigned: true, MaxU: 1<<32 - 1}
	captain := s.Set("boat").Attr("captain")
	policy := Policy{Known: true, Attrs: []client.AttrPolicy{
		{Name: "name", ID: 1, Attr: s.Set("boat").Attr("name"), AttrPolicy: netlink.AttrPolicy{Type: netlink.PolicyNulString, HasMaxLen: true, MaxLen: 31}},
		{Name: "speed", ID: 2, Attr: s.Set("boat").Attr("speed"), AttrPolicy: netlink.AttrPolicy{Type: netlink.PolicyU32, HasUnsigned: true, MinU: 1, MaxU: 50}},
		{Name: "captain", ID: captain.ID, Attr: captain, AttrPolicy: nested, Inside: []client.AttrPolicy{{Name: "rank", ID: 1, AttrPolicy: u32}}},
		{Name: "attr-77", ID: 77, AttrPolicy: u32},
	}}
	return &Kernel{
		Family: &genetlink.Family{
			ID: 33, Name: "boat", Version: 3,
			Ops:    []genetlink.Op{{ID: 1, Flags: genetlink.CanDo | genetlink.CanDump}, {ID: 2, Flags: genetlink.CanDo}},
			Groups: []genetlink.Group{{Name: "boats", ID: 19}},
		},
		Do: policy, Dump: policy,
	}
}

func TestPages(t *testing.T) {
	boat, harbour := spec(t, "boat"), spec(t, "harbour")
	for _, tt := range []struct {
		name  string
		write func(w io.Writer) error
	}{
		{"boat.txt", func(w io.Writer) error { return Family(w, boat, "boat.yaml", nil, Options{}) }},
		{"boat-kernel.txt", func(w io.Writer) error { return Family(w, boat, "boat.yaml", kernel(boat), Options{}) }},
		{"boat-absent.txt", func(w io.Writer) error { return Family(w, boat, "boat.yaml", &Kernel{}, Options{Width: 50}) }},
		{"harbour.txt", func(w io.Writer) error { return Family(w, harbour, "the catalogue", nil, Options{}) }},
		{"boat-get.txt", func(w io.Writer) error { return Op(w, boat, boat.Op("get"), nil, Options{}) }},
		{"boat-get-kernel.txt", func(w io.Writer) error { return Op(w, boat, boat.Op("get"), kernel(boat), Options{}) }},
		{"boat-get-color.txt", func(w io.Writer) error {
			return Op(w, boat, boat.Op("get"), kernel(boat), Options{Color: true, Width: 60})
		}},
		{"boat-set.txt", func(w io.Writer) error { return Op(w, boat, boat.Op("set"), nil, Options{Width: 40}) }},
		{"boat-list-kernel.txt", func(w io.Writer) error { return Op(w, boat, boat.Op("list"), kernel(boat), Options{}) }},
		{"boat-new-ntf.txt", func(w io.Writer) error { return Op(w, boat, boat.Op("new-ntf"), nil, Options{}) }},
		{"boat-storm.txt", func(w io.Writer) error { return Op(w, boat, boat.Op("storm"), nil, Options{}) }},
		{"harbour-get.txt", func(w io.Writer) error { return Op(w, harbour, harbour.Op("get"), nil, Options{}) }},
		{"harbour-reserved.txt", func(w io.Writer) error { return Op(w, harbour, harbour.Op("reserved"), nil, Options{}) }},
	} {
		var b bytes.Buffer
		if err := tt.write(&b); err != nil {
			t.Fatal(err)
		}
		golden(t, tt.name, b.Bytes())
	}
	var b bytes.Buffer
	for _, name := range []string{"boat", "part", "mode", "lights", "hdr", "nosuch"} {
		ok, err := Part(&b, boat, name, Options{})
		if err != nil || ok != (name != "nosuch") {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
		fmt.Fprintln(&b)
	}
	if _, err := Part(&b, harbour, "options", Options{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "parts.txt", b.Bytes())
}

func TestJSON(t *testing.T) {
	boat, harbour := spec(t, "boat"), spec(t, "harbour")
	for name, v := range map[string]any{
		"boat.json":        NewFamilyJSON(boat, "boat.yaml", kernel(boat)),
		"harbour.json":     NewFamilyJSON(harbour, "the catalogue", nil),
		"boat-get.json":    NewOpJSON(boat, boat.Op("get"), kernel(boat)),
		"harbour-get.json": NewOpJSON(harbour, harbour.Op("get"), nil),
		"lights.json":      NewPartJSON(boat, "lights"),
	} {
		text, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, append(text, '\n'))
	}
}

// TestCatalogue shows all there is in the catalogue, in lines that fit.
func TestCatalogue(t *testing.T) {
	for _, name := range specs.Names() {
		s, err := specs.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		err = Family(&b, s, "the catalogue", nil, Options{})
		for _, op := range s.Ops {
			err = errors.Join(err, Op(&b, s, op, nil, Options{}))
		}
		for _, set := range s.Sets {
			_, partErr := Part(&b, s, set.Name, Options{})
			err = errors.Join(err, partErr)
		}
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			line = strings.TrimSuffix(line, "\n")
			if utf8.RuneCountInString(line) > 80 || strings.TrimRight(line, " ") != line || strings.Contains(line, "\x1b") {
				t.Errorf("%s: %q", name, line)
			}
		}
	}
}

// TestTerminal keeps a spec's text from writing to the terminal what it likes.
func TestTerminal(t *testing.T) {
	s, err := ynl.Parse("bad.yaml", []byte("name: \"b\\e[31m\"\ndoc: \"x\\e[2J\"\nprotocol: genetlink-c\ndefinitions: [{name: e, type: enum, doc: \"\\e\", entries: [\"a\\e[0m\"]}]\n"+
		"attribute-sets: [{name: \"s\\e\", attributes: [{name: \"a\\e\", type: u8, enum: e, doc: \"\\e\"}]}]\n"+
		"operations: {list: [{name: \"o\\e\", doc: \"\\a\\e\", attribute-set: \"s\\e\", do: {request: {attributes: [\"a\\e\"]}}}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = errors.Join(Family(&b, s, "bad.yaml", nil, Options{}), Op(&b, s, s.Ops[0], nil, Options{}))
	for _, name := range []string{"s\x1b", "e"} {
		_, partErr := Part(&b, s, name, Options{})
		err = errors.Join(err, partErr)
	}
	if err != nil || strings.ContainsAny(b.String(), "\x1b\a") {
		t.Errorf("%v, %q", err, b.String())
	}
}
