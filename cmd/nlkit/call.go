package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/assign"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/internal/trace"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// call is what do, dump and watch share: a family to talk to.
type call struct {
	app    *app
	cmd    *cobra.Command
	ctx    context.Context
	spec   *ynl.Spec
	bare   bool // nothing is known of the family but its name
	client *client.Client
	tracer *trace.Tracer // nil without --trace
	names  *ifname.Names
	codec  codec.Options
}

// open finds a family's spec and opens a socket for it. op is the operation that
// is to be asked for: a family without a spec is called by numbers only.
func (a *app) open(ctx context.Context, cmd *cobra.Command, family, op string) (*call, error) {
	c := &call{app: a, cmd: cmd, ctx: ctx}
	var err error
	c.spec, err = a.specOf(family)
	if _, unknown := errors.AsType[*specs.UnknownError](err); unknown {
		c.bare = true
		c.spec, err = a.withoutSpec(ctx, family, op, err)
	}
	if err != nil {
		return nil, err
	}
	c.names = ifname.New(ctx, a.options())
	c.codec.Lookup = assign.Lookup(c.names.Index)
	o := a.options()
	if a.trace {
		c.tracer = trace.New(cmd.ErrOrStderr(), c.spec, trace.Options{
			Color: cli.Color(cmd.ErrOrStderr()), Width: cli.Width(cmd.ErrOrStderr()),
		})
		o.Tap = c.tracer.Tap
	}
	if c.client, err = client.Dial(c.spec, o); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *call) close() error { return errors.Join(c.client.Close(), c.names.Close()) }

// specOf finds the spec of a family.
func (a *app) specOf(family string) (*ynl.Spec, error) {
	if family == "" {
		return nil, cli.Usagef("the family's name is empty; \"nlkit list\" shows what there is")
	}
	s, err := a.finder().Find(family)
	if other, ok := errors.AsType[*specs.OtherFamilyError](err); ok {
		return nil, &cli.UsageError{Err: other}
	}
	return s, err
}

// withoutSpec makes a spec that knows a family's name alone, which is enough to
// call its operations by number. missing says that there is none.
func (a *app) withoutSpec(ctx context.Context, family, op string, missing error) (*ynl.Spec, error) {
	c, err := genetlink.Dial(a.options())
	if err != nil {
		return nil, err
	}
	defer c.Close()
	_, err = c.Family(ctx, family)
	if unknown, ok := errors.AsType[*genetlink.UnknownFamilyError](err); ok {
		if p, ok := wire.ParseProtocol(family); ok && p != wire.Generic && isNumber(op) {
			return &ynl.Spec{Name: p.String(), Level: ynl.NetlinkRaw, Protocol: p}, nil
		}
		return nil, a.unknownFamily(ctx, c, family, unknown)
	}
	if err != nil {
		return nil, err
	}
	if !isNumber(op) {
		return nil, fmt.Errorf("family %s is in this kernel, but there is no spec that says what %q is: "+
			"call its operations by number, as in \"nlkit do %s 1 --raw HEX\" (\"nlkit list %s\" has the numbers), or give --spec FILE",
			family, op, family, family)
	}
	return &ynl.Spec{Name: family, Level: ynl.Genetlink, Protocol: wire.Generic, Version: 1}, nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseUint(s, 0, 16)
	return err == nil
}

// unknownFamily names what is near: families of this kernel, and those that have
// a spec.
func (a *app) unknownFamily(ctx context.Context, c *genetlink.Conn, name string, cause error) error {
	var names []string
	if entries, err := a.finder().List(); err == nil {
		for _, e := range entries {
			names = append(names, e.Name)
		}
	}
	if families, err := c.Families(ctx); err == nil {
		have := map[string]bool{}
		for _, n := range names {
			have[n], have[strings.ReplaceAll(n, "_", "-")], have[strings.ReplaceAll(n, "-", "_")] = true, true, true
		}
		for _, f := range families {
			if !have[f.Name] {
				names = append(names, printable(f.Name))
			}
		}
	}
	return &unknownFamilyError{name: name, near: near.Names(name, names), cause: cause}
}

// unknownFamilyError says that neither the kernel nor the catalogue has a family.
type unknownFamilyError struct {
	name  string
	near  []string
	cause error
}

func (e *unknownFamilyError) Error() string {
	msg := fmt.Sprintf("there is no family %q, neither in this kernel nor among the specs", e.name)
	if len(e.near) > 0 {
		return msg + "; did you mean " + orList(e.near) + "?"
	}
	return msg + "; \"nlkit list\" shows what there is"
}

func (e *unknownFamilyError) Unwrap() error { return e.cause }

func orList(names []string) string {
	out := names[0]
	for i, n := range names[1:] {
		if i == len(names)-2 {
			out += " or " + n
		} else {
			out += ", " + n
		}
	}
	return out
}

// warn writes a line to the standard error.
func (c *call) warn(format string, args ...any) {
	fmt.Fprintf(c.cmd.ErrOrStderr(), "nlkit: "+format+"\n", args...)
}
