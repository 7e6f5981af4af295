package sockets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Owner is a process that holds a socket.
type Owner struct {
	PID  int
	Name string // what the process is called (/proc/PID/comm): any bytes, made by itself

	fd string // one of its descriptors that stand for the socket
}

// Owners finds the processes that hold sockets. Threads of a process share its
// descriptors and count as one. What it has found it looks at again, which is
// cheap; all processes are searched only where there is a socket it has not yet
// looked for, or one whose owner has let go of it. The zero value is not for use;
// it is for one goroutine at a time.
type Owners struct {
	proc       string
	known      map[uint32][]Owner // by inode; an empty list was looked for in vain
	unreadable int
}

// NewOwners returns an Owners that has not looked yet.
func NewOwners() *Owners { return &Owners{proc: "/proc", known: map[uint32][]Owner{}} }

// Of returns the processes that hold the socket with that inode, by number; none
// where they are not known. It tells what the last Update found.
func (o *Owners) Of(inode uint32) []Owner { return o.known[inode] }

// Unreadable returns how many processes there were at the last search whose
// descriptors may not be looked at. To root there is none.
func (o *Owners) Unreadable() int { return o.unreadable }

// Update looks for the owners of the sockets with these inodes, and forgets all
// others.
func (o *Owners) Update(inodes []uint32) {
	known := make(map[uint32][]Owner, len(inodes))
	search := false
	for _, inode := range inodes {
		owners, looked := o.known[inode]
		still := slices.DeleteFunc(owners, func(p Owner) bool { return !o.holds(p, inode) })
		for i := range still {
			still[i].Name = o.name(still[i].PID)
		}
		search = search || !looked || len(still) < len(owners)
		known[inode] = still
	}
	o.known = known
	if search {
		o.search()
	}
}

func (o *Owners) holds(p Owner, inode uint32) bool {
	target, err := os.Readlink(filepath.Join(o.proc, strconv.Itoa(p.PID), "fd", p.fd))
	return err == nil && target == fmt.Sprintf("socket:[%d]", inode)
}

// name returns what a process is called; empty where it has ended.
func (o *Owners) name(pid int) string {
	b, err := os.ReadFile(filepath.Join(o.proc, strconv.Itoa(pid), "comm"))
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(b), "\n")
}

// search looks at every descriptor of every process.
func (o *Owners) search() {
	for inode := range o.known {
		o.known[inode] = nil
	}
	o.unreadable = 0
	entries, err := os.ReadDir(o.proc)
	if err != nil {
		return // a system without /proc: nobody is known
	}
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			o.searchProcess(pid)
		}
	}
	for _, owners := range o.known {
		slices.SortFunc(owners, func(a, b Owner) int { return a.PID - b.PID })
	}
}

func (o *Owners) searchProcess(pid int) {
	dir := filepath.Join(o.proc, strconv.Itoa(pid), "fd")
	// A process may end at any time; what can be read of it counts.
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrPermission) {
		o.unreadable++
	}
	name := ""
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join(dir, e.Name()))
		if err != nil {
			continue
		}
		inode, ok := socketInode(target)
		owners, wanted := o.known[inode]
		if !ok || !wanted || len(owners) > 0 && owners[len(owners)-1].PID == pid {
			continue
		}
		if name == "" {
			name = o.name(pid)
		}
		o.known[inode] = append(owners, Owner{PID: pid, Name: name, fd: e.Name()})
	}
}

// socketInode reads what a descriptor of a socket stands for, such as
// "socket:[4711]".
func socketInode(target string) (uint32, bool) {
	number, ok := strings.CutPrefix(target, "socket:[")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 32)
	return uint32(n), err == nil
}
