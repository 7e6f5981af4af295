package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The helpers below build expected bytes by hand, without the Builder, in the
// byte order of the host: the tests hold on big-endian machines too.

func h16(v uint16) []byte { return binary.NativeEndian.AppendUint16(nil, v) }
func h32(v uint32) []byte { return binary.NativeEndian.AppendUint32(nil, v) }
func h64(v uint64) []byte { return binary.NativeEndian.AppendUint64(nil, v) }

func cat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// rawAttr is an attribute with any length field, unpadded.
func rawAttr(length int, typ uint16, value ...byte) []byte {
	return cat(h16(uint16(length)), h16(typ), value)
}

// attr is a well-formed attribute, padded.
func attr(typ uint16, value ...byte) []byte {
	return padded(rawAttr(AttrHeaderLen+len(value), typ, value...))
}

// nest is a marked nest.
func nest(typ uint16, inner ...[]byte) []byte {
	return attr(typ|AttrNested, cat(inner...)...)
}

// rawMessage is a message with any length field, unpadded.
func rawMessage(length uint32, typ Type, flags Flags, payload ...byte) []byte {
	return cat(h32(length), h16(uint16(typ)), h16(uint16(flags)), h32(7), h32(9), payload)
}

// message is a well-formed message, unpadded, with sequence number 7 and port 9.
func message(typ Type, flags Flags, parts ...[]byte) []byte {
	p := cat(parts...)
	return rawMessage(uint32(HeaderLen+len(p)), typ, flags, p...)
}

func padded(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

// wantMalformed asserts that err is a *Malformed with these fields.
func wantMalformed(t *testing.T, err error, want Malformed) {
	t.Helper()
	var bad *Malformed
	if !errors.As(err, &bad) {
		t.Fatalf("error is %v, want a *Malformed at offset %d", err, want.Offset)
	}
	if bad.Error() != want.Error() || bad.Offset != want.Offset || bad.What != want.What ||
		bad.Reason != want.Reason || bad.Want != want.Want || bad.Have != want.Have {
		t.Errorf("fault is\n%v\nwant\n%v", bad, &want)
	}
}

// datagram is a recording: bytes of a little-endian Linux kernel.
type datagram struct {
	name      string
	headerLen int // of the fixed header in its messages
	bytes     []byte
}

// recordings reads testdata/datagrams.
func recordings(t testing.TB) []datagram {
	t.Helper()
	files, err := filepath.Glob("testdata/datagrams/*.hex")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recordings in testdata/datagrams (%v)", err)
	}
	var list []datagram
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d := datagram{name: strings.TrimSuffix(filepath.Base(f), ".hex"), headerLen: -1}
		var digits strings.Builder
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if s, ok := strings.CutPrefix(line, "# fixed header: "); ok {
				n, _, _ := strings.Cut(s, " ")
				if d.headerLen, err = strconv.Atoi(n); err != nil {
					t.Fatalf("%s: %v", f, err)
				}
			}
			if !strings.HasPrefix(line, "#") {
				digits.WriteString(line)
			}
		}
		if d.bytes, err = hex.DecodeString(digits.String()); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if d.headerLen < 0 || len(d.bytes) == 0 {
			t.Fatalf("%s: no fixed header line or no bytes", f)
		}
		list = append(list, d)
	}
	return list
}

// recording returns one of them. It skips the test on a big-endian machine,
// where those bytes mean something else.
func recording(t *testing.T, name string) []byte {
	t.Helper()
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the recordings are little-endian, this machine is not")
	}
	for _, d := range recordings(t) {
		if d.name == name {
			return d.bytes
		}
	}
	t.Fatalf("no recording %s", name)
	return nil
}
