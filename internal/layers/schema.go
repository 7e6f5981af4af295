package layers

import (
	"maps"
	"sync"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/wire"
)

// Kind is how the value of an attribute, or a payload, is to be shown.
type Kind uint8

// The kinds. All integers are in host byte order.
const (
	Guess   Kind = iota // not known: text if it looks like text, else bytes
	Bytes               // never interpreted
	Flag                // no value
	Text                // a string, NUL-terminated or not
	U8                  // unsigned, 1 byte
	U16                 // 2 bytes
	U32                 // 4 bytes
	U64                 // 8 bytes
	S32                 // signed, 4 bytes
	OpFlags             // 4 bytes: what a generic netlink operation can do, by name
	Nested              // attributes; those of Attr.Set where it is known
)

// Attr says what an attribute of one number is.
type Attr struct {
	Name string
	Kind Kind
	Set  *Set // the attributes in it, for Nested; nil if not known
	// Show, if not nil, shows the value in place of what Kind says.
	Show func(wire.Attr) string
	// Choose, if not nil, says what is in it by what stands around it: the
	// attributes it stands among, then those around them, outwards.
	Choose func(around []Level) Inside
}

// Level is the attributes that stand side by side in one place.
type Level struct {
	Set   *Set
	Bytes []byte
}

// Inside is what an attribute turned out to hold.
type Inside struct {
	Nested bool     // attributes, behind the members
	Set    *Set     // of the attributes; nil if not known
	Header []Member // the fixed header in front of them
}

// Member is one member of a fixed header.
type Member struct {
	Name string
	Size int // in bytes
	// Show shows the value; it is given the whole header.
	Show func(header []byte) string
}

// Set is what the numbers of one attribute space mean.
type Set struct {
	Attrs map[uint16]Attr
	// Every, if not nil, stands for all numbers not in Attrs. Arrays have the
	// index of the entry as number.
	Every *Attr
}

// lookup works on a nil Set too.
func (s *Set) lookup(typ uint16) (Attr, bool) {
	if s == nil {
		return Attr{}, false
	}
	if a, ok := s.Attrs[typ]; ok {
		return a, true
	}
	if s.Every != nil {
		return *s.Every, true
	}
	return Attr{}, false
}

// Description is what a [Schema] knows about one message.
type Description struct {
	Type      string    // name of the message type, empty if not known
	Verb      wire.Verb // how the upper header flags are to be read
	Generic   bool      // a generic netlink header follows the message header
	Command   string    // name of the generic netlink command, empty if not known
	HeaderLen int       // bytes of the fixed header after those, 0 for none
	Header    []Member  // what the fixed header holds, if that is known
	Set       *Set      // the attributes; nil if not known
	Body      Kind      // Text or Bytes: no attributes, that instead
}

// Schema says what the messages of one protocol are. It is asked for each
// message that is not a control message and may look at its bytes, which can be
// anything.
type Schema interface {
	Describe(m wire.Message) Description
}

// Plain is the schema of a protocol whose messages all look the same.
type Plain Description

// Describe returns p.
func (p Plain) Describe(wire.Message) Description { return Description(p) }

// Family says what the messages of one generic netlink family look like.
type Family struct {
	Name      string
	HeaderLen int // bytes of the user header
	Commands  map[uint8]string
	Set       *Set
}

// Generic is the schema of generic netlink. It knows nlctrl; other families are
// added under the id they have at the moment. It may be used by several
// goroutines at once.
type Generic struct {
	mu       sync.Mutex
	families map[wire.Type]Family
}

// NewGeneric returns a schema that knows nlctrl.
func NewGeneric() *Generic {
	return &Generic{families: map[wire.Type]Family{genetlink.ControllerID: controller}}
}

// Add makes the family of that id known, instead of one it may have had before.
func (g *Generic) Add(id uint16, f Family) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.families = maps.Clone(g.families)
	g.families[wire.Type(id)] = f
}

// Describe looks at the message's type and command.
func (g *Generic) Describe(m wire.Message) Description {
	g.mu.Lock()
	f, ok := g.families[m.Type()]
	g.mu.Unlock()
	d := Description{Generic: true, Verb: wire.VerbGet}
	if !ok {
		return d
	}
	d.Type, d.HeaderLen, d.Set = f.Name, f.HeaderLen, f.Set
	if data := m.Data(); len(data) > 0 {
		d.Command = f.Commands[data[0]]
	}
	return d
}

// controller is nlctrl (linux/genetlink.h: CTRL_CMD_*, CTRL_ATTR_*).
var controller = Family{
	Name: genetlink.ControllerName,
	Commands: map[uint8]string{
		genetlink.CtrlNewFamily:     "NEWFAMILY",
		genetlink.CtrlDelFamily:     "DELFAMILY",
		genetlink.CtrlGetFamily:     "GETFAMILY",
		genetlink.CtrlNewOps:        "NEWOPS",
		genetlink.CtrlDelOps:        "DELOPS",
		genetlink.CtrlGetOps:        "GETOPS",
		genetlink.CtrlNewMcastGroup: "NEWMCAST_GRP",
		genetlink.CtrlDelMcastGroup: "DELMCAST_GRP",
		genetlink.CtrlGetMcastGroup: "GETMCAST_GRP",
		genetlink.CtrlGetPolicy:     "GETPOLICY",
	},
	Set: &Set{Attrs: map[uint16]Attr{
		genetlink.CtrlAttrFamilyID:    {Name: "FAMILY_ID", Kind: U16},
		genetlink.CtrlAttrFamilyName:  {Name: "FAMILY_NAME", Kind: Text},
		genetlink.CtrlAttrVersion:     {Name: "VERSION", Kind: U32},
		genetlink.CtrlAttrHdrSize:     {Name: "HDRSIZE", Kind: U32},
		genetlink.CtrlAttrMaxAttr:     {Name: "MAXATTR", Kind: U32},
		genetlink.CtrlAttrOps:         {Name: "OPS", Kind: Nested, Set: array(operation)},
		genetlink.CtrlAttrMcastGroups: {Name: "MCAST_GROUPS", Kind: Nested, Set: array(group)},
		genetlink.CtrlAttrPolicy:      {Name: "POLICY", Kind: Nested},
		genetlink.CtrlAttrOpPolicy:    {Name: "OP_POLICY", Kind: Nested},
		genetlink.CtrlAttrOp:          {Name: "OP", Kind: U32},
	}},
}

var operation = &Set{Attrs: map[uint16]Attr{
	genetlink.CtrlAttrOpID:    {Name: "ID", Kind: U32},
	genetlink.CtrlAttrOpFlags: {Name: "FLAGS", Kind: OpFlags},
}}

var group = &Set{Attrs: map[uint16]Attr{
	genetlink.CtrlAttrMcastName: {Name: "NAME", Kind: Text},
	genetlink.CtrlAttrMcastID:   {Name: "ID", Kind: U32},
}}

func array(of *Set) *Set { return &Set{Every: &Attr{Name: "list entry", Kind: Nested, Set: of}} }

// extendedAck is what follows an error or an ACK (enum nlmsgerr_attrs).
var extendedAck = &Set{Attrs: map[uint16]Attr{
	wire.AckMessage:     {Name: "MSG", Kind: Text},
	wire.AckOffset:      {Name: "OFFS", Kind: U32},
	wire.AckCookie:      {Name: "COOKIE", Kind: Bytes},
	wire.AckPolicy:      {Name: "POLICY", Kind: Nested},
	wire.AckMissingType: {Name: "MISS_TYPE", Kind: U32},
	wire.AckMissingNest: {Name: "MISS_NEST", Kind: U32},
}}
