package goname

import "testing"

func TestSet(t *testing.T) {
	check(t, "Set", Set, map[string]string{
		"link-attrs":                 "Link",
		"fib-rule-attrs":             "FIBRule",
		"iface-limit-attributes":     "IfaceLimit",
		"subflow-attribute":          "Subflow",
		"event-attr":                 "Event",
		"attrs":                      "Attrs",
		"page-pool":                  "PagePool",
		"wgdevice":                   "Device",
		"linkinfo-member-data-attrs": "LinkInfoMemberData",
	})
}

func TestSubMessage(t *testing.T) {
	check(t, "SubMessage", SubMessage, map[string]string{
		"linkinfo-data-msg": "LinkInfoData",
		"expr-ops":          "ExprOps",
		"msg":               "Msg",
	})
}

func TestGroup(t *testing.T) {
	check(t, "Group", Group, map[string]string{
		"rtnlgrp-link":          "Link",
		"rtnlgrp-ipv4-ifaddr":   "IPv4IfAddr",
		"monitor":               "Monitor",
		"conntrack-exp-destroy": "ExpDestroy",
		"ovs_datapath":          "Datapath",
		"change_event":          "ChangeEvent",
		"rtnlgrp":               "Rtnlgrp",
	})
}

func TestEnum(t *testing.T) {
	check(t, "Enum", Enum, map[string]string{
		"link-state":    "LinkState",
		"meta-keys":     "MetaKey",
		"ifinfo-flags":  "IfInfoFlags",
		"user-features": "UserFeatures",
		"type":          "Type",
	})
}

// check checks a function of one name.
func check(t *testing.T, what string, f func(string) string, want map[string]string) {
	t.Helper()
	for name, want := range want {
		if got := f(name); got != want {
			t.Errorf("%s(%q) = %s, want %s", what, name, got, want)
		}
	}
}

func TestEntry(t *testing.T) {
	for _, tt := range []struct{ enum, entry, want string }{
		{"netkit-mode", "l3", "NetkitModeL3"},
		{"ifinfo-flags", "up", "IfInfoFlagUp"},
		{"pin-capabilities", "state-can-change", "PinCapabilityStateCanChange"},
		{"meta-keys", "iifname", "MetaKeyIIFName"},
		{"vlan-protocols", "8021ad", "VLANProtocol8021AD"},
		{"can-ctrlmode-flags", "3-samples", "CANCtrlModeFlag3Samples"},
		{"pse-event", "pse-event-over-temp", "PSEEventOverTemp"}, // the whole enum
		{"pse-event", "c33-pse-event-detection", "PSEEventC33Detection"},
		{"perf-state-flags", "perf-state-inefficient", "PerfStateFlagInefficient"}, // its front
		{"dualpi2-drop-early", "drop-enqueue", "DualPI2DropEarlyEnqueue"},          // its middle
		{"trap-action", "trap", "TrapActionTrap"},                                  // nothing would be left
		{"dualpi2-split-gso", "no-split-gso", "DualPI2SplitGSONoSplit"},
		{"ifla-vf-link-state-enum", "auto", "IflaVFLinkStateAuto"},
		{"registers", "reg32-00", "Reg32_00"},
		{"tx-11", "12", "Tx11_12"},
		{"", "", "XX"},
	} {
		if got := Entry(tt.enum, tt.entry); got != tt.want {
			t.Errorf("Entry(%q, %q) = %s, want %s", tt.enum, tt.entry, got, tt.want)
		}
	}
}

func TestMember(t *testing.T) {
	for _, tt := range []struct{ structure, member, want string }{
		{"ifinfomsg", "ifi-index", "Index"},
		{"ndmsg", "ndm-ifindex", "IfIndex"},
		{"ovs-key-arp", "arp-sip", "SIP"},
		{"ovs-key-ethernet", "eth-src", "Src"},
		{"ifla-vf-vlan", "vlan", "VLAN"}, // nothing would be left
		{"tc-red-qopt", "Scell-log", "SCellLog"},
		{"fib-rule-hdr", "dst-len", "DstLen"},
		{"", "a", "A"},
	} {
		if got := Member(tt.structure, tt.member); got != tt.want {
			t.Errorf("Member(%q, %q) = %s, want %s", tt.structure, tt.member, got, tt.want)
		}
	}
}
