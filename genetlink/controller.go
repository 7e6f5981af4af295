package genetlink

import (
	"context"
	"errors"
	"strings"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// The controller, the family that knows the families (linux/genetlink.h).
const (
	// ControllerID is the number of nlctrl, the only one that is fixed
	// (GENL_ID_CTRL).
	ControllerID = 0x10
	// ControllerName is the controller's own family name.
	ControllerName = "nlctrl"
	// NotifyGroup is the name of the controller's multicast group, on which it
	// tells what families come and go.
	NotifyGroup = "notify"
)

// MaxNameLen is the longest name of a family or group, in bytes (GENL_NAMSIZ
// without the NUL).
const MaxNameLen = 15

// Commands of the controller. Today's kernels neither send nor answer CtrlNewOps,
// CtrlDelOps, CtrlGetOps and CtrlGetMcastGroup.
const (
	CtrlNewFamily     uint8 = 1
	CtrlDelFamily     uint8 = 2
	CtrlGetFamily     uint8 = 3
	CtrlNewOps        uint8 = 4
	CtrlDelOps        uint8 = 5
	CtrlGetOps        uint8 = 6
	CtrlNewMcastGroup uint8 = 7
	CtrlDelMcastGroup uint8 = 8
	CtrlGetMcastGroup uint8 = 9
	CtrlGetPolicy     uint8 = 10
)

// Attributes of the controller's messages, and of the nests in them.
const (
	CtrlAttrFamilyID    uint16 = 1  // u16
	CtrlAttrFamilyName  uint16 = 2  // text
	CtrlAttrVersion     uint16 = 3  // u32
	CtrlAttrHdrSize     uint16 = 4  // u32
	CtrlAttrMaxAttr     uint16 = 5  // u32
	CtrlAttrOps         uint16 = 6  // list
	CtrlAttrMcastGroups uint16 = 7  // list
	CtrlAttrPolicy      uint16 = 8  // nest: by set, by attribute
	CtrlAttrOpPolicy    uint16 = 9  // nest: by op
	CtrlAttrOp          uint16 = 10 // u32

	// Of each entry of CtrlAttrOps.
	CtrlAttrOpID    uint16 = 1 // u32
	CtrlAttrOpFlags uint16 = 2 // u32

	// Of each entry of CtrlAttrMcastGroups.
	CtrlAttrMcastName uint16 = 1 // text
	CtrlAttrMcastID   uint16 = 2 // u32

	// Of each entry of CtrlAttrOpPolicy.
	CtrlAttrPolicyDo   uint16 = 1 // u32: index of a set
	CtrlAttrPolicyDump uint16 = 2 // u32: index of a set
)

// ctrlVersion is the version requests to the controller carry. No controller
// has ever looked at it.
const ctrlVersion = 1

// controllerNames are those of the kernel's own specification of nlctrl.
var controllerNames = Names{
	CtrlAttrFamilyID:    {Name: "family-id"},
	CtrlAttrFamilyName:  {Name: "family-name"},
	CtrlAttrVersion:     {Name: "version"},
	CtrlAttrHdrSize:     {Name: "hdrsize"},
	CtrlAttrMaxAttr:     {Name: "maxattr"},
	CtrlAttrOps:         {Name: "ops"},
	CtrlAttrMcastGroups: {Name: "mcast-groups"},
	CtrlAttrPolicy:      {Name: "policy"},
	CtrlAttrOpPolicy:    {Name: "op-policy"},
	CtrlAttrOp:          {Name: "op"},
}

func beginCtrl(b *wire.Builder, cmd uint8) {
	Begin(b, ControllerID, 0, Header{Cmd: cmd, Version: ctrlVersion}, nil)
}

// getFamily asks the controller for a family by name or, if that is empty, by
// number. One that does not exist is an *UnknownFamilyError without near names.
//
// Asked by name, the kernel tries to load a module that offers the family, for
// unprivileged callers as well.
func getFamily(ctx context.Context, nl *netlink.Conn, name string, id uint16) (*Family, error) {
	unknown := &UnknownFamilyError{Name: name, ID: id}
	if id == 0 && !validName(name) {
		return nil, unknown
	}
	var b wire.Builder
	beginCtrl(&b, CtrlGetFamily)
	if name != "" {
		b.Text(CtrlAttrFamilyName, name)
	} else {
		b.Uint16(CtrlAttrFamilyID, id)
	}
	req, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	var f *Family
	_, err = nl.Do(ctx, req, func(m wire.Message) error {
		g, err := Parse(m, 0)
		if err == nil {
			f, err = ParseFamily(g.Attrs)
		}
		return err
	})
	switch {
	case errors.Is(err, netlink.ENOENT):
		return nil, unknown
	case err != nil:
		return nil, named(err, "nlctrl getfamily", req)
	case f == nil:
		return nil, errors.New("nlctrl getfamily: acknowledged, but no family in the reply")
	case name != "" && f.Name != name || name == "" && f.ID != id:
		return nil, errors.New("nlctrl getfamily: the reply is about another family, " + f.Name)
	}
	return f, nil
}

// validName reports whether a family can have that name at all. The kernel
// answers EINVAL or ERANGE to the others.
func validName(name string) bool {
	return name != "" && len(name) <= MaxNameLen && strings.IndexByte(name, 0) < 0
}

// getFamilies dumps all families.
func getFamilies(ctx context.Context, nl *netlink.Conn) ([]*Family, error) {
	var b wire.Builder
	beginCtrl(&b, CtrlGetFamily)
	req, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	var all []*Family
	for m, err := range nl.Dump(ctx, req) {
		var f *Family
		if err == nil {
			var g Message
			if g, err = Parse(m, 0); err == nil {
				f, err = ParseFamily(g.Attrs)
			}
		}
		if err != nil {
			return nil, named(err, "nlctrl getfamily dump", req)
		}
		all = append(all, f)
	}
	return all, nil
}

// getPolicies dumps the policies of a family, of one op or of all.
func getPolicies(ctx context.Context, nl *netlink.Conn, name string, op uint32, hasOp bool) (*Policies, error) {
	if !validName(name) {
		return nil, &UnknownFamilyError{Name: name}
	}
	var b wire.Builder
	beginCtrl(&b, CtrlGetPolicy)
	b.Text(CtrlAttrFamilyName, name)
	if hasOp {
		b.Uint32(CtrlAttrOp, op)
	}
	req, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	p := &Policies{}
	for m, err := range nl.Dump(ctx, req) {
		if err == nil {
			var g Message
			if g, err = Parse(m, 0); err == nil {
				err = p.Add(g.Attrs)
			}
		}
		switch {
		case err == nil:
		case noPolicy(err):
			return p, nil
		case familyGone(err):
			// Without extended ACKs an unknown op looks the same.
			if _, ferr := getFamily(ctx, nl, name, 0); ferr != nil {
				return nil, ferr
			}
			return nil, named(err, "nlctrl getpolicy", req)
		default:
			return nil, named(err, "nlctrl getpolicy", req)
		}
	}
	switch {
	case !p.hasNameless():
	case hasOp:
		p.nameDumps([]Op{{ID: op, Flags: CanDump | HasPolicy}})
	default:
		f, err := getFamily(ctx, nl, name, 0)
		if err != nil {
			return nil, err
		}
		p.nameDumps(f.Ops)
	}
	return p, nil
}

// familyGone reports whether an error may mean that the family is unknown: the
// kernel says so with ENOENT and nothing else. A family that has an ENOENT of
// its own to report often says more, but need not. A dump is refused with
// EPROTONOSUPPORT while the family's module is on its way out (__netlink_dump_start
// of Linux, seen on 6.12 with modules that were unloaded under load).
func familyGone(err error) bool {
	e, ok := errors.AsType[*netlink.Error](err)
	return ok && (e.Errno == netlink.ENOENT || e.Errno == netlink.EPROTONOSUPPORT) && e.IsZero()
}

// named puts the names of the operation and of attributes into an error of the
// kernel about a request to the controller.
func named(err error, op string, req []byte) error {
	if e, ok := errors.AsType[*netlink.Error](err); ok {
		e.Op = op
		controllerNames.Explain(e, req, 0)
	}
	return err
}
