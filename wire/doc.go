// Package wire reads and writes Netlink messages as bytes.
//
// It knows the two formats every Netlink family shares: the message (a 16-byte
// header, [Header], then a payload) and the attribute (a 4-byte header, then a
// value, which may be attributes again). It does no I/O, keeps no state, calls
// no system function and compiles for every platform Go has.
//
// Reading borrows. [Message] and [Attr] are views of the caller's bytes: they
// are valid as long as those bytes are, and nothing is copied or allocated.
// Bytes that came from anywhere may be read: an iteration ends at the first
// malformed length, and its last step yields an error that says where and why.
// No input makes this package panic, loop or read outside the slice it was
// given. [Check] looks at a whole datagram beforehand, nests included.
//
// Writing appends. A [Builder] fills a buffer of the caller's and allocates
// only when that buffer is too small. It remembers its first error, so that a
// request is built without a check after every line.
//
// Numbers are in the byte order of the host unless a name says otherwise
// (Uint32BE, Uint32LE): that is how Netlink itself is defined.
//
// All functions may be called from several goroutines at once; a Builder
// belongs to one goroutine at a time.
package wire
