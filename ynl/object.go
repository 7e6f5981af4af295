package ynl

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// What bounds the work on a text that is no spec, where aliases can make much of
// little. The kernel's largest spec visits some 10,000 nodes.
const (
	maxNodes    = 1 << 18
	maxProblems = 100
	// Near names are looked for as long as there are few problems, and among so
	// many: comparing takes time.
	maxSuggestions = 25
	maxCandidates  = 2000
)

// reader walks a YAML document by the schema's rules. What breaks them is
// written down and left out; what is read afterwards can be believed.
type reader struct {
	file     string
	level    Level
	nodes    int
	problems []Problem
	said     map[complaint]bool
}

// complaint is what was said of a node, which may be met through several
// aliases.
type complaint struct {
	node   *yaml.Node
	format string
}

// tooMuch stops the reading of a document that has no end of nodes or problems.
type tooMuch struct{}

func (r *reader) problem(line int, format string, args ...any) {
	p := Problem{Pos{r.file, line}, fmt.Sprintf(format, args...)}
	if slices.Contains(r.problems, p) {
		return // seen before, through another alias
	}
	r.problems = append(r.problems, p)
	if len(r.problems) >= maxProblems {
		panic(tooMuch{})
	}
}

// problemAt is problem for what is wrong with a node itself, wherever it is used.
func (r *reader) problemAt(n *yaml.Node, format string, args ...any) {
	if c := (complaint{n, format}); !r.said[c] {
		if r.said == nil {
			r.said = map[complaint]bool{}
		}
		r.said[c] = true
		r.problem(n.Line, format, args...)
	}
}

func (r *reader) pos(n *yaml.Node) Pos { return Pos{r.file, n.Line} }

// follow goes from an alias to what it stands for.
func (r *reader) follow(n *yaml.Node) *yaml.Node {
	if r.nodes++; r.nodes > maxNodes {
		r.problems = append(r.problems, Problem{Pos{r.file, n.Line}, "the text up to here has, with its aliases unfolded, more parts than any spec"})
		panic(tooMuch{})
	}
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias // which is never an alias itself
	}
	return n
}

// object is a mapping that was read by its rules.
type object struct {
	node   *yaml.Node
	values map[string]*yaml.Node
	bad    map[string]bool // keys whose values break their rules
}

// object reads a mapping: its keys must be known, and appear once. what names it
// in problems.
func (r *reader) object(n *yaml.Node, what string, known keys) object {
	n = r.follow(n)
	o := object{node: n, values: make(map[string]*yaml.Node, len(n.Content)/2)}
	if n.Kind != yaml.MappingNode {
		r.problemAt(n, "%s must be a mapping of keys and values, not %s", what, describe(n))
		return o
	}
	spoil := func(key string) {
		if o.bad == nil {
			o.bad = map[string]bool{}
		}
		o.bad[key] = true
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := r.follow(n.Content[i]), r.follow(n.Content[i+1])
		rule, ok := known[k.Value]
		switch {
		case k.Kind != yaml.ScalarNode:
			r.problemAt(k, "a key of %s must be a word, not %s", what, describe(k))
		case !ok:
			r.problemAt(k, "%s cannot have the key %q%s", what, shorten(k.Value), r.suggest(k.Value, known.names(r.level)))
		case !rule.allowed(r.level):
			r.problemAt(k, "%s cannot have the key %q in a spec of protocol %s: it is for %s", what, k.Value, r.level, rule.levels)
			spoil(k.Value)
		case o.values[k.Value] != nil || o.bad[k.Value]:
			r.problemAt(k, "%s has the key %q twice", what, k.Value)
		case r.fits(v, what, k.Value, rule):
			o.values[k.Value] = v
		default:
			spoil(k.Value)
		}
	}
	for _, k := range known.required() {
		if o.values[k] == nil && !o.bad[k] {
			r.problemAt(n, "%s has no "+strconv.Quote(k), what)
		}
	}
	return o
}

