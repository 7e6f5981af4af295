package wire

import "testing"

func TestProtocolNames(t *testing.T) {
	for _, c := range []struct {
		p    Protocol
		want string
	}{
		{Route, "NETLINK_ROUTE"}, {1, "netlink protocol 1"}, {UserSock, "NETLINK_USERSOCK"},
		{SockDiag, "NETLINK_SOCK_DIAG"}, {Netfilter, "NETLINK_NETFILTER"},
		{DecNetRTMsg, "NETLINK_DNRTMSG"}, {KobjectUevent, "NETLINK_KOBJECT_UEVENT"},
		{Generic, "NETLINK_GENERIC"}, {17, "netlink protocol 17"}, {SMC, "NETLINK_SMC"},
		{23, "netlink protocol 23"}, {31, "netlink protocol 31"}, {32, "netlink protocol 32"},
		{-1, "netlink protocol -1"}, {1 << 30, "netlink protocol 1073741824"},
	} {
		if got := c.p.String(); got != c.want {
			t.Errorf("Protocol(%d) = %q, want %q", int(c.p), got, c.want)
		}
	}
}

func TestParseProtocol(t *testing.T) {
	named := 0
	for p := range Protocol(MaxProtocols) {
		if protocolNames[p] == "" {
			continue
		}
		named++
		if got, ok := ParseProtocol(p.String()); !ok || got != p {
			t.Errorf("ParseProtocol(%q) = %d, %v, want %d", p.String(), int(got), ok, int(p))
		}
	}
	if named != 21 {
		t.Errorf("%d protocols have names, want 21", named)
	}
	for _, c := range []struct {
		name string
		want Protocol
		ok   bool
	}{
		{"generic", Generic, true}, {"Netlink_Xfrm", XFRM, true}, {"ROUTE", Route, true},
		{"", 0, false}, {"NETLINK_", 0, false}, {"NETLINK_NETLINK_ROUTE", 0, false}, {"nosuch", 0, false},
	} {
		if got, ok := ParseProtocol(c.name); got != c.want || ok != c.ok {
			t.Errorf("ParseProtocol(%q) = %d, %v, want %d, %v", c.name, int(got), ok, int(c.want), c.ok)
		}
	}
}
