package wire

import (
	"fmt"
	"strings"
)

// Protocol is the number a Netlink socket is opened with: the third argument of
// socket(AF_NETLINK, ...). There are 32 of them, which is why [Generic] was
// invented.
type Protocol int

// The protocols of Linux (linux/netlink.h).
const (
	Route         Protocol = 0  // links, addresses, routes, neighbours, rules, traffic control
	UserSock      Protocol = 2  // between user processes
	Firewall      Protocol = 3  // unused since Linux 3.5
	SockDiag      Protocol = 4  // socket monitoring
	NFLog         Protocol = 5  // unused since Linux 3.17
	XFRM          Protocol = 6  // IPsec
	SELinux       Protocol = 7  // SELinux events
	ISCSI         Protocol = 8  // Open-iSCSI
	Audit         Protocol = 9  // auditing
	FIBLookup     Protocol = 10 // forwarding table look-ups
	Connector     Protocol = 11 // the kernel connector
	Netfilter     Protocol = 12 // nf_tables, conntrack, ipset, logging
	IP6FW         Protocol = 13 // unused since Linux 3.5
	DecNetRTMsg   Protocol = 14 // unused since Linux 6.1
	KobjectUevent Protocol = 15 // device events, as text
	Generic       Protocol = 16 // generic netlink
	SCSITransport Protocol = 18 // SCSI transports
	ECryptFS      Protocol = 19 // unused since Linux 2.6
	RDMA          Protocol = 20 // InfiniBand
	Crypto        Protocol = 21 // the crypto API
	SMC           Protocol = 22 // SMC monitoring
)

// MaxProtocols is the number of protocols Linux has room for (MAX_LINKS).
const MaxProtocols = 32

var protocolNames = [MaxProtocols]string{
	Route: "ROUTE", UserSock: "USERSOCK", Firewall: "FIREWALL", SockDiag: "SOCK_DIAG",
	NFLog: "NFLOG", XFRM: "XFRM", SELinux: "SELINUX", ISCSI: "ISCSI", Audit: "AUDIT",
	FIBLookup: "FIB_LOOKUP", Connector: "CONNECTOR", Netfilter: "NETFILTER", IP6FW: "IP6_FW",
	DecNetRTMsg: "DNRTMSG", KobjectUevent: "KOBJECT_UEVENT", Generic: "GENERIC",
	SCSITransport: "SCSITRANSPORT", ECryptFS: "ECRYPTFS", RDMA: "RDMA", Crypto: "CRYPTO", SMC: "SMC",
}

// String returns the C name, NETLINK_GENERIC for 16, or the number.
func (p Protocol) String() string {
	if p >= 0 && int(p) < len(protocolNames) && protocolNames[p] != "" {
		return "NETLINK_" + protocolNames[p]
	}
	return fmt.Sprintf("netlink protocol %d", int(p))
}

// ParseProtocol returns the protocol of a C name such as NETLINK_ROUTE, with or
// without the prefix and in any case.
func ParseProtocol(name string) (Protocol, bool) {
	short := strings.TrimPrefix(strings.ToUpper(name), "NETLINK_")
	for p, n := range protocolNames {
		if n != "" && n == short {
			return Protocol(p), true
		}
	}
	return 0, false
}
