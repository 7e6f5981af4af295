package bzimage

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

func lz4Frame(blocks ...[]byte) []byte {
	b := []byte(lz4Magic)
	for _, block := range blocks {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(block)))
		b = append(b, block...)
	}
	return b
}

// lz4Stored makes a block of literal bytes alone.
func lz4Stored(b []byte) []byte {
	if len(b) < 15 {
		return append([]byte{byte(len(b)) << 4}, b...)
	}
	block := []byte{0xf0}
	n := len(b) - 15
	for ; n >= 255; n -= 255 {
		block = append(block, 255)
	}
	return append(append(block, byte(n)), b...)
}

func TestLZ4(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		blocks     [][]byte
	}{
		{"nothing", "", nil},
		{"a short literal", "abc", [][]byte{lz4Stored([]byte("abc"))}},
		{"15 bytes", strings.Repeat("x", 15), [][]byte{lz4Stored(bytes.Repeat([]byte("x"), 15))}},
		{"270 bytes", strings.Repeat("x", 270), [][]byte{lz4Stored(bytes.Repeat([]byte("x"), 270))}},
		{"two blocks", "abcd", [][]byte{lz4Stored([]byte("ab")), lz4Stored([]byte("cd"))}},
		{"a copy", "abcdabcde", [][]byte{{0x40, 'a', 'b', 'c', 'd', 4, 0, 0x10, 'e'}}},
		{"a copy that repeats", "aaaaaaa", [][]byte{{0x12, 'a', 1, 0}}},
		{"a long copy", strings.Repeat("ab", 148), [][]byte{{0x2f, 'a', 'b', 2, 0, 255, 20}}},
	} {
		got, err := unLZ4(lz4Frame(tt.blocks...), 1000)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %q, error %v, want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestLZ4Errors(t *testing.T) {
	for name, frame := range map[string][]byte{
		"half a length":             append(lz4Frame(), 1, 2),
		"a block that is not there": append(lz4Frame(), 9, 0, 0, 0, 1),
		"literals not there":        lz4Frame([]byte{0x50, 'a'}),
		"a length without end":      lz4Frame([]byte{0xf0, 255, 255}),
		"half an offset":            lz4Frame([]byte{0x10, 'a', 1}),
		"offset 0":                  lz4Frame([]byte{0x10, 'a', 0, 0}),
		"an offset too far":         lz4Frame([]byte{0x10, 'a', 2, 0}),
		"an offset before the block": lz4Frame(lz4Stored([]byte("abcd")),
			[]byte{0x10, 'a', 3, 0}),
		"a copy's length without end": lz4Frame([]byte{0x1f, 'a', 1, 0, 255}),
		"literals beyond the limit":   lz4Frame(lz4Stored(make([]byte, 101))),
		"a copy beyond the limit":     lz4Frame([]byte{0x1f, 'a', 1, 0, 200}),
	} {
		if got, err := unLZ4(frame, 100); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %d bytes, error %v", name, len(got), err)
		}
	}
}

func FuzzLZ4(f *testing.F) {
	f.Add(lz4Frame(lz4Stored([]byte("abc"))))
	f.Add(lz4Frame([]byte{0x2f, 'a', 'b', 2, 0, 255, 20}))
	f.Add(lz4Frame([]byte{0x40, 'a', 'b', 'c', 'd', 4, 0, 0x10, 'e'}, []byte{0x12, 'a', 1, 0}))
	f.Fuzz(func(t *testing.T, b []byte) {
		const limit = 1 << 16
		got, err := unLZ4(append([]byte(lz4Magic), b...), limit)
		if len(got) > limit {
			t.Errorf("%d bytes, beyond the limit", len(got))
		}
		if err != nil && !errors.Is(err, ErrFormat) {
			t.Error(err)
		}
		// What was stored comes back.
		stored, err := unLZ4(lz4Frame(lz4Stored(b)), len(b))
		if err != nil || !bytes.Equal(stored, b) {
			t.Errorf("%d bytes stored, %d came back, error %v", len(b), len(stored), err)
		}
	})
}
