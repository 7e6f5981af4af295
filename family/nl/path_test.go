package nl

import (
	"net/netip"
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// encoded is a message's payload.
func encoded(t *testing.T, m appender) []byte {
	t.Helper()
	var b wire.Builder
	m.AppendNetlink(&b)
	p, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// paths are all that describePath finds in a message, in order.
func paths(m any, payload []byte) []string {
	var list []string
	for at := range payload {
		if path, ok := describePath(m, payload, at); ok {
			list = append(list, path)
		}
	}
	return list
}

// TestPathOfValues follows messages whose sub-messages only the value tells.
func TestPathOfValues(t *testing.T) {
	s, err := specs.Open("rt-link")
	if err != nil {
		t.Fatal(err)
	}
	layout := codec.Of(s.Op("getlink"))
	for name, c := range samples() {
		payload := encoded(t, c.m.(appender))
		for at := -1; at <= len(payload); at++ {
			want, _, ok := layout.Path(payload, at, codec.Options{})
			if got, gotOK := describePath(c.m, payload, at); got != want || ok != gotOK {
				t.Errorf("%s: path to %d: %q %v, codec finds %q %v", name, at, got, gotOK, want, ok)
			}
			want, _, ok = layout.MissingPath(payload, at, 1, codec.Options{})
			if got, gotOK := missingPath(c.m, payload, at, 1); got != want || ok != gotOK {
				t.Errorf("%s: missing 1 in %d: %q %v, codec finds %q %v", name, at, got, gotOK, want, ok)
			}
		}
	}
}

func TestPaths(t *testing.T) {
	for _, c := range []struct {
		m    appender
		want []string
	}{
		{&link{Name: Some("x")}, []string{".ifname"}},
		{
			&link{Info: &linkInfo{Kind: Some("vlan"), Data: &linkInfoVLAN{ID: Some[uint16](1)}}},
			[]string{".linkinfo", ".linkinfo.kind", ".linkinfo.data", ".linkinfo.data(vlan).id"},
		},
		{
			&link{Info: &linkInfo{Kind: Some("veth"), Data: &linkInfoVeth{Peer: &link{MTU: Some[uint32](1)}}}},
			[]string{".linkinfo", ".linkinfo.kind", ".linkinfo.data", ".linkinfo.data(veth).peer", ".linkinfo.data(veth).peer(veth).mtu"},
		},
		{
			&link{Props: &propList{AltIfName: []string{"a", "b"}}},
			[]string{".prop-list", ".prop-list.alt-ifname[0]", ".prop-list.alt-ifname[1]"},
		},
		{
			&link{Info: &linkInfo{Kind: Some("bond"), Data: &linkInfoBond{Targets: []Indexed[netip.Addr]{{Index: 7, Value: netip.AddrFrom4([4]byte{})}}}}},
			[]string{".linkinfo", ".linkinfo.kind", ".linkinfo.data", ".linkinfo.data(bond).arp-ip-target", ".linkinfo.data(bond).arp-ip-target[7]"},
		},
		{(*linkRequest)(&link{MTU: Some[uint32](1)}), []string{".mtu"}},
	} {
		got := paths(c.m, encoded(t, c.m))
		if len(got) != len(c.want) {
			t.Errorf("%v: %q, want %q", c.m, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v: %q, want %q", c.m, got[i], c.want[i])
			}
		}
	}
}

func TestMissingPath(t *testing.T) {
	m := &link{Info: &linkInfo{Kind: Some("vlan"), Data: &linkInfoVLAN{ID: Some[uint16](1)}}}
	payload := encoded(t, m)
	data := 16 + 4 + 12 // behind the header, the nest's and the kind
	for _, c := range []struct {
		nest int
		typ  uint16
		want string
	}{
		{-1, 3, ".ifname"}, {-1, 3 | wire.AttrNested, ".ifname"}, {-1, 99, ""}, {16, 1, ".linkinfo.kind"},
		{16, 99, ".linkinfo.attr-99"}, {data, 5, ".linkinfo.data(vlan).protocol"}, {17, 1, ""}, {4, 1, ""}, {1000, 1, ""},
	} {
		if got, ok := missingPath(m, payload, c.nest, c.typ); got != c.want || ok != (c.want != "") {
			t.Errorf("missing %d in %d: %q %v, want %q", c.typ, c.nest, got, ok, c.want)
		}
	}
}

// TestPathOfNothing asks where there is no way to tell.
func TestPathOfNothing(t *testing.T) {
	for _, req := range []any{nil, 5, "text", []byte{1}} {
		if path, ok := describePath(req, []byte{8, 0, 1, 0, 0, 0, 0, 0}, 0); ok {
			t.Errorf("%T: %q", req, path)
		}
		if path, ok := missingPath(req, nil, -1, 1); ok {
			t.Errorf("%T: missing %q", req, path)
		}
	}
}
