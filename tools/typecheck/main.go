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
	"os"
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

// check checks packages for a system, and tells how many there are.
func check(dir, system string, patterns []string) (int, error) {
	goos, goarch, ok := strings.Cut(system, "/")
	if !ok {
		return 0, fmt.Errorf("want a system as go tool dist list has them: linux/arm, say")
	}
	list, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax,
		Dir:  dir,
		Env:  append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0"),
		// Programs of tests would be there without: their sources are what go test makes.
		Tests: true,
	}, patterns...)
	if err != nil {
		return 0, err
	}
	var wrong []string
	files := 0
	packages.Visit(list, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			wrong = append(wrong, fmt.Sprintf("%s: %v", p.ID, e))
		}
	})
	for _, p := range list {
		files += len(p.Syntax)
	}
	switch {
	case len(wrong) > 0:
		return 0, fmt.Errorf("\n%s", strings.Join(wrong, "\n"))
	case files == 0:
		return 0, fmt.Errorf("no files in %s", strings.Join(patterns, " "))
	}
	return len(list), nil
}
