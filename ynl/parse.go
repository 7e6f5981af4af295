package ynl

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/nlkit/nlkit/wire"
)

// ParseFile reads a spec from a file.
func ParseFile(path string) (*Spec, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(path, text)
}

// Parse reads a spec. file names it in positions. A spec that breaks the rules
// of its schema is refused with a [*SpecError].
func Parse(file string, text []byte) (spec *Spec, err error) {
	root, err := parseYAML(file, text)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			if p != errAliasBomb {
				panic(p)
			}
			spec, err = nil, &SpecError{[]Problem{{Pos{file, 1}, "the aliases in it unfold to more than any spec has"}}}
		}
	}()
	l := loader{reader: reader{file: file}}
	s := l.load(root)
	if len(l.problems) > 0 {
		slices.SortStableFunc(l.problems, func(a, b Problem) int { return a.Line - b.Line })
		return nil, &SpecError{l.problems}
	}
	return s, nil
}

// loader builds a model from a document.
type loader struct {
	reader
	spec *Spec
	// What attributes of sets were read from, for the subsets that take over
	// from them.
	attrs map[*Attr]object
	// later is done when everything that can be named is there.
	later []func()
}

// load reads the whole document. What it returns is of use only if there are no
// problems.
func (l *loader) load(root *yaml.Node) *Spec {
	l.attrs = make(map[*Attr]object)
	s := &Spec{
		File: l.file, Version: 1, Protocol: wire.Generic, KernelPolicy: "split",
		consts: map[string]*Const{}, enums: map[string]*Enum{}, structs: map[string]*Struct{},
		sets: map[string]*AttrSet{}, subMessages: map[string]*SubMessage{},
		ops: map[string]*Op{}, groups: map[string]*Group{},
		incoming: map[uint16]*Op{}, requests: map[uint16]*Op{},
	}
	l.spec = s
	l.level = levelOf(root)
	s.Level = l.level
	o := l.object(root, "the spec", specKeys)
	if root.Kind != yaml.MappingNode {
		return s
	}
	s.Name, s.Doc = o.text("name"), o.text("doc")
	if o.has("name") && s.Name == "" {
		l.problem(o.line("name"), "the spec's \"name\" is empty")
	}
	if o.has("version") {
		v, _ := o.int("version")
		if v.Abs < 1 || v.Abs > 255 {
			l.problem(o.line("version"), "\"version\" must be from 1 to 255, not %s", v)
		}
		s.Version = uint8(v.Abs)
	}
	if s.IsRaw() {
		v, ok := o.int("protonum")
		switch {
		case !ok:
			l.problem(root.Line, "a spec of protocol netlink-raw needs \"protonum\", the number of its protocol")
		case v.Abs > 31:
			l.problem(o.line("protonum"), "\"protonum\" must be from 0 to 31, not %s", v)
		}
		s.Protocol = wire.Protocol(v.Abs)
	}
	if o.has("kernel-policy") {
		s.KernelPolicy = o.text("kernel-policy")
	}
	s.C = CNames{
		UAPIHeader: o.text("uapi-header"), FamilyName: o.text("c-family-name"), VersionName: o.text("c-version-name"),
		MaxByDefine: o.bool("max-by-define"), CmdMaxName: o.text("cmd-max-name"), CmdCntName: o.text("cmd-cnt-name"),
	}
	if s.C.UAPIHeader == "" {
		s.C.UAPIHeader = "linux/" + strings.ReplaceAll(s.Name, "_", "-") + ".h"
	}
	if n := o.values["kernel-family"]; n != nil {
		l.object(n, "\"kernel-family\"", kernelFamilyKeys)
	}
	for _, n := range o.list("definitions") {
		l.definition(n)
	}
	for _, st := range s.Structs {
		l.layout(st, nil)
	}
	for _, n := range o.list("attribute-sets") {
		l.set(n)
	}
	for _, n := range o.list("sub-messages") {
		l.subMessage(n)
	}
	for _, f := range l.later {
		f()
	}
	if n := o.values["operations"]; n != nil {
		l.operations(n)
	}
	if n := o.values["mcast-groups"]; n != nil {
		l.groups(n)
	}
	return s
}

// levelOf finds the schema's level, on which the meaning of all else depends.
func levelOf(root *yaml.Node) Level {
	if root.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(root.Content); i += 2 {
			if root.Content[i].Value == "protocol" {
				if at := slices.Index(levelNames[:], root.Content[i+1].Value); at >= 0 {
					return Level(at)
				}
			}
		}
	}
	return Genetlink
}

