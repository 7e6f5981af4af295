package layers

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Layer is what a stretch of a datagram belongs to.
type Layer uint8

// The layers, from the outside in, then what is none.
const (
	MessageHeader Layer = iota + 1 // struct nlmsghdr
	GenericHeader                  // struct genlmsghdr
	UserHeader                     // the family's own fixed header
	Attribute                      // struct nlattr and value; of a nest the header only
	ErrorNumber                    // the number in an error, an ACK or the end of a dump
	Payload                        // bytes that are no attributes
	Padding                        // up to the next multiple of 4
	Bad                            // bytes that cannot be understood
)

// String returns the name of the C structure, or a word.
func (l Layer) String() string {
	names := [...]string{"", "nlmsghdr", "genlmsghdr", "userhdr", "nlattr", "nlmsgerr", "payload", "padding", "malformed"}
	if int(l) < len(names) {
		return names[l]
	}
	return ""
}

// Part is one stretch of a datagram. Its bytes are the datagram's.
type Part struct {
	Layer  Layer
	Offset int      // from the start of the datagram
	Bytes  []byte   // header, value and padding
	Pad    int      // bytes of padding at the end of Bytes
	Depth  int      // 0; one more in each nest, and in the request an error repeats
	Nest   bool     // the header of a nest: the parts in it follow, one deeper
	Name   string   // of the attribute or the message type, empty if not known
	Head   string   // the header's fields, for people
	Rows   []string // of a message header: length; type and flags; sequence number and port
	Value  string   // the value, for people; empty where there is none
}

// maxDepth bounds the nesting that is followed; the kernel stops at 10.
const maxDepth = 32

// Parts takes a datagram apart. The parts are in order and cover every byte
// once. s may be nil.
func Parts(datagram []byte, s Schema) []Part {
	if s == nil {
		s = Plain{}
	}
	p := &parser{schema: s, all: datagram}
	off := 0
	for m, err := range wire.Messages(datagram) {
		if err != nil {
			p.bad(off, len(datagram), 0, err)
			break
		}
		end := min(off+wire.Align(len(m)), len(datagram))
		p.message(off, off+len(m), 0)
		p.padding(off+len(m), end, 0)
		off = end
	}
	return p.parts
}

// parser works on offsets into the whole datagram, so that parts never overlap.
type parser struct {
	schema Schema
	all    []byte
	parts  []Part
	around []Level // the attributes that are being read, the innermost last
}

func (p *parser) add(part Part, end int) {
	part.Bytes = p.all[part.Offset:end:end]
	p.parts = append(p.parts, part)
}

func (p *parser) bad(from, to, depth int, err error) {
	text := err.Error()
	if m, ok := errors.AsType[*wire.Malformed](err); ok {
		text = fmt.Sprintf("%s: %s (need %d bytes, have %d)", m.What, m.Reason, m.Want, m.Have)
	}
	if from >= to {
		// No bytes to hang it on: what ought to follow the last part is missing.
		if n := len(p.parts); n > 0 {
			p.parts[n-1].Head += "; " + text
		}
		return
	}
	p.add(Part{Layer: Bad, Offset: from, Depth: depth, Head: text}, to)
}

func (p *parser) padding(from, to, depth int) {
	if from < to {
		p.add(Part{Layer: Padding, Offset: from, Depth: depth, Pad: to - from}, to)
	}
}

// message adds the parts of the message in [from, to), which is at least a
// header long.
func (p *parser) message(from, to, depth int) {
	m := wire.Message(p.all[from:to:to])
	if m.Type().IsControl() {
		p.header(from, Description{Verb: wire.VerbAck}, depth)
		p.control(m, from+wire.HeaderLen, to, depth)
		return
	}
	d := p.schema.Describe(m)
	p.header(from, d, depth)
	p.body(d, from+wire.HeaderLen, to, depth)
}

