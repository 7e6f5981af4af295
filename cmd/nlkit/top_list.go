package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/internal/sockets"
)

// topRow is one socket.
type topRow struct {
	sockets.Socket
	netns   string // the network namespace, "" for the own one
	kernel  bool   // the kernel's own
	owners  []sockets.Owner
	rate    float64 // drops per second since the reading before
	hasRate bool    // there was one
}

// waiting is how much is queued. On a socket of the kernel nothing waits: it holds
// the request that is being worked off, which is that for the list.
func (r *topRow) waiting() uint32 {
	if r.kernel {
		return 0
	}
	return r.Queued
}

// fill is how full the queue is, from 0 to 1 and a little beyond.
func (r *topRow) fill() float64 {
	if r.Limit == 0 {
		return 0
	}
	return float64(r.waiting()) / float64(r.Limit)
}

// unknown reports whether a process must own the socket, and none is known.
func (r *topRow) unknown() bool { return !r.kernel && len(r.owners) == 0 }

// topList is one reading.
type topList struct {
	at         time.Time
	source     sockets.Source
	rows       []topRow
	unreadable int  // processes that could not be looked at
	root       bool // who asks has all rights
	allSpaces  bool // of all network namespaces
	spacesNote string
}

func newTopList(at time.Time, source sockets.Source, spaces []spaceSockets, owners *sockets.Owners) *topList {
	l := &topList{at: at, source: source, unreadable: owners.Unreadable(), root: os.Geteuid() == 0}
	for _, space := range spaces {
		for _, s := range space.sockets {
			row := topRow{Socket: s, netns: space.name, owners: owners.Of(s.Inode)}
			row.kernel = s.IsKernel() && len(row.owners) == 0
			l.rows = append(l.rows, row)
		}
	}
	return l
}

// since fills in what happened after the reading before, if there was one.
func (l *topList) since(last *topList) {
	if last == nil {
		return
	}
	seconds := l.at.Sub(last.at).Seconds()
	if seconds <= 0 {
		return
	}
	before := make(map[sockets.Key]uint32, len(last.rows))
	for i := range last.rows {
		before[last.rows[i].Key()] = last.rows[i].Drops
	}
	for i := range l.rows {
		r := &l.rows[i]
		if drops, ok := before[r.Key()]; ok {
			r.rate, r.hasRate = float64(r.Drops-drops)/seconds, true // the count wraps around
		}
	}
}

// only returns what was asked for, in the order asked for.
func (l *topList) only(f *topFlags) *topList {
	shown := *l
	shown.rows = nil
	for i := range l.rows {
		if f.wants(&l.rows[i]) {
			shown.rows = append(shown.rows, l.rows[i])
		}
	}
	slices.SortStableFunc(shown.rows, func(a, b topRow) int { return f.order.compare(&a, &b) })
	return &shown
}

// notes say what the list does not show, and why.
func (l *topList) notes() []string {
	var notes []string
	if l.source != sockets.Diag {
		notes = append(notes, fmt.Sprintf("this kernel has no netlink_diag: %s has neither limits nor flags, and the first 32 groups only", l.source))
	}
	if l.spacesNote != "" {
		notes = append(notes, l.spacesNote)
	}
	unknown := 0
	for i := range l.rows {
		if l.rows[i].unknown() {
			unknown++
		}
	}
	switch {
	case unknown == 0:
	case !l.root:
		notes = append(notes, fmt.Sprintf("the owners of %s are unknown: run as root to see the processes of others", sockets1(unknown)))
	case l.unreadable > 0:
		notes = append(notes, fmt.Sprintf("the owners of %s are unknown: %d processes may not be looked at (CAP_SYS_PTRACE is needed)", sockets1(unknown), l.unreadable))
	default:
		notes = append(notes, fmt.Sprintf("the owners of %s are unknown: they are in another PID namespace, or gone", sockets1(unknown)))
	}
	return notes
}

func sockets1(n int) string {
	if n == 1 {
		return "1 socket"
	}
	return fmt.Sprintf("%d sockets", n)
}

// topOrder is the value of --sort.
type topOrder string

