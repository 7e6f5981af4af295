package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/pyynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// newYNL is "nlkit ynl". It reads its command line itself: by the rules of
// Python's argparse, and without the global flags, since --spec is its own.
func newYNL(a *app) *cobra.Command {
	ynl := &cobra.Command{
		Use:   "ynl (--family NAME | --spec FILE) [options]",
		Short: "Take the options of the kernel's own Python client",
		Example: "  nlkit ynl --family netdev --dump dev-get --output-json\n" +
			"  nlkit ynl --spec ./rt-link.yaml --do getlink --json '{\"ifname\": \"lo\"}'\n" +
			"  nlkit ynl --family rt-link --subscribe rtnlgrp-link --duration 10",
		DisableFlagParsing:    true,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     completeYNL,
		RunE: func(cmd *cobra.Command, args []string) error {
			status := pyynl.Run(cmd.Context(), args, &pyynl.Env{
				Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr(),
				Options:   a.options(),
				Families:  a.specNames,
				Open:      a.finder().Find,
				Catalogue: specs.Open,
				Width:     cli.Width(cmd.OutOrStdout()),
			})
			if status != cli.ExitOK {
				return &cli.StatusError{Status: status}
			}
			return nil
		},
	}
	ynl.Long = strings.TrimSpace(pyynl.About())
	return ynl
}

// specNames names all specs by their files, sorted.
func (a *app) specNames() ([]string, error) {
	entries, err := a.finder().List()
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name
	}
	slices.Sort(names)
	return names, nil
}

// completeYNL offers options, families and files.
func completeYNL(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	last := ""
	if len(args) > 0 {
		last = args[len(args)-1]
	}
	switch last {
	case "--spec", "--schema":
		return nil, cobra.ShellCompDirectiveDefault
	case "--family":
		return specs.Names(), cobra.ShellCompDirectiveNoFileComp
	}
	if strings.HasPrefix(begun, "-") {
		return pyynl.Options(), cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}
