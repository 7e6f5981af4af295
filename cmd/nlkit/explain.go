package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/assign"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/text"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// explain adds to an error of a request what a person needs to go on: which
// argument it was, what the kernel would have taken, what is missing from it.
func (c *call) explain(err error, r client.Request, assigned *assign.Message, dump bool) error {
	if err == nil {
		return nil
	}
	if bad, ok := errors.AsType[*codec.Error](err); ok {
		return c.explainValue(bad, assigned)
	}
	if op, ok := errors.AsType[*client.UnknownOpError](err); ok {
		if len(op.Near) == 0 {
			return cli.Usagef("%w; \"nlkit show %s\" names its operations", op, c.spec.Name)
		}
		return &cli.UsageError{Err: op}
	}
	if mode, ok := errors.AsType[*client.ModeError](err); ok {
		return &cli.UsageError{Err: mode}
	}
	if kernel, ok := errors.AsType[*netlink.Error](err); ok {
		c.tracer.End() // the kernel is asked why, which nobody wants to see
		return c.explainKernel(kernel, r, dump)
	}
	return c.absent(err)
}

// explainValue names the argument that a value came from.
func (c *call) explainValue(bad *codec.Error, assigned *assign.Message) error {
	if assigned != nil {
		if arg := assigned.Blame(bad.Path); arg != "" {
			return cli.Usagef("%q: %w", arg, bad)
		}
	}
	return &cli.UsageError{Err: bad}
}

// kernelError is a refusal in the words of the spec.
type kernelError struct {
	text string
	err  *netlink.Error
}

func (e *kernelError) Error() string { return e.text }
func (e *kernelError) Unwrap() error { return e.err }

func (c *call) explainKernel(e *netlink.Error, r client.Request, dump bool) error {
	if e.Errno == netlink.EOPNOTSUPP && e.Text == "" && !e.HasOffset {
		if text := c.lacking(r.Op, dump); text != "" {
			return &kernelError{text, e}
		}
	}
	var b strings.Builder
	op := e.Op
	if op == "" {
		op = c.spec.Name + " " + r.Op
	}
	b.WriteString(op + ": the kernel refused it: ")
	if e.Text != "" {
		b.WriteString(e.Text)
	} else {
		b.WriteString(e.Errno.Error())
	}
	var parts []string
	if e.Missing != "" {
		parts = append(parts, "missing "+e.Missing)
	} else if e.HasMissingType {
		parts = append(parts, fmt.Sprintf("missing attribute %d", e.MissingType))
	}
	if value := c.offending(e, r); value != "" {
		parts = append(parts, value)
	}
	if allowed := c.allowed(e, r, dump); allowed != "" {
		parts = append(parts, "allowed "+allowed)
	}
	if len(parts) > 0 {
		b.WriteString(": " + strings.Join(parts, "; "))
	}
	fmt.Fprintf(&b, " (%s)", e.Errno.Name())
	if e.Errno == netlink.EPERM {
		if o := c.op(r.Op); o != nil && o.AdminPerm && !o.UnsAdminPerm && !c.spec.IsRaw() {
			// The usual advice, a user namespace, would be wrong.
			return errors.New(b.String() + ": it takes root, and not that of a user namespace")
		}
	}
	return &kernelError{b.String(), e}
}

// lacking says that the kernel does not have an operation, "" where it has it.
// Then it is the device that does not support it.
func (c *call) lacking(op string, dump bool) string {
	g := c.client.Genetlink()
	o := c.op(op)
	if g == nil || o == nil {
		return ""
	}
	family, err := g.Family(c.ctx, c.spec.Name)
	if err != nil {
		return ""
	}
	mode, has, other := o.Do, genetlink.CanDo, "dump"
	if dump {
		mode, has, other = o.Dump, genetlink.CanDump, "do"
	}
	if mode == nil {
		return ""
	}
	have, ok := family.Op(uint32(mode.RequestID))
	switch {
	case !ok:
		return fmt.Sprintf("%s %s: this kernel's %s does not have the operation (EOPNOTSUPP): the spec is of a newer kernel, or it was built without; "+
			"\"nlkit list %s\" shows what it has", c.spec.Name, op, c.spec.Name, c.spec.Name)
	case !have.Flags.Has(has):
		return fmt.Sprintf("%s %s: this kernel answers the operation as %s only (EOPNOTSUPP)", c.spec.Name, op, other)
	case dump:
		return fmt.Sprintf("%s %s: not supported for what was asked (EOPNOTSUPP)", c.spec.Name, op)
	}
	return fmt.Sprintf("%s %s: not supported (EOPNOTSUPP): the kernel has the operation, but the device, or its driver, does not", c.spec.Name, op)
}

// offending shows the attribute the kernel did not like: ".threaded = 7".
func (c *call) offending(e *netlink.Error, r client.Request) string {
	path := e.Attr
	if path == "" {
		switch {
		case e.Value != nil:
			return fmt.Sprintf("attribute %d", e.Value.Type())
		case e.HasOffset:
			return fmt.Sprintf("at offset %d of the request", e.Offset)
		}
		return ""
	}
	a := c.attr(r.Op, path)
	if a == nil || len(e.Value) < wire.AttrHeaderLen || a.Type == ynl.Nested || a.Type == ynl.SubMsg {
		return path
	}
	o := codec.Layout{Set: a.Set}.Decode(e.Value, c.codec)
	if len(o) != 1 {
		return path
	}
	return path + " = " + text.Value(o[0])
}

