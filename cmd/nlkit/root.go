package main

import (
	"context"
	"errors"
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
	spec    string   // --spec: the one file to read the family's spec from
	specs   []string // --specs: folders with specs, the first one that has the family counts
	netns   namespaceName
	trace   bool // --trace: show every message on stderr
	timeout timeLimit
	ctx     context.Context // of the command that runs, with the time limit
	pace    pace            // of a dump: the time limit is for its pauses
	via     netlink.Opener  // opens sockets; nil is the live kernel
	helpErr error           // help could not be written
}

func newRoot(a *app) *cobra.Command {
	version := false
	root := &cobra.Command{
		Use:   "nlkit",
		Short: "Netlink for Go: talk to the Linux kernel by name",
		Long: "nlkit talks Netlink, the way processes and the Linux kernel talk to each\n" +
			"other about networking and more. Begin with the demonstrations, which need no\n" +
			"root and no Linux, then look at what your kernel offers.\n\n" +
			"Exit status: 0 done, 1 the kernel or the data said no, 2 wrong usage,\n" +
			"130 interrupted.",
		Example: "  nlkit demo                 # four short demonstrations on a simulated kernel\n" +
			"  nlkit demo request         # one of them\n" +
			"  nlkit list                 # the generic netlink families of this kernel\n" +
			"  nlkit list nlctrl          # one family: operations, policies, groups\n" +
			"  nlkit dump rt-link getlink # the network interfaces\n" +
			"  nlkit do rt-link getlink dev=lo\n" +
			"  nlkit watch rt-link        # what happens to them\n" +
			"  nlkit mirror link route    # tables, and every change of them",
		Args:                       unknownCommand,
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return a.version(cmd.OutOrStdout())
			}
			return cmd.Help()
		},
		PersistentPreRun: func(*cobra.Command, []string) { a.started = true },
	}
	a.format = cli.Text
	f := root.PersistentFlags()
	f.VarP(&a.format, "output", "o", "output format: text, json or jsonl; for demo\njson is one object per line, as jsonl")
	f.Var((*specFile)(&a.spec), "spec", "read the family's spec from this file, as it is")
	f.Var((*specDirs)(&a.specs), "specs", "look for specs in this folder first (repeatable;\nso does NLKIT_SPECS, a list as PATH is)")
	f.Var(&a.netns, "netns", "network namespace: a name of \"ip netns\", or a path")
	a.timeout = timeLimit(30 * time.Second)
	f.Var(&a.timeout, "timeout", "time limit; 0 for none")
	f.BoolVar(&a.trace, "trace", false, "show each message sent and received, by layer,\non the standard error")
	root.Flags().BoolVarP(&version, "version", "v", false, "print the version of nlkit")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(checkedHelp(a, root))
	root.SetHelpCommand(newHelp())
	// The flags are those above, which cannot fail to have completions.
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(cli.Formats(), cobra.ShellCompDirectiveNoFileComp))
	_ = root.RegisterFlagCompletionFunc("spec", completeSpecFile)
	_ = root.RegisterFlagCompletionFunc("specs", completeDirectory)
	_ = root.RegisterFlagCompletionFunc("netns", completeNamespace)
	_ = root.RegisterFlagCompletionFunc("timeout", cobra.NoFileCompletions)
	root.AddCommand(newDemo(a), newDemoSide(a), newList(a), newShow(a), newDo(a), newDump(a), newWatch(a), newMirror(a), newAudit(a), newTop(a), newLint(a), newSpec(), newGen(a), newYNL(a), newVersion(a))
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
		msg += fmt.Sprintf("; \"%s --help\" lists what there is", cmd.CommandPath())
	}
	return cli.Usagef("%s", msg)
}

// usageLine is the short form of a command's usage.
func usageLine(cmd *cobra.Command) string {
	if cmd.HasSubCommands() {
		return cmd.CommandPath() + " COMMAND [flags]"
	}
	return cmd.UseLine()
}

// context returns the command's context with the time limit.
func (a *app) context(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	var cancel context.CancelFunc
	if a.timeout == 0 {
		a.ctx, cancel = context.WithCancel(cmd.Context())
	} else {
		a.ctx, cancel = context.WithTimeout(cmd.Context(), time.Duration(a.timeout))
	}
	return a.ctx, cancel
}

// exceeded returns the time limit if that is what ended the command, else 0.
func (a *app) exceeded() time.Duration {
	if a.ctx != nil && errors.Is(context.Cause(a.ctx), context.DeadlineExceeded) {
		return time.Duration(a.timeout)
	}
	return 0
}

// options returns how sockets are opened.
func (a *app) options() *netlink.Options {
	return &netlink.Options{Via: a.via, Namespace: netlink.ParseNamespace(string(a.netns))}
}
