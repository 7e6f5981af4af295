package sim

import (
	"iter"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// controller describes the family nlctrl.
func controller(k *Kernel) Family {
	family := Policy{
		genetlink.CtrlAttrFamilyID:   {Kind: U16},
		genetlink.CtrlAttrFamilyName: {Kind: NulString, Len: genetlink.MaxNameLen},
	}
	policy := Policy{
		genetlink.CtrlAttrFamilyID:   {Kind: U16},
		genetlink.CtrlAttrFamilyName: {Kind: NulString, Len: genetlink.MaxNameLen},
		genetlink.CtrlAttrOp:         {Kind: U32},
	}
	return Family{
		Name: genetlink.ControllerName, Version: 2, ReservedFrom: genetlink.CtrlGetPolicy + 1,
		Groups: []Group{{Name: genetlink.NotifyGroup}},
		Ops: []Op{
			{
				Cmd: genetlink.CtrlGetFamily, ReplyCmd: genetlink.CtrlNewFamily, Policy: family,
				Liberal: true, // the Do only
				Do:      k.replyFamily, Dump: k.dumpFamilies,
			},
			{
				Cmd: genetlink.CtrlGetPolicy, Policy: policy,
				Dump: dumpPolicies, DumpOptions: DumpOptions{Start: k.startPolicies},
			},
		},
	}
}

// find looks the family up that a request names by id or name; both given, the
// name counts. missing is the error where it names none.
func (k *Kernel) find(r *Request, missing netlink.Errno) (*Registered, error) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	var fam *Registered
	err := missing
	if a, ok := r.Attr(genetlink.CtrlAttrFamilyID); ok {
		id, _ := a.Uint16()
		fam, err = k.genl.byID[id], netlink.ENOENT
	}
	if a, ok := r.Attr(genetlink.CtrlAttrFamilyName); ok {
		fam, err = k.genl.byName[a.Text()], netlink.ENOENT
	}
	if fam == nil {
		return nil, err
	}
	return fam, nil
}

func (k *Kernel) replyFamily(r *Request) error {
	fam, err := k.find(r, netlink.EINVAL)
	if err != nil {
		return err
	}
	return r.Reply(fam.describe)
}

func (k *Kernel) dumpFamilies(*Request) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		k.mu.RLock()
		families := k.genl.sorted()
		k.mu.RUnlock()
		for _, fam := range families {
			if !yield(fam.describe, nil) {
				return
			}
		}
	}
}

// describe appends what nlctrl tells of a family.
func (r *Registered) describe(b *wire.Builder) {
	f := genetlink.Family{
		ID: r.id, Name: r.spec.Name, Version: uint32(r.spec.Version), HeaderLen: uint32(r.spec.HeaderLen),
		MaxAttr: uint32(r.spec.MaxAttr),
	}
	if f.MaxAttr == 0 {
		f.MaxAttr = uint32(r.spec.Policy.max())
	}
	for i := range r.spec.Ops {
		o := &r.spec.Ops[i]
		f.Ops = append(f.Ops, genetlink.Op{ID: uint32(o.Cmd), Flags: r.opFlags(o)})
	}
	for i, g := range r.spec.Groups {
		f.Groups = append(f.Groups, genetlink.Group{Name: g.Name, ID: r.firstGroup + uint32(i)})
	}
	f.Append(b)
}

// describeGroup appends what nlctrl tells when group i comes or goes.
func (r *Registered) describeGroup(b *wire.Builder, i int) {
	b.Text(genetlink.CtrlAttrFamilyName, r.spec.Name)
	b.Uint16(genetlink.CtrlAttrFamilyID, r.id)
	groups := b.NestPlain(genetlink.CtrlAttrMcastGroups)
	one := b.NestPlain(1)
	b.Uint32(genetlink.CtrlAttrMcastID, r.firstGroup+uint32(i))
	b.Text(genetlink.CtrlAttrMcastName, r.spec.Groups[i].Name)
	b.End(one)
	b.End(groups)
}

func (r *Registered) opFlags(o *Op) (flags genetlink.OpFlags) {
	set := func(on bool, bit genetlink.OpFlags) {
		if on {
			flags |= bit
		}
	}
	set(o.AdminPerm, genetlink.AdminPerm)
	set(o.UnsAdminPerm, genetlink.UserNamespaceAdmin)
	set(o.Do != nil, genetlink.CanDo)
	set(o.Dump != nil, genetlink.CanDump)
	set(r.doPolicy(o) != nil || r.dumpPolicy(o) != nil, genetlink.HasPolicy)
	return flags
}

// announce tells the group notify of a family, or of one of its groups. That
// nobody listens is no error.
func (k *Kernel) announce(fam *Registered, cmd uint8, group *int) {
	k.mu.RLock()
	ctrl := k.genl.byID[genetlink.ControllerID]
	k.mu.RUnlock()
	if !ctrl.HasListeners(genetlink.NotifyGroup) {
		return
	}
	ctrl.Multicast(genetlink.NotifyGroup, cmd, func(b *wire.Builder) {
		if group == nil {
			fam.describe(b)
		} else {
			fam.describeGroup(b, *group)
		}
	})
}
