package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/lint"
	"github.com/nlkit/nlkit/ynl/specs"
)

// linting is one run of "nlkit lint".
type linting struct {
	app       *app
	include   []string
	noHeaders bool
	verbose   bool

	linter   *lint.Linter
	out      io.Writer
	log      io.Writer
	json     *cli.Array
	specs    int
	findings int
	checked  int
	unknown  int
	missing  int // headers
	errs     []error
}

func newLint(a *app) *cobra.Command {
	l := &linting{app: a}
	cmd := &cobra.Command{
		Use:   "lint SPEC... [flags]",
		Short: "Check specs by their rules and by the kernel's headers",
		Long: "Checks YNL specs. A SPEC is a file, a folder with files (*.yaml), or the name\n" +
			"of a family in the catalogue. What is checked: the schema, names that refer to\n" +
			"nothing, numbers given twice, limits no value keeps; and every value, size and\n" +
			"offset against the C headers that are installed, read without a compiler.\n" +
			"Headers of an older kernel than the spec's lack names: these are counted, and\n" +
			"shown with -v, and are no findings.\n\n" +
			"Exit status: 0 nothing found, 1 something found, each on a line of its own that\n" +
			"begins with FILE:LINE and ends with the header and line that say otherwise.",
		Example: "  nlkit lint my-family.yaml\n" +
			"  nlkit lint ./specs -o jsonl\n" +
			"  nlkit lint rt-link tc\n" +
			"  nlkit lint nl80211 --include ~/linux/usr/include -v\n" +
			"  nlkit lint my-family.yaml --no-headers",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) == 0 && a.spec == "":
				return cli.Usagef("give specs: files, folders, or names of families such as rt-link")
			case slices.Contains(args, ""):
				return cli.Usagef("the name of a spec is empty")
			case l.noHeaders && len(l.include) > 0:
				return cli.Usagef("--include and --no-headers exclude each other")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return specs.Names(), cobra.ShellCompDirectiveDefault
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			l.out, l.log = cmd.OutOrStdout(), cmd.ErrOrStderr()
			if a.spec != "" {
				args = append(slices.Clone(args), a.spec)
			}
			return l.run(args)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&l.include, "include", nil, "compare with the headers in the folder `DIR`, not\nin "+lint.DefaultHeaders+" (repeatable: searched in turn)")
	f.BoolVar(&l.noHeaders, "no-headers", false, "check only what needs no headers")
	f.BoolVarP(&l.verbose, "verbose", "v", false, "name what the headers do not have, on the\nstandard error")
	// The flags are those above, which cannot fail to have completions.
	_ = cmd.RegisterFlagCompletionFunc("include", completeDirectory)
	return cmd
}

func (l *linting) run(args []string) error {
	include := l.include
	switch {
	case l.noHeaders:
	case len(include) == 0:
		include = []string{lint.DefaultHeaders}
	}
	var err error
	l.linter, err = lint.New(include...)
	if none, ok := errors.AsType[*lint.NoHeadersError](err); ok {
		return fmt.Errorf("%s has no linux/netlink.h: install the kernel's headers (on Debian linux-libc-dev, on Fedora kernel-headers), "+
			"name a folder that has them with --include, or use --no-headers", strings.Join(none.Dirs, ", "))
	}
	if err != nil {
		return err
	}
	if l.app.format != cli.Text {
		l.json = cli.NewArray(l.out, l.app.format)
	}
	for _, arg := range args {
		if err := l.argument(arg); err != nil {
			return err
		}
	}
	if l.json != nil {
		if err := l.json.Close(); err != nil {
			return err
		}
	}
	if l.specs > 0 {
		fmt.Fprintln(l.log, l.summary(strings.Join(include, ", ")))
	}
	switch {
	case len(l.errs) > 0:
		return errors.Join(l.errs...)
	case l.findings > 0:
		return &cli.StatusError{Status: cli.ExitRefused}
	}
	return nil
}

