package main

import (
	"strings"
	"testing"
)

// TestCheck checks a package that is well on one system, and on others is not: for want
// of a function, of 64 bits, of what a test needs, of any files.
func TestCheck(t *testing.T) {
	for _, tt := range []struct{ system, pattern, want string }{
		{"linux/amd64", ".", ""},
		{"linux/amd64", "./...", ""},
		{"windows/amd64", ".", "undefined: open"},
		{"linux/arm", ".", "1 << 40"},
		{"linux/arm64", ".", "undefined: small"},
		{"linux/amd64", "./none", "none"},
		{"windows/amd64", "./empty", "exclude all Go files"},
		{"linux", ".", "want a system"},
		{"linux/abc", ".", "abc"},
	} {
		n, err := check("testdata/broken", tt.system, []string{tt.pattern})
		switch {
		case tt.want == "" && (err != nil || n == 0):
			t.Errorf("%s %s: %d packages, %v", tt.system, tt.pattern, n, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s %s: %v, want %q in it", tt.system, tt.pattern, err, tt.want)
		case err != nil && strings.Count(err.Error(), tt.want) > 1:
			t.Errorf("%s %s is told more than once: %v", tt.system, tt.pattern, err)
		}
	}
}
