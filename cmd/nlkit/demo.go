package main

import (
	"context"
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
)

// demoFlags are the flags of "nlkit demo".
type demoFlags struct {
	listeners listeners
	kernel    bool
	userSock  bool
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
		Long: "Each demo explains itself in a few lines and shows its messages layer by layer, with their bytes.\n" +
			"Without a name all four run:\n\n" + about.String() + "\n" +
			"The client code is the same everywhere; what it talks to is a simulated kernel in this process,\n" +
			"with --usersock one in another process behind real sockets (NETLINK_USERSOCK; Linux; in a user\n" +
			"namespace where a group is joined), and with --kernel the modules of the demos.",
		Example: "  nlkit demo\n" +
			"  nlkit demo request\n" +
			"  nlkit demo multicast --listeners 3\n" +
			"  nlkit demo overflow -o json\n" +
			"  nlkit demo --usersock",
		Args:                  demoArgs,
		DisableFlagsInUseLine: true,
		ValidArgs:             demo.Names(),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel, err := a.context(cmd)
			if err != nil {
				return err
			}
			defer cancel()
			return a.demo(ctx, cmd, f, args)
		},
	}
	cmd.Flags().Var(&f.listeners, "listeners", "listeners of demo multicast")
	cmd.Flags().BoolVar(&f.kernel, "kernel", false, "talk to the demos' modules in the live kernel")
	cmd.Flags().BoolVar(&f.userSock, "usersock", false, "talk to a second process over real NETLINK_USERSOCK sockets")
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
	case a.netns != "" && !f.kernel:
		return cli.Usagef("--netns is for sockets of the live kernel: add --kernel")
	}
	out := cmd.OutOrStdout()
	var side demo.Side
	var err error
	switch {
	case f.kernel:
		side = demo.NewLive(netlink.ParseNamespace(a.netns))
	case f.userSock:
		if demo.WantsNamespace(names) {
			done, err := isolate(ctx, cmd)
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

func printer(w io.Writer, f cli.Format) *demo.Printer {
	if f == cli.Text {
		return demo.NewTextPrinter(w, cli.Width(w), cli.Color(w))
	}
	return demo.NewJSONPrinter(w)
}

// isolate runs the same command line in namespaces of its own and reports
// whether that has been done; if it cannot be, it says why and lets the command
// go on here: a program with the right may join groups without.
func isolate(ctx context.Context, cmd *cobra.Command) (done bool, err error) {
	status, err := demo.Isolate(ctx, demo.Command{Args: os.Args[1:], Stdout: cmd.OutOrStdout(), Stderr: cmd.ErrOrStderr()})
	switch {
	case ctx.Err() != nil:
		return true, ctx.Err()
	case err != nil:
		fmt.Fprintf(cmd.ErrOrStderr(), "nlkit: %v; trying without\n", err)
		return false, nil
	case status == demo.AlreadyIsolated:
		return false, nil
	case status != 0:
		return true, &cli.StatusError{Status: status}
	}
	return true, nil
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
