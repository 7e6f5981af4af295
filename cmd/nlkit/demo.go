package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/demo"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// demoFlags are the flags of "nlkit demo".
type demoFlags struct {
	listeners listeners
	kernel    bool
	userSock  bool
	module    string
}

// listeners is a number of listeners: 1 to maxListeners.
type listeners int

// maxListeners bounds the sockets a demo opens: each listener has three.
const maxListeners = 200

func (n *listeners) String() string { return strconv.Itoa(int(*n)) }
func (n *listeners) Type() string   { return "N" }
func (n *listeners) Set(s string) error {
	v, err := strconv.Atoi(s)
	if err != nil || v < 1 || v > maxListeners {
		return fmt.Errorf("must be a number from 1 to %d", maxListeners)
	}
	*n = listeners(v)
	return nil
}

func newDemo(a *app) *cobra.Command {
	f := &demoFlags{listeners: 2}
	var about strings.Builder
	for _, d := range demo.All() {
		fmt.Fprintf(&about, "  %-10s %s\n", d.Name, d.Short)
	}
	cmd := &cobra.Command{
		Use:   "demo [" + strings.Join(demo.Names(), "|") + "] [flags]",
		Short: "Show how Netlink works, on a simulated kernel, without root",
		Long: "Each demo explains itself in a few lines and shows its messages layer by layer,\n" +
			"with their bytes. Without a name all five run:\n\n" + about.String() + "\n" +
			"The client code is always the same. What it talks to is, unless told otherwise,\n" +
			"a simulated kernel in this process. With --usersock it is a second process that\n" +
			"plays the kernel, and the messages go through real sockets of this machine's\n" +
			"kernel (Linux; in a user namespace where a demo needs more rights than you\n" +
			"have). With --kernel it is kernel modules: those in kmod/ of nlkit's source,\n" +
			"where \"make\" builds them and \"insmod\", as root, loads them (see\n" +
			"docs/demos-kernel.md).\n\n" +
			"Demo reload unloads a module and loads it again. With --kernel it does so itself\n" +
			"if --module names the file. If it was asked for by its name it tells you what to\n" +
			"type and waits for it; else it is left out.\n\n" +
			"With -o json, as with jsonl, each event is one JSON object on a line.",
		Example: "  nlkit demo\n" +
			"  nlkit demo request\n" +
			"  nlkit demo multicast --listeners 3\n" +
			"  nlkit demo overflow -o json\n" +
			"  nlkit demo --usersock\n" +
			"  nlkit demo --kernel --module kmod/doc_exmpl/doc_exmpl.ko",
		Args:                  demoArgs,
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return demo.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 && args[0] != "multicast" && cmd.Flags().Changed("listeners") {
				return cli.Usagef("--listeners is for demo multicast; demo %s has none to count", args[0])
			}
			if byHand(f, args) && !cmd.Flags().Changed("timeout") {
				a.timeout = 0 // a person is waited for
			}
			ctx, cancel := a.context(cmd)
			defer cancel()
			return a.demo(ctx, cmd, f, args)
		},
	}
	cmd.Flags().Var(&f.listeners, "listeners", "listeners of demo multicast")
	cmd.Flags().BoolVar(&f.kernel, "kernel", false, "talk to modules in this machine's kernel")
	cmd.Flags().StringVar(&f.module, "module", "", "module `FILE` for demo reload --kernel to load again")
	cmd.Flags().BoolVar(&f.userSock, "usersock", false, "talk to a second process, through real sockets")
	// A flag that was just made cannot fail to have a completion.
	_ = cmd.RegisterFlagCompletionFunc("listeners", cobra.NoFileCompletions)
	_ = cmd.MarkFlagFilename("module", "ko")
	return cmd
}

func demoArgs(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return cli.Usagef("give one demo or none for all, not %d", len(args))
	}
	for _, name := range args {
		if !slices.Contains(demo.Names(), name) {
			return cli.Usagef("no demo %q: there are %s", name, strings.Join(demo.Names(), ", "))
		}
	}
	return nil
}

