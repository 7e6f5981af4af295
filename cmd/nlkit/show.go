package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/internal/show"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/specs"
)

func newShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show FAMILY [NAME] [flags]",
		Short: "Explain a family: operations, attributes, types, policies",
		Long: "Without a name: the family's operations with their numbers, its notifications,\n" +
			"groups, and what else has a name in its spec. With the name of an operation:\n" +
			"what it takes and answers, as a tree of attributes with types, limits and the\n" +
			"names of values; and, where this kernel has the family, what the kernel accepts.\n" +
			"With that of an attribute set, sub-message, enum or struct: what is in it.\n\n" +
			"Needs no root, and no kernel that has the family.",
		Example: "  nlkit show rt-link\n" +
			"  nlkit show rt-link getlink\n" +
			"  nlkit show rt-link linkinfo-vxlan-attrs   # an attribute set\n" +
			"  nlkit show nlctrl getpolicy               # the spec beside the live policy\n" +
			"  nlkit show tc tc-htb-opt                  # a struct, with offsets\n" +
			"  nlkit show ethtool -o json | jq -r '.ops[].name'\n" +
			"  nlkit show my-family --spec ./my-family.yaml",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0:
				return cli.Usagef("give a family; \"nlkit list\" names them")
			case len(args) > 2:
				return cli.Usagef("give a family and one name in it, not %d names", len(args)-1)
			case args[0] == "":
				return cli.Usagef("the family's name is empty; \"nlkit list\" names them")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     a.completeShow,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := a.context(cmd)
			defer cancel()
			s, from, err := a.find(args[0])
			if err != nil {
				return a.withoutShow(ctx, args[0], err)
			}
			if len(args) == 1 {
				return a.showFamily(ctx, cmd, s, from)
			}
			return a.showPart(ctx, cmd, s, args[1])
		},
	}
}

// specsVariable names the environment variable with folders of specs, a list as
// PATH is.
const specsVariable = "NLKIT_SPECS"

// finder looks for specs where the command line, the environment and the system
// say.
func (a *app) finder() specs.Finder {
	f := specs.Finder{File: a.spec, Dirs: append([]string(nil), a.specs...), System: specs.SystemDir}
	for _, dir := range filepath.SplitList(os.Getenv(specsVariable)) {
		if dir != "" {
			f.Dirs = append(f.Dirs, dir)
		}
	}
	return f
}

// find reads the spec of a family, and says for people where it is.
func (a *app) find(name string) (s *ynl.Spec, from string, err error) {
	if a.spec != "" {
		// The file may be a pipe, to be read once; and a broken one has no
		// family to compare the name with.
		s, err = a.finder().Find(name)
		return s, a.spec, err
	}
	e, err := a.finder().Lookup(name)
	if err == nil {
		s, err = e.Open()
	}
	return s, e.Where(), err
}

// withoutShow tells those who ask for a family without a spec that the kernel
// can be asked.
func (a *app) withoutShow(ctx context.Context, name string, err error) error {
	if other, ok := errors.AsType[*specs.OtherFamilyError](err); ok {
		return &cli.UsageError{Err: other}
	}
	if _, ok := errors.AsType[*specs.UnknownError](err); !ok {
		return err
	}
	if k, kernelErr := a.kernel(ctx, name); kernelErr == nil && k != nil && k.Family != nil {
		return fmt.Errorf("family %s is in this kernel, but there is no spec of it: \"nlkit list %s\" shows what the kernel tells, "+
			"and --spec FILE takes a spec of yours", printable(name), printable(name))
	}
	return err
}

// kernel asks the kernel for a family; nil where there is no asking. It fails
// where the command line is to blame.
func (a *app) kernel(ctx context.Context, name string) (*show.Kernel, error) {
	c, err := genetlink.Dial(a.options())
	if err != nil {
		return nil, blame(err)
	}
	defer c.Close()
	return kernelOf(ctx, c, name)
}

// blame keeps an error only if it is about the namespace that was asked for:
// what a spec says can be shown without a kernel.
func blame(err error) error {
	if wrong, ok := errors.AsType[*netlink.NamespaceError](err); ok {
		return wrong
	}
	return nil
}

func kernelOf(ctx context.Context, c *genetlink.Conn, name string) (*show.Kernel, error) {
	f, err := c.Family(ctx, name)
	if _, unknown := errors.AsType[*genetlink.UnknownFamilyError](err); unknown {
		return &show.Kernel{}, nil
	}
	if err != nil {
		return nil, ctx.Err() // the time that was given is over, or the kernel cannot say
	}
	return &show.Kernel{Family: f}, nil
}

