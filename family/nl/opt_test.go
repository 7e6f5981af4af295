package nl_test

import (
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
)

func TestOptFormat(t *testing.T) {
	set, none := nl.U32(255), nl.Opt[uint32]{}
	for _, tt := range []struct {
		format string
		opt    any
		want   string
	}{
		{"%v", set, "255"}, {"%d", set, "255"}, {"%#x", set, "0xff"}, {"%5d|", set, "  255|"}, {"%-5d|", set, "255  |"}, {"%05d", set, "00255"},
		{"%v", none, "-"}, {"%d", none, "-"}, {"%#x", none, "-"}, {"%5d|", none, "    -|"}, {"%-5d|", none, "-    |"},
		{"%s", nl.Some("a"), "a"}, {"%q", nl.Some("a"), `"a"`}, {"%q", nl.Opt[string]{}, "-"},
		{"%d", nl.S32(-1), "-1"}, {"%d", nl.U8(8), "8"}, {"%d", nl.U16(16), "16"}, {"%d", nl.U64(64), "64"},
	} {
		if got := fmt.Sprintf(tt.format, tt.opt); got != tt.want {
			t.Errorf("%s of %#v: %q, want %q", tt.format, tt.opt, got, tt.want)
		}
	}
	if set.String() != "255" || none.String() != "-" {
		t.Errorf("strings %q and %q", set, none)
	}
}

func TestOpt(t *testing.T) {
	var o nl.Opt[int32]
	if v, ok := o.Get(); ok || v != 0 || o.IsSet() || !o.IsZero() || o.Or(7) != 7 || o.Value() != 0 {
		t.Errorf("the zero Opt: %v", o)
	}
	o.Set(0)
	if v, ok := o.Get(); !ok || v != 0 || !o.IsSet() || o.IsZero() || o.Or(7) != 0 || o != nl.Some[int32](0) {
		t.Errorf("a zero that is set: %v", o)
	}
	if o.Clear(); o.IsSet() {
		t.Errorf("cleared: %v", o)
	}
}
