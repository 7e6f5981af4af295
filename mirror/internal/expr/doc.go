// Package expr is the language of filters: conditions on one record of a table, which
// is a fixed header and attributes behind it, by the names of its spec.
//
//	table == main && rtm-protocol != kernel && dst in 10.0.0.0/8
//
//	a == v   a != v   a < v   a <= v   a > v   a >= v
//	a in (v, w)    a is one of these; of addresses and prefixes: lies within one
//	a in p         the same of one
//	a not in ...   a is there and none of these
//	a has bits     all of these bits are set: "up", "up|running", 0x10
//	has a          the attribute is there
//	! && || ()     also not, and, or; && binds stronger than ||
//
// Names are those of the spec; a dot leads into nests and structs, and the kind of a
// sub-message stands in parentheses behind it: linkinfo.data(vlan).id. A comparison is
// false where the attribute is not there, whatever the operator. Of an attribute that
// stands several times one is enough.
//
// [Compile] checks a text against a layout; [Filter.Match] looks at bytes and allocates
// nothing. What of a filter can be left to somebody else (the kernel, say) tell
// [Filter.Split], [Filter.Numbers] and [Filter.Text].
//
// docs/mirror.md has the language for those who write it.
package expr
