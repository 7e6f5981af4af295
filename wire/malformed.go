package wire

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Malformed says where bytes stop being Netlink, and why.
type Malformed struct {
	Offset int      // of the offending header, from the start of the bytes that were walked
	What   string   // what was expected there: "message", "attribute header", ...
	Path   []uint16 // the attributes that lead there, outermost first; see below
	Reason string   // what is wrong with it
	Want   int      // bytes needed, or 0 where bytes are not the point
	Have   int      // bytes there are, or the length field's value where that is what is wrong

	// Path holds the attribute types on the way from the message to the fault.
	// The offending attribute is its last element, unless What is "attribute
	// header": too little is left of that one to read a type from. Path is
	// empty where no attribute is involved. Attrs knows nothing of what it lies
	// in; Check and CheckAttrs name the nests around it too.
}

// Error renders the fault in one line, such as
//
//	malformed attribute 18 > 2 at offset 60: length field runs past the end (need 400 bytes, have 12)
func (e *Malformed) Error() string {
	var b strings.Builder
	b.WriteString("malformed " + e.What)
	if e.What == whatAttrHeader && len(e.Path) > 0 {
		b.WriteString(" in attribute")
	}
	for i, typ := range e.Path {
		if i > 0 {
			b.WriteString(" >")
		}
		b.WriteString(" " + strconv.Itoa(int(typ)))
	}
	fmt.Fprintf(&b, " at offset %d: %s", e.Offset, e.Reason)
	if e.Want != 0 || e.Have != 0 {
		fmt.Fprintf(&b, " (need %d bytes, have %d)", e.Want, e.Have)
	}
	return b.String()
}

// The values of Malformed.What and Malformed.Reason in this package.
const (
	whatMessage       = "message"
	whatMessageHeader = "message header"
	whatFixedHeader   = "fixed header"
	whatAttr          = "attribute"
	whatAttrHeader    = "attribute header"
	whatErrno         = "errno"
	whatRequest       = "request in an ACK"
	whatRequestHeader = "header of the request in an ACK"

	reasonCut   = "cut short"
	reasonShort = "length field shorter than the header"
	reasonPast  = "length field runs past the end"
)

// messageFault says what is wrong with the message at b[off:].
func messageFault(b []byte, off int) error {
	return lengthFault(b, off, whatMessage, whatMessageHeader)
}

func lengthFault(b []byte, off int, what, whatHeader string) error {
	rest := b[off:]
	h, ok := ParseHeader(rest)
	if !ok {
		return &Malformed{Offset: off, What: whatHeader, Reason: reasonCut, Want: HeaderLen, Have: len(rest)}
	}
	if h.Len < HeaderLen {
		return &Malformed{Offset: off, What: what, Reason: reasonShort, Want: HeaderLen, Have: int(h.Len)}
	}
	// A length of 32 bits does not fit an int everywhere.
	want := int(min(uint64(h.Len), math.MaxInt))
	return &Malformed{Offset: off, What: what, Reason: reasonPast, Want: want, Have: len(rest)}
}

// attrFault says what is wrong with the attribute at b[off:].
func attrFault(b []byte, off int) error {
	rest := Attr(b[off:])
	if len(rest) < AttrHeaderLen {
		return &Malformed{Offset: off, What: whatAttrHeader, Reason: reasonCut, Want: AttrHeaderLen, Have: len(rest)}
	}
	path := []uint16{rest.Type()}
	n := rest.length()
	if n < AttrHeaderLen {
		return &Malformed{Offset: off, What: whatAttr, Path: path, Reason: reasonShort, Want: AttrHeaderLen, Have: n}
	}
	return &Malformed{Offset: off, What: whatAttr, Path: path, Reason: reasonPast, Want: n, Have: len(rest)}
}

// maxDepth is the number of nests in each other that Check follows. The kernel
// itself stops at 10.
const maxDepth = 16

// Check validates a datagram: every message, and the attributes of every
// message that is not a control message, nests included as far as they are
// marked with [AttrNested]. headerLen is the size of the fixed header between
// the message header and the attributes (4 for generic netlink without a user
// header, 16 for RTM_NEWLINK, ...); attributes begin at the next multiple of 4.
// Of NLMSG_ERROR and NLMSG_DONE the parts that [ParseAck] finds are checked;
// the attributes of the request repeated in an NLMSG_ERROR are not.
//
// Check returns nil or a [*Malformed] whose Offset counts from the start of the
// datagram. It judges lengths only, not what a family makes of the attributes.
func Check(datagram []byte, headerLen int) error {
	off := 0
	for m, err := range Messages(datagram) {
		if err != nil {
			return err
		}
		if err := checkMessage(m, off, headerLen); err != nil {
			return err
		}
		off += Align(len(m))
	}
	return nil
}

func checkMessage(m Message, off, headerLen int) error {
	if m.Type().IsControl() {
		return checkControl(m, off)
	}
	data := m.Data()
	if len(data) < headerLen {
		return &Malformed{Offset: off + HeaderLen, What: whatFixedHeader, Reason: reasonCut, Want: headerLen, Have: len(data)}
	}
	// The padding of a fixed header may be missing where nothing follows.
	fixed := min(Align(max(headerLen, 0)), len(data))
	return checkAttrs(data[fixed:], off+HeaderLen+fixed, 0)
}

func checkControl(m Message, off int) error {
	if t := m.Type(); t != TypeError && t != TypeDone {
		return nil
	}
	a, err := ParseAck(m)
	if err != nil {
		return shift(err, off)
	}
	return checkAttrs(a.TLVs, off+len(m)-len(a.TLVs), 0)
}

// CheckAttrs validates a sequence of attributes and the nests in it that are
// marked with [AttrNested]. It returns nil or a [*Malformed] whose Offset
// counts from the start of b.
func CheckAttrs(b []byte) error { return checkAttrs(b, 0, 0) }

// checkAttrs checks the attributes in b, which starts at off of what the caller
// of this package gave and lies in depth nests.
func checkAttrs(b []byte, off, depth int) error {
	at := off
	for a, err := range Attrs(b) {
		if err != nil {
			return shift(err, off)
		}
		if a.IsNested() {
			if err := checkNest(a, at, depth+1); err != nil {
				return err
			}
		}
		at += Align(len(a))
	}
	return nil
}

func checkNest(a Attr, at, depth int) error {
	if depth > maxDepth {
		return &Malformed{
			Offset: at, What: whatAttr, Path: []uint16{a.Type()},
			Reason: "nested deeper than " + strconv.Itoa(maxDepth) + " levels",
		}
	}
	err := checkAttrs(a.Data(), at+AttrHeaderLen, depth)
	if bad, ok := err.(*Malformed); ok {
		bad.Path = slices.Insert(bad.Path, 0, a.Type())
	}
	return err
}

// shift moves the offset of a *Malformed by off.
func shift(err error, off int) error {
	if bad, ok := err.(*Malformed); ok {
		bad.Offset += off
	}
	return err
}
