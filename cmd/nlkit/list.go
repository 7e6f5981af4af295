package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

func newList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list [FAMILY] [flags]",
		Short: "List the families of this kernel",
		Long: "Without a name: every generic netlink family of the kernel with its number,\n" +
			"version, operations, multicast groups, and whether there is a spec to talk to\n" +
			"it by name; then the protocols of their own that have a spec. With a name, or a\n" +
			"number: the family's operations, what each can do (do, dump), what right it\n" +
			"needs (admin-perm: root; uns-admin-perm: root of the user namespace), the\n" +
			"attributes the kernel accepts, and the groups. Needs no root. The kernel may\n" +
			"load a module to offer the family. \"nlkit show\" tells what the spec says.",
		Example: "  nlkit list\n" +
			"  nlkit list nlctrl\n" +
			"  nlkit list 16\n" +
			"  nlkit list -o json | jq '.[].name'\n" +
			"  nlkit list --netns blue",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return cli.Usagef("give one family or none for all, not %d", len(args))
			}
			if len(args) == 1 && args[0] == "" {
				return cli.Usagef("the family's name is empty; leave it out to list all")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     a.completeFamily,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := a.context(cmd)
			defer cancel()
			if len(args) == 1 {
				return a.listOne(ctx, cmd, args[0])
			}
			c, err := genetlink.Dial(a.options())
			if err != nil {
				return err
			}
			defer c.Close()
			return a.listFamilies(ctx, cmd.OutOrStdout(), c)
		},
	}
}

// listOne lists one family. A protocol of its own is one that a spec says is
// one: the kernel does not tell.
func (a *app) listOne(ctx context.Context, cmd *cobra.Command, name string) error {
	e, specErr := a.finder().Lookup(name)
	if specErr == nil && e.Level == ynl.NetlinkRaw {
		return a.listRaw(ctx, cmd, e)
	}
	if _, unknown := errors.AsType[*specs.UnknownError](specErr); specErr != nil && !unknown {
		return specErr
	}
	c, err := genetlink.Dial(a.options())
	if err != nil {
		return err
	}
	defer c.Close()
	return a.listFamily(ctx, cmd, c, name)
}

func (a *app) listRaw(ctx context.Context, cmd *cobra.Command, e specs.Entry) error {
	s, err := e.Open()
	if err != nil {
		return err
	}
	if a.format == cli.Text {
		return a.showFamily(ctx, cmd, s, e.Where())
	}
	out := cli.NewArray(cmd.OutOrStdout(), a.format)
	if err := out.Add(newRawJSON(e, s)); err != nil {
		return err
	}
	return out.Close()
}

// listing is what "nlkit list" prints: the kernel's families, and the specs.
type listing struct {
	families []*genetlink.Family
	specs    []specs.Entry
}

// spec finds the one of a family.
func (l *listing) spec(family string) (specs.Entry, bool) {
	i := slices.IndexFunc(l.specs, func(e specs.Entry) bool { return e.Level != ynl.NetlinkRaw && e.Family == family })
	if i < 0 {
		return specs.Entry{}, false
	}
	return l.specs[i], true
}

func (a *app) listFamilies(ctx context.Context, w io.Writer, c *genetlink.Conn) error {
	var l listing
	var err error
	if l.specs, err = a.finder().List(); err != nil {
		return err
	}
	if l.families, err = c.Families(ctx); err != nil {
		return err
	}
	if a.format == cli.Text {
		return l.table(w)
	}
	out := cli.NewArray(w, a.format)
	for _, f := range l.families {
		s, where, err := l.open(f.Name)
		if err != nil {
			return err
		}
		if err := out.Add(newFamilyJSON(f, nil, s, where)); err != nil {
			return err
		}
	}
	for _, e := range l.specs {
		if e.Level != ynl.NetlinkRaw {
			continue
		}
		if err := out.Add(newRawJSON(e, nil)); err != nil {
			return err
		}
	}
	return out.Close()
}

// open reads the spec of a family; nil where there is none.
func (l *listing) open(family string) (*ynl.Spec, string, error) {
	e, ok := l.spec(family)
	if !ok {
		return nil, "", nil
	}
	s, err := e.Open()
	return s, e.Where(), err
}

// table prints one line per family. Names have at most 15 bytes and numbers at
// most 5, so that the columns need not be measured first.
func (l *listing) table(w io.Writer) error {
	b := bufio.NewWriter(w)
	row := func(format string, fields ...any) {
		fmt.Fprintln(b, strings.TrimRight(fmt.Sprintf(format, fields...), " "))
	}
	const families = "%-16s %5v  %7v  %7v  %7v  %3v  %-9s  %s"
	row(families, "FAMILY", "ID", "VERSION", "HDRSIZE", "MAXATTR", "OPS", "SPEC", "GROUPS (NAME=ID)")
	present := map[string]bool{}
	for _, f := range l.families {
		var groups []string
		for _, g := range f.Groups {
			groups = append(groups, fmt.Sprintf("%s=%d", printable(g.Name), g.ID))
		}
		row(families, printable(f.Name), f.ID, f.Version, f.HeaderLen, f.MaxAttr, len(f.Ops), l.kind(f.Name), strings.Join(groups, " "))
		present[f.Name] = true
	}
	var absent []string
	const protocols = "%-16s %8v  %s"
	first := true
	for _, e := range l.specs {
		if e.Level != ynl.NetlinkRaw {
			if !present[e.Family] {
				absent = append(absent, printable(e.Family))
			}
			continue
		}
		if first {
			row("")
			row(protocols, "PROTOCOL", "NUMBER", "SPEC")
			first = false
		}
		row(protocols, printable(e.Family), uint8(e.Protocol), kindOf(e))
	}
	if len(absent) > 0 {
		row("")
		row("Specs of families that this kernel does not have, or not yet:")
		fmt.Fprint(b, cli.Wrap(strings.Join(absent, " "), "  ", cli.Width(w)))
	}
	return b.Flush()
}

