// Package assign reads the assignments of a command line as the values of a
// message: "ifname=eth0", "linkinfo.data.id=5", "peers[+].port=51820".
//
// An argument is a name, a "=" and a value. What the names are is the spec's
// business, and so is what the values mean; this package finds out where each
// belongs.
//
//	a=v          the attribute or header member a
//	a.b=v        b in the nest a; every nest is opened by its first assignment
//	a            a flag; also a=true, and a=false to leave it out; of a nest: empty
//	a=x,y        bits by name; the elements of an array of numbers
//	a=x a=y      the same by repetition; the elements of a list
//	a[+]=v       one more element, also in the middle: a[+].b=v
//	a[2].b=v     the element 2: of an indexed array the one with that index, of
//	             another list whichever was first called so
//	a.b=v        where a is a list: b in its last element
//	a:hex=0a0b   the payload as bytes, whatever the spec says of a
//	60:hex=0a0b  an attribute without a name, by its number
//	attr-60=0a0b the same
//	header:a=v   a of the fixed header, where an attribute is called a too
//	dev=eth0     the interface the message is about, whatever the member or
//	             attribute is called, unless there is one called dev
//
// Where an interface's index is wanted its name will do, and so will "inet6" for
// an address family, "main" for a routing table, "link" for a scope.
//
// The result is in the order of the arguments. An indexed array's elements count
// from 1: kernel code that looks an element up by its index begins there, and
// the rest does not care.
package assign
