package goname

import (
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// isExported reports whether id is an identifier that other packages can see.
func isExported(id string) bool { return token.IsIdentifier(id) && token.IsExported(id) }

func TestExported(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"mtu", "MTU"},
		{"link", "Link"},
		{"target-netnsid", "TargetNetNSID"},
		{"link-netnsid", "LinkNetNSID"},
		{"net-ns-fd", "NetNSFD"},
		{"af-spec", "AFSpec"},
		{"ifindex", "IfIndex"},
		{"num-tx-queues", "NumTxQueues"},
		{"gso-max-size", "GSOMaxSize"},
		{"prefsrc", "PrefSrc"},
		{"iifname", "IIFName"},
		{"nlmsgerr", "NlMsgErr"},
		{"ifinfomsg", "IfInfoMsg"},
		{"tcmsg", "TcMsg"},
		{"phc-vclocks", "PHCVClocks"},
		{"tx_queue_len", "TxQueueLen"}, // underscores
		{"Scell-log", "SCellLog"},
		{"DPs", "DPs"}, // mixed case
		{"IPv4", "IPv4"},
		{"LinkInfo", "LinkInfo"},
		{"GROMaxSize", "GROMaxSize"},
		{"allowedips", "AllowedIPs"}, // plurals
		{"num-vlans", "NumVLANs"},
		{"phys-port-id", "PhysPortID"}, // no plural
		{"stats64", "Stats64"},         // numbers
		{"udp4", "UDP4"},
		{"saddr6", "SAddr6"},
		{"pin-frequency-77-5-khz", "PinFrequency77_5kHz"},
		{"reg32-01", "Reg32_01"},
		{"scan-freq-khz", "ScanFreqKHz"},
		{"rx-signal-dbm", "RxSignalDBm"},
		{"wakeup-pkt-80211", "WakeupPkt80211"},
		{"can-state", "CANState"}, // what stands beside it decides
		{"state-can-change", "StateCanChange"},
		{"6rd-prefix", "SixRDPrefix"}, // a digit first
		{"4addr", "FourAddr"},
		{"2ghz", "Band2GHz"},
		{"100base-half", "X100BaseHalf"},
		{"64bit", "X64Bit"},
		{"80211", "X80211"},
		{"--kernel-timespec", "KernelTimespec"},
		{"", "X"}, // no letter of ASCII in front, or none at all
		{"-", "X"},
		{"größe", "GrE"},
		{"\xff", "X"},
	} {
		if got := Exported(tt.name); got != tt.want {
			t.Errorf("Exported(%q) = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestUnexported(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"mtu", "mtu"},
		{"link-info", "linkInfo"},
		{"linkinfo", "linkInfo"},
		{"ipv4-src", "ipv4Src"},
		{"net-ns-fd", "netnsFD"},
		{"fq-codel", "fqCoDel"},
		{"64bit", "x64Bit"},
		{"4addr", "fourAddr"},
		{"type", "typ"},
		{"func", "fn"},
		{"len", "length"},
		{"new", "newVal"},
		{"string", "str"},
		{"true", "trueVal"},
		{"range-index", "rangeIndex"},
		{"", "x"},
	} {
		if got := Unexported(tt.name); got != tt.want {
			t.Errorf("Unexported(%q) = %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestPackage(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"rt-link", "rtlink"},
		{"tcp_metrics", "tcpmetrics"},
		{"dev-energymodel", "devenergymodel"},
		{"nl80211", "nl80211"},
		{"80211", "x80211"},
		{"MyBoat", "myboat"},
		{"go", "gonl"},
		{"string", "stringnl"},
		{"main", "mainnl"},
		{"", "x"},
	} {
		if got := Package(tt.name); got != tt.want {
			t.Errorf("Package(%q) = %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestPredeclared compares the list with what the compiler knows.
func TestPredeclared(t *testing.T) {
	want := types.Universe.Names()
	for tok := token.BREAK; tok <= token.VAR; tok++ {
		want = append(want, tok.String())
	}
	for _, id := range want {
		if !predeclared[id] {
			t.Errorf("%s is missing", id)
		}
	}
	for id, other := range instead {
		if !predeclared[id] || predeclared[other] || !token.IsIdentifier(other) {
			t.Errorf("%s instead of %s: want an identifier that is not predeclared for one that is", other, id)
		}
	}
}

// TestLongNames checks that the work for what nobody writes is bounded.
func TestLongNames(t *testing.T) {
	for _, part := range []string{"a-", "1a", "ipv4-", "A", "aB", "vlans", "get-set-"} {
		name := strings.Repeat(part, 1<<14)
		for _, id := range []string{Exported(name), Entry(name, name), Member(name, name), ParseOp(name).String()} {
			if !isExported(id) || len(id) > 3*len(name) {
				t.Errorf("%s, many times: %d bytes, no identifier of that size", part, len(id))
			}
		}
	}
}

// FuzzNames checks that every text gives a valid identifier, and the same one
// each time.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"target-netnsid", "newlink-ntf", "getrule-reset", "plca-get-cfg", "8021ad", "77-5-khz",
		"type", "attrs", "IPv4", "DPs", "get", "ntf", "-act", "rtnlgrp-link", "reg32-01", "", "ß", "\xff_1"} {
		f.Add(name, "entry-"+name)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, f := range []struct {
			what string
			of   func() string
		}{
			{"Exported", func() string { return Exported(a) }},
			{"Set", func() string { return Set(a) }},
			{"SubMessage", func() string { return SubMessage(a) }},
			{"Group", func() string { return Group(a) }},
			{"Enum", func() string { return Enum(a) }},
			{"Entry", func() string { return Entry(a, b) }},
			{"Member", func() string { return Member(a, b) }},
			{"ParseOp", func() string { return ParseOp(a).String() }},
		} {
			id := f.of()
			if !isExported(id) {
				t.Errorf("%s(%q, %q) = %q, no exported identifier", f.what, a, b, id)
			}
			if again := f.of(); again != id {
				t.Errorf("%s(%q, %q) = %q, and then %q", f.what, a, b, id, again)
			}
		}
		if id := Unexported(a); !token.IsIdentifier(id) || token.IsExported(id) || types.Universe.Lookup(id) != nil {
			t.Errorf("Unexported(%q) = %q", a, id)
		}
		if id := Package(a); !token.IsIdentifier(id) || id != strings.ToLower(id) {
			t.Errorf("Package(%q) = %q", a, id)
		}
	})
}