// argument checks what one word of the command line means. The error is that of
// writing; files that cannot be read are told at the end.
func (l *linting) argument(arg string) error {
	info, statErr := os.Stat(arg)
	switch {
	case !looksLikePath(arg):
		spec, err := l.app.specOf(arg)
		if _, unknown := errors.AsType[*specs.UnknownError](err); unknown && statErr == nil {
			break // a file with the name of no family
		}
		return l.spec(spec, err)
	case statErr != nil:
		l.errs = append(l.errs, statErr)
		return nil
	}
	if !info.IsDir() {
		return l.file(arg)
	}
	files, err := filepath.Glob(filepath.Join(escapeGlob(arg), "*.yaml"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("folder %s has no specs (*.yaml)", arg)
	}
	if err != nil {
		l.errs = append(l.errs, err)
		return nil
	}
	for _, f := range files {
		if err := l.file(f); err != nil {
			return err
		}
	}
	return nil
}

// escapeGlob makes a pattern that matches just the path.
func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // where a backslash cannot escape
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

func looksLikePath(arg string) bool {
	return strings.ContainsRune(arg, '/') || strings.ContainsRune(arg, filepath.Separator) ||
		strings.HasSuffix(arg, ".yaml") || strings.HasSuffix(arg, ".yml") || arg == "." || arg == ".."
}

func (l *linting) file(path string) error {
	spec, err := ynl.ParseFile(path)
	return l.spec(spec, err)
}

// spec checks one spec. err says that there is none, or what is wrong with its
// schema.
func (l *linting) spec(spec *ynl.Spec, err error) error {
	var found []lint.Finding
	bad, isBad := errors.AsType[*ynl.SpecError](err)
	switch {
	case isBad:
		l.specs++
		for _, p := range bad.Problems {
			found = append(found, lint.Finding{Pos: p.Pos, Text: p.Text})
		}
	case err != nil:
		l.errs = append(l.errs, err)
	default:
		l.specs++
		r := l.linter.Check(spec)
		found = r.Findings
		l.checked += r.Checked
		l.unknown += len(r.Unknown)
		l.missing += len(r.MissingHeaders)
		if l.verbose {
			l.tell(spec, r)
		}
	}
	l.findings += len(found)
	for _, f := range found {
		if err := l.print(f); err != nil {
			return err
		}
	}
	return nil
}

// findingJSON is a finding as -o json prints it.
type findingJSON struct {
	File       string `json:"file"`
	Line       int    `json:"line"`
	Text       string `json:"text"`
	Header     string `json:"header,omitempty"`
	HeaderLine int    `json:"header-line,omitempty"`
}

func (l *linting) print(f lint.Finding) error {
	if l.json != nil {
		return l.json.Add(findingJSON{f.File, f.Line, f.Text, f.Header, f.HeaderLine})
	}
	_, err := fmt.Fprintln(l.out, f)
	return err
}

// tell names what the headers do not have.
func (l *linting) tell(spec *ynl.Spec, r *lint.Report) {
	for _, h := range r.MissingHeaders {
		fmt.Fprintf(l.log, "%s: there is no header %s\n", spec.File, h)
	}
	for _, u := range r.Unknown {
		fmt.Fprintf(l.log, "%s: %s: the headers have no %s\n", u.Pos, u.What, u.Name)
	}
}

func (l *linting) summary(headers string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "nlkit: %s, %s", plural(l.specs, "spec"), plural(l.findings, "finding"))
	if l.noHeaders {
		return b.String() + "; not compared with headers"
	}
	fmt.Fprintf(&b, "; %s with the headers in %s", plural(l.checked, "comparison"), headers)
	if l.unknown > 0 {
		fmt.Fprintf(&b, ", %s not there", plural(l.unknown, "name"))
		if l.missing > 0 {
			fmt.Fprintf(&b, " as well as %s", plural(l.missing, "header"))
		}
		if !l.verbose {
			b.WriteString(" (-v names them)")
		}
	}
	return b.String()
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
