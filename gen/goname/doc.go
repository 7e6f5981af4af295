// Package goname makes Go identifiers of the names in YNL specs.
//
// Specs write names in lower case, with "-" or "_" between the words; many
// words are run together as in C ("ifinfomsg", "netnsid"). The identifiers are
// what people who know both Go and the kernel write: words that are run together
// are taken apart, initialisms have one case (MTU, VLAN, NetNSID), and what has a
// spelling of its own keeps it (IPv4, MACsec, WoL). The kernel's short prefixes
// are words: Rx, Tx, If, Tc, Ct, Nf.
//
//	goname.Exported("target-netnsid")       // TargetNetNSID
//	goname.Unexported("ifindex")            // ifIndex
//	goname.Package("tcp_metrics")           // tcpmetrics
//	goname.Set("linkinfo-vlan-attrs")       // LinkInfoVLAN
//	goname.ParseOp("newlink-ntf")           // Link, New, a notification
//	goname.Entry("pse-event", "pse-event-over-temp") // PSEEventOverTemp
//
// Every text gives a valid identifier, and the same text always the same one.
// Two names can give one identifier ("max-p" and "max_P"): to tell them apart is
// the caller's business, who knows what else is in scope.
//
// All functions may be called from several goroutines at once.
package goname
