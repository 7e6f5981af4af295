package genetlink

import (
	"strconv"
	"strings"
)

// OpFlags say what an operation can do and who may ask for it
// (linux/genetlink.h).
type OpFlags uint32

// The flags of an operation.
const (
	AdminPerm          OpFlags = 0x01 // needs CAP_NET_ADMIN in the initial user namespace
	CanDo              OpFlags = 0x02 // answers a request for one thing
	CanDump            OpFlags = 0x04 // answers a dump
	HasPolicy          OpFlags = 0x08 // has an attribute policy, for [Conn.Policies]
	UserNamespaceAdmin OpFlags = 0x10 // needs CAP_NET_ADMIN in the user namespace of the network namespace
)

var opFlagNames = [...]string{"admin-perm", "do", "dump", "haspol", "uns-admin-perm"}

// Has reports whether every bit of want is set.
func (f OpFlags) Has(want OpFlags) bool { return f&want == want }

// Names returns the names of the set flags: admin-perm, do, dump, haspol,
// uns-admin-perm. Bits without a name come last as one hexadecimal number.
func (f OpFlags) Names() []string {
	names := make([]string, 0, len(opFlagNames))
	for i, n := range opFlagNames {
		if f&(1<<i) != 0 {
			names = append(names, n)
			f &^= 1 << i
		}
	}
	if f != 0 {
		names = append(names, "0x"+strconv.FormatUint(uint64(f), 16))
	}
	return names
}

// String returns the names joined by "|", and "0" for no flags at all.
func (f OpFlags) String() string {
	if f == 0 {
		return "0"
	}
	return strings.Join(f.Names(), "|")
}
