package pyynl

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// options are the values of a command line.
type options struct {
	help         bool
	spec, family string
	listFamilies bool
	do, dump     string
	multi        [][2]string
	json         string
	listOps      bool
	listMsgs     bool
	listAttrs    string
	validate     bool
	subscribe    string
	duration     int // seconds
	flags        []string
	schema       string
	outputJSON   bool
	policy       bool
	smallRecv    int // bytes; 0 for buffers as usual
	netns        string

	given map[string]bool // names of the options that were there
}

// usageError says that a command line is wrong.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// option is one option of the command line.
type option struct {
	name   string // without the dashes
	meta   string // of its value, or "" where it has none
	values int    // how many it takes
	maybe  bool   // the value may be missing
	set    func(o *options, v []string) error
	help   string
}

func text(dst func(*options) *string) func(*options, []string) error {
	return func(o *options, v []string) error {
		*dst(o) = v[0]
		return nil
	}
}

func flag(dst func(*options) *bool) func(*options, []string) error {
	return func(o *options, _ []string) error {
		*dst(o) = true
		return nil
	}
}

func requestFlag(name string) func(*options, []string) error {
	return func(o *options, _ []string) error {
		o.flags = append(o.flags, name)
		return nil
	}
}

func ignored(*options, []string) error { return nil }

func number(v string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil {
		return 0, fmt.Errorf("invalid int value: %s", pyRepr(v))
	}
	return n, nil
}

func setDuration(o *options, v []string) (err error) {
	o.duration, err = number(v[0])
	return err
}

// smallReceive is the size that --dbg-small-recv means without a value, in
// bytes, and the least it may be: the kernel's messages of a dump have to fit.
const smallReceive = 4000

func setSmallRecv(o *options, v []string) (err error) {
	o.smallRecv = smallReceive
	if len(v) > 0 {
		o.smallRecv, err = number(v[0])
	}
	return err
}

func optionTable() []option {
	return []option{
		{name: "family", meta: "FAMILY", values: 1, set: text(func(o *options) *string { return &o.family }), help: "the family, by the name of its spec"},
		{name: "list-families", set: flag(func(o *options) *bool { return &o.listFamilies }), help: "list the families that have a spec"},
		{name: "spec", meta: "SPEC", values: 1, set: text(func(o *options) *string { return &o.spec }), help: "the family, by the file of a spec, which is\ntaken as it is"},
		{name: "do", meta: "OP", values: 1, set: text(func(o *options) *string { return &o.do }), help: "make one request"},
		{name: "dump", meta: "OP", values: 1, set: text(func(o *options) *string { return &o.dump }), help: "ask for a whole table"},
		{name: "multi", meta: "OP JSON", values: 2, set: func(o *options, v []string) error {
			o.multi = append(o.multi, [2]string{v[0], v[1]})
			return nil
		}, help: "make several requests in one datagram\n(repeatable)"},
		{name: "json", meta: "JSON", values: 1, set: text(func(o *options) *string { return &o.json }), help: "attributes of the request, as a JSON object"},
		{name: "list-ops", set: flag(func(o *options) *bool { return &o.listOps }), help: "list the operations"},
		{name: "list-msgs", set: flag(func(o *options) *bool { return &o.listMsgs }), help: "list the operations and notifications"},
		{name: "list-attrs", meta: "OP", values: 1, set: text(func(o *options) *string { return &o.listAttrs }), help: "list the attributes of an operation"},
		{name: "doc", meta: "OP", values: 1, set: text(func(o *options) *string { return &o.listAttrs }), help: "the same"},
		{name: "validate", set: flag(func(o *options) *bool { return &o.validate }), help: "check the spec and exit"},
		{name: "subscribe", meta: "GROUP", values: 1, set: text(func(o *options) *string { return &o.subscribe }), help: "print what is sent to a multicast group"},
		{name: "duration", meta: "SECONDS", values: 1, set: setDuration, help: "for so long; without it until interrupted"},
		{name: "sleep", meta: "SECONDS", values: 1, set: setDuration, help: "the same"},
		{name: "replace", set: requestFlag("replace"), help: "set the flag NLM_F_REPLACE (do, multi)"},
		{name: "excl", set: requestFlag("excl"), help: "set the flag NLM_F_EXCL (do, multi)"},
		{name: "create", set: requestFlag("create"), help: "set the flag NLM_F_CREATE (do, multi)"},
		{name: "append", set: requestFlag("append"), help: "set the flag NLM_F_APPEND (do, multi)"},
		{name: "policy", set: flag(func(o *options) *bool { return &o.policy }), help: "print what the kernel accepts in the\noperation, instead of asking for it"},
		{name: "output-json", set: flag(func(o *options) *bool { return &o.outputJSON }), help: "print JSON, each result on one line"},
		{name: "no-schema", set: ignored, help: "accepted; the rules are always checked"},
		{name: "schema", meta: "FILE", values: 1, set: text(func(o *options) *string { return &o.schema }), help: "accepted; nlkit knows the schema's rules"},
		{name: "process-unknown", set: ignored, help: "accepted; what the spec does not know is\nalways shown"},
		{name: "no-process-unknown", set: ignored, help: "accepted, without effect"},
		{name: "dbg-small-recv", meta: "BYTES", values: 1, maybe: true, set: setSmallRecv, help: "receive into buffers of so many bytes (4000),\nand tell of each on the standard error"},
		{name: "netns", meta: "NAME|PATH", values: 1, set: text(func(o *options) *string { return &o.netns }), help: "network namespace; an option of nlkit's own"},
		{name: "help", set: flag(func(o *options) *bool { return &o.help }), help: "print this help"},
	}
}

