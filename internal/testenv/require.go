// Package testenv tells tests what the machine they run on can do, and gives
// them network namespaces of their own.
package testenv

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// require names an environment variable: a comma-separated list of abilities
// whose absence is a failure and not a reason to skip, or "all". What CI can
// do, CI has to do.
const require = "NLKIT_REQUIRE"

// Required reports whether an ability must be there.
func Required(ability string) bool {
	required := strings.Split(os.Getenv(require), ",")
	return slices.Contains(required, ability) || slices.Contains(required, "all")
}

// Missing skips the test because an ability is missing, or fails it if that
// ability is required.
func Missing(tb testing.TB, ability, why string) {
	tb.Helper()
	if Required(ability) {
		tb.Fatalf("%s is required here (%s) but missing: %s", ability, require, why)
	}
	tb.Skipf("needs %s: %s", ability, why)
}
