// Package live holds tests that ask a real kernel everything it answers, and
// account for every byte of its answers. There is no code in it.
//
// They run in network namespaces of their own, filled with links, addresses,
// routes, traffic control, packet filters and whatever else has a family. What
// the machine's kernel lacks is named in the log.
package live
