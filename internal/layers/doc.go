// Package layers takes a Netlink datagram apart and shows it, byte by byte:
// message header, generic netlink header, user header, attributes, nests.
//
// [Parts] is the decoder. Its parts lie side by side and cover the datagram
// from the first byte to the last, whatever the bytes are: what cannot be
// understood is a part too, with the reason. [Render] prints the parts for
// people. What numbers mean comes from a [Schema]; without one everything is
// shown as numbers.
package layers
