package wire

import "testing"

func TestTypeName(t *testing.T) {
	for _, c := range []struct {
		p    Protocol
		typ  Type
		want string
	}{
		{Route, TypeDone, "NLMSG_DONE"}, {Generic, TypeError, "NLMSG_ERROR"}, {Audit, 9, "0x9"},
		{Route, 0, "NETLINK_ROUTE message 0x0"},
		{Route, 16, "RTM_NEWLINK"}, {Route, 17, "RTM_DELLINK"}, {Route, 18, "RTM_GETLINK"}, {Route, 19, "RTM_SETLINK"},
		{Route, 20, "RTM_NEWADDR"}, {Route, 26, "RTM_GETROUTE"}, {Route, 28, "RTM_NEWNEIGH"}, {Route, 32, "RTM_NEWRULE"},
		{Route, 36, "RTM_NEWQDISC"}, {Route, 40, "RTM_NEWTCLASS"}, {Route, 44, "RTM_NEWTFILTER"}, {Route, 48, "RTM_NEWACTION"},
		{Route, 52, "RTM_NEWPREFIX"}, {Route, 58, "RTM_GETMULTICAST"}, {Route, 62, "RTM_GETANYCAST"}, {Route, 67, "RTM_SETNEIGHTBL"},
		{Route, 68, "RTM_NEWNDUSEROPT"}, {Route, 72, "RTM_NEWADDRLABEL"}, {Route, 78, "RTM_GETDCB"}, {Route, 80, "RTM_NEWNETCONF"},
		{Route, 84, "RTM_NEWMDB"}, {Route, 88, "RTM_NEWNSID"}, {Route, 92, "RTM_NEWSTATS"}, {Route, 96, "RTM_NEWCACHEREPORT"},
		{Route, 100, "RTM_NEWCHAIN"}, {Route, 104, "RTM_NEWNEXTHOP"}, {Route, 108, "RTM_NEWLINKPROP"}, {Route, 112, "RTM_NEWVLAN"},
		{Route, 116, "RTM_NEWNEXTHOPBUCKET"}, {Route, 120, "RTM_NEWTUNNEL"}, {Route, 122, "RTM_GETTUNNEL"},
		{Route, 124, "NETLINK_ROUTE message 0x7c"}, {Route, 65535, "NETLINK_ROUTE message 0xffff"},
		{Generic, 16, "nlctrl"}, {Generic, 0x1c, "generic netlink family 0x1c"},
		{Netfilter, 0xa00, "NETLINK_NETFILTER message 0xa00"}, {-1, 20, "netlink protocol -1 message 0x14"},
	} {
		if got := c.p.TypeName(c.typ); got != c.want {
			t.Errorf("%v, type %d: %q, want %q", c.p, uint16(c.typ), got, c.want)
		}
	}
}
