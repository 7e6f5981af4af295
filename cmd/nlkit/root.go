package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/netlink"
)

// app is what all commands share: the global flags.
type app struct {
	started bool // the command line was accepted and a command is running
	format  cli.Format
	netns   string
	timeout time.Duration
}

func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "nlkit",
		Short: "Netlink for Go: talk to the Linux kernel by name",
		Long: "nlkit talks Netlink, the way processes and the Linux kernel talk to each other about networking and more.\n" +
			"Begin with the demonstrations, which need no root and no Linux, then look at what your kernel offers.",
		Example: "  nlkit demo                 # four short demonstrations on a simulated kernel\n" +
			"  nlkit demo request         # one of them\n" +
			"  nlkit list                 # the generic netlink families of this kernel\n" +
			"  nlkit list nlctrl          # one family: operations, policies, groups",
		Args:                       unknownCommand,
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		PersistentPreRun:           func(*cobra.Command, []string) { a.started = true },
	}
	a.format = cli.Text
	f := root.PersistentFlags()
	f.VarP(&a.format, "output", "o", "output format")
	f.StringVar(&a.netns, "netns", "", "network namespace: a name of \"ip netns\", or a path such as /proc/42/ns/net")
	f.DurationVar(&a.timeout, "timeout", 30*time.Second, "how long the command may take in all; 0 for no limit")
	// The names come from cli, which a completion cannot fail to list.
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(cli.Formats(), cobra.ShellCompDirectiveNoFileComp))
	root.AddCommand(newDemo(a), newDemoSide(a), newList(a), newVersion(a))
	return root
}

// unknownCommand refuses arguments of nlkit itself, with suggestions.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	msg := fmt.Sprintf("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		msg += "; did you mean " + strings.Join(near, " or ") + "?"
	} else {
		msg += "; \"nlkit help\" lists the commands"
	}
	return cli.Usagef("%s", msg)
}

// usageLines is the short form of a command's usage.
func usageLines(cmd *cobra.Command) string {
	if cmd.HasSubCommands() {
		return "Usage:\n  " + cmd.CommandPath() + " COMMAND [flags]\n"
	}
	return "Usage:\n  " + cmd.UseLine() + "\n\nFlags:\n" + strings.TrimRight(cmd.Flags().FlagUsages(), "\n") + "\n"
}

// context returns the command's context with the time limit.
func (a *app) context(cmd *cobra.Command) (context.Context, context.CancelFunc, error) {
	if a.timeout < 0 {
		return nil, nil, cli.Usagef("--timeout %v: give a time such as 5s, or 0 for no limit", a.timeout)
	}
	if a.timeout == 0 {
		ctx, cancel := context.WithCancel(cmd.Context())
		return ctx, cancel, nil
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), a.timeout)
	return ctx, cancel, nil
}

// options returns how sockets are opened.
func (a *app) options() *netlink.Options {
	return &netlink.Options{Namespace: netlink.ParseNamespace(a.netns)}
}
