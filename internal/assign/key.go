package assign

import (
	"strconv"
	"strings"
)

// maxSteps bounds how deep a name may lead: kernels follow ten nests.
const maxSteps = 32

// inHeader is put before the name of a fixed header's member where an attribute
// has the same name. It is codec's word for it.
const inHeader = "header:"

// maxIndex is the largest index an array's element can have: it is an
// attribute's type.
const maxIndex = 0x3fff

// step is one name of the way to a value, with what stands behind it in
// brackets.
type step struct {
	name  string
	more  bool // "[+]"
	index int  // "[2]"; -1 without
}

// argument is one argument taken apart.
type argument struct {
	text     string // as it was given
	steps    []step
	hex      bool // ":hex" stood behind the name
	value    string
	hasValue bool // there was a "="
}

// parse takes an argument apart.
func parse(text string) (argument, error) {
	key, value, hasValue := strings.Cut(text, "=")
	a := argument{text: text, value: value, hasValue: hasValue}
	if key == "" {
		return a, errorf(text, "a name is missing: write NAME=VALUE")
	}
	if name, ok := strings.CutSuffix(key, ":hex"); ok {
		if !hasValue {
			return a, errorf(text, "bytes are missing: write %s=0a0b", key)
		}
		key, a.hex = name, true
	}
	words := strings.Split(key, ".")
	if len(words) > maxSteps {
		return a, errorf(text, "%d names in each other: there are at most %d", len(words), maxSteps)
	}
	for _, w := range words {
		s, err := parseStep(w)
		if err != "" {
			return a, errorf(text, "%s", err)
		}
		a.steps = append(a.steps, s)
	}
	return a, nil
}

func parseStep(word string) (s step, problem string) {
	name, rest, bracket := strings.Cut(word, "[")
	s = step{name: name, index: -1}
	switch {
	case name == "" && word == "":
		return s, "a name is missing beside a \".\""
	case name == "":
		return s, "a name is missing before the \"[\""
	case strings.Contains(strings.TrimPrefix(name, inHeader), ":"):
		return s, "what stands behind \":\" can be hex only, as in mtu:hex=0a0b"
	case strings.Contains(name, "]"):
		return s, "a \"]\" without \"[\""
	case !bracket:
		return s, ""
	}
	in, closed := strings.CutSuffix(rest, "]")
	if !closed || strings.ContainsAny(in, "[]") {
		return s, "the brackets behind " + name + " must be one pair, as in " + name + "[+] or " + name + "[2]"
	}
	if in == "+" {
		s.more = true
		return s, ""
	}
	n, err := strconv.ParseUint(in, 10, 16)
	if err != nil || n > maxIndex {
		return s, "in the brackets behind " + name + " there must be + for one more or a number up to " + strconv.Itoa(maxIndex)
	}
	s.index = int(n)
	return s, ""
}
