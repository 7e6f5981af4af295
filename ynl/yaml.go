package ynl

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/nlkit/nlkit/internal/near"
)

// maxNodes bounds what aliases can make of a small file: more nodes than any
// spec has by far.
const maxNodes = 1 << 20

// reader walks a YAML document by the schema's rules. What breaks them is
// written down and left out; what is read afterwards can be believed.
type reader struct {
	file     string
	level    Level
	nodes    int
	problems []Problem
}

func (r *reader) problem(line int, format string, args ...any) {
	if len(r.problems) < 1000 {
		r.problems = append(r.problems, Problem{Pos{r.file, line}, fmt.Sprintf(format, args...)})
	}
}

func (r *reader) pos(n *yaml.Node) Pos { return Pos{r.file, n.Line} }

// errAliasBomb stops the reading of a document that unfolds without end.
var errAliasBomb = errors.New("ynl: aliases unfold to too many nodes")

// follow goes from an alias to what it stands for.
func (r *reader) follow(n *yaml.Node) *yaml.Node {
	if r.nodes++; r.nodes > maxNodes {
		panic(errAliasBomb)
	}
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	return n
}

// parseYAML returns the outermost node of a text.
func parseYAML(file string, text []byte) (*yaml.Node, error) {
	fail := func(line int, text string) error {
		return &SpecError{[]Problem{{Pos{file, line}, text}}}
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, fail(1+bytes.Count(text[:i], []byte("\n")), "this is no text: it has a NUL in it")
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		line, msg := yamlError(err)
		return nil, fail(line, msg)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, fail(1, "the file is empty: a spec begins with its name")
	}
	return doc.Content[0], nil
}

var yamlLine = regexp.MustCompile(`line (\d+)(?:, column \d+)?:? ?`)

// yamlError takes the line out of a YAML library's message.
func yamlError(err error) (int, string) {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if m := yamlLine.FindStringSubmatchIndex(msg); m != nil {
		if n, err := strconv.Atoi(msg[m[2]:m[3]]); err == nil {
			line = n
		}
		msg = msg[:m[0]] + msg[m[1]:]
	}
	return line, "not YAML: " + strings.TrimSpace(msg)
}

// object is a mapping that was read by its rules.
type object struct {
	node   *yaml.Node
	values map[string]*yaml.Node
}

// object reads a mapping: its keys must be known, and appear once. what names it
// in problems.
func (r *reader) object(n *yaml.Node, what string, known keys) object {
	n = r.follow(n)
	o := object{node: n, values: make(map[string]*yaml.Node)}
	if n.Kind != yaml.MappingNode {
		r.problem(n.Line, "%s must be a mapping of keys and values, not %s", what, describe(n))
		return o
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := r.follow(n.Content[i]), r.follow(n.Content[i+1])
		rule, ok := known[k.Value]
		switch {
		case k.Kind != yaml.ScalarNode:
			r.problem(k.Line, "a key of %s must be a word, not %s", what, describe(k))
		case !ok:
			r.problem(k.Line, "%s cannot have the key %q%s", what, k.Value, meant(k.Value, known))
		case !rule.allowed(r.level):
			r.problem(k.Line, "%s cannot have the key %q in a spec of protocol %s", what, k.Value, r.level)
		case o.values[k.Value] != nil:
			r.problem(k.Line, "%s has the key %q twice", what, k.Value)
		case r.fits(v, what, k.Value, rule):
			o.values[k.Value] = v
		}
	}
	for _, k := range required(known) {
		if o.values[k] == nil && !hasKey(n, k) {
			r.problem(n.Line, "%s has no %q", what, k)
		}
	}
	return o
}

func hasKey(n *yaml.Node, key string) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return true
		}
	}
	return false
}

