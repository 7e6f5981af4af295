package sim

import (
	"fmt"
	"os"
	"slices"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Family describes a family of generic netlink.
type Family struct {
	Name      string // 1 to 15 bytes
	Version   uint8
	HeaderLen int // of the user header, in bytes; a multiple of 4

	// Policy holds for the ops without one of their own. MaxAttr is what nlctrl
	// tells as the highest attribute; 0 means that of Policy.
	Policy  Policy
	MaxAttr int

	// ReservedFrom is the first command whose requests must have a zero
	// reserved field and no unknown flags, and whose ops without a policy
	// refuse every attribute (resv_start_op). 0 means all of them.
	ReservedFrom uint8

	Ops    []Op
	Groups []Group
}

// Op is one operation of a family.
type Op struct {
	Cmd uint8
	// ReplyCmd is the command of the replies; 0 means Cmd.
	ReplyCmd uint8

	// Policy is what the request's attributes are checked against before a
	// handler runs. nil is the family's; Policy{} refuses every attribute.
	Policy Policy
	// DumpPolicy is for the dump where it differs from Policy.
	DumpPolicy Policy

	AdminPerm    bool // needs CAP_NET_ADMIN (GENL_ADMIN_PERM)
	UnsAdminPerm bool // the same in the user namespace (GENL_UNS_ADMIN_PERM)

	// Liberal and LiberalDump switch to the checks of older families: unknown
	// attributes and trailing bytes are ignored, longer values accepted
	// (GENL_DONT_VALIDATE_STRICT, _DUMP_STRICT). UncheckedDump leaves dumps
	// unchecked (GENL_DONT_VALIDATE_DUMP).
	Liberal, LiberalDump, UncheckedDump bool

	// Do handles a request: nil is success and is acknowledged if the requester
	// asked for it; an error always reaches it. A [netlink.Errno] is sent as it
	// is, a [*netlink.Error] with its extended ACK, any other error as EIO with its
	// text.
	Do func(*Request) error
	// Dump handles a request with NLM_F_DUMP.
	Dump Dumper
	DumpOptions
}

// reply is the command of the op's replies.
func (o *Op) reply() uint8 {
	if o.ReplyCmd != 0 {
		return o.ReplyCmd
	}
	return o.Cmd
}

// Group is a multicast group of a family.
type Group struct {
	Name      string // 1 to 15 bytes
	AdminPerm bool   // joining needs CAP_NET_ADMIN
}

// Registered is a family the kernel has.
type Registered struct {
	kernel     *Kernel
	spec       Family
	id         uint16
	firstGroup uint32 // number of Groups[0]; the others follow
}

// Register gives the kernel a family. It gets an id and numbers for its groups,
// and nlctrl announces both. A name that is taken is EEXIST; ENOSPC says that no id is
// left.
func (k *Kernel) Register(f Family) (*Registered, error) {
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("simulated kernel: family %q: %w", f.Name, err)
	}
	f.Ops, f.Groups = slices.Clone(f.Ops), slices.Clone(f.Groups)
	k.mu.Lock()
	r, err := k.genl.add(k, f)
	k.mu.Unlock()
	if err != nil {
		return nil, fmt.Errorf("simulated kernel: family %q: %w", f.Name, err)
	}
	k.announce(r, genetlink.CtrlNewFamily, nil)
	for i := range r.spec.Groups {
		k.announce(r, genetlink.CtrlNewMcastGroup, &i)
	}
	return r, nil
}

// check refuses what the kernel's own registration would, and what could not be
// sent.
func (f *Family) check() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf(format+": %w", append(args, netlink.EINVAL)...)
	}
	if len(f.Name) == 0 || len(f.Name) > genetlink.MaxNameLen {
		return bad("names have 1 to %d bytes", genetlink.MaxNameLen)
	}
	if f.HeaderLen < 0 || f.HeaderLen%wire.Alignment != 0 {
		return bad("a user header of %d bytes: need a multiple of %d", f.HeaderLen, wire.Alignment)
	}
	seen := make(map[uint8]bool)
	for i := range f.Ops {
		o := &f.Ops[i]
		if o.Do == nil && o.Dump == nil {
			return bad("op %d has neither Do nor Dump", o.Cmd)
		}
		if seen[o.Cmd] {
			return bad("op %d occurs twice", o.Cmd)
		}
		seen[o.Cmd] = true
	}
	names := make(map[string]bool)
	for _, g := range f.Groups {
		if len(g.Name) == 0 || len(g.Name) > genetlink.MaxNameLen || names[g.Name] {
			return bad("group %q: names have 1 to %d bytes and occur once", g.Name, genetlink.MaxNameLen)
		}
		names[g.Name] = true
	}
	return nil
}

