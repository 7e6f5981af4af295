package mirrorprom

import (
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }
