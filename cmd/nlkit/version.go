package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
)

func newVersion(a *app) *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version of nlkit",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		Example:           "  nlkit version\n  nlkit version -o json",
		RunE:              func(cmd *cobra.Command, _ []string) error { return a.version(cmd.OutOrStdout()) },
	}
}

// build is what is known of how this program was built.
type build struct {
	Version  string `json:"version"`            // of the module
	Revision string `json:"revision,omitempty"` // of the sources, in their version control
	Modified bool   `json:"modified,omitempty"` // the sources were not as in Revision
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func newBuild(info *debug.BuildInfo) build {
	v := build{Version: "devel", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if info == nil {
		return v
	}
	if m := info.Main.Version; m != "" && m != "(devel)" {
		v.Version = m
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

func (v build) String() string {
	s := fmt.Sprintf("nlkit %s (%s, %s/%s", v.Version, v.Go, v.OS, v.Arch)
	if v.Revision != "" {
		s += ", revision " + v.Revision[:min(12, len(v.Revision))]
	}
	if v.Modified {
		s += ", modified"
	}
	return s + ")"
}

func (a *app) version(w io.Writer) error {
	info, _ := debug.ReadBuildInfo() // nil where there is none
	v := newBuild(info)
	if a.format != cli.Text {
		return json.NewEncoder(w).Encode(v)
	}
	_, err := fmt.Fprintln(w, v)
	return err
}
