package vmtest

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
)

// MissingError says that this machine cannot run virtual machines, or not that
// kernel, for the lack of programs.
type MissingError struct {
	What    string // what is missing, as a clause
	Install string // packages of Debian's that have it, if any do
}

// Error says what is missing, and what to type.
func (e *MissingError) Error() string {
	if e.Install == "" {
		return "virtual machines cannot run here: " + e.What
	}
	return fmt.Sprintf("virtual machines cannot run here: %s; type: apt-get install --no-install-recommends %s", e.What, e.Install)
}

// tool is a program that is needed, and the package that has it.
type tool struct{ program, pkg string }

var (
	bootTools  = []tool{{qemu, "qemu-system-x86"}}
	fetchTools = []tool{{"apt-get", "apt"}, {"apt-cache", "apt"}, {"dpkg-deb", "dpkg"}, {"xz", "xz-utils"}, {"zstd", "zstd"}}
	buildTools = []tool{{"make", "make"}, {compiler, compiler}, {"ld", "binutils"}}
)

// need reports programs that are missing, all at once.
func need(tools ...[]tool) error {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return &MissingError{What: fmt.Sprintf("they need Linux on amd64, this is %s on %s", runtime.GOOS, runtime.GOARCH)}
	}
	var programs, packages []string
	for _, list := range tools {
		for _, t := range list {
			if _, err := exec.LookPath(t.program); err != nil {
				programs, packages = append(programs, t.program), append(packages, t.pkg)
			}
		}
	}
	if programs == nil {
		return nil
	}
	return &MissingError{What: "missing: " + strings.Join(programs, ", "), Install: strings.Join(packages, " ")}
}

// Check reports, as a [MissingError], what this machine lacks to run virtual
// machines.
func Check() error { return need(bootTools, fetchTools, buildTools) }

// IsMissing reports whether an error says that something is missing that could
// be installed.
func IsMissing(err error) bool {
	var missing *MissingError
	return errors.As(err, &missing)
}
