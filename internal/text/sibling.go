package text

import "github.com/nlkit/nlkit/ynl/codec"

// sibling is a field among those of its name in one object. The values that fit
// a cell, of attributes or of a header's members, which may have an attribute's
// name, and the nests count apart.
type sibling struct {
	scalar  bool // it fits a cell
	several bool // it is not the only one
	n       int  // how many of its kind are before it
	next    int  // the next one of its kind; 0 where there is none
}

// siblingsOf looks at an object once, however many fields it has: a message may
// have 16,000 attributes, all of them of one name or each of its own.
func siblingsOf(o codec.Object) []sibling {
	type key struct {
		name           string
		scalar, member bool
	}
	all := make([]sibling, len(o))
	last := make(map[key]int, len(o))
	for i := range o {
		f := &o[i]
		k := key{name: f.Name, scalar: isScalar(f.Value)}
		k.member = k.scalar && f.Member != nil
		all[i].scalar = k.scalar
		if before, ok := last[k]; ok {
			all[before].next, all[before].several = i, true
			all[i].n, all[i].several = all[before].n+1, true
		}
		last[k] = i
	}
	return all
}
