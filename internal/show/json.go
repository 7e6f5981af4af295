package show

import (
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
)

// FamilyJSON is what [Family] writes, for programs.
type FamilyJSON struct {
	Family   string      `json:"family"`
	Spec     string      `json:"spec"` // where it is
	Protocol uint8       `json:"protocol"`
	Raw      bool        `json:"raw"`
	ID       uint16      `json:"id,omitempty"` // in this kernel
	Kernel   *bool       `json:"in-kernel,omitempty"`
	Ops      []OpJSON    `json:"ops"`
	Groups   []GroupJSON `json:"groups"`
	Sets     []string    `json:"attribute-sets"`
	SubMsgs  []string    `json:"sub-messages,omitempty"`
	Enums    []string    `json:"enums"`
	Structs  []string    `json:"structs"`
}

// OpJSON is an operation.
type OpJSON struct {
	Name   string    `json:"name"`
	Set    string    `json:"attribute-set,omitempty"`
	Header string    `json:"header,omitempty"` // the struct in front of the attributes
	Do     *ModeJSON `json:"do,omitempty"`
	Dump   *ModeJSON `json:"dump,omitempty"`
	ID     *uint16   `json:"id,omitempty"` // of a notification or event
	Notify string    `json:"notify,omitempty"`
	Event  []string  `json:"event,omitempty"`
	Group  string    `json:"group,omitempty"`
	Flags  []string  `json:"flags,omitempty"`
	Kernel *bool     `json:"in-kernel,omitempty"`
}

// ModeJSON is one way to ask for an operation.
type ModeJSON struct {
	RequestID uint16       `json:"request-id"`
	ReplyID   *uint16      `json:"reply-id,omitempty"`
	Request   []string     `json:"request"`
	Reply     []string     `json:"reply,omitempty"`
	Policy    []PolicyJSON `json:"policy,omitempty"` // of the kernel, with one operation only
}

// PolicyJSON is what the kernel accepts as one attribute.
type PolicyJSON struct {
	Name   string       `json:"name"`
	ID     uint16       `json:"id"`
	Policy string       `json:"policy"`
	Inside []PolicyJSON `json:"inside,omitempty"`
}

// GroupJSON is a multicast group.
type GroupJSON struct {
	Name string `json:"name"`
	ID   uint32 `json:"id,omitempty"`
}

// PartsJSON is an operation or another part of a family, with all that it refers
// to, by name.
type PartsJSON struct {
	Family  string                  `json:"family"`
	Op      *OpJSON                 `json:"op,omitempty"`
	Sets    map[string][]AttrJSON   `json:"attribute-sets,omitempty"`
	SubMsgs map[string][]FormatJSON `json:"sub-messages,omitempty"`
	Enums   map[string]EnumJSON     `json:"enums,omitempty"`
	Structs map[string]StructJSON   `json:"structs,omitempty"`
}

// AttrJSON is an attribute.
type AttrJSON struct {
	Name      string            `json:"name"`
	ID        uint16            `json:"id"`
	Type      string            `json:"type"`
	SubType   string            `json:"sub-type,omitempty"`
	Multi     bool              `json:"multi-attr,omitempty"`
	ByteOrder string            `json:"byte-order,omitempty"`
	Hint      string            `json:"display-hint,omitempty"`
	Enum      string            `json:"enum,omitempty"`
	Bits      bool              `json:"bits,omitempty"`
	Nested    string            `json:"nested-attributes,omitempty"`
	Struct    string            `json:"struct,omitempty"`
	SubMsg    string            `json:"sub-message,omitempty"`
	Selector  string            `json:"selector,omitempty"`
	TypeValue []string          `json:"type-value,omitempty"`
	Checks    map[string]string `json:"checks,omitempty"`
}

// FormatJSON is a format of a sub-message.
type FormatJSON struct {
	Value  string `json:"value"`
	Header string `json:"header,omitempty"`
	Set    string `json:"attribute-set,omitempty"`
}

// EnumJSON is an enum, or flags: then values are numbers of bits.
type EnumJSON struct {
	Flags   bool        `json:"flags"`
	Entries []EntryJSON `json:"entries"`
}

// EntryJSON is an entry of an enum.
type EntryJSON struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// StructJSON is a struct.
type StructJSON struct {
	Size    int          `json:"size"`
	Members []MemberJSON `json:"members"`
}

