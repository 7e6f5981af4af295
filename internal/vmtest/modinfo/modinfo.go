// Package modinfo reads what kernel modules say about themselves, and works out
// the order they have to be loaded in.
package modinfo

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"strings"
)

// Info is what a module says about itself. Names are those of the kernel: with
// underscores, where files may have hyphens.
type Info struct {
	Name    string
	Version string   // vermagic: the kernel it was built for
	Depends []string // modules that have to be there first
	Pre     []string // modules that had better be there first, if they are at all
	Aliases []string // what else asks for it
}

// ErrFormat is what errors about files that are no kernel modules wrap.
var ErrFormat = errors.New("not a kernel module")

// maxInfo is the size up to which what a module says is read. Those of drivers
// with thousands of aliases have a hundred kilobytes.
const maxInfo = 16 << 20

// Read reads a module's .modinfo section out of its file, which is in memory.
func Read(file []byte) (*Info, error) {
	f, err := elf.NewFile(bytes.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	section := f.Section(".modinfo")
	switch {
	case section == nil:
		return nil, fmt.Errorf("%w: it has no section .modinfo", ErrFormat)
	case section.Flags&elf.SHF_COMPRESSED != 0 || section.Type == elf.SHT_NOBITS || section.FileSize > maxInfo:
		return nil, fmt.Errorf("%w: its section .modinfo is compressed, empty or larger than %d bytes", ErrFormat, maxInfo)
	}
	data, err := section.Data()
	if err != nil {
		return nil, fmt.Errorf("%w: .modinfo: %w", ErrFormat, err)
	}
	return parse(data), nil
}

// parse reads the section: words name=value, each ended by a zero. A module of
// several parts may have some more than once.
func parse(data []byte) *Info {
	info := &Info{}
	for field := range strings.SplitSeq(string(data), "\x00") {
		key, value, ok := strings.Cut(field, "=")
		if !ok {
			continue
		}
		switch key {
		case "name":
			info.Name = Name(value)
		case "vermagic":
			info.Version, _, _ = strings.Cut(value, " ")
		case "alias":
			info.Aliases = append(info.Aliases, value)
		case "depends":
			for name := range strings.SplitSeq(value, ",") {
				if name != "" {
					info.Depends = append(info.Depends, Name(name))
				}
			}
		case "softdep":
			info.Pre = append(info.Pre, softdep(value)...)
		}
	}
	return info
}

// softdep returns what "pre: a b post: c" wants before.
func softdep(value string) (pre []string) {
	before := false
	for word := range strings.FieldsSeq(value) {
		switch {
		case strings.HasSuffix(word, ":"):
			before = word == "pre:"
		case before:
			pre = append(pre, Name(word))
		}
	}
	return pre
}

// Name is the name the kernel has for a module, of any spelling of it or of its
// file's name.
func Name(s string) string {
	s, _, _ = strings.Cut(s[strings.LastIndexByte(s, '/')+1:], ".ko")
	return strings.ReplaceAll(s, "-", "_")
}
