package netlink

import (
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

// TestMain fails the package if a goroutine or a descriptor is left behind.
func TestMain(m *testing.M) { testenv.Main(m) }
