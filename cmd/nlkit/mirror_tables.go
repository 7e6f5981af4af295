package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/complete"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/ynl/specs"
)

// tableFlags say what of tables is mirrored.
type tableFlags struct {
	where expressions
	poll  duration
	all   bool
}

// expressions is the value of --where, which may be given several times.
type expressions []string

func (e *expressions) String() string { return strings.Join(*e, " ") }

// Type is what the usage calls the value.
func (e *expressions) Type() string { return "EXPR" }

func (e *expressions) Set(s string) error {
	*e = append(*e, s)
	return nil
}

const tablesHelp = "A table is one that nlkit knows (completion lists them: link, addr, route, rule,\n" +
	"neigh, fdb, nexthop, qdisc, class, filter, conntrack, wireguard, nft-rule,\n" +
	"ethtool-rings and so on), or what a family's operation dumps, FAMILY/OPERATION.\n" +
	"Where the spec does not tell what tells records apart it follows, as in\n" +
	"FAMILY/OPERATION/ATTR,ATTR. What the kernel never announces takes --poll."

func (f *tableFlags) add(flags *pflag.FlagSet) {
	flags.Var(&f.where, "where", "only the records that match; of several tables\nTABLE:EXPR says of which (repeatable)")
	flags.Var(&f.poll, "poll", "how often to read what is never announced")
	flags.BoolVar(&f.all, "all-netns", false, "all network namespaces that can be found")
}

// someTables refuses a command line without tables.
func someTables(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cli.Usagef("give a table, as in nlkit mirror link addr route; --help tells which there are")
	}
	return nil
}

// tables finds the tables of a command line.
func (a *app) tables(names []string, f *tableFlags) ([]mirror.Raw, error) {
	var tables []mirror.Raw
	byName := map[string]int{}
	for _, name := range names {
		t, err := a.table(name)
		if err != nil && len(f.where) > 0 && slices.ContainsFunc(names, isOperator) {
			return nil, cli.Usagef("%q is no table: the whole filter is one word for the shell, so quote it, as in --where 'mtu > 1400'", name)
		}
		if err != nil && strings.Contains(name, ",") && !strings.Contains(name, "/") {
			return nil, cli.Usagef("%q is no table: give several with spaces between them, as in nlkit mirror %s", name, strings.ReplaceAll(name, ",", " "))
		}
		if err != nil {
			return nil, &cli.UsageError{Err: err}
		}
		if _, twice := byName[t.Name()]; twice {
			return nil, cli.Usagef("the table %s is given twice", t.Name())
		}
		if !t.Announced() {
			if !t.Polled() && f.poll == 0 {
				return nil, cli.Usagef("%s: its changes are not announced: say how often it is to be read, --poll 10s", t.Name())
			}
			if f.poll > 0 {
				t = t.Poll(time.Duration(f.poll))
			}
		}
		byName[t.Name()], byName[name] = len(tables), len(tables)
		tables = append(tables, t)
	}
	if f.poll > 0 && !slices.ContainsFunc(tables, func(t mirror.Raw) bool { return !t.Announced() }) {
		return nil, cli.Usagef("--poll is for what is never announced: changes of %s are", tableNames(tables))
	}
	for _, w := range f.where {
		i, expr, err := whichTable(w, byName, tables)
		if err != nil {
			return nil, err
		}
		tables[i] = tables[i].Where(expr)
	}
	return tables, nil
}

// isOperator reports whether a word is one of a filter that was not quoted.
func isOperator(word string) bool {
	return slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "=", "in", "not", "has", "&&", "||", "and", "or"}, word)
}

// whichTable takes a filter and the table that it is for apart.
func whichTable(where string, byName map[string]int, tables []mirror.Raw) (int, string, error) {
	name, expr, found := strings.Cut(where, ":")
	i, known := byName[strings.TrimSpace(name)]
	like := near.Names(name, slices.Collect(maps.Keys(byName)))
	switch {
	case found && known:
	case len(tables) == 1:
		i, expr = 0, where
	case found && len(like) > 0:
		return 0, "", cli.Usagef("--where %q: %s is none of the tables; did you mean %s?", where, name, like[0])
	case found && slices.Contains(mirror.Names(), strings.TrimSpace(name)):
		return 0, "", cli.Usagef("--where %q: %s is none of the tables given (%s)", where, strings.TrimSpace(name), tableNames(tables))
	default:
		return 0, "", cli.Usagef("--where %q: say which of the tables it is for, with its name in front: 'TABLE:%s', where TABLE is one of %s",
			where, strings.TrimSpace(where), tableNames(tables))
	}
	if strings.TrimSpace(expr) == "" {
		return 0, "", cli.Usagef("--where %q: there is no expression in it", where)
	}
	return i, expr, nil
}

// table finds one: by its name, by an operation of the catalogue, or by one of a
// spec that was given.
func (a *app) table(name string) (mirror.Raw, error) {
	family, op, isOp := strings.Cut(name, "/")
	if !isOp {
		return mirror.ByName(name)
	}
	e, err := a.finder().Lookup(family)
	if _, unknown := errors.AsType[*specs.UnknownError](err); unknown {
		return mirror.Raw{}, fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return mirror.Raw{}, err
	}
	if e.Path == "" {
		return mirror.ByName(name)
	}
	s, err := e.Open()
	if err != nil {
		return mirror.Raw{}, err
	}
	return mirror.ByNameOf(s, op)
}

// tableNames lists the names of tables.
func tableNames(tables []mirror.Raw) string {
	var names []string
	for _, t := range tables {
		names = append(names, t.Name())
	}
	return strings.Join(names, ", ")
}

// completeTables offers tables, then operations of a family.
func (a *app) completeTables(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if family, op, isOp := strings.Cut(begun, "/"); isOp {
		s, err := a.finder().Find(family)
		if err != nil {
			return nil, noFiles
		}
		var names []string
		for _, o := range complete.Ops(s, complete.Dump, op) {
			names = append(names, family+"/"+o)
		}
		return names, noFiles
	}
	given := map[string]bool{}
	for _, name := range args {
		given[name] = true
	}
	var names []string
	for _, name := range mirror.Names() {
		if strings.HasPrefix(name, begun) && !given[name] {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		return names, noFiles
	}
	families, _ := a.completeFamily(cmd, nil, begun)
	for _, f := range families {
		name, _, _ := strings.Cut(f, "\t")
		names = append(names, name+"/")
	}
	return names, noFiles | cobra.ShellCompDirectiveNoSpace
}
