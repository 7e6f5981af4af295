package sim

import (
	"iter"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Commands of nlctrl (enum in linux/genetlink.h).
const (
	ctrlNewFamily uint8 = 1
	ctrlDelFamily uint8 = 2
	ctrlGetFamily uint8 = 3
	ctrlNewGroup  uint8 = 7
	ctrlDelGroup  uint8 = 8
	ctrlGetPolicy uint8 = 10
)

// Attributes of nlctrl.
const (
	ctrlAttrFamilyID   uint16 = 1
	ctrlAttrFamilyName uint16 = 2
	ctrlAttrVersion    uint16 = 3
	ctrlAttrHeaderLen  uint16 = 4
	ctrlAttrMaxAttr    uint16 = 5
	ctrlAttrOps        uint16 = 6
	ctrlAttrGroups     uint16 = 7
	ctrlAttrPolicy     uint16 = 8
	ctrlAttrOpPolicy   uint16 = 9
	ctrlAttrOp         uint16 = 10

	ctrlAttrOpID       uint16 = 1
	ctrlAttrOpFlags    uint16 = 2
	ctrlAttrGroupName  uint16 = 1
	ctrlAttrGroupID    uint16 = 2
	ctrlAttrPolicyDo   uint16 = 1
	ctrlAttrPolicyDump uint16 = 2
)

// Flags of an op as nlctrl tells them.
const (
	opAdminPerm    = 0x01
	opCanDo        = 0x02
	opCanDump      = 0x04
	opHasPolicy    = 0x08
	opUnsAdminPerm = 0x10
)

// ctrlGroup is the group that hears of families and groups that come and go.
const ctrlGroup = "notify"

// controller describes the family nlctrl.
func controller(k *Kernel) Family {
	family := Policy{
		ctrlAttrFamilyID:   {Kind: U16},
		ctrlAttrFamilyName: {Kind: NulString, Len: maxName},
	}
	policy := Policy{
		ctrlAttrFamilyID:   {Kind: U16},
		ctrlAttrFamilyName: {Kind: NulString, Len: maxName},
		ctrlAttrOp:         {Kind: U32},
	}
	return Family{
		Name: "nlctrl", Version: 2, ReservedFrom: ctrlGetPolicy + 1,
		Groups: []Group{{Name: ctrlGroup}},
		Ops: []Op{
			{
				Cmd: ctrlGetFamily, ReplyCmd: ctrlNewFamily, Policy: family,
				Liberal: true, // the Do only
				Do:      k.ctrlGetFamily, Dump: k.ctrlDumpFamilies,
			},
			{
				Cmd: ctrlGetPolicy, Policy: policy,
				Dump: ctrlDumpPolicy, DumpOptions: DumpOptions{Start: k.ctrlStartPolicy},
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
	if a, ok := r.Attr(ctrlAttrFamilyID); ok {
		id, _ := a.Uint16()
		fam, err = k.genl.byID[id], netlink.ENOENT
	}
	if a, ok := r.Attr(ctrlAttrFamilyName); ok {
		fam, err = k.genl.byName[a.Text()], netlink.ENOENT
	}
	if fam == nil {
		return nil, err
	}
	return fam, nil
}

func (k *Kernel) ctrlGetFamily(r *Request) error {
	fam, err := k.find(r, netlink.EINVAL)
	if err != nil {
		return err
	}
	return r.Reply(fam.describe)
}

func (k *Kernel) ctrlDumpFamilies(*Request) iter.Seq2[Entry, error] {
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

// describe appends what nlctrl tells of a family. The nests carry no mark and
// count from 1.
func (r *Registered) describe(b *wire.Builder) {
	f := &r.spec
	b.Text(ctrlAttrFamilyName, f.Name)
	b.Uint16(ctrlAttrFamilyID, r.id)
	b.Uint32(ctrlAttrVersion, uint32(f.Version))
	b.Uint32(ctrlAttrHeaderLen, uint32(f.HeaderLen))
	maxAttr := f.MaxAttr
	if maxAttr == 0 {
		maxAttr = f.Policy.max()
	}
	b.Uint32(ctrlAttrMaxAttr, uint32(maxAttr))
	if len(f.Ops) > 0 {
		ops := b.NestPlain(ctrlAttrOps)
		for i := range f.Ops {
			op := b.NestPlain(uint16(i + 1))
			b.Uint32(ctrlAttrOpID, uint32(f.Ops[i].Cmd))
			b.Uint32(ctrlAttrOpFlags, r.opFlags(&f.Ops[i]))
			b.End(op)
		}
		b.End(ops)
	}
	if len(f.Groups) > 0 {
		groups := b.NestPlain(ctrlAttrGroups)
		for i := range f.Groups {
			r.describeGroup(b, i, i+1)
		}
		b.End(groups)
	}
}

func (r *Registered) opFlags(o *Op) uint32 {
	var flags uint32
	set := func(on bool, bit uint32) {
		if on {
			flags |= bit
		}
	}
	set(o.AdminPerm, opAdminPerm)
	set(o.UnsAdminPerm, opUnsAdminPerm)
	set(o.Do != nil, opCanDo)
	set(o.Dump != nil, opCanDump)
	set(r.doPolicy(o) != nil || r.dumpPolicy(o) != nil, opHasPolicy)
	return flags
}

// describeGroup appends group i as entry index of a list.
func (r *Registered) describeGroup(b *wire.Builder, i, index int) {
	n := b.NestPlain(uint16(index))
	b.Uint32(ctrlAttrGroupID, r.firstGroup+uint32(i))
	b.Text(ctrlAttrGroupName, r.spec.Groups[i].Name)
	b.End(n)
}

// announce tells the group notify of a family, or of one of its groups. That
// nobody listens is no error.
func (k *Kernel) announce(fam *Registered, cmd uint8, group *int) {
	k.mu.RLock()
	ctrl := k.genl.byID[ctrlID]
	k.mu.RUnlock()
	if !ctrl.HasListeners(ctrlGroup) {
		return
	}
	ctrl.Multicast(ctrlGroup, cmd, func(b *wire.Builder) {
		if group == nil {
			fam.describe(b)
			return
		}
		b.Text(ctrlAttrFamilyName, fam.spec.Name)
		b.Uint16(ctrlAttrFamilyID, fam.id)
		groups := b.NestPlain(ctrlAttrGroups)
		fam.describeGroup(b, *group, 1)
		b.End(groups)
	})
}
