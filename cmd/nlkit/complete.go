package main

import (
	"bytes"
	"io"
	"net"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/complete"
)

// completion is what cobra calls for the words of a command line.
type completion = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective)

const noFiles = cobra.ShellCompDirectiveNoFileComp

// kernelFamilies names the families of this kernel; none where it cannot be
// asked.
func (a *app) kernelFamilies(cmd *cobra.Command) []*genetlink.Family {
	ctx, cancel := a.context(cmd)
	defer cancel()
	c, err := genetlink.Dial(a.options())
	if err != nil {
		return nil
	}
	defer c.Close()
	families, err := c.Families(ctx)
	if err != nil {
		return nil
	}
	return families
}

// completeFamily offers the families that have a spec, and those of this kernel.
func (a *app) completeFamily(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, noFiles
	}
	entries, err := a.finder().List()
	if err != nil {
		entries = nil // the command will say what is wrong
	}
	var names []string
	for _, f := range a.kernelFamilies(cmd) {
		names = append(names, f.Name)
	}
	return complete.Families(entries, names, begun), noFiles
}

// completeShow offers families, then what has a name in the one that was given.
func (a *app) completeShow(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) != 1 {
		return a.completeFamily(cmd, args, begun)
	}
	s, err := a.finder().Find(args[0])
	if err != nil {
		return nil, noFiles
	}
	return append(complete.Ops(s, complete.Any, begun), complete.Parts(s, begun)...), noFiles
}

// completeRequest offers families, operations and assignments, for do and dump.
func (a *app) completeRequest(use complete.Use) completion {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return a.completeFamily(cmd, args, begun)
		}
		s, err := a.finder().Find(args[0])
		if err != nil {
			return nil, noFiles
		}
		if len(args) == 1 {
			return complete.Ops(s, use, begun), noFiles
		}
		op := s.Op(args[1])
		if op == nil {
			return nil, noFiles
		}
		out, more := complete.Assignments(op, use, args[2:], begun, complete.Options{Interfaces: a.interfaces})
		if more {
			return out, noFiles | cobra.ShellCompDirectiveNoSpace
		}
		return out, noFiles
	}
}

// completeGroups offers families, then the groups of the one that was given, for
// watch.
func (a *app) completeGroups(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return a.completeFamily(cmd, args, begun)
	}
	s, err := a.finder().Find(args[0])
	if err != nil {
		s = nil // the kernel tells of groups as well
	}
	var kernel []string
	if s == nil || !s.IsRaw() {
		for _, f := range a.kernelFamilies(cmd) {
			if s != nil && f.Name != s.Name || s == nil && f.Name != args[0] {
				continue
			}
			for _, g := range f.Groups {
				kernel = append(kernel, g.Name)
			}
		}
	}
	return complete.Groups(s, kernel, args[1:], begun), noFiles
}

// interfaces names the network interfaces of the own namespace. Those of another
// one are not looked for.
func (a *app) interfaces() []string {
	if a.netns != "" {
		return nil
	}
	all, err := net.Interfaces()
	if err != nil {
		return nil
	}
	var names []string
	for _, i := range all {
		names = append(names, i.Name)
	}
	return names
}

// fishFlag is how cobra's script for fish finds the flag that a value belongs to.
// It does so anywhere in a word: "rtm-family=" would be taken for the flag
// "-family=".
const (
	fishFlag  = `string match -r -- '-.*=' "$lastArg"`
	fishFixed = `string match -r -- '^-.*=' "$lastArg"`
)

// fishCompletion writes the script for fish, with that put right.
func fishCompletion(cmd *cobra.Command, _ []string) error {
	bare, err := cmd.Flags().GetBool("no-descriptions")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := cmd.Root().GenFishCompletion(&b, !bare); err != nil {
		return err
	}
	_, err = io.WriteString(cmd.OutOrStdout(), strings.Replace(b.String(), fishFlag, fishFixed, 1))
	return err
}