func (a *app) showFamily(ctx context.Context, cmd *cobra.Command, s *ynl.Spec, from string) error {
	var k *show.Kernel
	if !s.IsRaw() {
		var err error
		if k, err = a.kernel(ctx, s.Name); err != nil {
			return err
		}
	}
	if a.format != cli.Text {
		return printJSON(cmd, show.NewFamilyJSON(s, from, k))
	}
	return show.Family(cmd.OutOrStdout(), s, from, k, a.pageOptions(cmd))
}

func (a *app) pageOptions(cmd *cobra.Command) show.Options {
	return show.Options{Color: cli.Color(cmd.OutOrStdout()), Width: cli.Width(cmd.OutOrStdout())}
}

func printJSON(cmd *cobra.Command, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(append(b, '\n'))
	return err
}

func (a *app) showPart(ctx context.Context, cmd *cobra.Command, s *ynl.Spec, name string) error {
	op := s.Op(name)
	part := s.Set(name) != nil || s.SubMessage(name) != nil || s.Enum(name) != nil || s.Struct(name) != nil
	if op == nil && !part {
		return unknownPart(s, name)
	}
	if op == nil {
		if a.format != cli.Text {
			return printJSON(cmd, show.NewPartJSON(s, name))
		}
		_, err := show.Part(cmd.OutOrStdout(), s, name, a.pageOptions(cmd))
		return err
	}
	k, err := a.kernelOp(ctx, s, op)
	if err != nil {
		return err
	}
	if a.format != cli.Text {
		return printJSON(cmd, show.NewOpJSON(s, op, k))
	}
	if err := show.Op(cmd.OutOrStdout(), s, op, k, a.pageOptions(cmd)); err != nil || !part {
		return err
	}
	// What is called like the operation is shown as well.
	fmt.Fprintln(cmd.OutOrStdout())
	_, err = show.Part(cmd.OutOrStdout(), s, name, a.pageOptions(cmd))
	return err
}

// kernelOp asks the kernel for what it accepts as an operation's attributes. nil
// is what there is where it cannot be asked.
func (a *app) kernelOp(ctx context.Context, s *ynl.Spec, op *ynl.Op) (*show.Kernel, error) {
	if s.IsRaw() || op.Do == nil && op.Dump == nil {
		return nil, nil
	}
	c, err := client.Dial(s, a.options())
	if err != nil {
		return nil, blame(err)
	}
	defer c.Close()
	k, err := kernelOf(ctx, c.Genetlink(), s.Name)
	if err != nil || k == nil || k.Family == nil {
		return k, err
	}
	for _, m := range []struct {
		mode *ynl.Mode
		to   *show.Policy
		dump bool
	}{{op.Do, &k.Do, false}, {op.Dump, &k.Dump, true}} {
		if m.mode == nil {
			continue
		}
		if _, has := k.Family.Op(uint32(m.mode.RequestID)); !has {
			continue
		}
		attrs, known, err := c.Policy(ctx, op.Name, m.dump)
		// A kernel before Linux 5.7 has nothing to ask with, and one that lacks
		// the operation says so with other errors: the spec is shown without it.
		if err == nil {
			*m.to = show.Policy{Known: known, Attrs: attrs}
		} else if ctx.Err() != nil {
			return nil, err
		}
	}
	return k, nil
}

// unknownPart says that a family has nothing of a name.
func unknownPart(s *ynl.Spec, name string) error {
	var names, ops []string
	for _, op := range s.Ops {
		if !op.IsReserved() {
			ops = append(ops, op.Name)
		}
	}
	names = append(names, ops...)
	for _, set := range s.Sets {
		names = append(names, set.Name)
	}
	for _, m := range s.SubMessages {
		names = append(names, m.Name)
	}
	for _, e := range s.Enums {
		names = append(names, e.Name)
	}
	for _, st := range s.Structs {
		names = append(names, st.Name)
	}
	msg := fmt.Sprintf("%s has no operation, attribute set, sub-message, enum or struct %q", s.Name, name)
	if like := near.Names(name, names); len(like) > 0 {
		return fmt.Errorf("%s; did you mean %s?", msg, strings.Join(like, " or "))
	}
	return fmt.Errorf("%s; its operations are %s", msg, strings.Join(ops, ", "))
}
