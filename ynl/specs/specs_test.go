package specs

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/ynl"
)

func TestOpenAll(t *testing.T) {
	names := Names()
	if len(names) != 33 || !slices.IsSorted(names) {
		t.Errorf("%d names, sorted %v; want 33, sorted", len(names), slices.IsSorted(names))
	}
	for _, name := range names {
		s, err := Open(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if s.Name != FamilyName(name) {
			t.Errorf("%s is about %q, and the index says %q", name, s.Name, FamilyName(name))
		}
		for _, op := range s.Ops {
			for _, m := range []*ynl.Mode{op.Do, op.Dump} {
				if m == nil {
					continue
				}
				for _, msg := range []*ynl.Message{m.Request, m.Reply} {
					if msg != nil && len(msg.Unknown) > 0 {
						t.Errorf("%s: %v: there is no attribute %q in the set", msg.Unknown[0].Pos, op.Name, msg.Unknown[0].Name)
					}
				}
			}
		}
	}
}

func TestNames(t *testing.T) {
	for _, tt := range []struct{ name, family string }{
		{"drm_ras", "drm-ras"},
		{"drm-ras", "drm-ras"},
		{"net-shaper", "net-shaper"},
		{"sunrpc_cache", "sunrpc"},
		{"sunrpc", "sunrpc"},
		{"rt_link", "rt-link"},
	} {
		s, err := Open(tt.name)
		if err != nil || s.Name != tt.family || FamilyName(tt.name) != tt.family {
			t.Errorf("Open(%q) = %v, %v; FamilyName %q; want family %q", tt.name, s, err, FamilyName(tt.name), tt.family)
		}
	}
	for _, tt := range []struct{ name, text string }{
		{"rt-lnik", `there is no spec for a family "rt-lnik"; did you mean rt-link?`},
		{"", `there is no spec for a family ""; "nlkit list" names the families that have one`},
		{"../specs", `there is no spec for a family "../specs"; "nlkit list" names the families that have one`},
	} {
		_, err := Open(tt.name)
		var unknown *UnknownError
		if !errors.As(err, &unknown) || unknown.Name != tt.name || err.Error() != tt.text {
			t.Errorf("Open(%q): %v\nwant %s", tt.name, err, tt.text)
		}
		if FamilyName(tt.name) != "" {
			t.Errorf("FamilyName(%q) = %q", tt.name, FamilyName(tt.name))
		}
		if _, err := Text(tt.name); !errors.As(err, &unknown) {
			t.Errorf("Text(%q): %v", tt.name, err)
		}
	}
}

// TestEmbedded compares what is embedded with the index.
func TestEmbedded(t *testing.T) {
	found, err := fs.Glob(files, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range found {
		found[i] = strings.TrimSuffix(f, ".yaml")
	}
	if !slices.Equal(found, Names()) {
		t.Errorf("embedded are %v, the index has %v", found, Names())
	}
	over, err := fs.Glob(Overlays(), "*.yaml")
	if err != nil || len(over) == 0 {
		t.Errorf("%d overlays, %v", len(over), err)
	}
	for _, f := range over {
		if !slices.Contains(found, strings.TrimSuffix(f, ".yaml")) {
			t.Errorf("overlay %s has no spec", f)
		}
	}
}

// TestKinds names what rt-link and nftables have beyond upstream.
func TestKinds(t *testing.T) {
	for _, tt := range []struct{ spec, message, values string }{
		{"rt-link", "linkinfo-data-msg", "vxlan macvlan macvtap ipvlan ipvtap dummy ifb wireguard gtp macsec hsr xfrm can vcan nlmon bareudp team rmnet veth ppp batadv amt"},
		{"rt-link", "linkinfo-member-data-msg", "bond bridge vrf"},
		{"nftables", "expr-ops", "masq redir limit fwd dup connlimit dynset exthdr hash socket osf tproxy tunnel xfrm synproxy byteorder queue last notrack inner rt"},
		{"nftables", "obj-data", "connlimit ct-helper limit secmark synproxy tunnel"},
		{"tc", "tca-stats-app-msg", "htb hfsc drr qfq"},
	} {
		s, err := Open(tt.spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range strings.Fields(tt.values) {
			if s.SubMessage(tt.message).Format(v) == nil {
				t.Errorf("%s: %s has no format for %s", tt.spec, tt.message, v)
			}
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, name := range []string{"netdev", "rt-link", "tc"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Open(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
