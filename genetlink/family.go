package genetlink

import (
	"fmt"
	"math"

	"github.com/nlkit/nlkit/wire"
)

// Family is what the controller tells about a generic netlink family. Those
// that a [Conn] returns are shared and must not be changed.
type Family struct {
	ID        uint16 // the message type of the family's messages; another one after each registration
	Name      string
	Version   uint32
	HeaderLen uint32  // bytes of the user header (hdrsize), 0 for most families
	MaxAttr   uint32  // largest attribute number; 0 where it differs from op to op
	Ops       []Op    // in the kernel's order
	Groups    []Group // in the kernel's order
}

// Op is one operation of a family.
type Op struct {
	ID    uint32 // the command, Header.Cmd
	Flags OpFlags
}

// Group is one multicast group of a family.
type Group struct {
	Name string
	ID   uint32 // allotted by the kernel at registration; often above 32
}

// Op returns the operation with the given command.
func (f *Family) Op(id uint32) (Op, bool) {
	for _, o := range f.Ops {
		if o.ID == id {
			return o, true
		}
	}
	return Op{}, false
}

// Group returns the multicast group of the given name.
func (f *Family) Group(name string) (Group, bool) {
	for _, g := range f.Groups {
		if g.Name == name {
			return g, true
		}
	}
	return Group{}, false
}

// maxHeaderLen bounds the user header that is believed. The largest there is
// has a few bytes; the number decides how many bytes a request is filled with.
const maxHeaderLen = 1 << 12

// ParseFamily decodes the attributes of a controller message that describes a
// family: the reply to CTRL_CMD_GETFAMILY or a notification. All is copied.
// Attributes it does not know are skipped. Bytes that are malformed, or that
// lack the family's number or name, are an error.
func ParseFamily(attrs []byte) (*Family, error) {
	f := &Family{}
	hasID := false
	for a, err := range wire.Attrs(attrs) {
		if err == nil {
			hasID = hasID || a.Type() == CtrlAttrFamilyID
			err = f.set(a)
		}
		if err != nil {
			return nil, fmt.Errorf("description of a generic netlink family: %w", err)
		}
	}
	switch {
	case !hasID:
		return nil, fmt.Errorf("description of generic netlink family %q: the number is missing", f.Name)
	case f.Name == "":
		return nil, fmt.Errorf("description of generic netlink family %d: the name is missing", f.ID)
	case f.HeaderLen > maxHeaderLen:
		return nil, fmt.Errorf("description of generic netlink family %q: a user header of %d bytes is not credible", f.Name, f.HeaderLen)
	}
	return f, nil
}

func (f *Family) set(a wire.Attr) (err error) {
	switch a.Type() {
	case CtrlAttrFamilyID:
		f.ID, err = a.Uint16()
	case CtrlAttrFamilyName:
		f.Name = a.Text()
	case CtrlAttrVersion:
		f.Version, err = a.Uint32()
	case CtrlAttrHdrSize:
		f.HeaderLen, err = a.Uint32()
	case CtrlAttrMaxAttr:
		f.MaxAttr, err = a.Uint32()
	case CtrlAttrOps:
		f.Ops, err = parseOps(a)
	case CtrlAttrMcastGroups:
		f.Groups, err = parseGroups(a)
	}
	return err
}

func parseOps(list wire.Attr) ([]Op, error) {
	var ops []Op
	for entry, err := range list.Attrs() {
		if err != nil {
			return nil, err
		}
		var o Op
		hasID := false
		for a, err := range entry.Attrs() {
			if err != nil {
				return nil, err
			}
			switch a.Type() {
			case CtrlAttrOpID:
				hasID = true
				o.ID, err = a.Uint32()
			case CtrlAttrOpFlags:
				var v uint32
				v, err = a.Uint32()
				o.Flags = OpFlags(v)
			}
			if err != nil {
				return nil, err
			}
		}
		if !hasID {
			return nil, fmt.Errorf("operation %d of the list has no number", entry.Type())
		}
		ops = append(ops, o)
	}
	return ops, nil
}

func parseGroups(list wire.Attr) ([]Group, error) {
	var groups []Group
	for entry, err := range list.Attrs() {
		if err != nil {
			return nil, err
		}
		var g Group
		for a, err := range entry.Attrs() {
			if err != nil {
				return nil, err
			}
			switch a.Type() {
			case CtrlAttrMcastName:
				g.Name = a.Text()
			case CtrlAttrMcastID:
				g.ID, err = a.Uint32()
			}
			if err != nil {
				return nil, err
			}
		}
		if g.ID == 0 {
			return nil, fmt.Errorf("multicast group %d of the list has no number", entry.Type())
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// Append appends the attributes that describe f, in the kernel's order and
// form: what an emulated controller replies and what [ParseFamily] reads.
// Empty lists are left out, as the kernel does.
func (f *Family) Append(b *wire.Builder) {
	b.Text(CtrlAttrFamilyName, f.Name)
	b.Uint16(CtrlAttrFamilyID, f.ID)
	b.Uint32(CtrlAttrVersion, f.Version)
	b.Uint32(CtrlAttrHdrSize, f.HeaderLen)
	b.Uint32(CtrlAttrMaxAttr, f.MaxAttr)
	if len(f.Ops) > 0 {
		ops := b.NestPlain(CtrlAttrOps)
		for i, o := range f.Ops {
			entry := b.NestPlain(index(i))
			b.Uint32(CtrlAttrOpID, o.ID)
			b.Uint32(CtrlAttrOpFlags, uint32(o.Flags))
			b.End(entry)
		}
		b.End(ops)
	}
	if len(f.Groups) > 0 {
		groups := b.NestPlain(CtrlAttrMcastGroups)
		for i, g := range f.Groups {
			entry := b.NestPlain(index(i))
			b.Uint32(CtrlAttrMcastID, g.ID)
			b.Text(CtrlAttrMcastName, g.Name)
			b.End(entry)
		}
		b.End(groups)
	}
}

// index is the attribute number of list entry i: they count from 1. A list
// that long cannot be built: an attribute holds 65535 bytes.
func index(i int) uint16 { return uint16(min(i+1, math.MaxUint16)) & wire.AttrTypeMask }
