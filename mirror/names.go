package mirror

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
)

// named are the tables of this package by their names.
func named() []Raw {
	list := []Raw{
		{def: Links.def}, {def: Addrs.def}, {def: Routes.def}, Nexthops,
	}
	return list
}

// Names lists the tables of this package by name, sorted: what [ByName] knows
// besides any operation of a family.
func Names() []string {
	var names []string
	for _, t := range named() {
		names = append(names, t.Name())
	}
	slices.Sort(names)
	return names
}

// ByName finds a table by its name, "route" say, or by that of a family and one of
// its operations: "netdev/dev-get", see [Family]. A table of this package is the same
// as that of its variable.
func ByName(name string) (Raw, error) {
	for _, t := range named() {
		if t.Name() == name {
			return t, nil
		}
	}
	if family, op, ok := strings.Cut(name, "/"); ok {
		t := Family(family, op)
		return t, t.err
	}
	text := fmt.Sprintf("mirror: there is no table %q", name)
	if list := near.Names(name, Names()); len(list) > 0 {
		return Raw{}, fmt.Errorf("%s: did you mean %s?", text, strings.Join(list, " or "))
	}
	return Raw{}, fmt.Errorf("%s: there are %s, and FAMILY/OPERATION for any other", text, strings.Join(Names(), ", "))
}

// builtinOf finds the table of this package that is what a family's operation
// dumps.
func builtinOf(family, op string) (Raw, bool) {
	switch family + "/" + op {
	case "rt-link/getlink":
		return Raw{def: Links.def}, true
	case "rt-addr/getaddr":
		return Raw{def: Addrs.def}, true
	case "rt-route/getroute":
		return Raw{def: Routes.def}, true
	}
	return Raw{}, false
}
