package kmod

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nlkit/nlkit/ynl"
)

// plan is a module to be written: what of a spec it has, with the names in C.
type plan struct {
	spec   *ynl.Spec
	fam    string // what functions begin with
	source string // what it is generated from

	taken map[string]ynl.Pos // names of functions, types and constants, by what has them

	ops    []*opPlan
	notes  []*notePlan
	nests  []*setPlan // that requests have, each behind those in it where that can be
	puts   []*field   // that replies and notifications have
	walks  []*field   // that repeat in requests
	checks []*check   // functions and ranges of policies, in the order of the sets
	hooks  []hookPlan

	setOf   map[*ynl.AttrSet]*setPlan
	checkOf map[*ynl.Attr]*check
	putOf   map[*ynl.Attr]bool
	walkOf  map[*ynl.Attr]bool
	closed  map[*ynl.AttrSet]bool // sets whose attributes can all be put
	unfit   map[ynl.Problem]bool

	misnamed bool // names of the spec have no form in C, and all that is made of them

	header *ynl.Struct // the fixed header of all messages; may be nil

	problems []ynl.Problem
}

// opPlan is an operation that can be asked for.
type opPlan struct {
	op   *ynl.Op
	name string // identifier
	do   *modePlan
	dump *modePlan
	// union is the policy of both modes where they differ: older kernels have one
	// for a command.
	union *policyPlan
}

// modePlan is one way to ask for an operation.
type modePlan struct {
	op     *opPlan
	mode   *ynl.Mode
	isDump bool
	req    *requestPlan // nil where the handler gets none
	policy *policyPlan  // nil where the kernel checks nothing
	lax    bool         // attributes beyond the policy are ignored
	blind  bool         // the kernel does not check at all: the module has to
}

// requestPlan is the struct a handler gets.
type requestPlan struct {
	tag    string
	fields []*field
	shared bool // by do and dump
	owner  *modePlan
}

// large reports whether a request has no place on the stack.
func (r *requestPlan) large() bool {
	const stack = 256 // bytes; that of the kernel is 16 KiB for all that is called
	n := 32
	for _, f := range r.fields {
		n += f.size
	}
	return n > stack
}

// policyPlan is an array of a policy.
type policyPlan struct {
	name   string
	fields []*field
	pos    ynl.Pos
}

// notePlan is a notification.
type notePlan struct {
	op    *ynl.Op
	name  string
	msg   *ynl.Message
	attrs []*ynl.Attr
}

// hookPlan is a function of the author that is called around a handler.
type hookPlan struct {
	name       string
	post, dump bool
	ops        []string
	pos        ynl.Pos
}

// setPlan is a set of attributes that lies in requests.
type setPlan struct {
	set    *ynl.AttrSet
	name   string // of its functions
	tag    string // of its struct
	fields []*field
	policy *policyPlan
	cond   []string // configurations of the operations that use it; "" is always
}

// problem notes what has no form in a kernel module.
func (p *plan) problem(pos ynl.Pos, format string, args ...any) {
	x := ynl.Problem{Pos: pos, Text: fmt.Sprintf(format, args...)}
	if p.unfit == nil {
		p.unfit = map[ynl.Problem]bool{}
	}
	if !p.unfit[x] {
		p.unfit[x] = true
		p.problems = append(p.problems, x)
	}
}

// claim takes a name of C.
func (p *plan) claim(pos ynl.Pos, name string) string {
	if !isIdent(name) || name[0] >= '0' && name[0] <= '9' {
		if p.misnamed {
			return name // of what was complained about already
		}
		p.problem(pos, "becomes %q in C, which is no name there: letters, digits, - and _ are", name)
		return name
	}
	if at, taken := p.taken[name]; taken {
		p.problem(pos, "becomes %s in C, a name that what stands at %s has already: rename one of them", name, at)
	}
	p.taken[name] = pos
	return name
}

// claimFree takes the first of some names that is free.
func (p *plan) claimFree(pos ynl.Pos, names ...string) string {
	for _, name := range names {
		if _, taken := p.taken[name]; !taken {
			return p.claim(pos, name)
		}
	}
	return p.claim(pos, names[0])
}

// build finds all that the module has, starting from the operations.
func (p *plan) build() {
	p.taken = map[string]ynl.Pos{}
	p.setOf = map[*ynl.AttrSet]*setPlan{}
	p.checkOf = map[*ynl.Attr]*check{}
	p.putOf = map[*ynl.Attr]bool{}
	p.walkOf = map[*ynl.Attr]bool{}
	p.closed = map[*ynl.AttrSet]bool{}
	p.fam = ident(p.spec.Name)
	if !p.checkSpec() {
		return
	}
	for _, name := range []string{"setup", "start", "stop", "teardown", "init", "exit", "family", "ops", "groups", "put_hdr"} {
		p.taken[p.fam+"_"+name] = ynl.Pos{File: "the generator"}
	}
	p.claimConstants()
	p.findHeader()
	for _, op := range p.spec.Ops {
		p.findOp(op)
	}
	p.findUnions()
	p.claimPuts()
	p.orderChecks()
	p.sortProblems()
}

