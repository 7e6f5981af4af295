package mirror

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// named are the tables of this package by their names.
func named() []Raw {
	list := []Raw{
		{def: Links.def}, {def: Addrs.def}, {def: Routes.def}, {def: Rules.def}, {def: Neighbours.def}, {def: FDB.def}, Nexthops,
		{def: Qdiscs.def}, {def: Classes.def}, {def: Filters.def},
		{def: Conntrack.def}, {def: Wireguard.def},
		{def: NFTTables.def}, {def: NFTChains.def}, {def: NFTRules.def}, {def: NFTSets.def}, {def: NFTElements.def},
		{def: NFTObjects.def}, {def: NFTFlowtables.def}, {def: NFTGeneration.def},
	}
	return append(list, ethtoolTables()...)
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

// shortNames are the names but for those of which there are many that begin alike.
func shortNames() []string {
	var short []string
	for _, name := range Names() {
		if kind, _, many := strings.Cut(name, "-"); many {
			name = kind + "-..."
		}
		if !slices.Contains(short, name) {
			short = append(short, name)
		}
	}
	return short
}

// ByName finds a table by its name, "route" say, or by that of a family and one of
// its operations: "netdev/dev-get", see [Family]. What tells its records apart can
// follow: "tcp_metrics/get/addr-ipv4,saddr-ipv4". A table of this package is the same as that
// of its variable.
func ByName(name string) (Raw, error) {
	for _, t := range named() {
		if t.Name() == name {
			return t, nil
		}
	}
	if family, op, ok := strings.Cut(name, "/"); ok {
		op, key := splitKey(op)
		t := Family(family, op, key...)
		return t, t.err
	}
	if spec, err := specs.Open(name); err == nil {
		f := &specTable{spec: spec, name: name}
		return Raw{}, f.noDump("")
	}
	text := fmt.Sprintf("mirror: there is no table %q", name)
	if list := near.Names(name, Names()); len(list) > 0 {
		return Raw{}, fmt.Errorf("%s: did you mean %s?", text, strings.Join(list, " or "))
	}
	return Raw{}, fmt.Errorf("%s: there are %s, and FAMILY/OPERATION for any other", text, strings.Join(shortNames(), ", "))
}

// ByNameOf is [ByName] of an operation of a spec that is not in the catalogue:
// "get", or "get/addr-ipv4,saddr-ipv4".
func ByNameOf(spec *ynl.Spec, op string) (Raw, error) {
	op, key := splitKey(op)
	t := FamilyOf(spec, op, key...)
	return t, t.err
}

// splitKey takes the names of a key from behind an operation.
func splitKey(op string) (string, []string) {
	op, key, ok := strings.Cut(op, "/")
	if !ok || key == "" {
		return op, nil
	}
	return op, strings.Split(key, ",")
}

// builtin are the tables of this package that are what an operation of a family
// dumps.
var builtin = map[string]*Definition{
	"rt-link/getlink":       Links.def,
	"rt-addr/getaddr":       Addrs.def,
	"rt-route/getroute":     Routes.def,
	"rt-rule/getrule":       Rules.def,
	"rt-neigh/getneigh":     Neighbours.def,
	"tc/getqdisc":           Qdiscs.def,
	"tc/gettclass":          Classes.def,
	"tc/gettfilter":         Filters.def,
	"conntrack/get":         Conntrack.def,
	"wireguard/get-device":  Wireguard.def,
	"nftables/gettable":     NFTTables.def,
	"nftables/getchain":     NFTChains.def,
	"nftables/getrule":      NFTRules.def,
	"nftables/getset":       NFTSets.def,
	"nftables/getsetelem":   NFTElements.def,
	"nftables/getobj":       NFTObjects.def,
	"nftables/getflowtable": NFTFlowtables.def,
	"nftables/getgen":       NFTGeneration.def,
}

// builtinOf finds the table of this package that is what a family's operation
// dumps.
func builtinOf(family, op string) (Raw, bool) {
	if d, ok := builtin[family+"/"+op]; ok {
		return Raw{def: d}, true
	}
	if what, ok := strings.CutSuffix(op, "-get"); ok && family == "ethtool" {
		for _, t := range ethtoolTables() {
			if t.Name() == ethtoolPrefix+what {
				return t, true
			}
		}
	}
	return Raw{}, false
}
