// Package rt is a thin convenience over the packages of NETLINK_ROUTE
// (family/rtlink, rtaddr, rtroute, rtrule, rtneigh and tc): what most programs do,
// where the raw operation is clumsy or the spec cannot say it.
//
// A [Client] is all of them on one socket. What is here stands beside their own
// operations, and nothing is hidden: each method is one request, but for AddLink,
// which asks for the link it has made; links are told by their index, and none is
// looked up but by LinkByName. Errors are the kernel's, a *netlink.Error as the raw
// operation has it (LinkByName puts the name before it), or say what could not be sent.
//
//   - Links: [Client.AddLink], [Client.LinkByName], [Client.SetUp],
//     [Client.SetMaster], [Client.SetNamespace].
//   - Addresses are prefixes: [Client.AddAddr], [AddrPrefix]; [AddrRequest] is for
//     all else they can have.
//   - Routes: [Route] with one way or several, [Nexthops] of a route that was read.
//   - VLANs of bridges: [Client.AddVLAN], [Client.VLANs].
//   - Traffic control: [Handle], [HTBClass], [U32] and its matches.
//
// Rules and neighbours need no help: see RuleNew and NeighNew of the Client.
package rt
