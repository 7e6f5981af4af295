package lint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/specs"
)

// upstream is where the kernel's specs are, in workplaces that have them.
const upstream = "../../../shared/specs"

// headers are the folders of kernel headers to test with: those that the variable
// NLKIT_UAPI names (a usr/include of Linux 7.2), and the system's.
func headers(t testing.TB) []string {
	t.Helper()
	var out []string
	for _, dir := range []string{os.Getenv("NLKIT_UAPI"), DefaultHeaders} {
		if dir == "" {
			continue
		}
		if _, err := New(dir); err == nil {
			out = append(out, dir)
		}
	}
	if len(out) == 0 {
		testenv.Missing(t, "uapi", "no kernel headers: install linux-libc-dev, or set NLKIT_UAPI to a folder that has linux/netlink.h")
	}
	return out
}

// complete reports whether headers are as new as the specs.
func complete(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "linux", "dev_energymodel.h"))
	return err == nil
}

// known are errors of Linux 7.2's own specs, each with its line.
var known = []struct {
	spec string
	line int
	text string
	new  bool // only headers of a newer kernel than Debian 12's tell
}{
	{"tc", 654, "struct tc-ratespec has 9 bytes, but struct tc_ratespec has 12", false},
	{"tc", 665, "tc-ratespec.overhead has 1 byte, but tc_ratespec.overhead has 2", false},
	{"tc", 668, "tc-ratespec.cell-align has 1 byte, but tc_ratespec.cell_align has 2", false},
	{"tc", 671, "tc-ratespec.mpu has 1 byte, but tc_ratespec.mpu has 2", false},
	{"tc", 674, "tc-ratespec.rate is at offset 5, but tc_ratespec.rate is at 8", false},
	{"tc", 157, "struct tc-htb-opt has 38 bytes, but struct tc_htb_opt has 44", false},
	{"tc", 165, "tc-htb-opt.ceil is at offset 9, but tc_htb_opt.ceil is at 12", false},
	{"tc", 677, "struct tc-tbf-qopt has 30 bytes, but struct tc_tbf_qopt has 36", false},
	{"tc", 1348, "struct tc-police has 50 bytes, but struct tc_police has 56", false},
	{"tc", 1204, "struct tc-u32-sel has 31 bytes, but struct tc_u32_sel has 16", false},
	{"tc", 1217, "tc-u32-sel.offmask is at offset 3, but tc_u32_sel.offmask is at 4", false},
	{"tc", 1234, "tc_u32_sel.keys is an array without a fixed length", false},
	{"tc", 1248, "tc_u32_pcnt.kcnts is an array without a fixed length", false},
	{"tc", 1409, "tc_pedit_sel.keys is an array without a fixed length", false},
	{"tc", 77, "struct tc-stats has 36 bytes, but struct tc_stats has 40", false},
	{"tc", 1124, "struct gnet-stats-basic has 12 bytes, but struct gnet_stats_basic has 16", false},
	{"nlctrl", 150, "policy-attrs.mask is 11, but NL_POLICY_TYPE_ATTR_MASK is 12", false},
	{"nlctrl", 153, "policy-attrs.pad is 12, but NL_POLICY_TYPE_ATTR_PAD is 11", false},
	{"nftables", 563, "chain-attrs.flags is 9, but NFTA_CHAIN_FLAGS is 10", false},
	{"nftables", 570, "chain-attrs.id is 10, but NFTA_CHAIN_ID is 11", false},
	{"nftables", 575, "chain-attrs.userdata is 11, but NFTA_CHAIN_USERDATA is 12", false},
	{"nftables", 666, "rule-attrs.id is 8, but NFTA_RULE_ID is 9", false},
	{"nftables", 670, "rule-attrs.position-id is 9, but NFTA_RULE_POSITION_ID is 10", false},
	{"nftables", 674, "rule-attrs.chain-id is 10, but NFTA_RULE_CHAIN_ID is 11", false},
	{"nftables", 879, "setelem-attrs.objref is 8, but NFTA_SET_ELEM_OBJREF is 9", false},
	{"nftables", 883, "setelem-attrs.key-end is 9, but NFTA_SET_ELEM_KEY_END is 10", false},
	{"nftables", 888, "setelem-attrs.expressions is 10, but NFTA_SET_ELEM_EXPRESSIONS is 11", false},
	{"nftables", 1207, "expr-lookup-attrs.set-id is 2, but NFTA_LOOKUP_SET_ID is 4", false},
	{"nftables", 1212, "expr-lookup-attrs.sreg is 3, but NFTA_LOOKUP_SREG is 2", false},
	{"nftables", 1216, "expr-lookup-attrs.dreg is 4, but NFTA_LOOKUP_DREG is 3", false},
	{"nftables", 226, "fib-result.oif is 0, but NFT_FIB_RESULT_OIF is 1", false},
	{"nftables", 227, "fib-result.oifname is 1, but NFT_FIB_RESULT_OIFNAME is 2", false},
	{"nftables", 228, "fib-result.addrtype is 2, but NFT_FIB_RESULT_ADDRTYPE is 3", false},
	{"nftables", 430, "numgen-attrs.dreg is a u32 in the machine's byte order", false},
	{"conntrack", 318, "nat-attrs.nat-v6-minip is 3, but CTA_NAT_V6_MINIP is 4", false},
	{"conntrack", 321, "nat-attrs.nat-v6-maxip is 4, but CTA_NAT_V6_MAXIP is 5", false},
	{"conntrack", 324, "nat-attrs.nat-proto is 5, but CTA_NAT_PROTO is 3", false},
	{"ethtool", 48, "module-fw-flash-status.started is 0, but ETHTOOL_MODULE_FW_FLASH_STATUS_STARTED is 1", true},
	{"ethtool", 57, "module-fw-flash-status.error is 3, but ETHTOOL_MODULE_FW_FLASH_STATUS_ERROR is 4", true},
	{"ethtool", 90, "c33-pse-ext-state.power-not-available is 7", true},
	{"ethtool", 93, "c33-pse-ext-state.short-detected is 8", true},
	{"ovs_flow", 735, "action-attrs.psample is 24, but OVS_ACTION_ATTR_PSAMPLE is 25", true},
	{"ovs_flow", 314, "ovs-action-push-mpls.mpls-ethertype has 4 bytes", false},
	{"ovs_flow", 332, "ovs-action-add-mpls.mpls-ethertype has 4 bytes", false},
	{"ovs_flow", 189, "struct ovs-key-arp has 22 bytes, but struct ovs_key_arp has 24", false},
	{"ovs_flow", 234, "struct ovs-key-ct-tuple-ipv4 has 13 bytes, but struct ovs_key_ct_tuple_ipv4 has 16", false},
	{"rt-link", 764, "struct ifla-vf-guid has 12 bytes, but struct ifla_vf_guid has 16", false},
	{"rt-link", 771, "ifla-vf-guid.guid is at offset 4, but ifla_vf_guid.guid is at 8", false},
	{"rt-link", 787, "ifla-vf-vlan-info.vlan-proto has 4 bytes, but ifla_vf_vlan_info.vlan_proto has 2", false},
	{"rt-link", 284, "struct rtnl-link-ifmap has 28 bytes, but struct rtnl_link_ifmap has 32", false},
	{"rt-link", 532, "ifla-inet6-stats.outpkts is 5, but IPSTATS_MIB_OUTPKTS is 9", true},
	{"rt-route", 63, "struct rta-cacheinfo has 20 bytes, but struct rta_cacheinfo has 32", false},
	{"rt-rule", 13, "struct rtgenmsg has 4 bytes, but struct rtgenmsg has 1", false},
}