// MemberJSON is a member of a struct.
type MemberJSON struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	Offset    int    `json:"offset"`
	Size      int    `json:"size"`
	ByteOrder string `json:"byte-order,omitempty"`
	Hint      string `json:"display-hint,omitempty"`
	Enum      string `json:"enum,omitempty"`
	Bits      bool   `json:"bits,omitempty"`
	Struct    string `json:"struct,omitempty"`
}

// NewFamilyJSON makes what [Family] writes.
func NewFamilyJSON(s *ynl.Spec, from string, k *Kernel) FamilyJSON {
	out := FamilyJSON{
		Family: s.Name, Spec: from, Protocol: uint8(s.Protocol), Raw: s.IsRaw(),
		Ops: []OpJSON{}, Groups: []GroupJSON{}, Sets: []string{}, Enums: []string{}, Structs: []string{},
	}
	if k != nil {
		has := k.Family != nil
		out.Kernel = &has
		if has {
			out.ID = k.Family.ID
		}
	}
	for _, op := range s.Ops {
		if !op.IsReserved() {
			out.Ops = append(out.Ops, opJSON(op, k))
		}
	}
	for _, g := range s.Groups {
		j := GroupJSON{Name: g.Name, ID: g.ID}
		if k != nil && k.Family != nil {
			if live, ok := k.Family.Group(g.Name); ok {
				j.ID = live.ID
			}
		}
		out.Groups = append(out.Groups, j)
	}
	for _, set := range s.Sets {
		out.Sets = append(out.Sets, set.Name)
	}
	for _, m := range s.SubMessages {
		out.SubMsgs = append(out.SubMsgs, m.Name)
	}
	for _, e := range s.Enums {
		out.Enums = append(out.Enums, e.Name)
	}
	for _, st := range s.Structs {
		out.Structs = append(out.Structs, st.Name)
	}
	return out
}

func opJSON(op *ynl.Op, k *Kernel) OpJSON {
	out := OpJSON{Name: op.Name, Group: op.Group, Do: modeJSON(op.Do), Dump: modeJSON(op.Dump)}
	if op.Set != nil {
		out.Set = op.Set.Name
	}
	if op.Header != nil {
		out.Header = op.Header.Name
	}
	if op.IsAsync() {
		out.ID = &op.ID
	}
	if op.Notify != nil {
		out.Notify = op.Notify.Name
	}
	if op.Event != nil {
		out.Event = attrNames(op.Event)
	}
	if op.AdminPerm {
		out.Flags = append(out.Flags, "admin-perm")
	}
	if op.UnsAdminPerm {
		out.Flags = append(out.Flags, "uns-admin-perm")
	}
	if k != nil && k.Family != nil && !op.IsAsync() {
		has := !missing(k, op)
		out.Kernel = &has
	}
	return out
}

func modeJSON(m *ynl.Mode) *ModeJSON {
	if m == nil {
		return nil
	}
	out := &ModeJSON{RequestID: m.RequestID, Request: attrNames(m.Request)}
	if m.Reply != nil {
		out.ReplyID, out.Reply = &m.ReplyID, attrNames(m.Reply)
	}
	return out
}

func attrNames(m *ynl.Message) []string {
	out := []string{}
	if m != nil {
		for _, a := range m.Attrs {
			out = append(out, a.Name)
		}
	}
	return out
}

func policyJSON(attrs []client.AttrPolicy) []PolicyJSON {
	var out []PolicyJSON
	for _, a := range attrs {
		out = append(out, PolicyJSON{Name: a.Name, ID: a.ID, Policy: a.String(), Inside: policyJSON(a.Inside)})
	}
	return out
}

// NewOpJSON makes what [Op] writes.
func NewOpJSON(s *ynl.Spec, op *ynl.Op, k *Kernel) PartsJSON {
	out := PartsJSON{Family: s.Name}
	j := opJSON(op, k)
	if k != nil && j.Do != nil {
		j.Do.Policy = policyJSON(k.Do.Attrs)
	}
	if k != nil && j.Dump != nil {
		j.Dump.Policy = policyJSON(k.Dump.Attrs)
	}
	out.Op = &j
	out.structure(op.Header)
	out.set(op.Set)
	return out
}