// kind says where a family's spec is, in a word.
func (l *listing) kind(family string) string {
	if e, ok := l.spec(family); ok {
		return kindOf(e)
	}
	return "-"
}

func kindOf(e specs.Entry) string {
	if e.Path != "" {
		return "file"
	}
	return "catalogue"
}

// printable quotes a name that would spoil a terminal or a column.
func printable(name string) string {
	q := fmt.Sprintf("%q", name)
	if q[1:len(q)-1] != name {
		return q
	}
	return name
}

func (a *app) listFamily(ctx context.Context, cmd *cobra.Command, c *genetlink.Conn, name string) error {
	f, err := family(ctx, c, name)
	if err != nil {
		return a.explainUnknown(ctx, c, name, err)
	}
	spec, where, err := a.specOfFamily(f.Name)
	if err != nil {
		return err
	}
	policies, err := c.Policies(ctx, f.Name)
	if errors.Is(err, netlink.EOPNOTSUPP) || errors.Is(err, netlink.EINVAL) {
		// Before Linux 5.7 there is nothing to ask with.
		fmt.Fprintf(cmd.ErrOrStderr(), "nlkit: this kernel does not tell policies (%v); they are left out\n", err)
		policies, err = nil, nil
	}
	if err != nil {
		return err
	}
	if a.format != cli.Text {
		out := cli.NewArray(cmd.OutOrStdout(), a.format)
		if err := out.Add(newFamilyJSON(f, policies, spec, where)); err != nil {
			return err
		}
		return out.Close()
	}
	return familyDetail(cmd.OutOrStdout(), f, policies, spec)
}

// specOfFamily finds the spec of a family of the kernel; nil where there is none.
func (a *app) specOfFamily(name string) (*ynl.Spec, string, error) {
	e, err := a.finder().Lookup(name)
	if _, unknown := errors.AsType[*specs.UnknownError](err); unknown {
		return nil, "", nil
	}
	if _, other := errors.AsType[*specs.OtherFamilyError](err); other {
		return nil, "", nil // by its number
	}
	if err != nil {
		return nil, "", err
	}
	s, err := e.Open()
	return s, e.Where(), err
}

// explainUnknown says that there is a spec where the kernel does not have the
// family, and what the kernel has where nothing has a name near to it.
func (a *app) explainUnknown(ctx context.Context, c *genetlink.Conn, name string, err error) error {
	unknown, ok := errors.AsType[*genetlink.UnknownFamilyError](err)
	if !ok {
		return err
	}
	e, specErr := a.finder().Lookup(name)
	if specErr == nil {
		if e.Family != name {
			if _, err := c.Family(ctx, e.Family); err == nil {
				return fmt.Errorf("%w; did you mean %q?", withoutNear(unknown), e.Family)
			}
		}
		return fmt.Errorf("%w; there is a spec of it (\"nlkit show %s\")", withoutNear(unknown), e.Family)
	}
	if like, ok := errors.AsType[*specs.UnknownError](specErr); ok && len(unknown.Near) == 0 && len(like.Near) > 0 {
		return fmt.Errorf("%w; among the specs there is %s", err, orList(like.Near))
	}
	return nameOthers(ctx, c, err)
}

// withoutNear is an error without suggestions.
func withoutNear(e *genetlink.UnknownFamilyError) error {
	plain := *e
	plain.Near = nil
	return &plain
}

// family finds a family by its name, or by its number.
func family(ctx context.Context, c *genetlink.Conn, name string) (*genetlink.Family, error) {
	if id, err := strconv.ParseUint(name, 10, 16); err == nil && id > 0 {
		return c.FamilyByID(ctx, uint16(id))
	}
	return c.Family(ctx, name)
}

// nameOthers adds the names of all families to an error that says that one is
// unknown and that none has a name near to it.
func nameOthers(ctx context.Context, c *genetlink.Conn, err error) error {
	unknown, ok := errors.AsType[*genetlink.UnknownFamilyError](err)
	if !ok || len(unknown.Near) > 0 {
		return err
	}
	families, ferr := c.Families(ctx)
	if ferr != nil {
		return err // it is right without them
	}
	var names []string
	for _, f := range families {
		names = append(names, printable(f.Name))
	}
	return fmt.Errorf("%w; there are: %s", err, strings.Join(names, ", "))
}
