//go:build linux

package copies

import (
	"bufio"
	"bytes"
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

// table makes a copy of lines.
func table(t *testing.T, lines ...string) Copy {
	t.Helper()
	c := Copy{}
	for _, line := range lines {
		k, way, err := parseRoute(line)
		if err != nil {
			t.Fatal(err)
		}
		c[k] = append(c[k], way)
	}
	return c
}

func TestCompare(t *testing.T) {
	const (
		a  = "10.0.0.0/24 254 0 0 1 10.1.0.2@50"
		a2 = "10.0.0.0/24 254 0 0 1 10.1.0.3@50"
		b  = "10.0.1.0/24 254 0 0 1 -@50"
		b2 = "10.0.1.0/24 254 7 0 1 -@50" // another priority: another key
		m  = "10.0.2.0/24 254 0 0 1 10.1.0.2@50,10.2.0.2@51"
		m2 = "10.0.2.0/24 254 0 0 1 10.2.0.2@51,10.1.0.2@50"
	)
	for _, test := range []struct {
		name        string
		got, kernel []string
		want        Divergence
		single      Divergence // where the copy has room for one
	}{
		{name: "nothing"},
		{name: "equal", got: []string{a, b}, kernel: []string{b, a}},
		{name: "missing", kernel: []string{a}, want: Divergence{Missing: 1}, single: Divergence{Missing: 1}},
		{name: "stale", got: []string{a, b}, kernel: []string{b}, want: Divergence{Stale: 1}, single: Divergence{Stale: 1}},
		{name: "elsewhere", got: []string{a2}, kernel: []string{a}, want: Divergence{Different: 1}, single: Divergence{Different: 1}},
		{name: "another priority", got: []string{b}, kernel: []string{b2}, want: Divergence{Missing: 1, Stale: 1}, single: Divergence{Missing: 1, Stale: 1}},
		{name: "one of two", got: []string{a}, kernel: []string{a, a2}, want: Divergence{Different: 1}},
		{name: "two of one", got: []string{a, a2}, kernel: []string{a}, want: Divergence{Different: 1}, single: Divergence{Different: 1}},
		{name: "two, in another order", got: []string{a2, a}, kernel: []string{a, a2}},
		{name: "the same twice", got: []string{a, a}, kernel: []string{a}, want: Divergence{Different: 1}, single: Divergence{Different: 1}},
		{name: "legs in another order", got: []string{m}, kernel: []string{m2}},
	} {
		got, kernel := table(t, test.got...), table(t, test.kernel...)
		if d := Compare(got, kernel, false); d != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, d, test.want)
		}
		if d := Compare(got, kernel, true); d != test.single {
			t.Errorf("%s, one route a key: %+v, want %+v", test.name, d, test.single)
		}
	}
	if d := (Divergence{1, 2, 3}); d.Sum() != 6 {
		t.Errorf("the sum of %+v is %d", d, d.Sum())
	}
}

// TestAnswer: what a candidate of Go writes is what is read.
func TestAnswer(t *testing.T) {
	routes := []Route{
		{Key: Key{Dst: netip.MustParsePrefix("0.0.0.0/0"), Table: 254, Priority: 7, TOS: 8}, Type: 7},
		{Key: Key{Dst: netip.MustParsePrefix("fd00::/64"), Table: 1000}, Type: 1, Legs: []Leg{{Link: 3}, {Gateway: netip.MustParseAddr("fd00::1"), Link: 2}}},
	}
	want := Standing{Overruns: 2, Lost: -1, Resyncs: 1, Behind: true}
	var out bytes.Buffer
	if err := answer(&out, want, func(yield func(Route) bool) {
		for _, r := range routes {
			yield(r)
		}
	}); err != nil {
		t.Fatal(err)
	}
	written := out.String()
	c, s, err := readCopy(bufio.NewReader(&out))
	if err != nil {
		t.Fatalf("%v: %s", err, written)
	}
	direct := Copy{}
	for _, r := range routes {
		direct.Add(r)
	}
	if s != want || !c.equal(direct) || len(c) != 2 {
		t.Errorf("%+v %v, want %+v %v", s, c, want, direct)
	}
}

func TestBadAnswers(t *testing.T) {
	head := fmt.Sprintf(standingForm, 0, 0, 0, false)
	for text, part := range map[string]string{
		"":                                     "EOF",
		"routes\n":                             "is not a standing",
		head:                                   "EOF",
		head + "10.0.0.0/24 1\n":               "2 words",
		head + "10.0.0.0 254 0 0 1 -@1\n":      "no '/'",
		head + "10.0.0.0/24 254 0 256 1 -@1\n": "out of range",
		head + "10.0.0.0/24 254 0 0 1 -@1\n":   "EOF",
		head + "10.0.0.0/24 254 0 0 1 -@1 more\n.\n": "7 words",
	} {
		if _, _, err := readCopy(bufio.NewReader(strings.NewReader(text))); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%q: %v, want %q in it", text, err, part)
		}
	}
}
