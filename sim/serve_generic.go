package sim

import (
	"fmt"
	"math"
	"reflect"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// serveGeneric registers a typed family.
func serveGeneric(k *Kernel, s *nl.Service) (*Served, error) {
	if err := checkService(s); err != nil {
		return nil, err
	}
	f := Family{Name: s.Family.Name, Version: s.Family.Version}
	for _, g := range s.Family.Groups {
		f.Groups = append(f.Groups, Group{Name: string(g.Name)})
	}
	policies := make(policyMaker)
	for i := range s.Handlers {
		if err := f.serve(&s.Handlers[i], policies); err != nil {
			return nil, fmt.Errorf("simulated kernel: family %s: %s: %w", f.Name, s.Handlers[i].Op.Name, err)
		}
	}
	if s.Family.Legacy {
		f.ReservedFrom = afterLast(f.Ops)
	}
	reg, err := k.Register(f)
	if err != nil {
		return nil, err
	}
	return &Served{
		multicast: func(group nl.Group, n nl.Announcement) error {
			cmd, err := command(s, n)
			if err != nil {
				return err
			}
			return reg.Multicast(string(group), cmd, n.AppendNetlink)
		},
		send: func(port uint32, n nl.Announcement) error {
			cmd, err := command(s, n)
			if err != nil {
				return err
			}
			return reg.Unicast(port, cmd, n.AppendNetlink)
		},
		listeners: func(group nl.Group) bool { return reg.HasListeners(string(group)) },
		close:     reg.Unregister,
	}, nil
}

// afterLast is the number behind that of the last operation: what older families
// have as the first command that is looked at in every way.
func afterLast(ops []Op) uint8 {
	last := uint8(0)
	for _, o := range ops {
		last = max(last, o.Cmd)
	}
	return uint8(min(int(last)+1, math.MaxUint8))
}

// command is a notification's.
func command(s *nl.Service, n nl.Announcement) (uint8, error) {
	if n.NetlinkID() > math.MaxUint8 {
		return 0, fmt.Errorf("simulated kernel: family %s: command %d: commands have one byte: %w", s.Family.Name, n.NetlinkID(), netlink.EINVAL)
	}
	return uint8(n.NetlinkID()), nil
}

// serve adds a handler to the op of its command, which has one for a single
// answer and one for a dump.
func (f *Family) serve(h *nl.Handler, policies policyMaker) error {
	o := h.Op
	if o.ID > math.MaxUint8 || o.ReplyID > math.MaxUint8 {
		return fmt.Errorf("commands %d and %d: commands have one byte: %w", o.ID, o.ReplyID, netlink.EINVAL)
	}
	header, err := headerLen(o)
	if err != nil {
		return err
	}
	if len(f.Ops) > 0 && header != f.HeaderLen {
		return fmt.Errorf("a user header of %d bytes, where other operations have %d: %w", header, f.HeaderLen, netlink.EINVAL)
	}
	f.HeaderLen = header
	op := f.op(uint8(o.ID))
	op.AdminPerm = op.AdminPerm || o.AdminPerm
	op.UnsAdminPerm = op.UnsAdminPerm || o.UnsAdminPerm
	policy := policies.of(reflect.TypeOf(o.New()))
	at := wire.HeaderLen + genetlink.HeaderLen
	if !o.Dump {
		if op.Do != nil {
			return fmt.Errorf("command %d has another handler: %w", o.ID, netlink.EEXIST)
		}
		op.Policy, op.Liberal = policy, o.Liberal
		op.Do = func(r *Request) error { return r.serve(h, at) }
		return nil
	}
	if op.Dump != nil {
		return fmt.Errorf("command %d has another handler for dumps: %w", o.ID, netlink.EEXIST)
	}
	op.DumpPolicy, op.LiberalDump, op.UncheckedDump = policy, o.Liberal, o.Unvalidated
	op.ReplyCmd = uint8(o.ReplyID)
	op.Dump, op.DumpOptions = servedEntries, servedDump(h, at)
	return nil
}

// op returns the op of a command, a new one where there is none.
func (f *Family) op(cmd uint8) *Op {
	for i := range f.Ops {
		if f.Ops[i].Cmd == cmd {
			return &f.Ops[i]
		}
	}
	f.Ops = append(f.Ops, Op{Cmd: cmd})
	return &f.Ops[len(f.Ops)-1]
}

// headerLen is the length of an operation's fixed header in bytes: what is
// encoded of an empty request.
func headerLen(o *nl.Op) (int, error) {
	var b wire.Builder
	o.New().AppendNetlink(&b)
	p, err := b.Bytes()
	return len(p), err
}