// topBy are the orders by name.
var topBy = []struct {
	name    string
	compare func(a, b *topRow) int
}{
	{"drops", func(a, b *topRow) int { return cmp.Compare(b.rate, a.rate) }},
	{"total", func(a, b *topRow) int { return cmp.Compare(b.Drops, a.Drops) }},
	{"queue", func(a, b *topRow) int {
		return cmp.Or(cmp.Compare(b.fill(), a.fill()), cmp.Compare(b.waiting(), a.waiting()))
	}},
	{"protocol", func(a, b *topRow) int { return cmp.Compare(a.Protocol, b.Protocol) }},
	{"pid", func(a, b *topRow) int { return cmp.Compare(a.pid(), b.pid()) }},
	{"process", func(a, b *topRow) int { return cmp.Compare(a.process(), b.process()) }},
	{"port", func(a, b *topRow) int { return cmp.Compare(a.Port, b.Port) }},
}

func topOrders() []string {
	var names []string
	for _, o := range topBy {
		names = append(names, o.name)
	}
	return names
}

func (o *topOrder) String() string { return string(*o) }

// Type is what the usage calls the value.
func (o *topOrder) Type() string { return "COLUMN" }

func (o *topOrder) Set(s string) error {
	if !slices.Contains(topOrders(), s) {
		why := "must be one of " + strings.Join(topOrders(), ", ")
		if like := near.Names(s, topOrders()); len(like) > 0 {
			why += " (did you mean " + orList(like) + "?)"
		}
		return fmt.Errorf("%s", why)
	}
	*o = topOrder(s)
	return nil
}

// lastly puts what something holds for behind the rest.
func lastly(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// compare is the order asked for, then the usual one. The kernel's own sockets,
// which lose nothing, are behind those of processes.
func (o topOrder) compare(a, b *topRow) int {
	first := 0
	for _, by := range topBy {
		if by.name == string(o) {
			first = by.compare(a, b)
		}
	}
	return cmp.Or(first,
		cmp.Compare(b.rate, a.rate), cmp.Compare(b.waiting(), a.waiting()), lastly(a.kernel, b.kernel), cmp.Compare(a.netns, b.netns), cmp.Compare(a.Protocol, b.Protocol),
		cmp.Compare(a.Port, b.Port), cmp.Compare(a.Inode, b.Inode))
}

// topSocketJSON is a socket as "nlkit top -o json" prints it.
type topSocketJSON struct {
	Time     time.Time      `json:"time"`
	NetNS    string         `json:"netns,omitempty"` // none for the own one
	Protocol string         `json:"protocol"`
	Number   int            `json:"protocol-number"`
	Port     uint32         `json:"port"`
	Inode    uint32         `json:"inode"`
	Kernel   bool           `json:"kernel"`
	Owners   []topOwnerJSON `json:"owners"` // empty: not known, or the kernel
	Queued   uint32         `json:"queued"`
	Limit    *uint32        `json:"limit,omitempty"` // where the kernel tells
	Drops    uint32         `json:"drops"`
	Rate     *float64       `json:"drops-per-second,omitempty"` // from the second reading on
	Groups   []groupJSON    `json:"groups"`
	Flags    []string       `json:"flags,omitempty"`
	Source   sockets.Source `json:"source"`
}

type topOwnerJSON struct {
	PID  int    `json:"pid"`
	Name string `json:"name"`
}

func (l *topList) json(out *cli.Array, names *sockets.GroupNames) error {
	for i := range l.rows {
		r := &l.rows[i]
		v := topSocketJSON{
			Time: l.at, NetNS: r.netns, Protocol: protocolName(r.Protocol), Number: int(r.Protocol), Port: r.Port, Inode: r.Inode, Kernel: r.kernel,
			Owners: []topOwnerJSON{}, Queued: r.Queued, Drops: r.Drops, Groups: []groupJSON{}, Flags: r.Flags.Names(), Source: l.source,
		}
		for _, o := range r.owners {
			v.Owners = append(v.Owners, topOwnerJSON{o.PID, o.Name})
		}
		if l.source == sockets.Diag {
			v.Limit = &r.Limit
		}
		if r.hasRate {
			v.Rate = &r.rate
		}
		for _, g := range r.Groups {
			v.Groups = append(v.Groups, groupJSON{Name: names.Name(r.Protocol, g), ID: g})
		}
		if err := out.Add(v); err != nil {
			return err
		}
	}
	return nil
}