// TestUpstream finds the known errors in the kernel's own specs, and none in the
// specs that are known to be right.
func TestUpstream(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(upstream, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		testenv.Missing(t, "upstream specs", "there are none in "+upstream)
	}
	clean := []string{
		"binder", "dev-energymodel", "dpll", "drm_ras", "fou", "handshake", "lockd", "mptcp_pm", "net_shaper", "netdev", "nfsd",
		"nl80211", "ovpn", "psp", "rt-addr", "rt-neigh", "sunrpc_cache", "tcp_metrics", "team",
	}
	for _, dir := range headers(t) {
		t.Run(strings.ReplaceAll(dir, "/", "_"), func(t *testing.T) {
			l := newLinter(t, dir)
			found := map[string][]Finding{}
			checked, unknown := 0, 0
			for _, file := range files {
				spec, err := ynl.ParseFile(file)
				if err != nil {
					t.Fatal(err)
				}
				name := strings.TrimSuffix(filepath.Base(file), ".yaml")
				r := l.Check(spec)
				found[name] = r.Findings
				checked += r.Checked
				unknown += len(r.Unknown)
				if slices.Contains(clean, name) && len(r.Findings) > 0 {
					t.Errorf("found in %s: %v", name, r.Findings)
				}
			}
			t.Logf("%d comparisons, %d names unknown", checked, unknown)
			if least := map[bool]int{true: 7000, false: 5000}[complete(dir)]; checked < least {
				t.Errorf("%d comparisons, want at least %d", checked, least)
			}
			if complete(dir) && unknown > 12 {
				t.Errorf("%d names are not known in headers of the specs' own version", unknown)
			}
			for _, k := range known {
				if k.new && !complete(dir) {
					continue
				}
				if !slices.ContainsFunc(found[k.spec], func(f Finding) bool { return f.Line == k.line && strings.Contains(f.Text, k.text) }) {
					t.Errorf("not found: %s.yaml:%d: %s", k.spec, k.line, k.text)
				}
			}
		})
	}
}

// TestUpstreamComplete makes sure that somewhere the errors are looked for that
// only new headers tell.
func TestUpstreamComplete(t *testing.T) {
	if !slices.ContainsFunc(headers(t), complete) {
		testenv.Missing(t, "uapi-7.2", "no headers of Linux 7.2: set NLKIT_UAPI to the usr/include of an unpacked linux-libc-dev of that version")
	}
}

// TestCatalogue checks the corrected specs: nothing may be found.
func TestCatalogue(t *testing.T) {
	for _, dir := range headers(t) {
		t.Run(strings.ReplaceAll(dir, "/", "_"), func(t *testing.T) {
			l := newLinter(t, dir)
			checked := 0
			start := time.Now()
			for _, name := range specs.Names() {
				spec, err := specs.Open(name)
				if err != nil {
					t.Fatal(err)
				}
				r := l.Check(spec)
				checked += r.Checked
				for _, f := range r.Findings {
					t.Error(f)
				}
			}
			t.Logf("%d specs, %d comparisons in %v", len(specs.Names()), checked, time.Since(start).Round(time.Millisecond))
		})
	}
}

// FuzzCheck checks whatever can be parsed.
func FuzzCheck(f *testing.F) {
	files, err := filepath.Glob("testdata/specs/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal(err, files)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	l := newLinter(f, "testdata/include")
	f.Fuzz(func(t *testing.T, text []byte) {
		spec, err := ynl.Parse("fuzz.yaml", text)
		if err != nil {
			return
		}
		for _, finding := range l.Check(spec).Findings {
			if finding.Text == "" || finding.File != "fuzz.yaml" {
				t.Errorf("%+v", finding)
			}
		}
	})
}
