package rt

import (
	"encoding/binary"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// h16 and h32 are numbers in the machine's byte order.
func h16(v uint16) []byte { return binary.NativeEndian.AppendUint16(nil, v) }
func h32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }

// join joins bytes.
func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}
