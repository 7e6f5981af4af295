package goname

import (
	"flag"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { testenv.Main(m) }
