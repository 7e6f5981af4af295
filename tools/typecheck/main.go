// Typecheck finds what would not compile on other systems, without compiling: it is many
// times faster than go build for each of them.
//
//	go run ./typecheck [-C FOLDER] GOOS/GOARCH[,GOOS/GOARCH...] PACKAGE...
//
// Packages are those of the folder's module, with their tests. It prints what is wrong,
// and ends with the status 1 if anything is.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	dir := flag.String("C", ".", "the folder that packages are meant from")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: typecheck [-C FOLDER] GOOS/GOARCH[,GOOS/GOARCH...] PACKAGE...")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() < 2 {
		flag.Usage()
		os.Exit(2)
	}
	failed := false
	for system := range strings.SplitSeq(flag.Arg(0), ",") {
		n, err := check(*dir, system, flag.Args()[1:])
		if err != nil {
			fmt.Fprintf(os.Stderr, "typecheck: %s: %v\n", system, err)
			failed = true
			continue
		}
		fmt.Printf("%s: %d packages\n", system, n)
	}
	if failed {
		os.Exit(1)
	}
}

// check checks packages for a system, and tells how many have files for it; tests
// outside a package are one of their own.
func check(dir, system string, patterns []string) (int, error) {
	goos, goarch, ok := strings.Cut(system, "/")
	if !ok {
		return 0, fmt.Errorf("want a system as go tool dist list has them: linux/arm, say")
	}
	list, err := packages.Load(&packages.Config{
		Mode:  packages.LoadAllSyntax,
		Dir:   dir,
		Env:   append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0"),
		Tests: true,
	}, patterns...)
	if err != nil {
		return 0, err
	}
	wrong := map[string]bool{}
	packages.Visit(list, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			text := e.Error()
			if e.Pos == "" {
				text = p.PkgPath + ": " + e.Msg
			}
			wrong[text] = true // each may come twice: with the package's tests, and without
		}
	})
	if len(wrong) > 0 {
		return 0, fmt.Errorf("\n%s", strings.Join(slices.Sorted(maps.Keys(wrong)), "\n"))
	}
	found := map[string]bool{}
	for _, p := range list {
		if len(p.Syntax) > 0 && !strings.HasSuffix(p.PkgPath, ".test") {
			found[p.PkgPath] = true
		}
	}
	if len(found) == 0 {
		return 0, fmt.Errorf("no files in %s", strings.Join(patterns, " "))
	}
	return len(found), nil
}
