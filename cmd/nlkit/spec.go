package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/ynl/importer"
	"github.com/nlkit/nlkit/ynl/specs"
)

func newSpec() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "Make specs of the catalogue from the kernel's",
		Long: "What has to do with the files of specs. Families are looked at with\n" +
			"\"nlkit show\", specs are checked with \"nlkit lint\".",
		Args:                       unknownCommand,
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSpecImport())
	return cmd
}

// importing is one run of "nlkit spec import".
type importing struct {
	into, overlay, errata string
	asIs                  bool
}

func newSpecImport() *cobra.Command {
	i := &importing{}
	cmd := &cobra.Command{
		Use:   "import FILE|DIR [flags]",
		Short: "Import the kernel's specs: facts only, in one form, corrected",
		Long: "Reads specs of the kernel (Documentation/netlink/specs), leaves out all prose,\n" +
			"writes what is left in one form, and applies the corrections and additions of\n" +
			"nlkit's catalogue. A correction that finds something else than it expects is an\n" +
			"error: the kernel's spec has changed. A file is written to the output, a folder\n" +
			"into another one, with the index that the catalogue has.",
		Example: "  nlkit spec import linux/Documentation/netlink/specs/tc.yaml\n" +
			"  nlkit spec import linux/Documentation/netlink/specs --into ynl/specs --errata docs/errata.md\n" +
			"  nlkit spec import ./specs --into ./plain --as-is",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) != 1:
				return cli.Usagef("give one file or folder with specs of the kernel, not %d", len(args))
			case i.asIs && i.overlay != "":
				return cli.Usagef("--as-is leaves out what --overlay names: give one of them")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			info, err := os.Stat(args[0])
			if err != nil {
				return err
			}
			if info.IsDir() {
				return i.folder(cmd, args[0])
			}
			return i.file(cmd, args[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&i.into, "into", "", "folder to write the files to")
	f.StringVar(&i.overlay, "overlay", "", "folder with other corrections than nlkit's own")
	f.StringVar(&i.errata, "errata", "", "file to write the table of corrections to")
	f.BoolVar(&i.asIs, "as-is", false, "apply no corrections")
	for _, name := range []string{"into", "overlay"} {
		// The flags are those above, which cannot fail to be there.
		_ = cmd.MarkFlagDirname(name)
	}
	return cmd
}

// overlays is the folder with the corrections; nil for none.
func (i *importing) overlays() fs.FS {
	switch {
	case i.asIs:
		return nil
	case i.overlay != "":
		return os.DirFS(i.overlay)
	}
	return specs.Overlays()
}

func (i *importing) file(cmd *cobra.Command, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	all, err := importer.Overlays(i.overlays())
	if err != nil {
		return err
	}
	file, err := importer.Import(path, text, all[strings.TrimSuffix(filepath.Base(path), ".yaml")])
	if err != nil {
		return err
	}
	if err := i.writeErrata(all); err != nil {
		return err
	}
	if i.into != "" {
		return os.WriteFile(filepath.Join(i.into, file.Name+".yaml"), file.Text, 0o666)
	}
	_, err = cmd.OutOrStdout().Write(file.Text)
	return err
}

func (i *importing) folder(cmd *cobra.Command, path string) error {
	if i.into == "" {
		return cli.Usagef("%s is a folder: name another one with --into for what it becomes", path)
	}
	overlays := i.overlays()
	files, err := importer.Dir(os.DirFS(path), overlays)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.MkdirAll(i.into, 0o777); err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(i.into, f.Name+".yaml"), f.Text, 0o666); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(i.into, "index.txt"), importer.Index(files), 0o666); err != nil {
		return err
	}
	all, err := importer.Overlays(overlays)
	if err != nil {
		return err
	}
	if err := i.writeErrata(all); err != nil {
		return err
	}
	errors, additions := 0, 0
	for _, o := range all {
		errors, additions = errors+len(o.Errors), additions+len(o.Additions)
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(), "nlkit: %s imported into %s, %s corrected, %s\n",
		plural(len(files), "spec"), i.into, plural(errors, "error"), plural(additions, "addition"))
	return err
}

func (i *importing) writeErrata(all map[string]*importer.Overlay) error {
	if i.errata == "" {
		return nil
	}
	return os.WriteFile(i.errata, importer.Errata(all), 0o666)
}
