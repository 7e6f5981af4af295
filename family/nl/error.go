package nl

import (
	"errors"
	"fmt"
	"strings"

	"github.com/nlkit/nlkit/internal/exchange"
	"github.com/nlkit/nlkit/netlink"
)

var (
	// ErrNoReply says that a request was acknowledged without a reply where one
	// was due.
	ErrNoReply = errors.New("acknowledged without a reply")
	// ErrMoreReplies comes beside the first of several replies where only one
	// was due.
	ErrMoreReplies = errors.New("more than one reply")
	// ErrRestarted is the error of a step that is not the last one: the table
	// has changed, and the dump is made anew because of [Retries]. All that was
	// yielded before is void.
	ErrRestarted = errors.New("the table changed while it was read; the dump begins anew")
	// ErrUnanswered says that the kernel did not answer a request of a batch. Of
	// a batch of netfilter's nothing is done where another request failed;
	// otherwise what became of the request is unknown.
	ErrUnanswered = exchange.ErrUnanswered
)

// GroupError says that a raw family has no multicast group of a name.
type GroupError struct {
	Family string
	Group  Group    // empty: all were asked for, and there is none
	Groups []Group  // those the spec has
	Near   []string // those that may have been meant, the nearest first
}

func (e *GroupError) Error() string {
	switch {
	case len(e.Groups) == 0 && e.Group == "":
		return fmt.Sprintf("the spec of %s names no multicast groups; give their numbers", e.Family)
	case len(e.Groups) == 0:
		return fmt.Sprintf("the spec of %s names no multicast groups, and so no %q; give its number", e.Family, e.Group)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s has no multicast group %q", e.Family, e.Group)
	if len(e.Near) > 0 {
		fmt.Fprintf(&b, "; did you mean %s?", strings.Join(e.Near, " or "))
	} else {
		b.WriteByte('.')
	}
	b.WriteString(" It has ")
	for i, g := range e.Groups {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(g))
	}
	return b.String()
}

// Unwrap returns netlink.ENOENT, as a [*genetlink.UnknownGroupError] does.
func (e *GroupError) Unwrap() error { return netlink.ENOENT }
