package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/nlkit/nlkit/internal/cli"
)

// flagError says what a flag's value must be, and not how that was found out.
func flagError(_ *cobra.Command, err error) error {
	bad, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err
	}
	f := bad.GetFlag()
	cause := fmt.Sprint(bad.Unwrap())
	if f.Value.Type() == "bool" {
		cause = "must be true or false"
	}
	return cli.Usagef("--%s %s, not %q", f.Name, cause, bad.GetValue())
}

// timeLimit is the value of --timeout.
type timeLimit time.Duration

func (l *timeLimit) String() string { return time.Duration(*l).String() }

// Type is what the usage calls the value.
func (l *timeLimit) Type() string { return "DURATION" }

func (l *timeLimit) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return errors.New("must be a duration such as 5s or 500ms, or 0 for no limit")
	}
	*l = timeLimit(d)
	return nil
}

// namespaceName is the value of --netns: a name or a path, never empty once
// given.
type namespaceName string

func (n *namespaceName) String() string { return string(*n) }

// Type is what the usage calls the value.
func (n *namespaceName) Type() string { return "NAME|PATH" }

func (n *namespaceName) Set(s string) error {
	if s == "" || s == "." || s == ".." {
		return errors.New(`must be a name that "ip netns" lists, or a path such as /proc/PID/ns/net`)
	}
	*n = namespaceName(s)
	return nil
}

// namespaceDir is where ip-netns(8) keeps its named namespaces.
const namespaceDir = "/run/netns"

// completeNamespace offers the names, and files once there is a slash.
func completeNamespace(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
	if strings.Contains(begun, "/") {
		return nil, cobra.ShellCompDirectiveDefault
	}
	entries, err := os.ReadDir(namespaceDir)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp // nobody has made one
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// specFile is the value of --spec.
type specFile string

func (f *specFile) String() string { return string(*f) }

// Type is what the usage calls the value.
func (f *specFile) Type() string { return "FILE" }

func (f *specFile) Set(s string) error {
	if s == "" {
		return errors.New("must be the file of a spec, such as ./netdev.yaml")
	}
	*f = specFile(s)
	return nil
}

// specDirs is the value of --specs, which may be given several times.
type specDirs []string

func (d *specDirs) String() string { return strings.Join(*d, string(os.PathListSeparator)) }

// Type is what the usage calls the value.
func (d *specDirs) Type() string { return "DIR" }

func (d *specDirs) Set(s string) error {
	if s == "" {
		return errors.New("must be a folder with specs (*.yaml)")
	}
	*d = append(*d, s)
	return nil
}

func completeSpecFile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
}

func completeDirectory(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}
