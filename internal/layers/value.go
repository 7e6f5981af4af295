package layers

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/nlkit/nlkit/genetlink"
)

// value shows a value of kind k in a few words. A value whose size does not
// fit its kind is shown as what it is: bytes.
func value(k Kind, b []byte) string {
	sizes := [...]int{U8: 1, U16: 2, U32: 4, U64: 8, S32: 4, OpFlags: 4, Nested: 0}
	if n := sizes[min(k, Nested)]; n > 0 && len(b) != n {
		return fmt.Sprintf("%s (a %d-byte number was expected)", size(b), n)
	}
	switch k {
	case U8:
		return strconv.Itoa(int(b[0]))
	case U16:
		return strconv.FormatUint(uint64(binary.NativeEndian.Uint16(b)), 10)
	case U32:
		return strconv.FormatUint(uint64(binary.NativeEndian.Uint32(b)), 10)
	case U64:
		return strconv.FormatUint(binary.NativeEndian.Uint64(b), 10)
	case S32:
		return strconv.Itoa(int(int32(binary.NativeEndian.Uint32(b))))
	case OpFlags:
		return genetlink.OpFlags(binary.NativeEndian.Uint32(b)).String()
	case Flag:
		if len(b) == 0 {
			return ""
		}
		return size(b)
	case Text:
		return text(b)
	case Guess:
		if looksLikeText(b) {
			return text(b)
		}
	}
	return size(b)
}

func size(b []byte) string {
	switch len(b) {
	case 0:
		return ""
	case 1:
		return "1 byte"
	}
	return strconv.Itoa(len(b)) + " bytes"
}

// text quotes a string up to its NUL and says whether one was there: the NUL
// counts in the length.
func text(b []byte) string {
	i := bytes.IndexByte(b, 0)
	switch {
	case i < 0:
		return strconv.Quote(string(b)) + ", no NUL"
	case i == len(b)-1:
		return strconv.Quote(string(b[:i])) + " NUL"
	}
	return fmt.Sprintf("%s NUL and %s more", strconv.Quote(string(b[:i])), size(b[i+1:]))
}

// looksLikeText reports whether b is printable and ends in its only NUL.
func looksLikeText(b []byte) bool {
	if len(b) < 3 || b[len(b)-1] != 0 || !utf8.Valid(b) {
		return false
	}
	for _, r := range string(b[:len(b)-1]) {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
