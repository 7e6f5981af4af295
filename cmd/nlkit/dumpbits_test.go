package main

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/ynl/specs"
)

func TestRefuseDump(t *testing.T) {
	for _, tt := range []struct {
		family, op string
		flags      requestFlags
		want       string // in the error; "" for none
	}{
		{"nlctrl", "getfamily", requestFlags{replace: true, excl: true}, "--replace with --excl asks for a dump: generic netlink"},
		{"nlctrl", "getfamily", requestFlags{flags: 0x300}, "--flag 0x300 asks for a dump"},
		{"nlctrl", "3", requestFlags{excl: true, flags: 0x108}, `--excl with --flag 0x100 asks for a dump: generic netlink reads both bits together (0x300) so; give one of them, or "nlkit dump nlctrl 3" for the table`},
		{"nlctrl", "getfamily", requestFlags{replace: true, create: true, append: true}, ""},
		{"rt-link", "getlink", requestFlags{excl: true}, `--excl asks for a dump: rt-link getlink reads, and in what reads 0x100 and 0x200 mean the whole table; leave it out, or "nlkit dump rt-link getlink" for the table`},
		{"rt-link", "18", requestFlags{flags: 0x100}, "--flag 0x100 asks for a dump"},
		{"rt-link", "0x5a", requestFlags{flags: 0x100}, "--flag 0x100 asks for a dump"}, // not of this spec
		{"rt-link", "getlink", requestFlags{create: true, append: true}, ""},
		{"rt-link", "newlink", requestFlags{replace: true, excl: true}, ""},
		{"rt-link", "16", requestFlags{replace: true, excl: true}, ""},
		{"rt-link", "dellink", requestFlags{flags: 0x300}, ""},
		{"nftables", "gettable", requestFlags{replace: true}, "--replace asks for a dump"},
		{"nftables", "newtable", requestFlags{replace: true, excl: true}, ""},
	} {
		s, err := specs.Open(tt.family)
		if err != nil {
			t.Fatal(err)
		}
		err = (&call{spec: s}).refuseDump(&tt.flags, tt.op)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s %s: %v", tt.family, tt.op, err)
			}
			continue
		}
		if _, usage := err.(*cli.UsageError); !usage || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s %s: %v, want wrong usage: %s", tt.family, tt.op, err, tt.want)
		}
	}
}
