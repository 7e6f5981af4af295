package sockets

import "fmt"

// Flags are what netlink_diag tells of a socket's options. It does not tell of
// all: strict checking and extended ACKs are not among them.
type Flags uint32

// The flags (NDIAG_FLAG_* of linux/netlink_diag.h).
const (
	CBRunning      Flags = 1 << iota // a dump is in progress
	PktInfo                          // NETLINK_PKTINFO
	BroadcastError                   // NETLINK_BROADCAST_ERROR
	NoENOBUFS                        // NETLINK_NO_ENOBUFS
	ListenAllNSID                    // NETLINK_LISTEN_ALL_NSID
	CapAck                           // NETLINK_CAP_ACK
)

var flagNames = [...]string{"cb-running", "pktinfo", "broadcast-error", "no-enobufs", "listen-all-nsid", "cap-ack"}

// Names returns the names of the flags that are set; bits without a name come
// last, as one hexadecimal number.
func (f Flags) Names() []string {
	var names []string
	for i, name := range flagNames {
		if bit := Flags(1) << i; f&bit != 0 {
			names = append(names, name)
			f &^= bit
		}
	}
	if f != 0 {
		names = append(names, fmt.Sprintf("0x%x", uint32(f)))
	}
	return names
}
