package family_test

import (
	"encoding/binary"
	"testing"
)

var nativeIsBig = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

// TestRandom gives every type payloads that are what its spec says.
func TestRandom(t *testing.T) {
	n := 0
	for i, p := range types() {
		for round := range rounds() {
			payload := newGrower(p, uint64(i<<16|round)).message(p)
			if err := p.compare(payload); err != nil {
				t.Errorf("%s, round %d: %x: %.2000v", p.typeName(), round, payload, err)
				break
			}
			n++
		}
	}
	t.Logf("%d payloads of %d types", n, len(types()))
}

// rounds is how many payloads each type is given.
func rounds() int {
	if testing.Short() {
		return 2
	}
	return 20
}
