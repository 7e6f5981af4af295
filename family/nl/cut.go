package nl

import (
	"encoding/binary"

	"github.com/nlkit/nlkit/wire"
)

// Cut cuts the first attribute off b. It reports false where b does not begin
// with one. It is small enough to be inlined into the decoders' loops.
func Cut(b []byte) (a wire.Attr, rest []byte, ok bool) {
	if len(b) < wire.AttrHeaderLen {
		return nil, nil, false
	}
	n := int(binary.NativeEndian.Uint16(b))
	if n < wire.AttrHeaderLen || n > len(b) {
		return nil, nil, false
	}
	return b[:n:n], b[min(wire.Align(n), len(b)):], true
}
