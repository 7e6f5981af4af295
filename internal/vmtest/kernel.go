package vmtest

import (
	"fmt"
	"slices"
	"strings"
)

// Kernel is a kernel of Debian's that tests can run on.
type Kernel struct {
	// Name is what flags and directives call it: the version, and the flavour
	// unless that is the full one.
	Name string
	// series begins the version of all its packages.
	series string
	// suite is Debian's name of the release that has it.
	suite string
	// image and headers are the meta packages that lead to the newest build.
	image, headers string
	// extra are libraries that its build tools want and an older system lacks.
	extra []string
	// variables are what make is told beyond what every kernel is.
	variables []string
}

// kernels are those that are known, oldest first.
func kernels() []Kernel {
	// What 7.2 was built with is newer than the compiler and the libraries of the
	// Debian that has the other kernels.
	newer := []string{"libc6", "libelf1t64", "libssl3t64", "zlib1g", "libzstd1"}
	older := []string{"CONFIG_CC_HAS_MIN_FUNCTION_ALIGNMENT=", "KCFLAGS=-Wno-attributes"}
	return []Kernel{
		{Name: "5.10-cloud", series: "5.10.", suite: "bullseye", image: "linux-image-cloud-amd64", headers: "linux-headers-cloud-amd64"},
		{Name: "6.1-cloud", series: "6.1.", suite: "bookworm", image: "linux-image-cloud-amd64", headers: "linux-headers-cloud-amd64"},
		{Name: "6.12-cloud", series: "6.12.", suite: "bookworm", image: "linux-image-6.12-cloud-amd64", headers: "linux-headers-6.12-cloud-amd64"},
		{Name: "6.12", series: "6.12.", suite: "bookworm", image: "linux-image-6.12-amd64", headers: "linux-headers-6.12-amd64"},
		{Name: "7.2-cloud", series: "7.2.", suite: "unstable", image: "linux-image-cloud-amd64", headers: "linux-headers-cloud-amd64", extra: newer, variables: older},
		{Name: "7.2", series: "7.2.", suite: "unstable", image: "linux-image-amd64", headers: "linux-headers-amd64", extra: newer, variables: older},
	}
}

// Kernels returns the names of the kernels that are known, oldest first.
func Kernels() []string {
	var names []string
	for _, k := range kernels() {
		names = append(names, k.Name)
	}
	return names
}

// FindKernel returns the kernel of a name. Its error says which names there are.
func FindKernel(name string) (Kernel, error) {
	all := kernels()
	if i := slices.IndexFunc(all, func(k Kernel) bool { return k.Name == name }); i >= 0 {
		return all[i], nil
	}
	return Kernel{}, fmt.Errorf("there is no kernel %q: the kernels are %s", name, strings.Join(Kernels(), ", "))
}
