package account_test

import (
	"slices"
	"testing"

	"github.com/nlkit/nlkit/internal/account"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// TestCheck has messages of which everything is known, and others: what is not
// known has to be found, at its place.
func TestCheck(t *testing.T) {
	spec, err := specs.Open("rt-link")
	if err != nil {
		t.Fatal(err)
	}
	op := spec.Op("getlink")
	header := make([]byte, 16) // struct ifinfomsg
	for _, tt := range []struct {
		name    string
		attrs   func(b *wire.Builder)
		want    []string // places
		excused bool
	}{
		{"all known", func(b *wire.Builder) { b.Text(3, "eth0"); b.Uint32(4, 1500) }, nil, false},
		{"no such attribute", func(b *wire.Builder) { b.Uint32(4, 1500); b.Uint32(9999, 7) }, []string{"rt-link getlink .attr-9999"}, false},
		{"number too long", func(b *wire.Builder) { b.Uint64(4, 1500) }, []string{"rt-link getlink .mtu"}, false},
		{"number too short", func(b *wire.Builder) { b.Uint8(4, 7) }, []string{"rt-link getlink .mtu"}, false},
		{"bytes behind", func(b *wire.Builder) { b.Uint32(4, 1500); b.Raw([]byte{1, 2, 3}) }, []string{"rt-link getlink .:rest"}, false},
		{"in a nest", func(b *wire.Builder) {
			n := b.Nest(18)
			b.Text(1, "vlan")
			data := b.Nest(2)
			b.Uint32(999, 1)
			b.End(data)
			b.End(n)
		}, []string{"rt-link getlink .linkinfo.data(vlan).attr-999"}, false},
		{"known to be so", func(b *wire.Builder) {
			n := b.Nest(12)
			b.Uint32(1, 1)
			b.End(n)
		}, []string{"rt-link getlink .protinfo"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var b wire.Builder
			b.Raw(header)
			tt.attrs(&b)
			payload, err := b.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			o := account.Check(client.Message{Name: "getlink", Op: op, Layout: codec.Of(op), Payload: payload}, spec.Name)
			var have []string
			for _, f := range o.Findings {
				have = append(have, f.Place)
				if (f.Excuse() != "") != tt.excused {
					t.Errorf("%s: excuse %q", f.Place, f.Excuse())
				}
			}
			if !slices.Equal(have, tt.want) {
				t.Errorf("found %q, want %q", o.Findings, tt.want)
			}
			if len(tt.want) == 0 && (len(o.Faults) > 0 || o.Again != "same") {
				t.Errorf("faults %q, through JSON %q", o.Faults, o.Again)
			}
		})
	}
}
