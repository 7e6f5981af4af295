package family_test

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/catalogue"
	"github.com/nlkit/nlkit/ynl/codec"
)

var nativeIsBig = binary.NativeEndian.Uint16([]byte{0, 1}) == 1

// TestRandom gives every type payloads that are what its spec says.
func TestRandom(t *testing.T) {
	n := 0
	for i, p := range types() {
		for round := range rounds() {
			payload := newGrower(p, uint64(i<<16|round)).message(p)
			if err := cmp.Or(p.Compare(payload), p.checkAny(payload)); err != nil {
				t.Errorf("%s, round %d: %x: %.2000v", p.TypeName(), round, payload, err)
				break
			}
			n++
		}
	}
	t.Logf("%d payloads of %d types", n, len(types()))
}

// TestOdd gives every type payloads with attributes the spec does not know and
// values that are not what it says: they are kept, printed as package codec prints
// them, and sent again.
func TestOdd(t *testing.T) {
	for i, p := range types() {
		for round := range rounds() {
			g := newGrower(p, 1<<32|uint64(i<<16|round))
			g.odd = true
			payload := g.message(p)
			err := p.checkAny(payload)
			if err == nil {
				var d nl.Decoder
				text, _ := json.Marshal(p.Decode(&d, payload)) // checkAny has seen to errors
				_, err = catalogue.Differ(text, p.Layout.AppendJSON(nil, payload, codec.Options{}))
			}
			if err != nil {
				t.Errorf("%s, round %d: %x: %.2000v", p.TypeName(), round, payload, err)
				break
			}
		}
	}
}

// TestSpoiledBytes puts any byte into any place of payloads that are whole.
func TestSpoiledBytes(t *testing.T) {
	for i, p := range types() {
		g := newGrower(p, 2<<32|uint64(i))
		payload := g.message(p)
		for range min(len(payload), rounds()) {
			payload[g.r.IntN(len(payload))] ^= 1 << g.r.IntN(8)
			if err := p.checkAny(payload); err != nil {
				t.Errorf("%s: %x: %.2000v", p.TypeName(), payload, err)
				break
			}
		}
	}
}

// rounds is how many payloads each type is given.
func rounds() int {
	if testing.Short() {
		return 2
	}
	return 20
}