// required lists the keys a mapping must have, in a stable order.
func required(known keys) []string {
	var out []string
	for k, rule := range known {
		if rule.required {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// meant suggests keys for a misspelt one.
func meant(key string, known keys) string {
	var all []string
	for k := range known {
		all = append(all, k)
	}
	slices.Sort(all)
	return suggest(key, all)
}

// suggest says which of some names may have been meant.
func suggest(name string, names []string) string {
	if like := near.Names(name, names); len(like) > 0 {
		return fmt.Sprintf(" (did you mean %s?)", strings.Join(like, " or "))
	}
	return ""
}

var (
	namePattern    = regexp.MustCompile(`^[0-9a-z-]+$`)
	nameCapPattern = regexp.MustCompile(`^[0-9a-zA-Z-]+$`)
	limitPattern   = regexp.MustCompile(`^[0-9A-Za-z_-]+( - 1)?$`)
)

// fits checks a value against its key's rule.
func (r *reader) fits(v *yaml.Node, what, key string, rule rule) bool {
	bad := func(want string) bool {
		r.problem(v.Line, "%s: %q must be %s, not %s", what, key, want, describe(v))
		return false
	}
	switch rule.kind {
	case kText:
		if !isText(v) {
			return bad("text")
		}
	case kTextOrNull:
		if !isText(v) && v.ShortTag() != "!!null" {
			return bad("text or nothing")
		}
	case kName, kNameCap, kLoose:
		if !isText(v) {
			return bad("a name")
		}
		p := namePattern
		if rule.kind == kNameCap {
			p = nameCapPattern
		}
		if (rule.kind != kLoose || r.level != GenetlinkC) && !p.MatchString(v.Value) {
			return bad("a name of small letters, digits and dashes")
		}
	case kUint:
		if n, ok := integer(v); !ok || n.Neg {
			return bad("a whole number from 0 on")
		}
	case kInt:
		if _, ok := integer(v); !ok {
			return bad("a whole number")
		}
	case kBool:
		if v.Kind != yaml.ScalarNode || v.ShortTag() != "!!bool" {
			return bad("true or false")
		}
	case kTextOrInt:
		if _, ok := integer(v); !ok && !isText(v) {
			return bad("a number or text")
		}
	case kLimit:
		if n, ok := integer(v); ok {
			if n.Neg && strings.HasSuffix(key, "len") {
				return bad("a whole number from 0 on, or the name of one")
			}
		} else if !isText(v) || !limitPattern.MatchString(v.Value) {
			return bad("a whole number, or the name of one")
		}
	case kList:
		if v.Kind != yaml.SequenceNode {
			return bad("a list")
		}
	case kMap:
		if v.Kind != yaml.MappingNode {
			return bad("a mapping of keys and values")
		}
	case kWord:
		return r.word(v, what+": "+strconv.Quote(key), rule.words)
	}
	return true
}

// word checks that a value is one of a few words.
func (r *reader) word(v *yaml.Node, what string, words map[string]levels) bool {
	at, ok := words[v.Value]
	if v.Kind == yaml.ScalarNode && ok && at.has(r.level) {
		return true
	}
	var all []string
	for w, at := range words {
		if at.has(r.level) {
			all = append(all, w)
		}
	}
	slices.Sort(all)
	if ok {
		r.problem(v.Line, "%s cannot be %q in a spec of protocol %s", what, v.Value, r.level)
	} else {
		r.problem(v.Line, "%s must be one of %s, not %s", what, strings.Join(all, ", "), describe(v))
	}
	return false
}

func isText(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" }

// integer reads a whole number as YAML has them: decimal, 0x, 0o, 0b.
func integer(n *yaml.Node) (Limit, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" {
		return Limit{}, false
	}
	text, neg := strings.CutPrefix(n.Value, "-")
	text = strings.TrimPrefix(text, "+")
	abs, err := strconv.ParseUint(text, 0, 64)
	if err != nil || neg && abs > 1<<63 {
		return Limit{}, false
	}
	return Limit{Set: true, Known: true, Neg: neg, Abs: abs}, true
}

// describe says what a node is, for people.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return "nothing"
		}
		v := n.Value
		if len(v) > 40 {
			v = v[:40] + "..."
		}
		return strconv.Quote(v)
	}
	return "that"
}

// The values of an object. Their kinds were checked by object; what is missing
// is a zero value.

func (o object) has(key string) bool { return o.values[key] != nil }

func (o object) text(key string) string {
	if v := o.values[key]; v != nil && v.ShortTag() != "!!null" {
		return v.Value
	}
	return ""
}

func (o object) isNull(key string) bool {
	v := o.values[key]
	return v != nil && v.ShortTag() == "!!null"
}

func (o object) bool(key string) bool {
	v := o.values[key]
	if v == nil {
		return false
	}
	var b bool
	return v.Decode(&b) == nil && b
}

func (o object) int(key string) (Limit, bool) {
	if v := o.values[key]; v != nil {
		return integer(v)
	}
	return Limit{}, false
}

func (o object) list(key string) []*yaml.Node {
	if v := o.values[key]; v != nil {
		return v.Content
	}
	return nil
}

// line is where a key's value stands, or else the object.
func (o object) line(key string) int {
	if v := o.values[key]; v != nil {
		return v.Line
	}
	return o.node.Line
}

// texts reads a list of texts.
func (r *reader) texts(o object, key, what string) []*yaml.Node {
	var out []*yaml.Node
	for _, n := range o.list(key) {
		n = r.follow(n)
		if !isText(n) {
			r.problem(n.Line, "%s: %q must list names, not %s", what, key, describe(n))
			continue
		}
		out = append(out, n)
	}
	return out
}

// flags reads a list of a few words.
func (r *reader) flags(o object, key, what string, words map[string]levels) []string {
	var out []string
	for _, n := range o.list(key) {
		if n = r.follow(n); r.word(n, what+": "+strconv.Quote(key), words) {
			out = append(out, n.Value)
		}
	}
	return out
}
