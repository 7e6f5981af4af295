package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/gen/kmod"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

func newGenKmod(g *generating) *cobra.Command {
	return &cobra.Command{
		Use:   "kmod SPEC [flags]",
		Short: "Generate a kernel module: all but what its operations do",
		Long: "Writes a Linux kernel module that serves the generic netlink family of a SPEC: a\n" +
			"file, or the name of a family in the catalogue. The module has the uapi header,\n" +
			"policies, typed requests, what fills replies and notifications, the table of\n" +
			"operations, init and exit, and what builds it on kernels from 5.10 on.\n\n" +
			"What the operations do is yours to write, in FAMILY_main.c: that file is written\n" +
			"once, with a stub for each handler, and kept from then on. Handlers that a changed\n" +
			"spec asks for and the file lacks are printed. All else is written anew.\n\n" +
			"What of a spec has no form in a module is told with its line, and nothing is\n" +
			"written. What else is wrong with it, as nlkit lint finds, is told and does not\n" +
			"stop it.",
		Example: "  nlkit gen kmod lamps.yaml                 # into ./lamps\n" +
			"  nlkit gen kmod lamps.yaml -o kmod/lamps\n" +
			"  make -C kmod/lamps && sudo insmod kmod/lamps/lamps.ko",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case g.app.spec != "" && len(args) == 0:
				return nil
			case len(args) != 1 || args[0] == "":
				return cli.Usagef("give one spec: a file, or the name of a family such as ovpn")
			case g.app.spec != "":
				return cli.Usagef("give the spec as the argument or with --spec, not both")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return specs.Names(), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			arg := g.app.spec
			if len(args) == 1 {
				arg = args[0]
			}
			spec, source, err := g.open(arg)
			if err != nil {
				return err
			}
			if err := g.module(cmd, spec, source); err != nil {
				return err
			}
			for _, p := range spec.Findings() {
				fmt.Fprintln(cmd.ErrOrStderr(), p)
			}
			return nil
		},
	}
}

// module generates the kernel module of a spec.
func (g *generating) module(cmd *cobra.Command, spec *ynl.Spec, source string) error {
	mod, err := kmod.Generate(spec, kmod.Options{Source: source})
	if bad, ok := errors.AsType[*kmod.Error](err); ok {
		for _, p := range bad.Problems {
			fmt.Fprintln(cmd.ErrOrStderr(), p)
		}
		return fmt.Errorf("%s: no module was written, because of what stands above", spec.Name)
	}
	if err != nil {
		return err
	}
	into := g.into
	if into == "" {
		into = mod.Name
	}
	result, err := mod.Write(into)
	if err != nil {
		return err
	}
	tellModule(cmd.OutOrStdout(), spec, mod, into, result)
	return nil
}

// tellModule says what was written, what was kept, and what the author has to add.
func tellModule(w io.Writer, spec *ynl.Spec, mod *kmod.Module, into string, result kmod.Result) {
	s := mod.Summary
	fmt.Fprintf(w, "%s: module %s in %s, %d do, %d dump, %s, %s\n", spec.Name, mod.Name, into, s.Dos, s.Dumps,
		plural(s.Notifications, "notification"), plural(s.Groups, "group"))
	author := filepath.Join(into, mod.Author.Name)
	if !result.Kept {
		fmt.Fprintf(w, "%s: written, with a stub for each handler: it is yours to fill\n", author)
		fmt.Fprintf(w, "then: make -C %s\n", into)
		return
	}
	fmt.Fprintf(w, "%s: kept\n", author)
	if len(result.Missing) == 0 {
		return
	}
	fmt.Fprintf(w, "It lacks %s, which the module needs; add:\n", plural(len(result.Missing), "function"))
	for _, stub := range result.Missing {
		fmt.Fprintf(w, "\n%s", stub.Text)
	}
}
