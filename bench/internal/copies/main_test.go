//go:build linux

package copies

import (
	"fmt"
	"os"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

// TestMain is a candidate's process, too: the tests start themselves anew.
func TestMain(m *testing.M) {
	if name := os.Getenv(Env); name != "" {
		if err := Keep(name); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	testenv.Main(m)
}
