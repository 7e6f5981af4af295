package text

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/ynl/codec"
)

// Differences says what is different in a later state of the same thing, one text
// for each attribute:
//
//	mtu 1500 -> 1400          it has another value
//	+master 7 (br0)           it has come
//	-master 7 (br0)           it has gone
//	ifi-flags +up -noarp      flags were set, and cleared
//
// Attributes inside nests go by their path, "linkinfo.data.forward-delay".
func (p *Printer) Differences(old, new codec.Object) []string {
	d := differences{p: p, of: new}
	d.objects("", old, new)
	return d.list
}

type differences struct {
	p    *Printer
	of   codec.Object // the later state
	list []string
}

// objects compares the fields of two objects: the n-th of a name with the n-th.
func (d *differences) objects(path string, old, new codec.Object) {
	before := map[string][]*codec.Field{}
	for i := range old {
		before[old[i].Name] = append(before[old[i].Name], &old[i])
	}
	after := map[string]int{}
	for i := range new {
		after[new[i].Name]++
	}
	seen := map[string]int{}
	for i := range new {
		f := &new[i]
		n, were := seen[f.Name], before[f.Name]
		seen[f.Name]++
		name := d.name(path, f.Name, n, max(len(were), after[f.Name]))
		if n < len(were) {
			d.values(name, f, were[n].Value, f.Value)
		} else {
			d.one(name, f, "+")
		}
	}
	clear(seen)
	for i := range old {
		f := &old[i]
		n := seen[f.Name]
		seen[f.Name]++
		if n >= after[f.Name] {
			d.one(d.name(path, f.Name, n, len(before[f.Name])), f, "-")
		}
	}
}

// name is the path of the n-th field of a name, of several if there are.
func (d *differences) name(path, name string, n, of int) string {
	name = path + printable(name)
	if of > 1 {
		name += "[" + strconv.Itoa(n) + "]"
	}
	return name
}

// one tells of a field that only one of the two has.
func (d *differences) one(name string, f *codec.Field, sign string) {
	if isPadding(f) {
		return
	}
	d.list = append(d.list, sign+name+" "+d.p.brief(f, f.Value))
}

// values compares two values of a field.
func (d *differences) values(name string, f *codec.Field, old, new any) {
	switch n := new.(type) {
	case codec.Object:
		if o, ok := old.(codec.Object); ok {
			d.objects(name+".", o, n)
			return
		}
	case codec.Array:
		if o, ok := old.(codec.Array); ok && len(o) == len(n) && sameIndexes(o, n) {
			for i := range n {
				d.values(name+"["+strconv.Itoa(int(n[i].Index))+"]", f, o[i].Value, n[i].Value)
			}
			return
		}
	case []any:
		if o, ok := old.([]any); ok && len(o) == len(n) && !isScalar(new) {
			for i := range n {
				d.values(name+"["+strconv.Itoa(i)+"]", f, o[i], n[i])
			}
			return
		}
	case codec.Flags:
		if o, ok := old.(codec.Flags); ok {
			d.flags(name, o, n)
			return
		}
	}
	before, after := d.p.brief(f, old), d.p.brief(f, new)
	if was, ok := d.inWords(name, old); ok {
		if is, ok := d.inWords(name, new); ok {
			before, after = was, is
		}
	}
	if before != after {
		d.list = append(d.list, name+" "+before+" -> "+after)
	}
}

// inWords is all of what the spec has only bytes for.
func (d *differences) inWords(name string, v any) (text string, ok bool) {
	switch {
	case name == "multipath" && d.of.Has("rtm-dst-len"):
		text, ok = d.p.legs(v)
		return strings.TrimSpace(text), ok
	case name == "group" && d.of.Has("nh-family"):
		return members(v)
	}
	return "", false
}

func sameIndexes(a, b codec.Array) bool {
	return slices.EqualFunc(a, b, func(a, b codec.Element) bool { return a.Index == b.Index })
}

// flags tells which are new, and which are not there any more.
func (d *differences) flags(name string, old, new codec.Flags) {
	var words []string
	if set := without(new, old); len(set) > 0 {
		words = append(words, "+"+strings.Join(set, "|"))
	}
	if cleared := without(old, new); len(cleared) > 0 {
		words = append(words, "-"+strings.Join(cleared, "|"))
	}
	if len(words) > 0 {
		d.list = append(d.list, name+" "+strings.Join(words, " "))
	}
}

// without returns those of a that are not in b.
func without(a, b codec.Flags) []string {
	var list []string
	for _, f := range a {
		if !slices.Contains(b, f) {
			list = append(list, f)
		}
	}
	return list
}