// Unregister takes the family away: its groups lose their members, requests to
// its id are ENOENT. nlctrl announces it. Registered again it gets a new id.
func (r *Registered) Unregister() error {
	k := r.kernel
	k.mu.Lock()
	if err := r.gone(); err != nil {
		k.mu.Unlock()
		return err
	}
	proto := k.protos[wire.Generic]
	for i := range r.spec.Groups {
		group := r.firstGroup + uint32(i)
		for _, s := range slices.Clone(proto.members[group]) {
			s.leave(group)
		}
		delete(k.genl.groups, group)
	}
	delete(k.genl.byID, r.id)
	delete(k.genl.byName, r.spec.Name)
	k.mu.Unlock()
	for i := range r.spec.Groups {
		k.announce(r, genetlink.CtrlDelMcastGroup, &i)
	}
	k.announce(r, genetlink.CtrlDelFamily, nil)
	return nil
}

// ID returns the family's id: the type of its messages.
func (r *Registered) ID() uint16 { return r.id }

// Name returns the family's name.
func (r *Registered) Name() string { return r.spec.Name }

// GroupID returns the number of a group.
func (r *Registered) GroupID(name string) (uint32, bool) {
	for i, g := range r.spec.Groups {
		if g.Name == name {
			return r.firstGroup + uint32(i), true
		}
	}
	return 0, false
}

// Multicast sends a message of the family to one of its groups; fill appends the
// user header, if the family has one, and the attributes. A name the family
// does not have is EINVAL, a family that was unregistered ENOENT; for the rest
// see [Kernel.Multicast], whose ESRCH says that nobody listened or that the queue of
// everybody who did was full.
func (r *Registered) Multicast(group string, cmd uint8, fill func(b *wire.Builder)) error {
	id, ok := r.GroupID(group)
	if !ok {
		return fmt.Errorf("simulated kernel: family %s has no group %q: %w", r.spec.Name, group, netlink.EINVAL)
	}
	msg, err := r.message(0, cmd, fill)
	if err != nil {
		return fmt.Errorf("simulated kernel: multicast to %s: %w", group, err)
	}
	k := r.kernel
	k.mu.RLock()
	defer k.mu.RUnlock()
	if err := r.gone(); err != nil { // its numbers may be another's by now
		return err
	}
	d := datagram{bytes: msg, charge: charge(len(msg)), group: id}
	return k.protos[wire.Generic].multicast(d, nil, 0)
}

// message builds one that nobody has asked for.
func (r *Registered) message(port uint32, cmd uint8, fill func(b *wire.Builder)) ([]byte, error) {
	var b wire.Builder
	b.Message(wire.Header{Type: wire.Type(r.id), Port: port})
	r.head(&b, cmd)
	if fill != nil {
		fill(&b)
	}
	return b.Bytes()
}

// Unicast sends a message of the family to one port, which has not asked for it:
// its sequence number is 0. fill is as for Multicast. A family that was
// unregistered is ENOENT; for the rest see [Kernel.Unicast].
func (r *Registered) Unicast(port uint32, cmd uint8, fill func(b *wire.Builder)) error {
	msg, err := r.message(port, cmd, fill)
	if err != nil {
		return fmt.Errorf("simulated kernel: message to port %d: %w", port, err)
	}
	r.kernel.mu.RLock()
	err = r.gone()
	r.kernel.mu.RUnlock()
	if err != nil {
		return err
	}
	return r.kernel.Unicast(wire.Generic, port, msg)
}

