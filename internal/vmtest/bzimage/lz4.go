package bzimage

import (
	"encoding/binary"
	"fmt"
)

// lz4Magic begins LZ4's legacy frame, which the kernel's build uses: blocks, each
// with its length before it, and nothing that says how many there are.
const lz4Magic = "\x02\x21\x4c\x18"

// minMatch is the length of a copy whose length field is 0.
const minMatch = 4

// unLZ4 unpacks a legacy frame, up to limit bytes. The format is LZ4's own
// description of blocks.
func unLZ4(frame []byte, limit int) ([]byte, error) {
	var out []byte
	for in := frame[len(lz4Magic):]; len(in) > 0; {
		if len(in) < 4 {
			return nil, fmt.Errorf("%w: lz4: %d bytes after the last block", ErrFormat, len(in))
		}
		size := uint64(binary.LittleEndian.Uint32(in))
		in = in[4:]
		if size > uint64(len(in)) {
			return nil, fmt.Errorf("%w: lz4: a block of %d bytes, %d are left", ErrFormat, size, len(in))
		}
		var err error
		if out, err = lz4Block(out, in[:size], limit); err != nil {
			return nil, err
		}
		in = in[size:]
	}
	return out, nil
}

// lz4Block appends what a block unpacks to. Copies do not reach beyond the
// block's own begin.
func lz4Block(out, in []byte, limit int) ([]byte, error) {
	begin := len(out)
	for len(in) > 0 {
		token := in[0]
		literals, rest, ok := lz4Length(in[1:], int(token>>4))
		if !ok || literals > len(rest) || literals > limit-len(out) {
			return nil, fmt.Errorf("%w: lz4: %d literal bytes that are not there, or are too many", ErrFormat, literals)
		}
		out, in = append(out, rest[:literals]...), rest[literals:]
		if len(in) == 0 {
			return out, nil // the last sequence has no copy
		}
		if len(in) < 2 {
			return nil, fmt.Errorf("%w: lz4: a copy without its offset", ErrFormat)
		}
		offset := int(binary.LittleEndian.Uint16(in))
		length, rest, ok := lz4Length(in[2:], int(token&15))
		length += minMatch
		if !ok || offset == 0 || offset > len(out)-begin || length > limit-len(out) {
			return nil, fmt.Errorf("%w: lz4: a copy of %d bytes from %d bytes before", ErrFormat, length, offset)
		}
		// A copy may run into what it writes: it then repeats.
		for from := len(out) - offset; length > 0; {
			n := min(length, len(out)-from)
			out = append(out, out[from:from+n]...)
			length -= n
		}
		in = rest
	}
	return out, nil
}

// lz4Length reads what follows a length of 15 in a token: bytes to add, the last
// of which is less than 255.
func lz4Length(in []byte, n int) (length int, rest []byte, ok bool) {
	if n < 15 {
		return n, in, true
	}
	for i, b := range in {
		if n += int(b); b != 255 {
			return n, in[i+1:], true
		}
	}
	return 0, nil, false
}
