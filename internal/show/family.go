package show

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
)

// Kernel is what the running kernel says of a family.
type Kernel struct {
	Family *genetlink.Family // nil where the kernel does not have it
	Do     Policy            // of the operation that is shown
	Dump   Policy
}

// Policy is what the kernel accepts as the attributes of a request.
type Policy struct {
	Known bool // it told
	Attrs []client.AttrPolicy
}

// Family writes what a family has. from says where the spec is; kernel is nil
// where it was not asked.
func Family(w io.Writer, s *ynl.Spec, from string, kernel *Kernel, o Options) error {
	p := newPage(o)
	p.heading("%s", title(s))
	if d := sentence(s.Doc); d != "" {
		p.wrap("  ", 2, d, "")
	}
	p.wrap("  ", 2, kernelText(s, kernel), "")
	p.wrap("  ", 2, "spec: "+from, "")

	var requests, others []row
	for _, op := range s.Ops {
		switch {
		case op.IsReserved():
		case op.IsAsync():
			others = append(others, row{name: op.Name, number: strconv.Itoa(int(op.ID)), text: asyncText(op), doc: sentence(op.Doc)})
		default:
			r := row{name: op.Name, number: numbers(s, op), text: modes(op), doc: sentence(op.Doc)}
			if missing(kernel, op) {
				r.kernel = "does not have it"
			}
			requests = append(requests, r)
		}
	}
	p.table("operations", requests)
	p.table("notifications and events", others)
	var groups []row
	for _, g := range s.Groups {
		r := row{name: g.Name}
		if g.ID != 0 {
			r.number = strconv.FormatUint(uint64(g.ID), 10)
		}
		if kernel != nil && kernel.Family != nil {
			if k, ok := kernel.Family.Group(g.Name); ok {
				r.number = strconv.FormatUint(uint64(k.ID), 10)
			} else {
				r.kernel = "does not have it"
			}
		}
		r.text = strings.Join(rights(g.AdminPerm, g.UnsAdminPerm), ", ")
		groups = append(groups, r)
	}
	p.table("groups", groups)

	var parts []string
	for _, set := range s.Sets {
		parts = append(parts, set.Name)
	}
	p.names("attribute sets", parts)
	parts = nil
	for _, m := range s.SubMessages {
		parts = append(parts, m.Name)
	}
	p.names("sub-messages", parts)
	parts = nil
	for _, e := range s.Enums {
		parts = append(parts, e.Name)
	}
	p.names("enums and flags", parts)
	parts = nil
	for _, st := range s.Structs {
		parts = append(parts, st.Name)
	}
	p.names("structs", parts)
	return p.flush(w)
}

func (p *page) table(title string, rows []row) {
	if len(rows) > 0 {
		p.heading("%s: %d", title, len(rows))
		p.rows(rows, 1)
	}
}

func (p *page) names(title string, names []string) {
	if len(names) > 0 {
		p.heading("%s: %d", title, len(names))
		p.wrap("  ", 2, strings.Join(names, " "), "")
	}
}

// title says what kind of family it is.
func title(s *ynl.Spec) string {
	if s.IsRaw() {
		return fmt.Sprintf("%s: protocol %v (%d)", s.Name, s.Protocol, uint8(s.Protocol))
	}
	return fmt.Sprintf("%s: generic netlink family", s.Name)
}

// kernelText says whether the kernel has the family.
func kernelText(s *ynl.Spec, k *Kernel) string {
	switch {
	case s.IsRaw():
		return "kernel: does not tell of protocols"
	case k == nil:
		return "kernel: was not asked"
	case k.Family == nil:
		return "kernel: does not have it"
	}
	return fmt.Sprintf("kernel: has it with id %d, version %d", k.Family.ID, k.Family.Version)
}

// missing reports whether a kernel that has the family lacks an operation.
func missing(k *Kernel, op *ynl.Op) bool {
	if k == nil || k.Family == nil {
		return false
	}
	for _, m := range []*ynl.Mode{op.Do, op.Dump} {
		if m != nil {
			if _, ok := k.Family.Op(uint32(m.RequestID)); ok {
				return false
			}
		}
	}
	return true
}

// numbers writes an operation's numbers: one where all are alike, else those of
// the request and the reply, and of the dump where it has its own.
func numbers(s *ynl.Spec, op *ynl.Op) string {
	one := func(m *ynl.Mode) string {
		if m.Reply == nil || m.ReplyID == m.RequestID {
			return strconv.Itoa(int(m.RequestID))
		}
		return fmt.Sprintf("%d>%d", m.RequestID, m.ReplyID)
	}
	switch {
	case op.Do == nil && op.Dump == nil:
		return strconv.Itoa(int(op.ID))
	case op.Do == nil:
		return one(op.Dump)
	case op.Dump == nil, !s.Directional, one(op.Do) == one(op.Dump):
		return one(op.Do)
	}
	return one(op.Do) + ", dump " + one(op.Dump)
}

// modes says how an operation can be asked for, and by whom.
func modes(op *ynl.Op) string {
	var out []string
	if op.Do != nil {
		out = append(out, "do")
	}
	if op.Dump != nil {
		out = append(out, "dump")
	}
	out = append(out, rights(op.AdminPerm, op.UnsAdminPerm)...)
	if op.ConfigCond != "" {
		out = append(out, "with CONFIG_"+strings.ToUpper(strings.ReplaceAll(op.ConfigCond, "-", "_")))
	}
	return strings.Join(out, ", ")
}

func rights(admin, unsAdmin bool) []string {
	switch {
	case admin:
		return []string{"root (admin-perm)"}
	case unsAdmin:
		return []string{"root of the namespace (uns-admin-perm)"}
	}
	return nil
}

// asyncText says what a notification or event is.
func asyncText(op *ynl.Op) string {
	text := "event"
	if op.Notify != nil {
		text = "as " + op.Notify.Name + " replies"
	}
	if op.Group != "" {
		text += ", to group " + op.Group
	}
	return text
}
