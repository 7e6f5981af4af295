package ynl

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// What bounds the work on a text that is no spec. The kernel's largest spec has
// 80 kB and is nested 12 levels deep.
const (
	maxText  = 2 << 20 // bytes
	maxDepth = 64
)

// parseYAML returns the outermost node of a text.
func parseYAML(file string, text []byte) (root *yaml.Node, err error) {
	fail := func(line int, text string) error {
		return &SpecError{[]Problem{{Pos{file, line}, text}}}
	}
	if len(text) > maxText {
		return nil, fail(0, fmt.Sprintf("the file has more than %d bytes, which no spec has", maxText))
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, fail(1+bytes.Count(text[:i], []byte("\n")), "this is no text: it has a NUL in it")
	}
	if !utf8.Valid(text) {
		line := 1
		for rest := text; ; {
			r, n := utf8.DecodeRune(rest)
			if r == utf8.RuneError && n <= 1 {
				return nil, fail(line, fmt.Sprintf("this is no text: the byte %#x is not UTF-8", rest[0]))
			}
			if r == '\n' {
				line++
			}
			rest = rest[n:]
		}
	}
	defer func() {
		// The library is other people's and the text is anybody's: what it does
		// not expect is the text's fault as well.
		if p := recover(); p != nil {
			root, err = nil, fail(0, fmt.Sprintf("not YAML: the parser gave up on it (%v)", p))
		}
	}()
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return nil, err
	}
	var doc, second yaml.Node
	if err := loader.Load(&doc); err != nil {
		if line, msg := yamlError(err); msg != "" {
			return nil, fail(line, "not YAML: "+msg)
		}
		return nil, fail(1, "the file is empty: a spec begins with its name")
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 {
		return nil, fail(1, "the file is empty: a spec begins with its name")
	}
	if err := loader.Load(&second); err == nil {
		return nil, fail(second.Line, "a second document begins here: a spec is one document")
	} else if line, msg := yamlError(err); msg != "" {
		return nil, fail(line, "not YAML: "+msg)
	}
	return doc.Content[0], nil
}

// yamlError takes a YAML library's error apart. The message is empty where there
// was simply no document.
func yamlError(err error) (line int, msg string) {
	if list, ok := errors.AsType[*yaml.LoadErrors](err); ok && len(list.Errors) > 0 {
		err = list.Errors[0]
	}
	e, ok := errors.AsType[*yaml.LoadError](err)
	if !ok {
		return 0, "" // io.EOF
	}
	line, msg = e.Mark.Line, e.Message
	if e.ContextMsg != "" {
		msg += " " + e.ContextMsg
		if e.ContextMark.Line != 0 && e.ContextMark.Line != line {
			msg += fmt.Sprintf(" that began in line %d", e.ContextMark.Line)
		}
	}
	return line, msg
}

func isText(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" }

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// boolean reads a truth value as YAML has them.
func boolean(n *yaml.Node) (value, ok bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!bool" {
		return false, false
	}
	switch n.Value {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}

// integer reads a whole number as YAML has them: decimal, 0x, 0o, 0b.
func integer(n *yaml.Node) (Limit, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" {
		return Limit{}, false
	}
	text, neg := strings.CutPrefix(n.Value, "-")
	if !neg {
		text = strings.TrimPrefix(text, "+")
	}
	abs, err := strconv.ParseUint(text, 0, 64)
	if err != nil || neg && abs > 1<<63 {
		return Limit{}, false
	}
	return Limit{Set: true, Known: true, Neg: neg && abs != 0, Abs: abs}, true
}

// describe says what a node is, for people.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		switch v := shorten(n.Value); n.ShortTag() {
		case "!!null":
			return "nothing"
		case "!!int", "!!float":
			return "the number " + v
		case "!!bool":
			return "the truth value " + v
		case "!!str":
			return strconv.Quote(v)
		default:
			return fmt.Sprintf("%q of the type %s", v, shorten(n.ShortTag()))
		}
	}
	return "something else"
}

// inQuotes tells how to make text of what YAML takes for something else.
func inQuotes(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || isText(n) || isNull(n) {
		return ""
	}
	return " (in quotes it is text)"
}

// shorten keeps what is quoted in a problem to a part of a line.
func shorten(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	cut := most
	for cut > 0 && s[cut]&0xc0 == 0x80 {
		cut-- // not within a rune
	}
	return s[:cut] + "..."
}