func (p *plan) sortProblems() {
	slices.SortStableFunc(p.problems, func(a, b ynl.Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
}

func (p *plan) findOp(op *ynl.Op) {
	switch {
	case op.IsReserved():
	case op.IsAsync():
		n := &notePlan{op: op, name: ident(op.Name), msg: op.Event}
		if op.Notify != nil {
			for _, m := range []*ynl.Mode{op.Notify.Do, op.Notify.Dump} {
				if m != nil && m.Reply != nil && n.msg == nil {
					n.msg = m.Reply
				}
			}
		}
		if op.Group != "" && p.spec.Group(op.Group) == nil {
			p.problem(op.Pos, "operation %s is sent to the group %s, which the spec does not have", op.Name, op.Group)
		}
		if n.msg != nil {
			n.attrs = n.msg.Attrs
			p.findMessage(n.msg, "operation "+op.Name)
			p.findPuts(n.msg.Attrs)
		}
		if op.Group != "" || len(p.spec.Groups) > 0 {
			p.claim(op.Pos, p.fam+"_notify_"+n.name)
		}
		p.claim(op.Pos, p.fam+"_send_"+n.name)
		p.notes = append(p.notes, n)
	default:
		o := &opPlan{op: op, name: ident(op.Name)}
		if op.Do != nil {
			o.do = p.findMode(o, op.Do, false)
			p.claim(op.Pos, p.fam+"_do_"+o.name)
			p.claim(op.Pos, p.fam+"_"+o.name+"_doit")
		}
		if op.Dump != nil {
			o.dump = p.findMode(o, op.Dump, true)
			p.claim(op.Pos, p.fam+"_dump_"+o.name)
			for _, inner := range []string{"it", "_start", "_entry", "_done"} {
				p.claim(op.Pos, p.fam+"_"+o.name+"_dump"+inner)
			}
			if op.Dump.Reply == nil {
				p.problem(op.Dump.Pos, "the dump of %s has no reply, which has no form in a module", op.Name)
			}
		}
		p.findRequests(o)
		p.ops = append(p.ops, o)
	}
}

// findMode finds what a mode sends and gets; its struct comes later, since do and
// dump may share one.
func (p *plan) findMode(o *opPlan, mode *ynl.Mode, dump bool) *modePlan {
	m := &modePlan{op: o, mode: mode, isDump: dump}
	for _, flag := range o.op.DontValidate {
		switch flag {
		case "strict":
			m.lax = m.lax || !dump
		case "dump-strict":
			m.lax = m.lax || dump
		case "dump":
			m.blind = m.blind || dump
		}
	}
	what := "operation " + o.op.Name
	p.findMessage(mode.Request, what)
	p.findMessage(mode.Reply, what)
	if mode.Reply != nil {
		p.findPuts(mode.Reply.Attrs)
	}
	for _, h := range []struct {
		name string
		post bool
	}{{mode.Pre, false}, {mode.Post, true}} {
		if h.name != "" {
			p.findHook(mode.Pos, h.name, h.post, dump, o.op.Name)
		}
	}
	return m
}

// findHook notes a hook, which several operations may have.
func (p *plan) findHook(pos ynl.Pos, name string, post, dump bool, op string) {
	if !isIdent(ident(name)) {
		p.problem(pos, "the hook %q is no name in C: letters, digits, - and _ are", name)
		return
	}
	fn := p.hook(name)
	for i := range p.hooks {
		h := &p.hooks[i]
		if h.name != fn {
			continue
		}
		if h.post != post || h.dump != dump {
			p.problem(pos, "the hook %s is used in two ways (pre and post, do and dump), which have different forms: give them different names", name)
		}
		h.ops = append(h.ops, op)
		return
	}
	p.claim(pos, fn)
	p.hooks = append(p.hooks, hookPlan{name: fn, post: post, dump: dump, ops: []string{op}, pos: pos})
}

// findMessage looks for what is wrong with a message's list.
func (p *plan) findMessage(m *ynl.Message, what string) {
	if m == nil {
		return
	}
	for _, u := range m.Unknown {
		p.problem(u.Pos, "%s lists the attribute %s, which its set does not have", what, u.Name)
	}
}

// findRequests plans the structs and policies of an operation.
func (p *plan) findRequests(o *opPlan) {
	fields := func(m *modePlan) []*field {
		if m == nil || m.mode.Request == nil {
			return nil
		}
		return p.fields(m.mode.Request.Attrs, true)
	}
	do, dump := fields(o.do), fields(o.dump)
	for _, f := range slices.Concat(do, dump) {
		p.findRead(f, o.op.ConfigCond)
	}
	base := p.fam + "_" + o.name
	header := p.header != nil
	switch {
	case o.do != nil && o.dump != nil && sameFields(do, dump):
		if len(do) > 0 || header {
			r := &requestPlan{tag: p.claim(o.op.Pos, base+"_req"), fields: do, shared: true, owner: o.do}
			o.do.req, o.dump.req = r, r
		}
	default:
		if o.do != nil && (len(do) > 0 || header) {
			o.do.req = &requestPlan{tag: p.claim(o.op.Pos, base+"_req"), fields: do, owner: o.do}
		}
		if o.dump != nil && (len(dump) > 0 || header) {
			tag := base + "_dump_req"
			if o.do == nil {
				tag = base + "_req"
			}
			o.dump.req = &requestPlan{tag: p.claim(o.op.Pos, tag), fields: dump, owner: o.dump}
		}
	}
	p.findPolicies(o, do, dump)
}

func sameFields(a, b []*field) bool {
	return slices.EqualFunc(a, b, func(x, y *field) bool { return x.attr.ID == y.attr.ID })
}

// requestAttrs are the attributes a request may have.
func requestAttrs(m *ynl.Mode) []*ynl.Attr {
	if m.Request == nil {
		return nil
	}
	return m.Request.Attrs
}
