package family_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/catalogue"
)

// checkAny checks what has to hold for any payload: nothing panics, what is
// printed is JSON, and what is encoded is decoded to the same again, to the byte.
func (p *pair) checkAny(payload []byte) error {
	var d nl.Decoder
	m := p.Decode(&d, payload)
	_ = fmt.Sprint(m)
	encoded, err := catalogue.Encode(m)
	if err != nil {
		return nil // a nest that has become too long: strings end in a NUL now
	}
	if len(encoded) > 3*len(payload)+256 {
		return fmt.Errorf("%d bytes from %d", len(encoded), len(payload))
	}
	text, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	var other nl.Decoder
	again := p.Decode(&other, encoded)
	twice, err := catalogue.Encode(again)
	if err != nil || !bytes.Equal(encoded, twice) {
		return fmt.Errorf("encoded to\n%x, decoded and encoded again to\n%x (%v)\n%s", encoded, twice, err, text)
	}
	if t, err := json.Marshal(again); err != nil || !bytes.Equal(t, text) {
		return fmt.Errorf("printed\n%s, encoded, decoded and printed again\n%s (%v)", text, t, err)
	}
	return p.checkClone(payload, text)
}

// checkClone checks that a clone, and a message that was made its own, know
// nothing of the memory they came from.
func (p *pair) checkClone(payload, want []byte) error {
	payload = bytes.Clone(payload)
	var d nl.Decoder
	m := p.Decode(&d, payload)
	cloned := reflect.ValueOf(m).MethodByName("Clone").Call(nil)[0].Interface().(nl.Message)
	own := p.Decode(&d, payload)
	own.(interface{ Own() }).Own()
	for i := range payload {
		payload[i] ^= 0x5a
	}
	// What is used again is used by others: of the same type, and of another one.
	d.Reset()
	p.Decode(&d, bytes.Repeat([]byte{8, 0, 1, 0, 0xee, 0xee, 0xee, 0xee}, 32))
	p.Decode(&d, payload)
	for name, c := range map[string]nl.Message{"a clone": cloned, "its own": own} {
		if text, err := json.Marshal(c); err != nil || !bytes.Equal(text, want) {
			return fmt.Errorf("%s: %s once the memory is used again, want\n%s (%v)", name, text, want, err)
		}
	}
	return nil
}
