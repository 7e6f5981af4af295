package importer

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// width is how long a line may become, in bytes, before a mapping or a list is
// written over several.
const width = 110

// keyOrder is the order of the keys of every mapping: what a thing is called and
// what it is, then the details. Keys that are not in it come last, by name.
var keyOrder = []string{
	"name", "protocol", "protonum", "version", "uapi-header", "c-family-name", "c-version-name", "max-by-define",
	"cmd-max-name", "cmd-cnt-name", "kernel-policy", "doc", "kernel-family",
	"definitions", "attribute-sets", "sub-messages", "operations", "mcast-groups",
	"value", "type", "header", "scope", "subset-of", "enum-model", "enum-name", "name-prefix", "async-enum", "async-prefix",
	"c-define-name", "enum-cnt-name", "attr-cnt-name", "attr-max-name", "render-max", "value-start",
	"len", "sub-type", "multi-attr", "nested-attributes", "type-value", "struct", "sub-message", "selector",
	"byte-order", "display-hint", "enum", "enum-as-flags", "checks",
	"attribute-set", "fixed-header", "notify", "mcgrp", "flags", "dont-validate", "config-cond",
	"do", "dump", "event", "request", "reply", "pre", "post",
	"entries", "members", "formats", "list", "attributes",
}

// sections are the parts of a spec that stand apart.
var sections = []string{"definitions", "attribute-sets", "sub-messages", "operations", "mcast-groups"}

// format writes a spec in canonical form.
func format(root *node) []byte {
	var w writer
	w.line(0, "# SPDX-License-Identifier: MIT")
	w.line(0, "# Written by nlkit spec import. Corrections belong into overlay/.")
	w.mapping(root, 0, "")
	return w.b.Bytes()
}

type writer struct {
	b bytes.Buffer
}

func (w *writer) line(indent int, s string) {
	for range indent {
		w.b.WriteByte(' ')
	}
	w.b.WriteString(s)
	w.b.WriteByte('\n')
}

// sorted returns the places of a mapping's keys in canonical order.
func sorted(n *node) []int {
	at := make([]int, len(n.keys))
	for i := range at {
		at[i] = i
	}
	rank := func(i int) int {
		if r := slices.Index(keyOrder, n.keys[i]); r >= 0 {
			return r
		}
		return len(keyOrder)
	}
	slices.SortStableFunc(at, func(a, b int) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		return strings.Compare(n.keys[a], n.keys[b])
	})
	return at
}

// mapping writes a mapping over several lines. first stands before its first
// key instead of the last of the indentation: the dash of a list.
func (w *writer) mapping(n *node, indent int, first string) {
	for i, at := range sorted(n) {
		key, v := n.keys[at], n.items[at]
		lead, in := key+":", indent
		if i == 0 && first != "" {
			lead, in = first+lead, indent-len(first)
		}
		if indent == 0 && slices.Contains(sections, key) {
			w.b.WriteByte('\n')
		}
		flow, ok := inline(v, key)
		switch {
		case ok && in+len(lead)+1+len(flow) <= width || v.kind == scalarNode:
			w.line(in, lead+" "+flow)
		case v.kind == mapNode:
			w.line(in, lead)
			w.mapping(v, indent+2, "")
		case ok:
			w.line(in, lead)
			w.wrapped(v, indent+2)
		default:
			w.line(in, lead)
			w.list(v, indent+2)
		}
	}
}

// list writes a list of mappings, each on a line of its own if it fits.
func (w *writer) list(n *node, indent int) {
	for _, it := range n.items {
		flow, ok := inline(it, "")
		switch {
		case it.kind == scalarNode || ok && indent+2+len(flow) <= width:
			w.line(indent, "- "+flow)
		case it.kind == mapNode:
			w.mapping(it, indent+2, "- ")
		default:
			w.line(indent, "-")
			w.list(it, indent+2)
		}
	}
}

// wrapped writes a list of words over several lines.
func (w *writer) wrapped(n *node, indent int) {
	text := "["
	for i, it := range n.items {
		word := scalar(it)
		if i < len(n.items)-1 {
			word += ","
		} else {
			word += "]"
		}
		if indent+len(text)+1+len(word) > width {
			w.line(indent, text)
			text = ""
		}
		if text != "[" {
			text += " "
		}
		text += word
	}
	w.line(indent, text)
}

// inline writes a node on one line, if it is simple enough for that: a value, a
// list of values, or a mapping of such.
func inline(n *node, key string) (string, bool) {
	switch n.kind {
	case scalarNode:
		return scalar(n), true
	case listNode:
		var words []string
		for _, it := range n.items {
			if it.kind != scalarNode {
				return "", false
			}
			words = append(words, scalar(it))
		}
		return "[" + strings.Join(words, ", ") + "]", true
	}
	if key == "operations" || key == "mcast-groups" || key == "do" || key == "dump" {
		return "", false
	}
	var pairs []string
	for _, at := range sorted(n) {
		v := n.items[at]
		if v.kind == mapNode && n.keys[at] != "checks" {
			return "", false
		}
		text, ok := inline(v, n.keys[at])
		if !ok {
			return "", false
		}
		pairs = append(pairs, n.keys[at]+": "+text)
	}
	return "{" + strings.Join(pairs, ", ") + "}", true
}

// scalar writes a value so that every reader of YAML, old or new, takes it for
// what it is.
func scalar(n *node) string {
	switch {
	case n.tag == "!!null":
		return "null"
	case n.tag != "!!str" || isPlain(n.text):
		return n.text
	}
	return "'" + strings.ReplaceAll(n.text, "'", "''") + "'"
}

// isPlain reports whether a text can be written without quotes.
func isPlain(s string) bool {
	if s == "" || strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-/.+ ") != "" {
		return false
	}
	if strings.ContainsRune("-+. ", rune(s[0])) || s[len(s)-1] == ' ' {
		return false
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	if s[0] < '0' || s[0] > '9' {
		return true
	}
	// It begins like a number and must not be one: not an octal, a float, a
	// number with underscores, a date.
	if _, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64); err == nil {
		return false
	}
	_, err := strconv.ParseInt(strings.ReplaceAll(s, "_", ""), 0, 64)
	return err != nil && strings.ContainsAny(strings.ToLower(s), "ghijklmnopqrstuvwyz")
}
