// Package bzimage takes the kernel out of a Linux boot image of x86, so that an
// emulator need not unpack it at each boot. What a boot image's header says is
// in the kernel's documentation of the x86 boot protocol.
package bzimage

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os/exec"
)

// The fields of the header that lead to the payload, and the first version of
// the boot protocol that has them.
const (
	offSetupSectors  = 0x1f1
	offMagic         = 0x202
	offVersion       = 0x206
	offPayloadOffset = 0x248
	offPayloadLength = 0x24c
	headerEnd        = 0x250

	magic          = "HdrS"
	minVersion     = 0x0208
	sectorSize     = 512
	defaultSectors = 4 // what 0 stands for
)

// limit is the size up to which a kernel is unpacked: ten times that of
// Debian's.
const limit = 1 << 30

// ErrFormat is what errors about an image that is none, or is broken, wrap.
var ErrFormat = errors.New("not a boot image of x86")

// Payload returns the part of a boot image that is the compressed kernel. It
// lies in image.
func Payload(image []byte) ([]byte, error) {
	if len(image) < headerEnd || string(image[offMagic:offMagic+4]) != magic {
		return nil, fmt.Errorf("%w: no header", ErrFormat)
	}
	if v := binary.LittleEndian.Uint16(image[offVersion:]); v < minVersion {
		return nil, fmt.Errorf("%w: boot protocol %d.%02d, want 2.08 or newer", ErrFormat, v>>8, v&0xff)
	}
	sectors := uint64(image[offSetupSectors])
	if sectors == 0 {
		sectors = defaultSectors
	}
	start := (sectors+1)*sectorSize + uint64(binary.LittleEndian.Uint32(image[offPayloadOffset:]))
	end := start + uint64(binary.LittleEndian.Uint32(image[offPayloadLength:]))
	if end > uint64(len(image)) || end-start < 8 {
		return nil, fmt.Errorf("%w: its kernel is said to lie at bytes %d to %d of %d", ErrFormat, start, end, len(image))
	}
	return image[start:end], nil
}

// Extract returns the kernel of a boot image: an ELF file. The programs xz and
// zstd are asked where the kernel is compressed by these.
func Extract(ctx context.Context, image []byte) ([]byte, error) {
	payload, err := Payload(image)
	if err != nil {
		return nil, err
	}
	kernel, err := unpack(ctx, payload)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(kernel, []byte("\x7fELF")) {
		return nil, fmt.Errorf("%w: what it unpacks to is no ELF file", ErrFormat)
	}
	return kernel, nil
}

func unpack(ctx context.Context, payload []byte) ([]byte, error) {
	// But for gzip, which has it anyway, the kernel's build appends the unpacked
	// size in four bytes that are none of the compressed stream.
	stream := payload[:len(payload)-4]
	for _, f := range []struct {
		magic  string
		unpack func() ([]byte, error)
	}{
		{"\x7fELF", func() ([]byte, error) { return payload, nil }},
		{"\x1f\x8b", func() ([]byte, error) { return gunzip(payload) }},
		{"\xfd7zXZ\x00", func() ([]byte, error) { return Program(ctx, stream, "xz", "-dc") }},
		{"\x28\xb5\x2f\xfd", func() ([]byte, error) { return Program(ctx, stream, "zstd", "-dcq") }},
		{lz4Magic, func() ([]byte, error) { return unLZ4(stream, limit) }},
	} {
		if bytes.HasPrefix(payload, []byte(f.magic)) {
			return f.unpack()
		}
	}
	return nil, fmt.Errorf("%w: the kernel in it is compressed in a way that is not known here: it begins with %x; gzip, xz, zstd and lz4 are known",
		ErrFormat, payload[:6])
}

func gunzip(b []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	r.Multistream(false)
	kernel, err := io.ReadAll(io.LimitReader(r, limit))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return kernel, nil
}

// Program returns what a program for decompression makes of b. Its error names
// the program, and its package where it is not installed.
func Program(ctx context.Context, b []byte, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = bytes.NewReader(b)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return nil, fmt.Errorf("the program %s is missing: %w", name, err)
	case err != nil:
		return nil, fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}
