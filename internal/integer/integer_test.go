package integer

import "testing"

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		text string
		neg  bool
		abs  uint64
		base int
		ok   bool
	}{
		{"0", false, 0, 10, true},
		{"-0", false, 0, 10, true},
		{"010", false, 10, 10, true},
		{"-7", true, 7, 10, true},
		{"18446744073709551615", false, 1<<64 - 1, 10, true},
		{"0x1F", false, 31, 16, true},
		{"-0X1f", true, 31, 16, true},
		{"0b101", false, 5, 2, true},
		{"0o17", false, 15, 8, true},
	} {
		if neg, abs, base, ok := Parse(tt.text); neg != tt.neg || abs != tt.abs || base != tt.base || ok != tt.ok {
			t.Errorf("%q: negative %v, %d, base %d, %v", tt.text, neg, abs, base, ok)
		}
	}
	for text, want := range map[string]int{
		"": 10, "-": 10, "+1": 10, "--1": 10, "1_0": 10, "0x": 10, "0x-1": 16, "0xg": 16, "0b2": 2, "1e3": 10, "18446744073709551616": 10,
	} {
		if _, abs, base, ok := Parse(text); ok || base != want {
			t.Errorf("%q is %d, base %d, want no number, base %d", text, abs, base, want)
		}
	}
}