// NewPartJSON makes what [Part] writes.
func NewPartJSON(s *ynl.Spec, name string) PartsJSON {
	out := PartsJSON{Family: s.Name}
	out.set(s.Set(name))
	out.subMessage(s.SubMessage(name))
	out.enum(s.Enum(name))
	out.structure(s.Struct(name))
	return out
}

func (p *PartsJSON) set(s *ynl.AttrSet) {
	if s == nil || p.Sets[s.Name] != nil {
		return
	}
	if p.Sets == nil {
		p.Sets = map[string][]AttrJSON{}
	}
	p.Sets[s.Name] = []AttrJSON{} // before what refers to it
	out := []AttrJSON{}
	for _, a := range s.Attrs {
		j := AttrJSON{
			Name: a.Name, ID: a.ID, Type: a.Type.String(), SubType: a.Sub.String(), Multi: a.Multi, ByteOrder: a.ByteOrder.String(),
			Hint: a.Hint.String(), Selector: a.Selector, TypeValue: a.TypeValue, Checks: checksJSON(&a.Checks),
		}
		if a.Enum != nil {
			j.Enum, j.Bits = a.Enum.Name, a.IsBits() || a.Type == ynl.Bitfield32
			p.enum(a.Enum)
		}
		if a.Nested != nil {
			j.Nested = a.Nested.Name
			p.set(a.Nested)
		}
		if a.Struct != nil {
			j.Struct = a.Struct.Name
			p.structure(a.Struct)
		}
		if a.SubMsg != nil {
			j.SubMsg = a.SubMsg.Name
			p.subMessage(a.SubMsg)
		}
		out = append(out, j)
	}
	p.Sets[s.Name] = out
}

func checksJSON(c *ynl.Checks) map[string]string {
	out := map[string]string{}
	for _, l := range []struct {
		name  string
		limit ynl.Limit
	}{{"min", c.Min}, {"max", c.Max}, {"min-len", c.MinLen}, {"max-len", c.MaxLen}, {"exact-len", c.ExactLen}} {
		if l.limit.Set {
			out[l.name] = l.limit.String()
		}
	}
	if c.FlagsMask != nil {
		out["flags-mask"] = c.FlagsMask.Name
	}
	if c.UnterminatedOK {
		out["unterminated-ok"] = "true"
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func (p *PartsJSON) subMessage(m *ynl.SubMessage) {
	if m == nil || p.SubMsgs[m.Name] != nil {
		return
	}
	if p.SubMsgs == nil {
		p.SubMsgs = map[string][]FormatJSON{}
	}
	p.SubMsgs[m.Name] = []FormatJSON{}
	out := []FormatJSON{}
	for _, f := range m.Formats {
		j := FormatJSON{Value: f.Value}
		if f.Header != nil {
			j.Header = f.Header.Name
			p.structure(f.Header)
		}
		if f.Set != nil {
			j.Set = f.Set.Name
			p.set(f.Set)
		}
		out = append(out, j)
	}
	p.SubMsgs[m.Name] = out
}

func (p *PartsJSON) enum(e *ynl.Enum) {
	if e == nil {
		return
	}
	if p.Enums == nil {
		p.Enums = map[string]EnumJSON{}
	}
	out := EnumJSON{Flags: e.IsFlags, Entries: []EntryJSON{}}
	for _, n := range e.Entries {
		out.Entries = append(out.Entries, EntryJSON{n.Name, int64(n.Value)})
	}
	p.Enums[e.Name] = out
}

func (p *PartsJSON) structure(s *ynl.Struct) {
	if s == nil {
		return
	}
	if p.Structs == nil {
		p.Structs = map[string]StructJSON{}
	}
	out := StructJSON{Size: s.Size, Members: []MemberJSON{}}
	for _, m := range s.Members {
		j := MemberJSON{Name: m.Name, Type: m.Type.String(), Offset: m.Offset, Size: m.Size, ByteOrder: m.ByteOrder.String(), Hint: m.Hint.String()}
		if m.Enum != nil {
			j.Enum, j.Bits = m.Enum.Name, m.IsBits()
			p.enum(m.Enum)
		}
		if m.Struct != nil {
			j.Struct = m.Struct.Name
			p.structure(m.Struct)
		}
		out.Members = append(out.Members, j)
	}
	p.Structs[s.Name] = out
}
