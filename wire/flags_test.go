package wire

import (
	"strconv"
	"strings"
	"testing"
)

func TestFlagNames(t *testing.T) {
	for _, c := range []struct {
		f    Flags
		v    Verb
		want string
	}{
		{0, VerbOther, "0"},
		{0, VerbGet, "0"},
		{Request, VerbOther, "REQUEST"},
		{Request | Multi | Ack | Echo | DumpInterrupted | DumpFiltered, VerbOther,
			"REQUEST|MULTI|ACK|ECHO|DUMP_INTR|DUMP_FILTERED"},
		{0x40 | 0x80, VerbGet, "0xc0"},
		{Request | 0x8000, VerbNew, "REQUEST|0x8000"},
		{Request | Dump, VerbOther, "REQUEST|0x300"},
		{Request | Dump, VerbGet, "REQUEST|DUMP"},
		{Root, VerbGet, "ROOT"},
		{Match, VerbGet, "MATCH"},
		{Dump | Atomic | 0x800, VerbGet, "DUMP|ATOMIC|0x800"},
		{Replace | Excl | Create | Append, VerbNew, "REPLACE|EXCL|CREATE|APPEND"},
		{NonRecursive | Bulk | 0x400, VerbDelete, "NONREC|BULK|0x400"},
		{Capped | AckTLVs, VerbAck, "CAPPED|ACK_TLVS"},
		{Capped | 0xf000, VerbAck, "CAPPED|0xf000"},
		{Request | 0x100, VerbAck + 1, "REQUEST|0x100"},
		{Request | 0x100, 255, "REQUEST|0x100"},
	} {
		if got := c.f.Names(c.v); got != c.want {
			t.Errorf("Flags(%#x).Names(%d) = %q, want %q", uint16(c.f), c.v, got, c.want)
		}
	}
	if got := (Request | Capped).String(); got != "REQUEST|0x100" {
		t.Errorf("String = %q: it must not guess the upper bits", got)
	}
}

// TestFlagNamesLossless shows that no bit is hidden, whatever the reading.
func TestFlagNamesLossless(t *testing.T) {
	bits := map[string]Flags{"0": 0}
	for _, n := range commonFlags {
		bits[n.name] = n.bits
	}
	for v := range verbFlags {
		for _, n := range verbFlags[v] {
			bits[n.name] = n.bits
		}
		for f := range 1 << 16 {
			var sum Flags
			for name := range strings.SplitSeq(Flags(f).Names(Verb(v)), "|") {
				b, ok := bits[name]
				if !ok {
					n, err := strconv.ParseUint(name, 0, 16)
					if err != nil {
						t.Fatalf("Flags(%#x), verb %d: %q is neither a name nor a number", f, v, name)
					}
					b = Flags(n)
				}
				sum |= b
			}
			if sum != Flags(f) {
				t.Fatalf("Flags(%#x).Names(%d) stands for %#x", f, v, uint16(sum))
			}
		}
	}
}

func TestFlagsHas(t *testing.T) {
	for _, c := range []struct {
		f, want Flags
		has     bool
	}{
		{Dump, Root, true}, {Root, Dump, false}, {Dump | Request, Dump, true}, {0, 0, true}, {0, Ack, false},
	} {
		if c.f.Has(c.want) != c.has {
			t.Errorf("Flags(%#x).Has(%#x) = %v", uint16(c.f), uint16(c.want), !c.has)
		}
	}
}