func (p *parser) header(from int, d Description, depth int) {
	h, _ := wire.ParseHeader(p.all[from:])
	typ := fmt.Sprintf("type %d", uint16(h.Type))
	name := d.Type
	if h.Type.IsControl() && h.Type >= wire.TypeNoop && h.Type <= wire.TypeOverrun {
		name = h.Type.String()
	}
	if name != "" {
		typ += " " + name
	}
	flags := "flags 0"
	if h.Flags != 0 {
		flags = h.Flags.Names(d.Verb)
	}
	rows := []string{
		fmt.Sprintf("nlmsg_len %d", h.Len),
		typ + ", " + flags,
		fmt.Sprintf("seq %d, port %d", h.Seq, h.Port),
	}
	p.add(Part{
		Layer: MessageHeader, Offset: from, Depth: depth, Name: name, Head: strings.Join(rows, ", "), Rows: rows,
	}, from+wire.HeaderLen)
}

func (p *parser) body(d Description, from, to, depth int) {
	if d.Body == Text || d.Body == Bytes {
		if from < to {
			p.add(Part{Layer: Payload, Offset: from, Depth: depth, Value: value(d.Body, p.all[from:to])}, to)
		}
		return
	}
	if d.Generic {
		const n = 4 // struct genlmsghdr
		if to-from < n {
			p.bad(from, to, depth, fmt.Errorf("generic netlink header: cut short (need %d bytes, have %d)", n, to-from))
			return
		}
		cmd := fmt.Sprintf("cmd %d", p.all[from])
		if d.Command != "" {
			cmd += " " + d.Command
		}
		p.add(Part{
			Layer: GenericHeader, Offset: from, Depth: depth, Name: d.Command,
			Head: fmt.Sprintf("%s, version %d", cmd, p.all[from+1]),
		}, from+n)
		from += n
	}
	if n := wire.Align(max(d.HeaderLen, 0)); n > 0 {
		if to-from < n {
			p.bad(from, to, depth, fmt.Errorf("user header: cut short (need %d bytes, have %d)", n, to-from))
			return
		}
		p.members(d.Header, from, from+d.HeaderLen, from+n, depth)
		from += n
	}
	p.attrs(d.Set, from, to, depth)
}

// members adds a fixed header, up to end, and its padding.
func (p *parser) members(members []Member, from, end, pad, depth int) {
	header := p.all[from:end:end]
	at := from
	for _, m := range members {
		if m.Size <= 0 || at+m.Size > end {
			break
		}
		part := Part{Layer: UserHeader, Offset: at, Depth: depth, Name: m.Name, Head: m.Name}
		if m.Show != nil {
			part.Value = m.Show(header)
		}
		at += m.Size
		if at == end && len(members) > 0 {
			part.Pad = pad - end
			p.add(part, pad)
			return
		}
		p.add(part, at)
	}
	if at < pad {
		p.add(Part{Layer: UserHeader, Offset: at, Depth: depth, Pad: pad - end, Head: fmt.Sprintf("%d bytes", end-at)}, pad)
	}
}

func (p *parser) attrs(set *Set, from, to, depth int) {
	p.around = append(p.around, Level{set, p.all[from:to:to]})
	defer func() { p.around = p.around[:len(p.around)-1] }()
	if depth >= maxDepth {
		p.bad(from, to, depth, errors.New("nested too deep to be followed"))
		return
	}
	off := from
	for a, err := range wire.Attrs(p.all[from:to]) {
		if err != nil {
			p.bad(off, to, depth, err)
			return
		}
		end := min(off+wire.Align(len(a)), to)
		p.attr(a, set, off, end, depth)
		off = end
	}
}

// attr adds the attribute whose header is at off and whose padding ends at end.
func (p *parser) attr(a wire.Attr, set *Set, off, end, depth int) {
	def, known := set.lookup(a.Type())
	part := Part{Layer: Attribute, Offset: off, Depth: depth, Name: def.Name, Pad: end - off - len(a)}
	part.Head = attrHead(a, def.Name)
	if def.Kind == Nested || !known && a.IsNested() {
		part.Nest, part.Pad = true, 0
		p.add(part, off+wire.AttrHeaderLen)
		p.attrs(def.Set, off+wire.AttrHeaderLen, off+len(a), depth+1)
		p.padding(off+len(a), end, depth)
		return
	}
	if def.Choose != nil {
		around := slices.Clone(p.around)
		slices.Reverse(around)
		in := def.Choose(around)
		if in.Set == nil && wire.CheckAttrs(a.Data()) != nil {
			in.Nested = false // a guess that was wrong
		}
		if in.Nested || len(in.Header) > 0 {
			p.chosen(in, a, part, off, end, depth)
			return
		}
	}
	if def.Show != nil {
		part.Value = def.Show(a)
	} else {
		part.Value = value(def.Kind, a.Data())
	}
	p.add(part, end)
}