// named reads a mapping that has a name, by which problems call it: noun "name"
// of. It returns that as well.
func (r *reader) named(n *yaml.Node, noun, of string, known keys) (object, string) {
	n = r.follow(n)
	what := "a "
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		what = "an "
	}
	what += noun + of
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if k, v := r.follow(n.Content[i]), r.follow(n.Content[i+1]); k.Value == "name" && isText(v) && v.Value != "" {
				what = fmt.Sprintf("%s %q%s", noun, shorten(v.Value), of)
				break
			}
		}
	}
	return r.object(n, what, known), what
}

// suggest says which of some names may have been meant.
func (r *reader) suggest(name string, names []string) string {
	if len(r.problems) > maxSuggestions {
		return ""
	}
	return meant(name, names)
}

var (
	namePattern   = regexp.MustCompile(`^[0-9a-z-]+$`)
	memberPattern = regexp.MustCompile(`^[0-9a-zA-Z-]+$`)
	limitPattern  = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)
)

// lessOne may stand behind the name of a length.
const lessOne = " - 1"

// fits checks a value against its key's rule.
func (r *reader) fits(v *yaml.Node, what, key string, rule rule) bool {
	bad := func(want string) bool {
		hint := ""
		if rule.kind == kText || rule.kind == kName {
			hint = inQuotes(v)
		}
		r.problemAt(v, "%s: %q must be %s, not %s%s", what, key, want, describe(v), hint)
		return false
	}
	switch rule.kind {
	case kText:
		switch {
		case rule.null.has(r.level) && isNull(v):
		case !isText(v) && rule.null.has(r.level):
			return bad("text, or nothing")
		case !isText(v):
			return bad("text")
		}
	case kName:
		switch {
		case !isText(v), v.Value == "":
			return bad("a name")
		case rule.strict != 0 && !rule.strict.has(r.level):
		case rule.capitals.has(r.level):
			if !memberPattern.MatchString(v.Value) {
				return bad("a name of letters, digits and dashes")
			}
		case !namePattern.MatchString(v.Value):
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
		if _, ok := boolean(v); !ok {
			return bad("true or false")
		}
	case kTextOrInt:
		if _, ok := integer(v); !ok && !isText(v) {
			return bad("a number or text")
		}
	case kLimit, kLength:
		if n, ok := integer(v); ok && !n.Neg {
			break
		}
		name := v.Value
		if rule.kind == kLength {
			name = strings.TrimSuffix(name, lessOne)
		}
		if !isText(v) || !limitPattern.MatchString(name) {
			return bad("a whole number from 0 on, or the name of one")
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
	ok = ok && v.Kind == yaml.ScalarNode
	if ok && at.has(r.level) {
		return true
	}
	if ok {
		r.problemAt(v, "%s cannot be %q in a spec of protocol %s: that is for %s", what, v.Value, r.level, at)
		return false
	}
	var all []string
	for w, at := range words {
		if at.has(r.level) {
			all = append(all, w)
		}
	}
	slices.Sort(all)
	r.problemAt(v, "%s must be one of %s, not %s", what, strings.Join(all, ", "), describe(v))
	return false
}

// The values of an object. Their kinds were checked by reader.object; what is
// missing is a zero value.

func (o object) has(key string) bool { return o.values[key] != nil }

// tried reports whether a key is there, with a value that fits it or not.
func (o object) tried(key string) bool { return o.has(key) || o.bad[key] }

func (o object) text(key string) string {
	if v := o.values[key]; v != nil && !isNull(v) {
		return v.Value
	}
	return ""
}

func (o object) isNull(key string) bool {
	v := o.values[key]
	return v != nil && isNull(v)
}

func (o object) bool(key string) bool {
	if v := o.values[key]; v != nil {
		b, _ := boolean(v)
		return b
	}
	return false
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
			r.problemAt(n, "%s: %q must list names, not %s%s", what, key, describe(n), inQuotes(n))
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
