package modinfo

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const fields = "version=1\x00alias=rtnl-link-x\x00alias=y\x00depends=udp_tunnel,ip6-udp-tunnel\x00" +
	"softdep=pre: crc32c a-b post: later pre: last\x00name=a-module\x00vermagic=6.12.1 SMP mod_unload \x00odd\x00=\x00"

// module makes an ELF file with nothing but that section, of which kind is the
// type and flags are the flags.
func module(section string, kind elf.SectionType, flags elf.SectionFlag) []byte {
	names := "\x00.shstrtab\x00.modinfo\x00"
	header := elf.Header64{
		Ident: [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
		Type:  uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT),
		Ehsize: 64, Shentsize: 64, Shnum: 3, Shstrndx: 1,
	}
	header.Shoff = uint64(64 + len(names) + len(section))
	var b bytes.Buffer
	for _, part := range []any{
		header, []byte(names), []byte(section),
		elf.Section64{},
		elf.Section64{Name: 1, Type: uint32(elf.SHT_STRTAB), Off: 64, Size: uint64(len(names))},
		elf.Section64{Name: 11, Type: uint32(kind), Flags: uint64(flags), Off: uint64(64 + len(names)), Size: uint64(len(section))},
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

func TestRead(t *testing.T) {
	got, err := Read(module(fields, elf.SHT_PROGBITS, elf.SHF_ALLOC))
	if err != nil {
		t.Fatal(err)
	}
	want := &Info{
		Name: "a_module", Version: "6.12.1", Depends: []string{"udp_tunnel", "ip6_udp_tunnel"},
		Pre: []string{"crc32c", "a_b", "last"}, Aliases: []string{"rtnl-link-x", "y"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestReadErrors(t *testing.T) {
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		self = []byte("no program here")
	}
	good := module(fields, elf.SHT_PROGBITS, 0)
	for name, b := range map[string][]byte{
		"nothing":          nil,
		"no ELF file":      []byte("#!/bin/sh\n"),
		"half a header":    good[:40],
		"without its end":  good[:len(good)-70],
		"a program":        self,
		"compressed":       module(fields, elf.SHT_PROGBITS, elf.SHF_COMPRESSED),
		"without contents": module(fields, elf.SHT_NOBITS, 0),
	} {
		if info, err := Read(b); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %+v, error %v", name, info, err)
		}
	}
}

func TestName(t *testing.T) {
	for in, want := range map[string]string{
		"act_mirred": "act_mirred", "kernel/net/l2tp/l2tp_eth.ko.xz": "l2tp_eth", "crc32c-intel.ko": "crc32c_intel", "": "", "/": "",
	} {
		if got := Name(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(module(fields, elf.SHT_PROGBITS, 0))
	f.Add(module("", elf.SHT_PROGBITS, 0))
	f.Add(module(fields, elf.SHT_NOBITS, elf.SHF_COMPRESSED))
	f.Fuzz(func(t *testing.T, b []byte) {
		info, err := Read(b)
		if (err == nil) == (info == nil) || err != nil && !errors.Is(err, ErrFormat) {
			t.Errorf("%+v, error %v", info, err)
		}
	})
}
