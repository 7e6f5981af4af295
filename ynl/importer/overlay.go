package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Overlay is what is to be corrected in one spec, and what is to be added.
type Overlay struct {
	File string // it was read from, for errors
	Spec string // name of the spec's file, without ".yaml"
	// Errors are corrections of what upstream says wrongly; Additions are what
	// it does not say at all.
	Errors, Additions []Correction
}

// Correction is one thing to put right.
type Correction struct {
	Line     int    // in the overlay
	Where    string // the place in the spec, for people
	Upstream string // what upstream says; empty for an addition
	Header   string // what is true
	Proof    []Proof
	changes  []change
}

// Proof is a line of a header that shows what is true.
type Proof struct {
	Header string // "linux/pkt_sched.h"
	Line   int
	Symbol string // what stands there
}

func (p Proof) String() string { return fmt.Sprintf("%s:%d %s", p.Header, p.Line, p.Symbol) }

// change is one edit of a spec.
type change struct {
	line    int
	at      string // path of what is to be changed, "" for the whole spec
	was, is *node  // for a replacement
	add     *node  // elements to be added to a list
	after   string // the element they go behind; "" for the end
	remove  *node  // names of elements to be taken out of a list
}

// Overlays reads all overlays of a folder, by the name of their spec. A nil
// folder has none.
func Overlays(folder fs.FS) (map[string]*Overlay, error) {
	all := make(map[string]*Overlay)
	if folder == nil {
		return all, nil
	}
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		o, err := ParseOverlay(name, text)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all[o.Spec] = o
	}
	return all, errors.Join(errs...)
}

// ParseOverlay reads an overlay. Its file has the name of the spec's.
func ParseOverlay(file string, text []byte) (*Overlay, error) {
	root, err := tree(file, text)
	if err != nil {
		return nil, err
	}
	r := overlayReader{file: file}
	r.known(root, "an overlay", "errors", "additions")
	o := &Overlay{File: file, Spec: strings.TrimSuffix(path.Base(file), ".yaml")}
	o.Errors = r.corrections(root.get("errors"), true)
	o.Additions = r.corrections(root.get("additions"), false)
	return o, errors.Join(r.errs...)
}

type overlayReader struct {
	file string
	errs []error
}

func (r *overlayReader) errorf(n *node, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s:%d: %s", r.file, n.line, fmt.Sprintf(format, args...)))
}

// known checks that a mapping has no keys but some.
func (r *overlayReader) known(n *node, what string, keys ...string) bool {
	if n.kind != mapNode {
		r.errorf(n, "%s must be a mapping with the keys %s", what, strings.Join(keys, ", "))
		return false
	}
	ok := true
	for i, k := range n.keys {
		if !slices.Contains(keys, k) {
			r.errorf(n.items[i], "%s cannot have the key %q, only %s", what, k, strings.Join(keys, ", "))
			ok = false
		}
	}
	return ok
}

// need returns a text that must be there.
func (r *overlayReader) need(n *node, what, key string) string {
	s := n.str(key)
	if s == "" {
		r.errorf(n, "%s needs %q", what, key)
	}
	return s
}

func (r *overlayReader) corrections(list *node, wrong bool) []Correction {
	var out []Correction
	for _, n := range elements(list) {
		what, keys := "an addition", []string{"where", "is", "proof", "changes"}
		if wrong {
			what, keys = "an error", append(keys, "says")
		}
		if !r.known(n, what, keys...) {
			continue
		}
		c := Correction{Line: n.line, Where: r.need(n, what, "where"), Header: r.need(n, what, "is")}
		if wrong {
			c.Upstream = r.need(n, what, "says")
		}
		for _, p := range elements(n.get("proof")) {
			c.Proof = append(c.Proof, r.proof(p))
		}
		if len(c.Proof) == 0 {
			r.errorf(n, "%s needs \"proof\": a list of headers, lines and symbols", what)
		}
		for _, ch := range elements(n.get("changes")) {
			c.changes = append(c.changes, r.change(ch))
		}
		if len(c.changes) == 0 {
			r.errorf(n, "%s needs \"changes\": a list of edits", what)
		}
		out = append(out, c)
	}
	return out
}

var proofPattern = regexp.MustCompile(`^([\w./-]+\.h):([1-9][0-9]{0,5}) (\S.*)$`)

func (r *overlayReader) proof(n *node) Proof {
	m := proofPattern.FindStringSubmatch(n.text)
	if m == nil {
		r.errorf(n, "a proof is written as HEADER:LINE SYMBOL, not %q", n.text)
		return Proof{}
	}
	line, err := strconv.Atoi(m[2])
	if err != nil {
		r.errorf(n, "%v", err)
	}
	return Proof{Header: m[1], Line: line, Symbol: m[3]}
}

func (r *overlayReader) change(n *node) change {
	const what = "a change"
	c := change{line: n.line}
	if !r.known(n, what, "at", "was", "is", "add", "after", "remove") {
		return c
	}
	c.at, c.was, c.is, c.add, c.after, c.remove = n.str("at"), n.get("was"), n.get("is"), n.get("add"), n.str("after"), n.get("remove")
	kinds := 0
	for _, is := range []bool{c.add != nil, c.remove != nil, c.was != nil || c.is != nil} {
		if is {
			kinds++
		}
	}
	switch {
	case n.get("at") == nil:
		r.errorf(n, "a change needs \"at\": the names that lead to its place, with / between them")
	case kinds != 1:
		r.errorf(n, "a change is one of three: it can \"add\", it can \"remove\", or it replaces what \"was\" by what \"is\"")
	case c.add != nil && c.add.kind != listNode:
		r.errorf(n, "\"add\" must be a list of elements")
	case c.remove != nil && c.remove.kind != listNode:
		r.errorf(n, "\"remove\" must be a list of names")
	case c.after != "" && c.add == nil:
		r.errorf(n, "\"after\" belongs to \"add\"")
	case c.add != nil || c.remove != nil:
	case c.was == nil || c.is == nil:
		r.errorf(n, "a change needs both \"was\" and \"is\"")
	case c.was.kind != c.is.kind:
		r.errorf(n, "what \"was\" and what \"is\" must be of one kind")
	}
	return c
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
