package uapi

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Limits of what is read, far above what there is: the largest header has a
// quarter of a megabyte, all of them together have fifteen.
const (
	maxFile     = 4 << 20 // bytes of one header
	maxTokens   = 1 << 20 // of one unit, with what macros make
	maxDefine   = 1 << 14 // tokens of one define, with what macros make
	maxIncludes = 64      // headers within each other
	maxDepth    = 200     // of expressions, declarations and macros
)

// Place is a line of a header.
type Place struct {
	Header string // as it is included: "linux/netdev.h"
	Line   int    // from 1
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.Header, p.Line) }

// Tree is a folder of headers, such as /usr/include. Headers are read once; any
// number of goroutines may use a Tree.
type Tree struct {
	dirs []string

	mu    sync.Mutex
	files map[string][]line
}

// NewTree returns the headers in some folders, which are searched in turn.
func NewTree(dirs ...string) *Tree { return &Tree{dirs: dirs, files: map[string][]line{}} }

// kernelDirs are the folders of kernel headers. The C library's are left alone:
// they depend on the compiler.
var kernelDirs = []string{"linux/", "asm-generic/", "drm/", "rdma/", "misc/", "mtd/", "scsi/", "asm/", "sound/", "video/", "xen/", "cxl/", "fwctl/", "regulator/"}

// lines returns a header's lines; ok is false where it is not there.
func (t *Tree) lines(header string) (lines []line, ok bool) {
	if name, isArch := strings.CutPrefix(header, "asm/"); isArch {
		header = "asm-generic/" + name
	}
	if !filepath.IsLocal(filepath.FromSlash(header)) {
		return nil, false // it would leave the folder
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if lines, ok = t.files[header]; ok {
		return lines, lines != nil
	}
	for _, dir := range t.dirs {
		text, err := readFile(filepath.Join(dir, filepath.FromSlash(header)))
		if err == nil {
			lines = append([]line{}, lex(header, text)...)
			break
		}
	}
	t.files[header] = lines
	return lines, lines != nil
}

func isKernelHeader(header string) bool {
	for _, dir := range kernelDirs {
		if strings.HasPrefix(header, dir) {
			return true
		}
	}
	return false
}

func readFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return "", fmt.Errorf("%s is no header", path)
	}
	text, err := os.ReadFile(path)
	return string(text), err
}
