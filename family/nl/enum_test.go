package nl

import (
	"math"
	"slices"
	"testing"
)

type (
	state       uint8
	signedState int32
	delta       uint16
	rings       uint32
)

var (
	stateNames  = Names{{0, "unspec"}, {1, "down"}, {2, "up"}, {2, "running"}}
	signedNames = Names{{0, "none"}, {3, "three"}, {math.MaxUint64, "minus-one"}}
	deltaNames  = Names{{1, "one"}, {0xffff, "minus-one"}}
	ringNames   = Bits{{1, "rx"}, {2, "tx"}, {1 << 31, "top"}}
)

func (v state) String() string                     { return stateNames.String(uint64(v)) }
func (v state) MarshalText() ([]byte, error)       { return stateNames.MarshalText(uint64(v)) }
func (v *state) UnmarshalText(text []byte) error   { return UnmarshalEnum(stateNames, v, text) }
func (v signedState) MarshalText() ([]byte, error) { return signedNames.MarshalText(uint64(v)) }
func (v *signedState) UnmarshalText(text []byte) error {
	return UnmarshalEnum(signedNames, v, text)
}
func (v delta) MarshalText() ([]byte, error)     { return deltaNames.MarshalText(uint64(v)) }
func (v rings) String() string                   { return ringNames.String(uint64(v)) }
func (v rings) MarshalText() ([]byte, error)     { return ringNames.MarshalText(uint64(v)) }
func (v *rings) UnmarshalText(text []byte) error { return UnmarshalFlags(ringNames, v, text) }
func (v rings) FlagNames() []string              { return ringNames.FlagNames(uint64(v)) }

func TestNames(t *testing.T) {
	for v, want := range map[state]string{0: "unspec", 1: "down", 2: "running", 3: "3", 255: "255"} {
		if got := v.String(); got != want {
			t.Errorf("%d is %q, want %q", uint8(v), got, want)
		}
	}
	if text, err := signedState(-1).MarshalText(); string(text) != "minus-one" || err != nil {
		t.Errorf("-1 is %q, %v", text, err)
	}
	if name, ok := (Names{}).Lookup(0); ok {
		t.Errorf("an empty table has %q for 0", name)
	}
}

func TestUnmarshalEnum(t *testing.T) {
	for text, want := range map[string]state{"up": 2, "running": 2, "down": 1, "7": 7, "0x10": 16, "0": 0, "010": 10, "0b11": 3} {
		v := state(99)
		if err := v.UnmarshalText([]byte(text)); err != nil || v != want {
			t.Errorf("%q is %d, %v; want %d", text, v, err, want)
		}
	}
	for text, want := range map[string]string{
		"dwon": `"dwon" is no name of nl.state: want unspec, down, up, running, or a number (did you mean down?)`,
		"":     `"" is no name of nl.state: want unspec, down, up, running, or a number`,
		"256":  "256 does not fit a nl.state, which has 8 bits",
		"-1":   "-1 does not fit a nl.state, which has 8 bits",
		"1e3":  `"1e3" is no name of nl.state: want unspec, down, up, running, or a number`,
	} {
		v := state(99)
		if err := v.UnmarshalText([]byte(text)); err == nil || err.Error() != want || v != 99 {
			t.Errorf("%q is %d, %v\nwant %s", text, v, err, want)
		}
	}
}

// TestUnmarshalSigns reads what is below zero by name and by number, and what is
// written of a value without a name.
func TestUnmarshalSigns(t *testing.T) {
	var l signedState
	for text, want := range map[string]signedState{"minus-one": -1, "-1": -1, "-0x5": -5, signedNames.String(math.MaxUint64 - 6): -7} {
		if err := UnmarshalEnum(signedNames, &l, []byte(text)); err != nil || l != want {
			t.Errorf("%q is %d, %v; want %d", text, l, err, want)
		}
	}
	for _, text := range []string{"2147483648", "-2147483649", "18446744071562067967"} {
		if err := UnmarshalEnum(signedNames, &l, []byte(text)); err == nil {
			t.Errorf("%q is %d", text, l)
		}
	}
	var d delta
	if err := UnmarshalEnum(deltaNames, &d, []byte("minus-one")); err != nil || d != 0xffff {
		t.Errorf("minus-one is %#x, %v", d, err)
	}
	var u uint64
	if err := UnmarshalEnum(Names{}, &u, []byte("-1")); err == nil {
		t.Errorf("-1 is %d", u)
	}
}

func TestBits(t *testing.T) {
	for v, want := range map[rings]string{0: "0", 1: "rx", 3: "rx|tx", 0x30: "0x30", 1<<31 | 0x30: "top|0x30"} {
		if got := v.String(); got != want {
			t.Errorf("%#x is %q, want %q", uint32(v), got, want)
		}
		var back rings
		if err := back.UnmarshalText([]byte(want)); err != nil || back != v {
			t.Errorf("%q is %#x, %v; want %#x", want, uint32(back), err, uint32(v))
		}
	}
	if got, want := rings(7).FlagNames(), []string{"rx", "tx", "0x4"}; !slices.Equal(got, want) {
		t.Errorf("7 is %q, want %q", got, want)
	}
	if got := rings(0).FlagNames(); got == nil || len(got) != 0 {
		t.Errorf("0 is %q, want an empty list", got)
	}
}

func TestUnmarshalFlags(t *testing.T) {
	for text, want := range map[string]rings{"": 0, " ": 0, "rx,tx": 3, "tx | 0x10": 0x12, "rx,": 1, "3": 3} {
		v := rings(99)
		if err := v.UnmarshalText([]byte(text)); err != nil || v != want {
			t.Errorf("%q is %#x, %v; want %#x", text, uint32(v), err, uint32(want))
		}
	}
	for text, want := range map[string]string{
		"rx|tz":       `"tz" is no bit of nl.rings: want rx, tx, top, or a number (did you mean tx?)`,
		"0x100000000": "0x100000000 does not fit a nl.rings, which has 32 bits",
	} {
		v := rings(99)
		if err := v.UnmarshalText([]byte(text)); err == nil || err.Error() != want || v != 99 {
			t.Errorf("%q is %d, %v\nwant %s", text, v, err, want)
		}
	}
}
