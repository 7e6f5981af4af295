// Package replay plays recorded conversations with a kernel back: a
// [Recording] is the kernel, and needs neither root nor Linux.
//
// A recording has the datagrams of one or more sockets in the order they were
// seen, as JSON lines:
//
//	{"s": 1, "proto": 0, "dir": "tx", "hex": "28000000..."}
//	{"s": 1, "proto": 0, "dir": "rx", "hex": "bc050000..."}
//
// A [Player] takes what a program sends. Where it is byte for byte what was
// recorded, sequence numbers and port ids aside, the answers that were recorded
// are queued. Anything else is an error of the send call, and kept for the test
// to see.
//
// Two things are made up, since a recording cannot have them:
//
//   - The controller's answer to a request for one family, by name or number:
//     it is taken from the recorded dump of all families, with which other
//     programs find families. Such a dump is answered whatever its flags are.
//   - The end of a conversation that breaks off because the program that was
//     recorded failed in the middle of the answer: an ACK, or a dump's end.
package replay