// allowed says what the kernel would have taken: its own words, else the policy
// it has for the attribute, else the spec's.
func (c *call) allowed(e *netlink.Error, r client.Request, dump bool) string {
	if e.Policy != nil {
		return limits(*e.Policy)
	}
	if e.Attr == "" || e.Errno != netlink.ERANGE && e.Errno != netlink.EINVAL {
		return "" // it is not the value's shape that is wrong
	}
	return c.livePolicy(r.Op, e.Attr, dump)
}

// livePolicy asks the kernel what it takes as the attribute of a path.
func (c *call) livePolicy(op, path string, dump bool) string {
	if c.client.Genetlink() == nil {
		return ""
	}
	set, ok, err := c.client.Policy(c.ctx, op, dump)
	if err != nil || !ok {
		return "" // no more than what was to be explained
	}
	words := strings.Split(strings.TrimPrefix(path, "."), ".")
	for i, word := range words {
		word, _, _ = strings.Cut(word, "(")
		word, _, _ = strings.Cut(word, "[")
		at := -1
		for j := range set {
			if set[j].Name == word {
				at = j
			}
		}
		if at < 0 {
			return ""
		}
		if i == len(words)-1 {
			return limits(set[at].AttrPolicy)
		}
		set = set[at].Inside
	}
	return ""
}

// limits shows a policy's limits for a person.
func limits(p netlink.AttrPolicy) string {
	switch {
	case p.HasMask:
		return fmt.Sprintf("bits of 0x%x", p.Mask)
	case p.HasBitfield32Mask:
		return fmt.Sprintf("bits of 0x%x", p.Bitfield32Mask)
	case p.HasUnsigned && p.MinU == 0 && (p.MaxU == 1<<8-1 || p.MaxU == 1<<16-1 || p.MaxU == 1<<32-1 || p.MaxU == 1<<64-1):
		return "" // whatever fits
	case p.HasUnsigned:
		return fmt.Sprintf("%d to %d", p.MinU, p.MaxU)
	case p.HasSigned && (p.MinS == -1<<7 && p.MaxS == 1<<7-1 || p.MinS == -1<<15 && p.MaxS == 1<<15-1 ||
		p.MinS == -1<<31 && p.MaxS == 1<<31-1 || p.MinS == -1<<63 && p.MaxS == 1<<63-1):
		return ""
	case p.HasSigned:
		return fmt.Sprintf("%d to %d", p.MinS, p.MaxS)
	case p.HasMinLen && p.HasMaxLen && p.MinLen == p.MaxLen:
		return fmt.Sprintf("%d bytes", p.MinLen)
	case p.HasMinLen && p.HasMaxLen:
		return fmt.Sprintf("%d to %d bytes", p.MinLen, p.MaxLen)
	case p.HasMaxLen:
		return fmt.Sprintf("up to %d bytes", p.MaxLen)
	case p.HasMinLen:
		return fmt.Sprintf("%d bytes or more", p.MinLen)
	}
	return ""
}

// attr finds the attribute of a path such as ".linkinfo.data(vxlan).id".
func (c *call) attr(op, path string) *ynl.Attr {
	set := c.layout(op).Set
	var a *ynl.Attr
	for word := range strings.SplitSeq(strings.TrimPrefix(path, "."), ".") {
		if set == nil {
			return nil
		}
		name, format, _ := strings.Cut(word, "(")
		name, _, _ = strings.Cut(name, "[")
		if a = set.Attr(name); a == nil {
			return nil
		}
		format, _, _ = strings.Cut(format, ")")
		set = a.Nested
		if a.SubMsg != nil {
			f := a.SubMsg.Format(format)
			if f == nil && c.codec.Fallback != nil {
				f = c.codec.Fallback(a.SubMsg, format)
			}
			if set = nil; f != nil {
				set = f.Set
			}
		}
	}
	return a
}

// modules are the kernel modules that bring families. The others are part of the
// kernel or of a subsystem that has no use for the family alone.
var modules = map[string]string{
	"ovs_datapath": "openvswitch", "ovs_flow": "openvswitch", "ovs_packet": "openvswitch", "ovs_vport": "openvswitch",
	"nl80211": "cfg80211", "nfsd": "nfsd", "lockd": "lockd", "sunrpc": "sunrpc",
	"wireguard": "wireguard", "team": "team", "fou": "fou", "ovpn": "ovpn",
}

// absent explains that a family with a spec is not in the kernel.
func (c *call) absent(err error) error {
	unknown, ok := errors.AsType[*genetlink.UnknownFamilyError](err)
	if !ok || c.bare {
		return err
	}
	text := fmt.Sprintf("family %s has a spec but is not in this kernel", c.spec.Name)
	if module := modules[c.spec.Name]; module != "" {
		text += fmt.Sprintf(": its module is %s (as root: modprobe %s)", module, module)
	} else {
		text += ": it was built without, or its module is not loaded"
	}
	if c.app.netns != "" {
		text += "; some families are in the initial network namespace only"
	}
	return &absentError{text, unknown}
}

// absentError says that the kernel lacks a family.
type absentError struct {
	text string
	err  error
}

func (e *absentError) Error() string { return e.text }
func (e *absentError) Unwrap() error { return e.err }
