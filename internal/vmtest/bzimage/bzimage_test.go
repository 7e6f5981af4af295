package bzimage

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

// image makes a boot image around a compressed kernel.
func image(payload []byte) []byte {
	const sectors, offset = 2, 40
	b := make([]byte, (sectors+1)*sectorSize+offset, (sectors+1)*sectorSize+offset+len(payload)+100)
	b[offSetupSectors] = sectors
	copy(b[offMagic:], magic)
	binary.LittleEndian.PutUint16(b[offVersion:], 0x020f)
	binary.LittleEndian.PutUint32(b[offPayloadOffset:], offset)
	binary.LittleEndian.PutUint32(b[offPayloadLength:], uint32(len(payload)))
	b = append(b, payload...)
	return append(b, "a signature may follow"...)
}

var kernel = []byte("\x7fELF" + strings.Repeat("a kernel ", 100))

// sized appends the unpacked size, as the kernel's build does.
func sized(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, uint32(len(kernel))) }

func TestExtract(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write(kernel); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	payloads := map[string][]byte{
		"plain": kernel,
		"gzip":  zipped.Bytes(),
		"lz4":   sized(lz4Frame(lz4Stored(kernel))),
	}
	for _, program := range []string{"xz", "zstd"} {
		b, err := Program(t.Context(), kernel, program, "-c")
		if errors.Is(err, exec.ErrNotFound) {
			t.Logf("not tried: %v", err)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		payloads[program] = sized(b)
	}
	for name, payload := range payloads {
		got, err := Extract(t.Context(), image(payload))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(got, kernel) {
			t.Errorf("%s: %d bytes came back, %d went in", name, len(got), len(kernel))
		}
	}
}

func TestExtractErrors(t *testing.T) {
	change := func(f func(b []byte)) []byte {
		b := image(kernel)
		f(b)
		return b
	}
	for want, b := range map[string][]byte{
		"no header":             []byte("a short file"),
		"2.07, want 2.08":       change(func(b []byte) { b[offVersion], b[offVersion+1] = 7, 2 }),
		"is said to lie":        change(func(b []byte) { b[offPayloadLength+3] = 0xff }),
		"to 1576 of":            change(func(b []byte) { copy(b[offPayloadLength:], make([]byte, 4)) }),
		"way that is not known": image([]byte("something else")),
		"is no ELF file":        image(sized(lz4Frame(lz4Stored([]byte("no kernel"))))),
		"unexpected EOF":        image([]byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00")),
	} {
		if _, err := Extract(t.Context(), b); !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one of the format with %q", err, want)
		}
	}
	b := change(func(b []byte) { b[offSetupSectors] = 0 }) // stands for four
	if _, err := Payload(append(b, make([]byte, 2*sectorSize)...)); err != nil {
		t.Errorf("no number of sectors: %v", err)
	}
}

func TestProgramErrors(t *testing.T) {
	if _, err := Program(t.Context(), nil, "nlkit-no-such-program"); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("error %v, want %v", err, exec.ErrNotFound)
	}
	if _, err := exec.LookPath("xz"); err != nil {
		testenv.Missing(t, "xz", err.Error())
	}
	if _, err := Program(t.Context(), []byte("not compressed"), "xz", "-dc"); err == nil || !strings.Contains(err.Error(), "format") {
		t.Errorf("error %v, want xz's own words", err)
	}
}

func FuzzPayload(f *testing.F) {
	f.Add(image(kernel))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		payload, err := Payload(b)
		if (err == nil) == (payload == nil) {
			t.Errorf("%d bytes, error %v", len(payload), err)
		}
	})
}
