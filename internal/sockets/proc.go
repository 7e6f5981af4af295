package sockets

import (
	"bufio"
	"fmt"
	"io"
	"math/bits"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/wire"
)

// procFields are the columns of /proc/net/netlink that must be there, and where
// they go. Those that older kernels lack are no loss.
var procFields = []struct {
	name string
	base int
	must bool
	set  func(s *Socket, v uint32)
}{
	{"Eth", 10, true, func(s *Socket, v uint32) { s.Protocol = wire.Protocol(v) }},
	{"Pid", 10, true, func(s *Socket, v uint32) { s.Port = v }},
	{"Groups", 16, true, func(s *Socket, v uint32) { s.Groups = groupsOfMask(v) }},
	{"Rmem", 10, true, func(s *Socket, v uint32) { s.Queued = v }},
	{"Wmem", 10, false, func(s *Socket, v uint32) { s.Sending = v }},
	{"Drops", 10, false, func(s *Socket, v uint32) { s.Drops = v }},
	{"Inode", 10, false, func(s *Socket, v uint32) { s.Inode = v }},
}

// parseProc reads the text of /proc/net/netlink.
func parseProc(r io.Reader) ([]Socket, error) {
	lines := bufio.NewScanner(r)
	if !lines.Scan() {
		if err := lines.Err(); err != nil {
			return nil, err
		}
		return nil, fmt.Errorf("no line with the columns' names")
	}
	column := map[string]int{}
	for i, name := range strings.Fields(lines.Text()) {
		column[name] = i
	}
	for _, f := range procFields {
		if _, ok := column[f.name]; !ok && f.must {
			return nil, fmt.Errorf("no column %s in %q", f.name, lines.Text())
		}
	}
	var all []Socket
	for n := 2; lines.Scan(); n++ {
		fields := strings.Fields(lines.Text())
		var s Socket
		for _, f := range procFields {
			i, ok := column[f.name]
			if !ok {
				continue
			}
			if i >= len(fields) {
				return nil, fmt.Errorf("line %d has no column %s: %q", n, f.name, lines.Text())
			}
			v, err := strconv.ParseInt(fields[i], f.base, 64) // memory is printed signed
			if err != nil || v > 1<<32-1 {
				return nil, fmt.Errorf("line %d, column %s: %q is no number of 32 bits", n, f.name, fields[i])
			}
			f.set(&s, uint32(max(v, 0)))
		}
		all = append(all, s)
	}
	return all, lines.Err()
}

func groupsOfMask(mask uint32) []uint32 {
	var groups []uint32
	for ; mask != 0; mask &= mask - 1 {
		groups = append(groups, uint32(bits.TrailingZeros32(mask)+1))
	}
	return groups
}
