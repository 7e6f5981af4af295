package ynl

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/testenv"
)

// upstream is where the kernel's specs are, in workplaces that have them.
const upstream = "../../shared/specs"

func upstreamFiles(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(upstream + "/*.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	if len(files) == 0 {
		testenv.Missing(tb, "upstream specs", "there are none in "+upstream)
	}
	return files
}

func upstreamSpec(tb testing.TB, name string) *Spec {
	tb.Helper()
	upstreamFiles(tb)
	s, err := ParseFile(filepath.Join(upstream, name+".yaml"))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// TestUpstream parses all specs of Linux 7.2 and compares what is in them with
// the counts of an inventory that was made with other means.
func TestUpstream(t *testing.T) {
	var got struct {
		specs, sets, subsets, attrs, subattrs, consts, enums, flags, entries, structs, members, subs, formats int
		ops, do, dump, both, notify, event, reserved, groups                                                  int
	}
	for _, file := range upstreamFiles(t) {
		s, err := ParseFile(file)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		got.specs++
		got.consts += len(s.Consts)
		got.structs += len(s.Structs)
		got.groups += len(s.Groups)
		got.subs += len(s.SubMessages)
		for _, set := range s.Sets {
			got.sets++
			if set.Parent != nil {
				got.subsets++
				got.subattrs += len(set.Attrs)
			} else {
				got.attrs += len(set.Attrs)
			}
			for _, a := range set.Attrs {
				if a.Type == Unset || a.Set != set || set.Attr(a.Name) == nil || set.ByID(a.ID) == nil {
					t.Errorf("%s: %s of %s is not whole", s.Name, a.Name, set.Name)
				}
			}
		}
		for _, e := range s.Enums {
			got.entries += len(e.Entries)
			if e.IsFlags {
				got.flags++
			} else {
				got.enums++
			}
		}
		for _, st := range s.Structs {
			got.members += len(st.Members)
		}
		for _, m := range s.SubMessages {
			got.formats += len(m.Formats)
		}
		for _, op := range s.Ops {
			got.ops++
			count(&got.do, op.Do != nil)
			count(&got.dump, op.Dump != nil)
			count(&got.both, op.Do != nil && op.Dump != nil)
			count(&got.notify, op.Notify != nil)
			count(&got.event, op.Event != nil)
			count(&got.reserved, op.IsReserved())
		}
	}
	want := got
	want.specs, want.sets, want.subsets, want.attrs, want.subattrs, want.consts = 33, 411, 57, 3115, 204, 15
	want.enums, want.flags, want.entries, want.structs, want.members, want.subs, want.formats = 96, 44, 992, 125, 591, 7, 116
	want.ops, want.do, want.dump, want.both, want.notify, want.event, want.reserved, want.groups = 337, 264, 102, 87, 45, 11, 2, 34
	if got != want {
		t.Errorf("counted\n%+v, the inventory says\n%+v", got, want)
	}
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

// TestUpstreamNumbers looks at numbers that the rules make of specs in uncommon
// ways. They are those of the kernel's headers.
func TestUpstreamNumbers(t *testing.T) {
	const none = -1
	for _, tt := range []struct {
		spec, op             string
		request, reply, dump int // dump: the number of the dump's reply
	}{
		{"ethtool", "strset-get", 1, 1, 1},
		{"ethtool", "linkinfo-set", 3, none, none},
		{"ethtool", "features-set", 12, 12, none},
		{"ethtool", "privflags-get", 13, 14, 14},
		{"ethtool", "rss-create-act", 49, 51, none},
		{"ethtool", "mse-get", 51, 54, 54},
		{"devlink", "get", 1, 3, 3},
		{"devlink", "port-get", 5, 7, 3},
		{"nlctrl", "getfamily", 3, 1, 1},
		{"nlctrl", "getpolicy", none, none, 10},
		{"rt-link", "newlink", 16, none, none},
		{"rt-link", "getlink", 18, 16, 16},
		{"rt-link", "getstats", 94, 92, 92},
		{"rt-neigh", "getneigh", 30, 28, 28},
		{"rt-neigh", "setneightbl", 67, none, none},
		{"rt-rule", "getrule", none, none, 32},
		{"rt-addr", "getaddr", none, none, 20},
		{"rt-addr", "getmulticast", 58, 58, 58},
		{"tc", "gettfilter", 46, 44, 44},
		{"nftables", "getrule-reset", 0xa19, 0xa06, 0xa06},
		{"nftables", "destroytable", 0xa1a, none, none},
		{"conntrack", "get", 0x101, 0x100, 0x100},
		{"ovs_flow", "new", 1, none, none},
		{"fou", "add", 1, none, none},
		{"wireguard", "get-device", none, none, 0},
	} {
		op := upstreamSpec(t, tt.spec).Op(tt.op)
		if op == nil {
			t.Errorf("%s has no op %s", tt.spec, tt.op)
			continue
		}
		request, reply, dump := none, none, none
		if op.Do != nil {
			request = int(op.Do.RequestID)
			if op.Do.Reply != nil {
				reply = int(op.Do.ReplyID)
			}
		}
		if op.Dump != nil && op.Dump.Reply != nil {
			dump = int(op.Dump.ReplyID)
		}
		if request != tt.request || reply != tt.reply || dump != tt.dump {
			t.Errorf("%s %s: request %d, reply %d, reply of the dump %d; want %d, %d, %d",
				tt.spec, tt.op, request, reply, dump, tt.request, tt.reply, tt.dump)
		}
	}
}

// TestUpstreamIncoming looks up messages that come unasked.
func TestUpstreamIncoming(t *testing.T) {
	for _, tt := range []struct {
		spec string
		id   uint16
		want string
	}{
		{"rt-link", 16, "newlink-ntf"}, // RTM_NEWLINK
		{"rt-link", 17, "dellink"},     // RTM_DELLINK, which has no notification
		{"rt-addr", 20, "getaddr"},     // RTM_NEWADDR
		{"rt-addr", 21, "deladdr"},
		{"rt-neigh", 28, "newneigh-ntf"},
		{"rt-neigh", 29, "delneigh-ntf"},
		{"rt-rule", 32, "newrule-ntf"},
		{"rt-route", 24, "getroute"},
		{"tc", 36, "getqdisc"},
		{"tc", 37, "delqdisc"},
		{"devlink", 7, "port-get"},
		{"nftables", 0xa06, "getrule"},
		{"nftables", 0xa0c, "getsetelem"},
		{"ethtool", 3, "linkinfo-ntf"},
		{"netdev", 2, "dev-add-ntf"},
		{"ovs_flow", 1, "new"},
	} {
		got := upstreamSpec(t, tt.spec).Incoming(tt.id)
		if got == nil || got.Name != tt.want {
			t.Errorf("%s %#x: %+v, want %s", tt.spec, tt.id, got, tt.want)
		}
	}
	if op := upstreamSpec(t, "rt-link").Incoming(9999); op != nil {
		t.Errorf("rt-link 9999: %s, want nothing", op.Name)
	}
}

// TestUpstreamModel looks at sets, enums and structs that are worth it.
func TestUpstreamModel(t *testing.T) {
	link := upstreamSpec(t, "rt-link")
	for _, tt := range []struct {
		s      *Struct
		member string
		offset int
		size   int
	}{
		{link.Struct("ifinfomsg"), "ifi-change", 12, 16},
		{link.Struct("rtnl-link-stats64"), "rx-otherhost-dropped", 192, 200},
		{upstreamSpec(t, "tc").Struct("tcmsg"), "info", 16, 20},
		{upstreamSpec(t, "tc").Struct("tc-htb-opt"), "ceil", 9, 38}, // 12 and 44 in C: upstream's mistake
		{upstreamSpec(t, "wireguard").Struct("--kernel-timespec"), "nsec", 8, 16},
		{upstreamSpec(t, "ovs_vport").Struct("ovs-header"), "dp-ifindex", 0, 4},
	} {
		if tt.s == nil || tt.s.Member(tt.member) == nil {
			t.Errorf("%s is missing", tt.member)
			continue
		}
		if m := tt.s.Member(tt.member); m.Offset != tt.offset || tt.s.Size != tt.size {
			t.Errorf("%s.%s: at %d of %d bytes, want %d of %d", tt.s.Name, m.Name, m.Offset, tt.s.Size, tt.offset, tt.size)
		}
	}

	// Subsets: order, overrides, and what is inherited.
	alt := link.Set("prop-list-link-attrs").Attr("alt-ifname")
	if alt.ID != 53 || !alt.Multi || alt.Type != String || link.Set("link-attrs").Attr("alt-ifname").Multi {
		t.Errorf("alt-ifname: %+v", alt)
	}
	if f := link.Set("linkinfo-ip6tnl-attrs").Attr("flags"); f.Type != U32 {
		t.Errorf("ip6tnl's flags are a %v", f.Type)
	}
	var names []string
	var ids []uint16
	for _, a := range upstreamSpec(t, "devlink").Set("dl-dpipe-header").Attrs {
		names, ids = append(names, strings.TrimPrefix(a.Name, "dpipe-header-")), append(ids, a.ID)
	}
	if want := []string{"name", "id", "global", "fields"}; !slices.Equal(names, want) || slices.IsSorted(ids) {
		t.Errorf("dl-dpipe-header has %v with the numbers %v, want %v and numbers in no order", names, ids, want)
	}

	// Sparse enums, and bits.
	if n := upstreamSpec(t, "nftables").Enum("verdict-code").Entry("continue"); int32(n.Value) != -1 {
		t.Errorf("continue is %d", int64(n.Value))
	}
	if n := link.Enum("ifinfo-flags").Entry("up"); n.Bit() != 1 {
		t.Errorf("up is %#x", n.Bit())
	}

	// Limits.
	page := upstreamSpec(t, "netdev").Set("page-pool").Attr("ifindex").Checks
	if page.Min.String() != "1" || page.Max.String() != "2147483647" || page.Max.Symbol != "s32-max" {
		t.Errorf("ifindex from %v to %v", page.Min, page.Max)
	}
	if l := upstreamSpec(t, "wireguard").Set("wgdevice").Attr("private-key").Checks.ExactLen; l.String() != "32" {
		t.Errorf("a key has %v bytes", l)
	}
}

// BenchmarkParse reads specs of the catalogue: one of usual size, and the two
// largest.
func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"netdev", "rt-link", "tc"} {
		text, err := os.ReadFile(filepath.Join("specs", name+".yaml"))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(name, text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
