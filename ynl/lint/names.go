package lint

import (
	"slices"
	"strings"

	"github.com/nlkit/nlkit/ynl"
)

// upper makes a name of C of one of a spec.
func upper(name string) string { return strings.ToUpper(snake(name)) }

// snake makes a name of a C struct or member of one of a spec.
func snake(name string) string { return strings.ReplaceAll(name, "-", "_") }

// attrNames are the C names that an attribute's number may have, the likeliest
// first: the prefix of the attribute, that of the set, what is known of the
// family, or else FAMILY_A_SET_NAME, which the set named as the family shortens
// to FAMILY_A_NAME.
func (c *checker) attrNames(s *ynl.AttrSet, a *ynl.Attr) []string {
	key := c.spec.Name + "/" + s.Name
	if name, ok := exceptions[key+"/"+a.Name]; ok {
		return []string{name}
	}
	switch {
	case a.HasCPrefix:
		return []string{upper(a.CPrefix + a.Name)}
	case s.HasCPrefix:
		return prefixed([]string{upper(s.CPrefix)}, a.Name)
	case len(prefixes[key]) > 0:
		return prefixed(prefixes[key], a.Name)
	case c.spec.Name == "nftables":
		// "expr-lookup-attrs" has NFTA_LOOKUP_SREG.
		name := strings.TrimSuffix(s.Name, "-attrs")
		name = strings.TrimPrefix(strings.TrimPrefix(name, "expr-"), "obj-")
		return []string{upper("nfta-" + name + "-" + a.Name)}
	case s.Name == c.spec.Name:
		return []string{upper(c.spec.Name + "-a-" + a.Name)}
	}
	return []string{upper(c.spec.Name + "-a-" + s.Name + "-" + a.Name)}
}

// entryNames are the C names that an enum's entry may have.
func (c *checker) entryNames(e *ynl.Enum, n *ynl.Entry) []string {
	key := c.spec.Name + "/" + e.Name
	if name, ok := exceptions[key+"/"+n.Name]; ok {
		return []string{name}
	}
	switch {
	case e.HasCPrefix:
		return []string{upper(e.CPrefix + n.Name)}
	case len(prefixes[key]) > 0:
		return prefixed(prefixes[key], n.Name)
	}
	all := []string{upper(c.spec.Name + "-" + e.Name + "-"), upper(e.Name + "-")}
	if i := strings.LastIndexByte(e.Name, '-'); i > 0 && c.spec.Name == "nftables" {
		// "limit-flags" are NFT_LIMIT_F_INV, "queue-flags" NFT_QUEUE_FLAG_BYPASS,
		// "rt-keys" NFT_RT_CLASSID.
		base, kind := "nft-"+e.Name[:i], strings.TrimSuffix(e.Name[i:], "s")
		all = []string{upper(base + "-f-"), upper(base + kind + "-"), upper(base + "-")}
	}
	return prefixed(all, n.Name)
}

func prefixed(prefixes []string, name string) []string {
	var out []string
	for _, p := range prefixes {
		out = append(out, p+upper(name))
	}
	return out
}

// opName is the C name of an operation's number.
func (c *checker) opName(op *ynl.Op) string {
	if own, ok := exceptions[c.spec.Name+"/operations/"+op.Name]; ok {
		return own
	}
	prefix := c.spec.C.OpPrefix
	if op.IsAsync() && c.spec.C.AsyncOpPrefix != "" {
		prefix = c.spec.C.AsyncOpPrefix
	}
	switch {
	case prefix != "":
		return upper(prefix + op.Name)
	case opPrefixes[c.spec.Name] != "":
		return opPrefixes[c.spec.Name] + upper(op.Name)
	}
	return upper(c.spec.Name + "-cmd-" + op.Name)
}

// structNames are the tags that a struct may have in C.
func (c *checker) structNames(s *ynl.Struct) []string {
	if s.CName != "" {
		return []string{s.CName}
	}
	if tag, ok := exceptions[c.spec.Name+"/"+s.Name]; ok {
		return []string{tag}
	}
	return []string{snake(s.Name), snake(c.spec.Name + "-" + s.Name)}
}

// headersOf are the headers that a spec's names are in.
func headersOf(s *ynl.Spec) []string {
	out := []string{s.C.UAPIHeader}
	if s.IsRaw() && len(moreHeaders[s.Name]) > 0 && s.C.UAPIHeader == "linux/"+strings.ReplaceAll(s.Name, "_", "-")+".h" {
		out = nil // the default is for families that have a header of their own
	}
	add := func(h string) {
		if h != "" && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	for _, h := range moreHeaders[s.Name] {
		add(h)
	}
	for _, x := range s.Consts {
		add(x.Header)
	}
	for _, x := range s.Enums {
		add(x.Header)
	}
	for _, x := range s.Structs {
		add(x.Header)
	}
	for _, x := range s.Sets {
		add(x.Header)
	}
	return out
}
