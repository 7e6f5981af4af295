package ynl

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/nlkit/nlkit/wire"
)

// ParseFile reads a spec from a file, as [Parse] does. A file that cannot be read
// is an [*os.PathError].
func ParseFile(path string) (*Spec, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	// A device or a pipe may have no end.
	text, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err != nil {
		return nil, err
	}
	return Parse(path, text)
}

// maxProtocol is the largest number of a Netlink protocol (MAX_LINKS in
// linux/netlink.h, less 1).
const maxProtocol = 31

// Parse reads a spec. file names it in positions. A spec that breaks the rules
// of its schema is refused with a [*SpecError], as is what is no YAML. Work and
// memory are bounded whatever the text says. Parse keeps nothing of text.
func Parse(file string, text []byte) (*Spec, error) {
	root, err := parseYAML(file, text)
	if err != nil {
		return nil, err
	}
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
	// consts by the names they have in C.
	cConsts map[string]*Const
	// Names of what was refused: that they cannot be found is no news.
	broken map[string]bool
	// later is done when everything that can be named is there.
	later []func()
}

// load reads the whole document. What it returns is of use only if there are no
// problems.
func (l *loader) load(root *yaml.Node) (s *Spec) {
	defer func() {
		if p := recover(); p != nil && p != any(tooMuch{}) {
			panic(p)
		}
	}()
	s = &Spec{
		File: l.file, Version: 1, Protocol: wire.Generic, KernelPolicy: "split",
		consts: map[string]*Const{}, enums: map[string]*Enum{}, structs: map[string]*Struct{},
		sets: map[string]*AttrSet{}, subMessages: map[string]*SubMessage{},
		ops: map[string]*Op{}, groups: map[string]*Group{},
		incoming: map[uint16]*Op{}, requests: map[uint16]*Op{},
	}
	l.spec, l.cConsts, l.broken = s, map[string]*Const{}, map[string]bool{}
	if root = l.follow(root); root.Kind != yaml.MappingNode {
		l.problem(root.Line, "a spec must be a mapping of keys and values, not %s", describe(root))
		return s
	}
	var ok bool
	if l.level, ok = l.levelOf(root); !ok {
		return s // what else is right or wrong depends on it
	}
	s.Level = l.level
	o := l.object(root, "the spec", specKeys)
	l.head(o)
	if n := o.values["kernel-family"]; n != nil {
		ko := l.object(n, "\"kernel-family\"", kernelFamilyKeys)
		for _, n := range l.texts(ko, "headers", "\"kernel-family\"") {
			s.Kernel.Headers = append(s.Kernel.Headers, n.Value)
		}
		s.Kernel.SockPriv = ko.text("sock-priv")
	}
	for _, n := range o.list("definitions") {
		l.definition(n)
	}
	for _, st := range s.Structs {
		l.layout(st)
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

// head reads what a spec says of the family as a whole.
func (l *loader) head(o object) {
	s := l.spec
	s.Name, s.Doc = o.text("name"), o.text("doc")
	s.Pos = Pos{l.file, o.line("name")}
	if o.has("version") {
		v, _ := o.int("version")
		if v.Abs < 1 || v.Abs > 255 {
			l.problem(o.line("version"), "\"version\" must be from 1 to 255, not %s", v)
		}
		s.Version = uint8(v.Abs)
	}
	if s.IsRaw() {
		v, _ := o.int("protonum")
		switch {
		case !o.tried("protonum"):
			l.problem(o.node.Line, "a spec of protocol netlink-raw needs \"protonum\", the number of its protocol")
		case v.Abs > maxProtocol:
			l.problem(o.line("protonum"), "\"protonum\" must be from 0 to %d, not %s", maxProtocol, v)
		}
		s.Protocol = wire.Protocol(v.Abs)
	}
	if o.has("kernel-policy") {
		s.KernelPolicy = o.text("kernel-policy")
		s.SaysPolicy = true
	}
	s.C = CNames{
		UAPIHeader: o.text("uapi-header"), FamilyName: o.text("c-family-name"), VersionName: o.text("c-version-name"),
		MaxByDefine: o.bool("max-by-define"), CmdMaxName: o.text("cmd-max-name"), CmdCntName: o.text("cmd-cnt-name"),
	}
	if s.C.UAPIHeader == "" {
		s.C.UAPIHeader = "linux/" + strings.ReplaceAll(s.Name, "-", "_") + ".h"
	}
}

// levelOf finds the schema's level, on which the meaning of all else depends. It
// reports false where there is no such level.
func (l *loader) levelOf(root *yaml.Node) (Level, bool) {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if k, v := l.follow(root.Content[i]), l.follow(root.Content[i+1]); k.Value == "protocol" {
			if !l.word(v, "the spec: \"protocol\"", levelWords) {
				return 0, false
			}
			return Level(slices.Index(levelNames[:], v.Value)), true
		}
	}
	return Genetlink, true
}

// name registers something under its name, which must be free.
func name[T any](l *loader, m map[string]T, what, name string, line int, v T) {
	if name == "" {
		return // refused before
	}
	if _, ok := m[name]; ok {
		l.problem(line, "there is another %s %q before this one", what, shorten(name))
		return
	}
	m[name] = v
}

// find looks a name up, and suggests others where it is not there.
func find[T any](l *loader, m map[string]T, what, name string, line int) T {
	v, ok := m[name]
	if !ok && !l.broken[name] {
		l.problem(line, "there is no %s %q%s", what, shorten(name), l.suggest(name, sortedKeys(m)))
	}
	return v
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

func (l *loader) definition(n *yaml.Node) {
	o, _ := l.named(n, "definition", "", definitionKeys)
	what := fmt.Sprintf("%s %q", o.text("type"), shorten(o.text("name")))
	if !o.has("name") || !o.has("type") {
		l.broken[o.text("name")] = true
		return
	}
	wants := map[string][]string{
		"const":  {"value"},
		"enum":   {"entries", "value-start"},
		"flags":  {"entries", "value-start"},
		"struct": {"members"},
	}[o.text("type")]
	for _, k := range []string{"value", "value-start", "entries", "members"} {
		if o.has(k) && !slices.Contains(wants, k) {
			l.problem(o.line(k), "%s cannot have %q", what, k)
		}
	}
	if k := wants[0]; !o.has(k) {
		if !o.tried(k) {
			l.problem(o.node.Line, "%s has no %q", what, k)
		}
		l.broken[o.text("name")] = true
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

// scopeOf reads who sees a definition, which is everybody if it does not say.
func scopeOf(o object) string {
	if s := o.text("scope"); s != "uapi" {
		return s
	}
	return ""
}

func (l *loader) constant(o object) {
	c := &Const{
		Name: o.text("name"), Pos: l.pos(o.node), Header: o.text("header"), Scope: scopeOf(o),
		Text: o.values["value"].Value, CPrefix: o.text("name-prefix"),
	}
	if v, ok := o.int("value"); ok {
		c.IsInt, c.Value, c.number = true, int64(v.bits()), v
	}
	if c.CPrefix != "" {
		l.cConsts[c.CPrefix+c.Name] = c
	}
	l.spec.Consts = append(l.spec.Consts, c)
	name(l, l.spec.consts, "const", c.Name, o.node.Line, c)
}

func (l *loader) enum(o object, what string) {
	e := &Enum{
		Name: o.text("name"), Pos: l.pos(o.node), Doc: o.text("doc"), IsFlags: o.text("type") == "flags",
		Header: o.text("header"), Scope: scopeOf(o),
		CPrefix: o.text("name-prefix"), HasCPrefix: o.has("name-prefix"), CName: o.text("enum-name"),
		CNameNone: o.isNull("enum-name"), RenderMax: o.bool("render-max"), EnumCntName: o.text("enum-cnt-name"),
		byName: map[string]*Entry{}, byValue: map[uint64]*Entry{},
	}
	next := uint64(0)
	if o.has("value-start") {
		v, ok := o.int("value-start")
		if !ok {
			l.problem(o.line("value-start"), "%s: \"value-start\" must be a number, not %s", what, describe(o.values["value-start"]))
		}
		next = v.bits()
	}
	for _, n := range o.list("entries") {
		n = l.follow(n)
		entry := &Entry{Pos: l.pos(n), Value: next}
		if isText(n) && n.Value != "" {
			entry.Name = n.Value // any text, where a mapping's name may not
		} else if n.Kind != yaml.MappingNode {
			l.problem(n.Line, "%s: an entry must be a name, or a mapping with one, not %s%s", what, describe(n), inQuotes(n))
			continue
		} else {
			eo, _ := l.named(n, "entry", " of "+what, entryKeys)
			if entry.Name, entry.Doc = eo.text("name"), eo.text("doc"); entry.Name == "" {
				continue
			}
			if v, ok := eo.int("value"); ok {
				entry.Value = v.bits()
			}
		}
		if e.IsFlags && entry.Value > 63 {
			l.problem(n.Line, "%s: entry %q would be bit %d; bits are from 0 to 63", what, shorten(entry.Name), int64(entry.Value))
		}
		next = entry.Value + 1
		e.Entries = append(e.Entries, entry)
		if e.byName[entry.Name] != nil {
			l.problem(n.Line, "%s has another entry %q before this one", what, shorten(entry.Name))
		}
		e.byName[entry.Name] = entry
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
