package genetlink

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nlkit/nlkit/netlink"
)

// UnknownFamilyError says that the kernel has no family of that name or
// number. errors.Is finds netlink.ENOENT and os.ErrNotExist in it.
type UnknownFamilyError struct {
	Name string   // the name asked for, or empty
	ID   uint16   // the number asked for, where Name is empty
	Near []string // names of families that may have been meant, the nearest first
}

func (e *UnknownFamilyError) Error() string {
	if e.Name == "" && e.ID != 0 {
		return fmt.Sprintf("this kernel has no generic netlink family with the number %d", e.ID)
	}
	s := fmt.Sprintf("this kernel has no generic netlink family %q", e.Name)
	if len(e.Near) == 0 {
		return s + " (is its module loaded?)"
	}
	return s + "; " + didYouMean(e.Near)
}

// Unwrap returns netlink.ENOENT, which is what the kernel says.
func (e *UnknownFamilyError) Unwrap() error { return netlink.ENOENT }

// UnknownGroupError says that a family has no multicast group of that name.
// errors.Is finds netlink.ENOENT and os.ErrNotExist in it.
type UnknownGroupError struct {
	Family string
	Group  string   // empty: all groups were asked for and there is none
	Groups []string // the groups the family has
}

func (e *UnknownGroupError) Error() string {
	if len(e.Groups) == 0 {
		return fmt.Sprintf("generic netlink family %q has no multicast groups", e.Family)
	}
	return fmt.Sprintf("generic netlink family %q has no multicast group %q; it has %s", e.Family, e.Group, quoted(e.Groups, " and "))
}

// Unwrap returns netlink.ENOENT.
func (e *UnknownGroupError) Unwrap() error { return netlink.ENOENT }

func didYouMean(names []string) string { return "did you mean " + quoted(names, " or ") + "?" }

func quoted(names []string, last string) string {
	var b strings.Builder
	for i, n := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			b.WriteString(last)
		default:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Quote(n))
	}
	return b.String()
}
