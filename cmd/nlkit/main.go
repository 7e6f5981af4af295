// Command nlkit talks Netlink from a shell: demonstrations, the families of
// the kernel, and what else "nlkit help" names.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal ends what is under way in good order; the second one
	// ends the program.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run executes one command line and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return (&app{}).run(ctx, args, stdout, stderr)
}

func (app *app) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(app)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	addCompletion(root)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		err = app.helpErr
	} else if !app.started {
		// Cobra itself refused: flags, arguments, the command's name.
		err = &cli.UsageError{Err: err}
	}
	status := cli.ExitStatus(err)
	app.report(cmd, err, status, stderr)
	return status
}

func (a *app) report(cmd *cobra.Command, err error, status int, stderr io.Writer) {
	if err == nil {
		return
	}
	if _, said := err.(*cli.StatusError); said || status == cli.ExitInterrupted {
		return
	}
	for _, e := range flatten(err) {
		fmt.Fprintf(stderr, "nlkit: %s\n", cli.Explain(e, a.exceeded()))
	}
	if status == cli.ExitUsage {
		fmt.Fprintf(stderr, "Usage: %s\nSee \"%s --help\".\n", usageLine(cmd), cmd.CommandPath())
	}
}

// flatten takes joined errors apart, for a line each.
func flatten(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}
