package rt

import (
	"bytes"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/wire"
)

// collect gathers what an iteration yields, up to its error.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return all, err
		}
		all = append(all, v)
	}
	return all, nil
}

// info is an attribute IFLA_BRIDGE_VLAN_INFO.
func info(flags, id uint16) []byte { return join(h16(8), h16(2), h16(flags), h16(id)) }

// self is the attribute that says that the link itself is meant.
var self = join(h16(6), h16(0), h16(2), h16(0))

var vlanCases = []struct {
	name string
	vlan VLAN
	want []byte
	read []VLAN
}{
	{"tagged", VLAN{ID: 10}, info(0, 10), []VLAN{{ID: 10}}},
	{"access", VLAN{ID: 10, PVID: true, Untagged: true}, info(6, 10), []VLAN{{ID: 10, PVID: true, Untagged: true}}},
	{"range of one", VLAN{ID: 10, Last: 10}, info(0, 10), []VLAN{{ID: 10}}},
	{"range", VLAN{ID: 10, Last: 12, Untagged: true}, join(info(4|8, 10), info(4|16, 12)),
		[]VLAN{{ID: 10, Untagged: true}, {ID: 11, Untagged: true}, {ID: 12, Untagged: true}}},
	{"the last", VLAN{ID: 4094}, info(0, 4094), []VLAN{{ID: 4094}}},
	{"the bridge's own", VLAN{ID: 2, Last: 3, Self: true}, join(self, info(8, 2), info(16, 3)), []VLAN{{ID: 2, Self: true}, {ID: 3, Self: true}}},
}

func TestVLAN(t *testing.T) {
	for _, c := range vlanCases {
		var b wire.Builder
		b.Message(wire.Header{})
		c.vlan.spec().AppendNetlink(&b)
		m, err := b.Bytes()
		if err != nil || !bytes.Equal(m[wire.HeaderLen:], c.want) {
			t.Errorf("%s: made\n% x, %v, want\n% x", c.name, m[wire.HeaderLen:], err, c.want)
		}
		if got, err := collect(parseVLANs(c.want)); err != nil || !slices.Equal(got, c.read) {
			t.Errorf("%s: read %v, %v, want %v", c.name, got, err, c.read)
		}
		for range parseVLANs(c.want) {
			break // must not go on
		}
	}
	// Other attributes stand between them.
	other := join(h16(5), h16(7), []byte{1, 0, 0, 0})
	got, err := collect(parseVLANs(join(other, info(8, 1), other, info(16, 2), info(0, 9))))
	if want := []VLAN{{ID: 1}, {ID: 2}, {ID: 9}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
}

func TestVLANMalformed(t *testing.T) {
	for _, c := range []struct {
		name, want string
		value      []byte
	}{
		{"size", "a VLAN of 3 bytes, want 4", join(h16(7), h16(2), []byte{0, 0, 1, 0})},
		{"no id", "VLAN 0: want 1 to 4094", info(0, 0)},
		{"id too large", "VLAN 4095: want 1 to 4094", info(0, 4095)},
		{"end alone", "VLAN 5: the end of a range that has no beginning", info(16, 5)},
		{"end below", "VLAN 5: want the end of the range from 6 on", join(info(8, 6), info(16, 5))},
		{"one in a range", "VLAN 7: want the end of the range from 6 on", join(info(8, 6), info(0, 7))},
		{"two beginnings", "VLAN 7: want the end of the range from 6 on", join(info(8, 6), info(8, 7))},
		{"no end", "a range from 6 on has no end", info(8, 6)},
	} {
		if _, err := collect(parseVLANs(c.value)); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := collect(parseVLANs([]byte{9, 0, 2})); err == nil {
		t.Error("an attribute that is cut short was taken")
	}
}

// TestBridgePort decodes what it encodes.
func TestBridgePort(t *testing.T) {
	for _, want := range []bridgePort{{}, {index: 7}, {index: 7, master: 3, spec: info(0, 1)}} {
		var b wire.Builder
		b.Message(wire.Header{})
		want.AppendNetlink(&b)
		m, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		var got bridgePort
		got.DecodeNetlink(nil, m[wire.HeaderLen:])
		got.Own()
		clear(m) // it is its own now
		if !reflect.DeepEqual(got, want) && fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	got := bridgePort{index: 1, master: 1}
	if got.DecodeNetlink(nil, make([]byte, 15)); got.index != 0 || got.master != 0 {
		t.Errorf("a header that is cut short: %+v", got)
	}
}

func FuzzVLANs(f *testing.F) {
	for _, c := range vlanCases {
		f.Add(c.want)
	}
	f.Add(join(info(8, 1), info(16, 4094)))
	f.Fuzz(func(t *testing.T, b []byte) {
		var p bridgePort
		p.DecodeNetlink(new(nl.Decoder), b)
		steps := 0
		for v, err := range parseVLANs(b) {
			if steps++; steps > len(b)/8*maxVLAN+1 {
				t.Fatalf("%d steps for %d bytes", steps, len(b))
			}
			if err == nil && (v.ID == 0 || v.ID > maxVLAN || v.Last != 0) {
				t.Fatalf("%+v", v)
			}
		}
	})
}
