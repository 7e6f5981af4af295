package client

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
)

// UnknownOpError says that a spec has no operation of that name.
type UnknownOpError struct {
	Family string
	Op     string
	Near   []string // operations that may have been meant, the nearest first
}

func (e *UnknownOpError) Error() string {
	msg := fmt.Sprintf("%s has no operation %q", e.Family, e.Op)
	if len(e.Near) > 0 {
		return msg + "; did you mean " + strings.Join(e.Near, " or ") + "?"
	}
	return msg
}

func (c *Client) unknownOp(name string) error {
	var names []string
	for _, op := range c.spec.Ops {
		if op.Do != nil || op.Dump != nil {
			names = append(names, op.Name)
		}
	}
	return &UnknownOpError{Family: c.spec.Name, Op: name, Near: near.Names(name, names)}
}

// ModeError says that an operation cannot be asked for in the way that was
// tried, as the spec has it.
type ModeError struct {
	Family string
	Op     *ynl.Op
	Dump   bool // the way that was tried
}

func (e *ModeError) Error() string {
	name := e.Family + " " + e.Op.Name
	switch {
	case e.Op.IsAsync():
		return name + " is a notification: it is received and cannot be asked for"
	case e.Op.IsReserved():
		return name + " is only a number that is taken, and no operation"
	case e.Dump:
		return name + " cannot be dumped; ask for it with do"
	}
	return name + " can only be dumped; ask for it with dump"
}

// explain puts names into the kernel's refusal of a request whose payload is
// given.
func (c *Client) explain(err error, t *target, payload []byte, o codec.Options) error {
	e, ok := errors.AsType[*netlink.Error](err)
	if !ok {
		return err
	}
	e.Op = c.spec.Name + " " + t.name
	e.Attr, e.Missing = "", ""
	if e.HasOffset {
		if path, _, ok := t.layout.Path(payload, e.Offset-c.headers(), o); ok {
			e.Attr = path
		}
	}
	if e.HasMissingType {
		offset := -1
		if e.HasMissingNest {
			offset = max(e.MissingNest-c.headers(), 0)
		}
		if path, _, ok := t.layout.MissingPath(payload, offset, e.MissingType, o); ok {
			e.Missing = path
		}
	}
	return err
}

// GroupError says that the spec of a raw family has no multicast group of a
// name.
type GroupError struct {
	Family string
	Group  string   // empty: all were asked for, and there is none
	Groups []string // those the spec has
}

func (e *GroupError) Error() string {
	switch {
	case len(e.Groups) == 0 && e.Group == "":
		return fmt.Sprintf("the spec of %s names no multicast groups; give their numbers", e.Family)
	case len(e.Groups) == 0:
		return fmt.Sprintf("the spec of %s names no multicast groups, and so no %q; give its number", e.Family, e.Group)
	}
	return fmt.Sprintf("%s has no multicast group %q; it has %s", e.Family, e.Group, strings.Join(e.Groups, ", "))
}

// Unwrap returns netlink.ENOENT, as a [*genetlink.UnknownGroupError] does.
func (e *GroupError) Unwrap() error { return netlink.ENOENT }

func (c *Client) groupError(name string) error {
	e := &GroupError{Family: c.spec.Name, Group: name}
	for _, g := range c.spec.Groups {
		if g.ID != 0 {
			e.Groups = append(e.Groups, g.Name)
		}
	}
	return e
}