// parse reads a command line as Python's argparse does: values behind a space or
// "=", and names as short as they are unambiguous.
func parse(args []string) (*options, error) {
	o := &options{given: map[string]bool{}}
	table := optionTable()
	var extra []string
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			extra = append(extra, args...)
			break
		}
		if !looksLikeOption(arg) {
			extra = append(extra, arg)
			continue
		}
		if arg == "-h" {
			arg = "--help"
		}
		name, value, explicit := strings.Cut(arg, "=")
		opt, err := findOption(table, name)
		if err != nil {
			return nil, err
		}
		if opt == nil {
			extra = append(extra, arg)
			continue
		}
		var values []string
		switch {
		case explicit && opt.values == 0:
			return nil, usagef("argument --%s: ignored explicit argument %s", opt.name, pyRepr(value))
		case explicit:
			values = []string{value}
		default:
			for len(values) < opt.values && len(args) > 0 && !looksLikeOption(args[0]) {
				values = append(values, args[0])
				args = args[1:]
			}
		}
		if len(values) < opt.values && !opt.maybe {
			want := "one argument"
			if opt.values > 1 {
				want = fmt.Sprintf("%d arguments", opt.values)
			}
			return nil, usagef("argument --%s: expected %s", opt.name, want)
		}
		if err := o.exclude(opt.name); err != nil {
			return nil, err
		}
		o.given[opt.name] = true
		if err := opt.set(o, values); err != nil {
			return nil, usagef("argument --%s: %v", opt.name, err)
		}
	}
	switch {
	case o.help:
	case !o.given["family"] && !o.given["spec"] && !o.listFamilies:
		return nil, usagef("one of the arguments --family --list-families --spec is required")
	case len(extra) > 0:
		return nil, usagef("unrecognized arguments: %s", strings.Join(extra, " "))
	}
	return o, nil
}

// exclusive are options of which one alone may be given.
var exclusive = [][]string{
	{"family", "list-families", "spec"},
	{"do", "dump", "multi", "list-ops", "list-msgs", "list-attrs", "doc", "validate"},
}

func (o *options) exclude(name string) error {
	for _, group := range exclusive {
		if !slices.Contains(group, name) {
			continue
		}
		for _, other := range group {
			if other != name && o.given[other] {
				return usagef("argument --%s: not allowed with argument --%s", name, other)
			}
		}
	}
	return nil
}

// negative is what argparse takes for a number, and not for an option.
var negative = regexp.MustCompile(`^-(\d+|\d*\.\d+)$`)

func looksLikeOption(arg string) bool {
	if len(arg) < 2 || arg[0] != '-' || negative.MatchString(arg) {
		return false
	}
	name, _, _ := strings.Cut(arg, "=")
	return !strings.Contains(name, " ")
}

// findOption finds an option by its name or an unambiguous part of it. It
// returns nil where there is none.
func findOption(table []option, arg string) (*option, error) {
	name, long := strings.CutPrefix(arg, "--")
	if !long {
		return nil, nil
	}
	var found []*option
	for i := range table {
		if table[i].name == name {
			return &table[i], nil
		}
		if strings.HasPrefix(table[i].name, name) {
			found = append(found, &table[i])
		}
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	names := make([]string, len(found))
	for i, f := range found {
		names[i] = "--" + f.name
	}
	return nil, usagef("ambiguous option: %s could match %s", arg, strings.Join(names, ", "))
}
