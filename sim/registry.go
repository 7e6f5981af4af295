package sim

import (
	"cmp"
	"maps"
	"os"
	"slices"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Numbers of families and groups (linux/genetlink.h).
const (
	quotaID       = 0x11 // kept for VFS_DQUOT
	pmcraidID     = 0x12 // kept for pmcraid
	firstFamilyID = 0x13
	maxFamilyID   = 1023
	// genlFirstGroups is how many groups there are at first. There are always
	// as many as fit whole machine words of 64 bits.
	genlFirstGroups = 64
)

// registry holds the families of generic netlink. Kernel.mu guards it.
type registry struct {
	byID   map[uint16]*Registered
	byName map[string]*Registered
	groups map[uint32]*Registered
	nextID int
}

func (g *registry) init(k *Kernel) {
	g.byID = make(map[uint16]*Registered)
	g.byName = make(map[string]*Registered)
	g.groups = make(map[uint32]*Registered)
	g.nextID = firstFamilyID
	ctrl := &Registered{kernel: k, spec: controller(k), id: genetlink.ControllerID, firstGroup: genetlink.ControllerID}
	g.byID[genetlink.ControllerID], g.byName[ctrl.spec.Name], g.groups[genetlink.ControllerID] = ctrl, ctrl, ctrl
}

// add allots the numbers as Linux does: ids go up and start over at the end, so
// that one is not soon used again; groups take the lowest numbers that are free
// in a row.
func (g *registry) add(k *Kernel, f Family) (*Registered, error) {
	switch {
	case k.closed:
		return nil, os.ErrClosed
	case g.byName[f.Name] != nil:
		return nil, netlink.EEXIST
	}
	r := &Registered{kernel: k, spec: f}
	switch f.Name {
	case "VFS_DQUOT":
		r.id = quotaID
	case "pmcraid":
		r.id = pmcraidID
	default:
		id, ok := g.freeID()
		if !ok {
			return nil, netlink.ENOSPC // all are taken
		}
		r.id = id
	}
	r.firstGroup = g.freeGroups(f.Name, len(f.Groups))
	last := r.firstGroup + uint32(len(f.Groups))
	if proto := k.protos[wire.Generic]; last > proto.groups {
		proto.groups += uint32((len(f.Groups) + 63) / 64 * 64)
	}
	for n := r.firstGroup; n < last; n++ {
		g.groups[n] = r
	}
	g.byID[r.id], g.byName[f.Name] = r, r
	return r, nil
}

func (g *registry) freeID() (uint16, bool) {
	for range maxFamilyID - firstFamilyID + 1 {
		id := uint16(g.nextID)
		if g.nextID++; g.nextID > maxFamilyID {
			g.nextID = firstFamilyID
		}
		if g.byID[id] == nil {
			return id, true
		}
	}
	return 0, false
}

// freeGroups finds n numbers in a row. 0 is no group, 1 belongs to NET_DM, and
// three families have theirs for good.
func (g *registry) freeGroups(name string, n int) uint32 {
	if n == 1 {
		switch name {
		case "NET_DM":
			return 1
		case "VFS_DQUOT":
			return quotaID
		case "pmcraid":
			return pmcraidID
		}
	}
	for first := uint32(2); ; first++ {
		free := true
		for id := first; id < first+uint32(n); id++ {
			if g.groups[id] != nil || id == genetlink.ControllerID || id == quotaID || id == pmcraidID {
				first, free = id, false
				break
			}
		}
		if free {
			return first
		}
	}
}

// sorted returns the families by id, as nlctrl dumps them.
func (g *registry) sorted() []*Registered {
	return slices.SortedFunc(maps.Values(g.byID), func(a, b *Registered) int { return cmp.Compare(a.id, b.id) })
}
