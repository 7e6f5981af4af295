// Package families holds tests that ask a full kernel everything its Netlink
// families answer, and account for every byte. There is no code in it.
//
// They run in a virtual machine, which has what the machine that builds has not:
// Wi-Fi radios, switches, tunnels and network cards, all of them emulated.
package families
