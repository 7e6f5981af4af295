package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nlkit/nlkit/internal/cli"
)

// newHelp is "nlkit help", which refuses what is no command.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:                   "help [COMMAND]",
		Short:                 "Explain a command",
		Example:               "  nlkit help list",
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			about, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var names []string
			for _, c := range about.Commands() {
				if c.IsAvailableCommand() && strings.HasPrefix(c.Name(), begun) {
					names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			// What the command would not take has no help. What it would, such as
			// a demo's name, is explained with it.
			err = about.ValidateArgs(rest)
			if err != nil && about != cmd.Root() {
				err = fmt.Errorf("unknown command %q: %w", strings.Join(args, " "), err)
			}
			if err != nil {
				return &cli.UsageError{Err: err}
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// checkedHelp is the help function of root and all below it; help that could
// not be written is an error in a.
func checkedHelp(a *app, root *cobra.Command) func(*cobra.Command, []string) {
	print := root.HelpFunc()
	return func(cmd *cobra.Command, args []string) {
		out := cmd.OutOrStdout()
		var text bytes.Buffer
		cmd.SetOut(&text)
		defer hideFlags(cmd)()
		print(cmd, args)
		cmd.SetOut(out)
		_, a.helpErr = out.Write(text.Bytes())
	}
}

// offline is the annotation of a command that asks no kernel anything, nor do the
// commands below it.
const offline = "offline"

// hideFlags keeps flags about kernels out of the help of a command that is
// offline, until the function it returns is called.
func hideFlags(cmd *cobra.Command) (show func()) {
	var hidden []*pflag.Flag
	for c := cmd; c != nil; c = c.Parent() {
		if _, ok := c.Annotations[offline]; !ok {
			continue
		}
		for _, name := range []string{"netns", "timeout", "trace"} {
			if f := c.Root().PersistentFlags().Lookup(name); f != nil && !f.Hidden {
				f.Hidden = true
				hidden = append(hidden, f)
			}
		}
	}
	return func() {
		for _, f := range hidden {
			f.Hidden = false
		}
	}
}

// addCompletion adds "nlkit completion", which refuses what is no shell. root
// must know its output.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args = unknownCommand
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			for _, shell := range c.Commands() {
				if shell.Name() == "fish" {
					shell.RunE = fishCompletion
				}
			}
		}
	}
}
