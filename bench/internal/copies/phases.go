//go:build linux

package copies

import (
	"math/rand/v2"
	"net/netip"
	"time"

	"github.com/nlkit/nlkit/internal/churn"
)

// The links of the scene, and addresses of them.
const one, two = 50, 51

var (
	ownOne = churn.Own(false, false, 0)
	ownTwo = churn.Own(false, true, 0)
)

// size is how much there is and changes.
type size struct {
	routes  int           // there at first
	paced   int           // changes of a phase in which nobody has to lose any
	burst   int           // changes as fast as the kernel makes them
	nexthop int           // routes that use a nexthop object
	quiet   time.Duration // the pause after a phase
}

var (
	full  = size{routes: 20_000, paced: 10_000, burst: 200_000, nexthop: 2000, quiet: 300 * time.Millisecond}
	quick = size{routes: 2000, paced: 1000, burst: 20_000, nexthop: 200, quiet: 300 * time.Millisecond}
)

// scene is a namespace in which routes change. The same seed makes the same changes.
type scene struct {
	size
	w    *churn.Writer
	rand *rand.Rand
}

// phase is one kind of change.
type phase struct {
	name string // in the table
	what string
	do   func(*scene) error
}

// phases are in the order in which they happen.
var phases = []phase{
	{"opened", "nothing has changed yet", func(*scene) error { return nil }},
	{"paced", "routes added, replaced and deleted, one to a destination, 20 at a time", (*scene).paced},
	{"same dst", "IPv4 routes to the same destinations appended, prepended, replaced, deleted", (*scene).same},
	{"burst", "routes added, replaced and deleted as fast as the kernel can", (*scene).flood},
	{"link down", "a link set down that half of the IPv4 routes lead over", func(s *scene) error { return s.w.Up(one, false) }},
	{"link up", "and up again, and a few of its routes added", (*scene).up},
	{"address", "the only IPv4 address of the other link removed", func(s *scene) error { return s.w.DelAddr(two, ownTwo) }},
	{"nexthop", "routes added that use a nexthop object, and the object deleted", (*scene).nexthops},
}

// prepare makes what there is at first.
func (s *scene) prepare() error {
	for i, link := range []uint32{one, two} {
		do := []error{
			s.w.AddLink(link, []string{"one", "two"}[i], "bridge"), s.w.Up(link, true),
			s.w.AddAddr(link, churn.Own(false, i == 1, 0)), s.w.AddAddr(link, churn.Own(true, i == 1, 0)),
		}
		for _, err := range do {
			if err != nil {
				return err
			}
		}
	}
	for i := range s.routes {
		if err := s.w.AddRoute(churn.Add, churn.Simple(i%4 == 3, i, []uint32{one, two}[i/4%2])); err != nil {
			return err
		}
	}
	return s.w.Flush()
}

// pace makes changes a few at a time, with pauses in which every reader keeps up: the
// smallest buffer, libnl's own, has room for some 80 announcements.
func (s *scene) pace(n int, change func(i int) error) error {
	const atOnce, pause = 20, 2 * time.Millisecond
	for i := range n {
		if err := change(i); err != nil {
			return err
		}
		if i%atOnce == atOnce-1 {
			if err := s.w.Flush(); err != nil {
				return err
			}
			time.Sleep(pause)
		}
	}
	return s.w.Flush()
}

func (s *scene) plan() *churn.Plan {
	return &churn.Plan{Rand: s.rand, Kinds: churn.Routes, Size: s.routes, Links: [2]uint32{one, two}}
}

func (s *scene) paced() error {
	plan := s.plan()
	return s.pace(s.size.paced, func(int) error { return plan.Step(s.w) })
}

// same makes several routes to each of a few destinations.
func (s *scene) same() error {
	return s.pace(s.size.paced, func(int) error {
		r := churn.Route{Dst: churn.Host(false, 1<<20+s.rand.IntN(64)), Table: 254, Hops: []churn.Hop{s.hop()}}
		switch s.rand.IntN(8) {
		case 0, 1:
			return s.w.AddRoute(churn.Append, r)
		case 2, 3:
			return s.w.AddRoute(churn.Prepend, r)
		case 4, 5:
			return s.w.AddRoute(churn.Replace, r)
		}
		return s.w.DelRoute(r)
	})
}

// hop leads to one of four gateways on a link.
func (s *scene) hop() churn.Hop {
	k := s.rand.IntN(2)
	return churn.Hop{Link: []uint32{one, two}[k], Gateway: netip.AddrFrom4([4]byte{10, byte(1 + k), 0, byte(2 + s.rand.IntN(4))})}
}

func (s *scene) flood() error {
	plan := s.plan()
	for range s.burst {
		if err := plan.Step(s.w); err != nil {
			return err
		}
	}
	return nil
}

func (s *scene) up() error {
	if err := s.w.Up(one, true); err != nil {
		return err
	}
	return s.pace(s.size.paced/10, func(i int) error { return s.w.AddRoute(churn.Add, churn.Simple(false, i, one)) })
}

func (s *scene) nexthops() error {
	const object = 1
	err := s.w.AddNexthop(object, churn.Hop{Link: one, Gateway: ownOne.Addr().Next()})
	if err != nil {
		return err
	}
	err = s.pace(s.nexthop, func(i int) error {
		return s.w.AddRoute(churn.Add, churn.Route{Dst: churn.Host(false, 1<<21+i), Table: 254, Nexthop: object})
	})
	if err != nil {
		return err
	}
	return s.w.DelNexthop(object)
}