// gone says why the kernel does not have the family any more. Kernel.mu is held.
func (r *Registered) gone() error {
	switch {
	case r.kernel.closed:
		return os.ErrClosed
	case r.kernel.genl.byID[r.id] != r:
		return fmt.Errorf("simulated kernel: family %s was unregistered: %w", r.spec.Name, netlink.ENOENT)
	}
	return nil
}

// HasListeners reports whether somebody has joined the group.
func (r *Registered) HasListeners(group string) bool {
	id, ok := r.GroupID(group)
	return ok && r.kernel.HasListeners(wire.Generic, id)
}

// head appends the generic netlink header.
func (r *Registered) head(b *wire.Builder, cmd uint8) {
	b.Raw([]byte{cmd, r.spec.Version, 0, 0})
}

// op finds an operation.
func (r *Registered) op(cmd uint8) *Op {
	for i := range r.spec.Ops {
		if r.spec.Ops[i].Cmd == cmd {
			return &r.spec.Ops[i]
		}
	}
	return nil
}

// genericDo is the kernel's side of NETLINK_GENERIC: it finds the family and the
// op, checks the request in the kernel's order, and runs the handler.
func (k *Kernel) genericDo(r *Request) error {
	k.mu.RLock()
	fam := k.genl.byID[uint16(r.head.Type)]
	k.mu.RUnlock()
	if fam == nil {
		return netlink.ENOENT
	}
	r.payload = wire.HeaderLen + genetlink.HeaderLen + fam.spec.HeaderLen
	if len(r.msg) < r.payload {
		return netlink.EINVAL
	}
	head := r.msg[wire.HeaderLen:]
	r.cmd, r.vers = head[0], head[1]
	if r.cmd >= fam.spec.ReservedFrom {
		// These texts are the kernel's own, to the letter: users see them, and
		// the tests compare what both answer.
		if head[2] != 0 || head[3] != 0 {
			r.ext.Text = "genlmsghdr.reserved field is not 0"
			return netlink.EINVAL
		}
		flags := r.head.Flags
		if flags.Has(wire.Dump) {
			flags &^= wire.Dump
		}
		if flags&^(wire.Request|wire.Ack|wire.Echo) != 0 {
			r.ext.Text = "ambiguous or reserved bits set in nlmsg_flags"
			return netlink.EINVAL
		}
	}
	op := fam.op(r.cmd)
	dump := r.head.Flags.Has(wire.Dump)
	if op == nil || dump && op.Dump == nil || !dump && op.Do == nil {
		return netlink.EOPNOTSUPP
	}
	if (op.AdminPerm || op.UnsAdminPerm) && !r.Privileged() {
		return netlink.EPERM
	}
	r.family, r.op = fam, op
	if !dump {
		if err := r.validate(fam.policy(op, false), !op.Liberal); err != nil {
			return err
		}
		return op.Do(r)
	}
	d := &DumpOp{Type: wire.Type(fam.id), Entries: op.Dump, DumpOptions: op.DumpOptions}
	d.Start = func(r *Request) error {
		if !op.UncheckedDump {
			if err := r.validate(fam.policy(op, true), !op.LiberalDump); err != nil {
				return err
			}
		}
		if op.Start != nil {
			return op.Start(r)
		}
		return nil
	}
	return r.startDump(d)
}

// policy is what holds for an op's requests; nil is no check at all.
func (r *Registered) policy(o *Op, dump bool) Policy {
	switch {
	case dump && o.DumpPolicy != nil:
		return o.DumpPolicy
	case o.Policy != nil:
		return o.Policy
	case r.spec.Policy != nil:
		return r.spec.Policy
	case o.Cmd >= r.spec.ReservedFrom:
		return rejectAll
	}
	return nil
}

// genericJoin guards the groups that need a right.
func (k *Kernel) genericJoin(group uint32, privileged bool) error {
	k.mu.RLock()
	defer k.mu.RUnlock()
	if fam := k.genl.groups[group]; fam != nil && !privileged && fam.spec.Groups[group-fam.firstGroup].AdminPerm {
		return netlink.EPERM
	}
	return nil
}
