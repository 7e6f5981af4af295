package wire

import "fmt"

// Malformed says where bytes stop being Netlink, and why.
type Malformed struct {
	Offset int    // of the offending header, from the start of the bytes that were walked
	What   string // what was expected there: "message", "attribute header", ...
	Reason string // what is wrong with it
	Want   int    // bytes needed
	Have   int    // bytes there are, or the length field's value where that is what is wrong
}

func (e *Malformed) Error() string {
	return fmt.Sprintf("malformed %s at offset %d: %s (need %d bytes, have %d)", e.What, e.Offset, e.Reason, e.Want, e.Have)
}

// maxDepth bounds the nesting Check follows. The kernel itself stops at 10.
const maxDepth = 16

// Check validates a datagram: every message, and the attributes of every
// message that is not a control message, nests included as far as they are
// marked with [AttrNested]. headerLen is the size of the fixed header between
// the message header and the attributes (4 for generic netlink without a user
// header, 16 for RTM_NEWLINK, ...). It returns nil or a [*Malformed] whose
// Offset counts from the start of the datagram.
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
	fixed := Align(max(headerLen, 0))
	if len(data) < fixed {
		return &Malformed{Offset: off + HeaderLen, What: "fixed header", Reason: "cut short", Want: fixed, Have: len(data)}
	}
	return checkAttrs(data[fixed:], off+HeaderLen+fixed, 0)
}

// CheckAttrs validates a sequence of attributes and the nests in it that are
// marked with [AttrNested]. Offsets count from the start of b.
func CheckAttrs(b []byte) error { return checkAttrs(b, 0, 0) }

func checkControl(m Message, off int) error {
	if m.Type() != TypeError {
		return nil
	}
	a, err := ParseAck(m)
	if err != nil {
		return shift(err, off)
	}
	if len(a.TLVs) == 0 {
		return nil
	}
	return checkAttrs(a.TLVs, off+len(m)-len(a.TLVs), 0)
}

func checkAttrs(b []byte, off, depth int) error {
	if depth >= maxDepth {
		return &Malformed{Offset: off, What: "nest", Reason: "nested too deep", Want: maxDepth, Have: depth + 1}
	}
	at := off
	for a, err := range Attrs(b) {
		if err != nil {
			return shift(err, off)
		}
		if a.IsNested() {
			if err := checkAttrs(a.Data(), at+AttrHeaderLen, depth+1); err != nil {
				return err
			}
		}
		at += Align(len(a))
	}
	return nil
}

// shift moves the offset of a *Malformed by off.
func shift(err error, off int) error {
	if bad, ok := err.(*Malformed); ok {
		bad.Offset += off
	}
	return err
}