// chosen adds an attribute that holds a fixed header, attributes, or both.
func (p *parser) chosen(in Inside, a wire.Attr, part Part, off, end, depth int) {
	part.Nest, part.Pad = true, 0
	p.add(part, off+wire.AttrHeaderLen)
	from, to := off+wire.AttrHeaderLen, off+len(a)
	size := 0
	for _, m := range in.Header {
		size += max(m.Size, 0)
	}
	switch n := wire.Align(size); {
	case size > 0 && from+size > to:
		p.bad(from, to, depth+1, fmt.Errorf("fixed header: cut short (need %d bytes, have %d)", size, to-from))
		from = to
	case size > 0:
		next := min(from+n, to)
		p.members(in.Header, from, from+size, next, depth+1)
		from = next
	}
	p.attrs(in.Set, from, to, depth+1)
	p.padding(to, end, depth)
}

func attrHead(a wire.Attr, name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "attr %d", a.Type())
	if name != "" {
		b.WriteString(" " + name)
	}
	fmt.Fprintf(&b, ", nla_len %d", len(a))
	if a.RawType()&wire.AttrNested != 0 {
		b.WriteString(", NESTED")
	}
	if a.RawType()&wire.AttrNetByteOrder != 0 {
		b.WriteString(", NET_BYTEORDER")
	}
	return b.String()
}

// control adds what follows the header of a control message.
func (p *parser) control(m wire.Message, from, to, depth int) {
	if m.Type() != wire.TypeError && m.Type() != wire.TypeDone {
		if from < to {
			p.add(Part{Layer: Payload, Offset: from, Depth: depth}, to)
		}
		return
	}
	if to-from < 4 {
		p.bad(from, to, depth, fmt.Errorf("error number: cut short (need 4 bytes, have %d)", to-from))
		return
	}
	n := int32(binary.NativeEndian.Uint32(p.all[from:]))
	p.add(Part{Layer: ErrorNumber, Offset: from, Depth: depth, Head: errorText(m.Type(), n)}, from+4)
	from += 4
	f, err := wire.ParseAck(m)
	if err != nil {
		p.bad(from, to, depth, err)
		return
	}
	if req := f.Request; len(req) > 0 {
		end := from + len(req)
		p.request(req, from, end, depth+1)
		next := min(from+wire.Align(len(req)), to)
		p.padding(end, next, depth)
		from = next
	}
	if m.Flags().Has(wire.AckTLVs) {
		p.attrs(extendedAck, from, to, depth)
		return
	}
	if from < to {
		p.add(Part{Layer: Payload, Offset: from, Depth: depth}, to)
	}
}

// request adds the request an error repeats, or the header it is cut down to.
func (p *parser) request(req wire.Message, from, end, depth int) {
	if req.Type().IsControl() {
		// An error about an error: not taken apart, or it could go on for ever.
		p.header(from, Description{Verb: wire.VerbAck}, depth)
		if from+wire.HeaderLen < end {
			p.add(Part{Layer: Payload, Offset: from + wire.HeaderLen, Depth: depth}, end)
		}
		return
	}
	d := p.schema.Describe(req)
	p.header(from, d, depth)
	if from+wire.HeaderLen < end {
		p.body(d, from+wire.HeaderLen, end, depth)
	}
}

func errorText(t wire.Type, n int32) string {
	switch {
	case n == 0 && t == wire.TypeDone:
		return "error 0: end of the dump"
	case n == 0:
		return "error 0: ACK, all is well"
	case n < 0:
		e := netlink.Errno(-uint32(n))
		return fmt.Sprintf("error %d: -%s, %s", n, e.Name(), e.Error())
	}
	// A dump's end may carry what its last step returned.
	return fmt.Sprintf("error %d", n)
}
