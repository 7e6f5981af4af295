package pyynl

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// refusal is the line the Python client prints, on the standard output, where
// the kernel refuses a request; op is nil where it is not known.
func refusal(e *netlink.Error, op *ynl.Op) string {
	msg := "Netlink error: "
	if e.Text != "" {
		msg += e.Text + ": "
	}
	msg += strerror(e.Errno)
	if details := extack(&e.ExtAck, op, e.Attr); len(details) > 0 {
		msg += " {" + strings.Join(details, ", ") + "}"
	}
	return msg
}

// strerror is the C library's text of an error number.
func strerror(e netlink.Errno) string {
	text := e.Error()
	if e == netlink.ENOTSUPP || strings.HasPrefix(text, "errno ") {
		return fmt.Sprintf("Unknown error %d", uint32(e)) // the former is internal to the kernel
	}
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}

// extack lists what the kernel said beside its text, as pieces of a Python
// dictionary in the order the Python client has them.
func extack(x *netlink.ExtAck, op *ynl.Op, attr string) []string {
	var out []string
	add := func(key, format string, args ...any) {
		out = append(out, "'"+key+"': "+fmt.Sprintf(format, args...))
	}
	if x.HasOffset && attr == "" {
		add("bad-attr-offs", "%d", x.Offset)
	}
	if x.Policy != nil {
		add("policy", "%s", policyLimits(*x.Policy).repr())
	}
	doc := ""
	if x.HasMissingType {
		var missing *ynl.Attr
		if op != nil && !x.HasMissingNest {
			missing = op.Set.ByID(x.MissingType)
		}
		if missing != nil {
			add("miss-type", "%s", pyRepr(missing.Name))
			doc = missing.Doc
		} else {
			add("miss-type", "%d", x.MissingType)
		}
	}
	if x.HasMissingNest {
		add("miss-nest", "%d", x.MissingNest)
	}
	if len(x.Cookie) > 0 {
		add("unknown", "[[type:%d len:%d] %s]", wire.AckCookie, len(x.Cookie)+wire.AttrHeaderLen, bytesRepr(x.Cookie))
	}
	if doc != "" {
		add("miss-type-doc", "%s", pyRepr(doc))
	}
	if attr != "" {
		add("bad-attr", "%s", pyRepr(attr))
	}
	return out
}

func bytesRepr(b []byte) string {
	var s strings.Builder
	s.WriteString("b'")
	for _, c := range b {
		switch {
		case c == '\'' || c == '\\':
			s.WriteByte('\\')
			s.WriteByte(c)
		case c >= ' ' && c < 0x7f:
			s.WriteByte(c)
		default:
			fmt.Fprintf(&s, `\x%02x`, c)
		}
	}
	return s.String() + "'"
}

// warning is what the Python client prints where a request went well and the
// kernel had something to say nevertheless.
func warning(ack netlink.Ack, dump bool) string {
	x := ack.ExtAck
	h := wire.Header{Len: wire.HeaderLen + 4, Type: wire.TypeError, Flags: wire.Capped | wire.AckTLVs}
	if dump {
		h.Type, h.Flags = wire.TypeDone, wire.Multi|wire.AckTLVs
	} else {
		h.Len += wire.HeaderLen
	}
	details := extack(&x, nil, "")
	if x.Text != "" {
		details = append([]string{"'msg': " + pyRepr(x.Text)}, details...)
		h.Len += uint32(wire.Align(wire.AttrHeaderLen + len(x.Text) + 1))
	}
	if len(x.Cookie) > 0 {
		h.Len += uint32(wire.Align(wire.AttrHeaderLen + len(x.Cookie)))
	}
	return fmt.Sprintf("Netlink warning:\n%s\n\textack: {%s}", headerRepr(h), strings.Join(details, ", "))
}

// headerRepr is how the Python client shows a message.
func headerRepr(h wire.Header) string {
	return fmt.Sprintf("nl_len = %d (%d) nl_flags = 0x%x nl_type = %d", h.Len, h.Len-wire.HeaderLen, uint16(h.Flags), uint16(h.Type))
}

// asRefusal finds the kernel's refusal in an error.
func asRefusal(err error) (*netlink.Error, bool) { return errors.AsType[*netlink.Error](err) }
