// Package cpio writes archives in the format that Linux takes as the first
// contents of its file system: "newc", uncompressed, as the kernel's
// documentation of initramfs buffers describes it.
package cpio

import (
	"fmt"
	"io"
	"path"
	"strings"
)

// The bits of a file's mode that say what it is, as stat(2) has them.
const (
	typeDir     = 0o040000
	typeChar    = 0o020000
	typeRegular = 0o100000
	typeLink    = 0o120000
)

// headerSize is the length of a header: a magic of six characters and thirteen
// numbers of eight hexadecimal digits.
const headerSize = 6 + 13*8

// maxSize is what a header's field for the size can say, and maxName the
// longest name that Linux takes out of an archive (its PATH_MAX, with the zero).
const (
	maxSize = 1<<32 - 1
	maxName = 4096 - 1
)

// Writer writes an archive. Folders that a name lies in are made when they are
// first needed, with mode 0755. Everything belongs to root and has no time, so
// that what is the same gives the same bytes. It is for one goroutine.
type Writer struct {
	w     io.Writer
	n     int64 // bytes written, for the padding
	inode uint32
	seen  map[string]bool // true for folders
}

// NewWriter returns a Writer into w. Close ends the archive and leaves w open.
func NewWriter(w io.Writer) *Writer {
	return &Writer{w: w, seen: map[string]bool{".": true}}
}

// File writes a regular file with the permissions of mode and exactly size
// bytes of r.
func (w *Writer) File(name string, mode uint32, size int64, r io.Reader) error {
	if size < 0 || size > maxSize {
		return fmt.Errorf("cpio: %s: a file of %d bytes does not fit the format, which ends at 4 GiB", name, size)
	}
	if err := w.entry(name, typeRegular|mode&0o7777, uint32(size), 0, 0); err != nil {
		return err
	}
	n, err := io.Copy(counter{w}, io.LimitReader(r, size))
	if err != nil {
		return fmt.Errorf("cpio: %s: %w", name, err)
	}
	if n != size {
		return fmt.Errorf("cpio: %s: %d bytes, want %d", name, n, size)
	}
	return w.pad()
}

// Bytes writes a regular file that is in memory.
func (w *Writer) Bytes(name string, mode uint32, b []byte) error {
	return w.File(name, mode, int64(len(b)), strings.NewReader(string(b)))
}

// Dir writes a folder with the permissions of mode. One that is there already
// stays as it is.
func (w *Writer) Dir(name string, mode uint32) error {
	if name = clean(name); w.seen[name] {
		return nil
	}
	return w.entry(name, typeDir|mode&0o7777, 0, 0, 0)
}

// Symlink writes a symbolic link to target.
func (w *Writer) Symlink(name, target string) error {
	if err := w.entry(name, typeLink|0o777, uint32(len(target)), 0, 0); err != nil {
		return err
	}
	if _, err := io.WriteString(counter{w}, target); err != nil {
		return fmt.Errorf("cpio: %s: %w", name, err)
	}
	return w.pad()
}

// CharDevice writes a character device.
func (w *Writer) CharDevice(name string, mode, major, minor uint32) error {
	return w.entry(name, typeChar|mode&0o7777, 0, major, minor)
}

// Close ends the archive.
func (w *Writer) Close() error {
	if err := w.header("TRAILER!!!", 0, 0, 0, 0, 0); err != nil {
		return err
	}
	return w.pad()
}

func clean(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

// entry writes what comes before the contents of a file, and the folders it
// lies in.
func (w *Writer) entry(name string, mode, size, major, minor uint32) error {
	name = clean(name)
	switch {
	case name == "":
		return fmt.Errorf("cpio: a file without a name")
	case len(name) > maxName || strings.ContainsRune(name, 0):
		return fmt.Errorf("cpio: %.40q...: a name of %d bytes; at most %d, and no zero, can be", name, len(name), maxName)
	}
	if _, seen := w.seen[name]; seen {
		return fmt.Errorf("cpio: %s is in the archive already", name)
	}
	if dir := path.Dir(name); !w.seen[dir] {
		if _, file := w.seen[dir]; file {
			return fmt.Errorf("cpio: %s: %s is no folder", name, dir)
		}
		if err := w.entry(dir, typeDir|0o755, 0, 0, 0); err != nil {
			return err
		}
	}
	w.seen[name] = mode&0o170000 == typeDir
	w.inode++
	return w.header(name, w.inode, mode, size, major, minor)
}

func (w *Writer) header(name string, inode, mode, size, major, minor uint32) error {
	links := uint32(1)
	if mode&0o170000 == typeDir {
		links = 2
	}
	_, err := fmt.Fprintf(counter{w}, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\x00",
		inode, mode, 0, 0, links, 0, size, 0, 0, major, minor, len(name)+1, 0, name)
	if err != nil {
		return fmt.Errorf("cpio: %s: %w", name, err)
	}
	return w.pad()
}

// pad fills up to a multiple of four, counted from the archive's begin.
func (w *Writer) pad() error {
	_, err := counter{w}.Write(make([]byte, -w.n&3))
	return err
}

// counter writes to a Writer's file and counts.
type counter struct{ w *Writer }

func (c counter) Write(b []byte) (int, error) {
	n, err := c.w.w.Write(b)
	c.w.n += int64(n)
	return n, err
}
