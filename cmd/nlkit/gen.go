package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/gen/golang"
	"github.com/nlkit/nlkit/gen/goname"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// generating is one run of "nlkit gen".
type generating struct {
	app  *app
	into string // folder to write to; empty where none was named
	name string // of the package
	all  bool   // the whole catalogue
}

func newGen(a *app) *cobra.Command {
	g := &generating{app: a}
	cmd := &cobra.Command{
		Use:                        "gen",
		Short:                      "Generate code from specs",
		Long:                       "Writes code that speaks the family a spec describes.",
		Args:                       unknownCommand,
		Annotations:                map[string]string{offline: ""},
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	// What is written are files, so that -o names where to and not a format.
	cmd.PersistentFlags().StringVarP(&g.into, "output", "o", "", "`DIR` to write to")
	// The flag is the one above, which cannot fail to be there.
	_ = cmd.MarkPersistentFlagDirname("output")
	cmd.AddCommand(newGenGo(g), newGenKmod(g))
	return cmd
}

func newGenGo(g *generating) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "go SPEC [flags]",
		Short: "Generate a Go package: types, client, notifications, server",
		Long: "Writes a Go package for the family of a SPEC: a file, or the name of a family in\n" +
			"the catalogue, whose packages nlkit has already. The package has a struct for each\n" +
			"message, enums, a client with a method for each operation, notifications, and the\n" +
			"interface of a server for the simulated kernel. Its files end in " + golang.Suffix + "; others\n" +
			"in the folder are left alone. The same spec gives the same bytes.\n\n" +
			"What of a spec has no form in Go is told with its line, and nothing is written.\n" +
			"What else is wrong with it, as nlkit lint finds, is told and does not stop it.",
		Example: "  nlkit gen go my-family.yaml                       # into ./myfamily\n" +
			"  nlkit gen go my-family.yaml -o internal/myfamily\n" +
			"  nlkit gen go my-family.yaml -o lamps --package lamps\n" +
			"  nlkit gen go --all -o family                      # the catalogue",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case g.all && (len(args) > 0 || g.app.spec != "" || g.name != ""):
				return cli.Usagef("--all is the whole catalogue: it takes no spec and no --package")
			case g.all && g.into == "":
				return cli.Usagef("name the folder for the packages of the catalogue: nlkit gen go --all -o DIR")
			case g.all || g.app.spec != "" && len(args) == 0:
				return nil
			case len(args) != 1 || args[0] == "":
				return cli.Usagef("give one spec: a file, or the name of a family such as rt-link")
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
			if g.all {
				return g.catalogue(cmd)
			}
			arg := g.app.spec
			if len(args) == 1 {
				arg = args[0]
			}
			return g.one(cmd, arg)
		},
	}
	f := cmd.Flags()
	f.StringVar(&g.name, "package", "", "the package's `NAME`; that of the family if left out")
	f.BoolVar(&g.all, "all", false, "each family of the catalogue, into a folder of its own")
	return cmd
}

// one generates the package of one spec.
func (g *generating) one(cmd *cobra.Command, arg string) error {
	if g.name != "" && goname.Package(g.name) != g.name {
		return cli.Usagef("%q is no name for a package: lower case letters and digits, such as %s", g.name, goname.Package(g.name))
	}
	spec, source, err := g.open(arg)
	if err != nil {
		return err
	}
	into := g.into
	if into == "" {
		into = goname.Package(spec.Name)
		if g.name != "" {
			into = g.name
		}
	}
	if err := g.write(cmd, spec, into, golang.Options{Package: g.name, Source: source}); err != nil {
		return err
	}
	for _, p := range spec.Findings() {
		fmt.Fprintln(cmd.ErrOrStderr(), p)
	}
	return nil
}

// open reads the spec that a word of the command line means, and says what
// generated files are to name as their source.
func (g *generating) open(arg string) (spec *ynl.Spec, source string, err error) {
	if _, statErr := os.Stat(arg); !looksLikePath(arg) {
		spec, err = g.app.specOf(arg)
		if _, unknown := errors.AsType[*specs.UnknownError](err); !unknown || errors.Is(statErr, fs.ErrNotExist) {
			return spec, "", err
		}
	}
	spec, err = ynl.ParseFile(arg)
	return spec, filepath.Base(arg), err
}

// catalogue generates the packages of all families.
func (g *generating) catalogue(cmd *cobra.Command) error {
	for _, name := range specs.Names() {
		spec, err := specs.Open(name)
		if err == nil {
			err = g.write(cmd, spec, filepath.Join(g.into, goname.Package(name)), golang.Options{Package: goname.Package(name)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (g *generating) write(cmd *cobra.Command, spec *ynl.Spec, into string, o golang.Options) error {
	pkg, err := golang.Generate(spec, o)
	if bad, ok := errors.AsType[*golang.Error](err); ok {
		for _, p := range bad.Problems {
			fmt.Fprintln(cmd.ErrOrStderr(), p)
		}
		return fmt.Errorf("%s: no package was written, because of what stands above", spec.Name)
	}
	if err != nil {
		return err
	}
	if err := pkg.Write(into); err != nil {
		return err
	}
	lines := 0
	for _, f := range pkg.Files {
		lines += strings.Count(string(f.Text), "\n")
	}
	fmt.Fprintf(cmd.OutOrStdout(), "%s: package %s in %s, %d files, %d lines\n", spec.Name, pkg.Name, into, len(pkg.Files), lines)
	return nil
}