func (a *app) demo(ctx context.Context, cmd *cobra.Command, f *demoFlags, names []string) error {
	switch {
	case f.kernel && f.userSock:
		return cli.Usagef("--kernel and --usersock exclude each other")
	case f.module != "" && !f.kernel:
		return cli.Usagef("--module is for modules of the live kernel: add --kernel")
	case a.netns != "" && !f.kernel:
		return cli.Usagef("--netns is for sockets of the live kernel: add --kernel")
	}
	out := cmd.OutOrStdout()
	var side demo.Side
	var err error
	switch {
	case f.kernel:
		ns := a.options().Namespace
		if err := enter(ns); err != nil {
			return err
		}
		side = demo.NewLive(ns, f.module)
		names = liveDemos(names, f.module)
	case f.userSock:
		if demo.WantsNamespace(names) {
			done, err := isolate(cmd, names)
			if done || err != nil {
				return err
			}
		}
		side, err = demo.NewUserSock(ctx, demo.Command{Args: []string{demoSideCommand}, Stderr: cmd.ErrOrStderr()})
	default:
		side, err = demo.NewSim()
	}
	if err != nil {
		return err
	}
	defer side.Close()
	p := printer(out, a.format)
	p.Intro(side.About())
	err = demo.Run(ctx, side, demo.Options{Demos: names, Listeners: int(f.listeners)}, p.Print)
	if perr := p.Err(); perr != nil {
		return perr
	}
	return err
}

// byHand reports whether a person has to unload and load the module.
func byHand(f *demoFlags, names []string) bool {
	return f.kernel && f.module == "" && slices.Contains(names, demo.ReloadName)
}

// liveDemos leaves out the demo that waits for a person, unless it was asked for.
func liveDemos(names []string, module string) []string {
	if len(names) > 0 || module != "" {
		return names
	}
	return slices.DeleteFunc(demo.Names(), func(name string) bool { return name == demo.ReloadName })
}

func printer(w io.Writer, f cli.Format) *demo.Printer {
	if f == cli.Text {
		return demo.NewTextPrinter(w, cli.Width(w), cli.Color(w))
	}
	return demo.NewJSONPrinter(w)
}

// enter reports why sockets cannot be opened in ns, once for all demos.
func enter(ns netlink.Namespace) error {
	if ns.IsCurrent() {
		return nil
	}
	t, err := netlink.Open(wire.Generic, &netlink.Options{Namespace: ns})
	if err != nil {
		return err
	}
	return t.Close()
}

// isolate runs the same command line in namespaces of its own and reports
// whether that has been done. Where it cannot be, the command goes on here if it
// has the right to join groups. The time limit is that of the command in there,
// which knows what it was doing.
func isolate(cmd *cobra.Command, names []string) (done bool, err error) {
	ctx := cmd.Context()
	status, err := demo.Isolate(ctx, demo.Command{Args: os.Args[1:], Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr()})
	switch {
	case ctx.Err() != nil:
		return true, ctx.Err()
	case errors.Is(err, demo.ErrNoNamespace) && demo.JoinsUserSock():
		return false, nil
	case errors.Is(err, demo.ErrNoNamespace):
		return true, fmt.Errorf("%w; without one it takes CAP_NET_ADMIN to join the demos' multicast groups: run it as "+
			"root, or leave --usersock out%s", err, without(names))
	case err != nil:
		return true, err
	case status == demo.AlreadyIsolated:
		return false, nil
	case status != 0:
		return true, &cli.StatusError{Status: status}
	}
	return true, nil
}

// without names a demo that needs no group, to those who asked for all.
func without(names []string) string {
	for _, d := range demo.Names() {
		if len(names) == 0 && !demo.WantsNamespace([]string{d}) {
			return fmt.Sprintf("; \"nlkit demo %s --usersock\" works as it is", d)
		}
	}
	return ""
}

// demoSideCommand is the hidden command that --usersock starts.
const demoSideCommand = "demo-kernel-side"

func newDemoSide(*app) *cobra.Command {
	return &cobra.Command{
		Use:    demoSideCommand,
		Short:  "Serve the kernel side of the demos on NETLINK_USERSOCK (started by demo --usersock)",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return demo.ServeUserSock(cmd.Context(), cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
}
