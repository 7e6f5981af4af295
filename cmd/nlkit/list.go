package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/netlink"
)

func newList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "list [FAMILY] [flags]",
		Short: "List the generic netlink families of this kernel",
		Long: "Without a name: every generic netlink family of the kernel with its number,\n" +
			"version, operations and multicast groups. With a name, or a number: the\n" +
			"family's operations, what each can do (do, dump), what right it needs\n" +
			"(admin-perm: root; uns-admin-perm: root of the user namespace), the attributes\n" +
			"it accepts, and the groups. Needs no root. The kernel may load a module to\n" +
			"offer the family.",
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
			c, err := genetlink.Dial(a.options())
			if err != nil {
				return err
			}
			defer c.Close()
			if len(args) == 1 {
				return a.listFamily(ctx, cmd, c, args[0])
			}
			return a.listFamilies(ctx, cmd.OutOrStdout(), c)
		},
	}
}

func (a *app) listFamilies(ctx context.Context, w io.Writer, c *genetlink.Conn) error {
	families, err := c.Families(ctx)
	if err != nil {
		return err
	}
	if a.format == cli.Text {
		return familyTable(w, families)
	}
	out := cli.NewArray(w, a.format)
	for _, f := range families {
		if err := out.Add(newFamilyJSON(f, nil)); err != nil {
			return err
		}
	}
	return out.Close()
}

// familyTable prints one line per family. Names have at most 15 bytes and
// numbers at most 5, so that the columns need not be measured first.
func familyTable(w io.Writer, families []*genetlink.Family) error {
	const row = "%-16s %5v  %7v  %7v  %7v  %3v  %s"
	line := func(fields ...any) error {
		_, err := fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf(row, fields...), " "))
		return err
	}
	if err := line("FAMILY", "ID", "VERSION", "HDRSIZE", "MAXATTR", "OPS", "GROUPS (NAME=ID)"); err != nil {
		return err
	}
	for _, f := range families {
		var groups []string
		for _, g := range f.Groups {
			groups = append(groups, fmt.Sprintf("%s=%d", printable(g.Name), g.ID))
		}
		err := line(printable(f.Name), f.ID, f.Version, f.HeaderLen, f.MaxAttr, len(f.Ops), strings.Join(groups, " "))
		if err != nil {
			return err
		}
	}
	return nil
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
		return nameOthers(ctx, c, err)
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
		if err := out.Add(newFamilyJSON(f, policies)); err != nil {
			return err
		}
		return out.Close()
	}
	return familyDetail(cmd.OutOrStdout(), f, policies)
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

// completeFamily names the families of this kernel.
func (a *app) completeFamily(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	ctx, cancel := a.context(cmd)
	defer cancel()
	c, err := genetlink.Dial(a.options())
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	defer c.Close()
	families, err := c.Families(ctx)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var names []string
	for _, f := range families {
		names = append(names, f.Name)
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
