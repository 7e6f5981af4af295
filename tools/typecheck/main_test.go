package main

import (
	"strings"
	"testing"
)

// TestCheck checks a package that is well on one system, and on others is not: for want
// of a function, of 64 bits, of what a test needs, of any files.
func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		system, pattern string
		packages        int
		want            string // of the error
	}{
		{"linux/amd64", ".", 1, ""},
		{"linux/amd64", "./...", 2, ""},
		{"windows/amd64", ".", 0, "undefined: open"},
		{"linux/arm", ".", 0, "1 << 40"},
		{"linux/arm64", ".", 0, "undefined: small"},
		{"linux/amd64", "./none", 0, "directory not found"},
		{"windows/amd64", "./empty", 0, "broken/empty: build constraints exclude all Go files"},
		{"linux", ".", 0, "want a system"},
		{"linux/abc", ".", 0, "abc"},
	} {
		n, err := check("testdata/broken", tt.system, []string{tt.pattern})
		switch {
		case n != tt.packages || tt.want == "" && err != nil:
			t.Errorf("%s %s: %d packages, want %d; %v", tt.system, tt.pattern, n, tt.packages, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s %s: %v, want %q in it", tt.system, tt.pattern, err, tt.want)
		case err != nil && strings.Count(err.Error(), tt.want) > 1:
			t.Errorf("%s %s is told more than once: %v", tt.system, tt.pattern, err)
		}
	}
}