// name registers something under its name, which must be free.
func name[T any](l *loader, m map[string]T, what, name string, line int, v T) {
	if _, ok := m[name]; ok {
		l.problem(line, "there is another %s %q before this one", what, name)
		return
	}
	m[name] = v
}

// find looks a name up, and suggests others where it is not there.
func find[T any](l *loader, m map[string]T, what, name string, line int) T {
	v, ok := m[name]
	if !ok {
		l.problem(line, "there is no %s %q%s", what, name, suggest(name, sortedKeys(m)))
	}
	return v
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (l *loader) definition(n *yaml.Node) {
	o := l.object(n, "a definition", definitionKeys)
	what := fmt.Sprintf("%s %q", o.text("type"), o.text("name"))
	if !o.has("name") || !o.has("type") {
		return
	}
	wants := map[string][]string{
		"const":  {"value"},
		"enum":   {"entries", "value-start", "render-max", "enum-name", "name-prefix", "enum-cnt-name"},
		"flags":  {"entries", "value-start", "render-max", "enum-name", "name-prefix", "enum-cnt-name"},
		"struct": {"members", "enum-name", "name-prefix"},
	}[o.text("type")]
	for _, k := range []string{"value", "value-start", "entries", "members"} {
		if o.has(k) && !slices.Contains(wants, k) {
			l.problem(o.line(k), "%s cannot have %q", what, k)
		}
	}
	if k := wants[0]; !o.has(k) {
		l.problem(o.node.Line, "%s has no %q", what, k)
		return
	}
	switch o.text("type") {
	case "const":
		l.constant(o)
	case "struct":
		l.structure(o, what)
	default:
		l.enum(o, what)
	}
}

func (l *loader) constant(o object) {
	c := &Const{Name: o.text("name"), Pos: l.pos(o.node), Header: o.text("header"), Text: o.values["value"].Value, CPrefix: o.text("name-prefix")}
	if v, ok := o.int("value"); ok {
		c.IsInt, c.Value = true, int64(v.Abs)
		if v.Neg {
			c.Value = -c.Value
		}
	}
	l.spec.Consts = append(l.spec.Consts, c)
	name(l, l.spec.consts, "const", c.Name, o.node.Line, c)
}

func (l *loader) enum(o object, what string) {
	e := &Enum{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), IsFlags: o.text("type") == "flags",
		Header: o.text("header"), CPrefix: o.text("name-prefix"), HasCPrefix: o.has("name-prefix"), CName: o.text("enum-name"),
		CNameNone: o.isNull("enum-name"), RenderMax: o.bool("render-max"), EnumCntName: o.text("enum-cnt-name"),
		byName: map[string]*Entry{}, byValue: map[uint64]*Entry{},
	}
	next := uint64(0)
	if o.has("value-start") {
		v, ok := o.int("value-start")
		if !ok {
			l.problem(o.line("value-start"), "%s: \"value-start\" must be a number", what)
		}
		next = v.bits()
	}
	for _, n := range o.list("entries") {
		n = l.follow(n)
		entry := &Entry{Pos: l.pos(n), Value: next}
		if isText(n) {
			entry.Name = n.Value // any text, where a mapping's name may not
		} else if n.Kind != yaml.MappingNode {
			l.problem(n.Line, "%s: an entry must be a name, or a mapping with one, not %s", what, describe(n))
			continue
		} else {
			eo := l.object(n, "an entry of "+what, entryKeys)
			entry.Name, entry.Doc = eo.text("name"), eo.text("doc")
			if v, ok := eo.int("value"); ok {
				entry.Value = v.bits()
			}
		}
		if e.IsFlags && entry.Value > 63 {
			l.problem(n.Line, "%s: %q would be bit %d; the last one is 63", what, entry.Name, entry.Value)
		}
		next = entry.Value + 1
		e.Entries = append(e.Entries, entry)
		name(l, e.byName, "entry of "+what+",", entry.Name, n.Line, entry)
		e.byValue[entry.Value] = entry
	}
	l.spec.Enums = append(l.spec.Enums, e)
	name(l, l.spec.enums, "enum", e.Name, o.node.Line, e)
}

// bits is a number in two's complement.
func (l Limit) bits() uint64 {
	if l.Neg {
		return -l.Abs
	}
	return l.Abs
}
