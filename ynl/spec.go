package ynl

import (
	"strconv"

	"github.com/nlkit/nlkit/wire"
)

// Level is the level of the schema a spec is written at, the value of its key
// "protocol". Each allows what the one before it does, and more.
type Level uint8

const (
	Genetlink       Level = iota // new generic netlink families
	GenetlinkC                   // with names of C constants that follow no rule
	GenetlinkLegacy              // with fixed headers, structs and directional ids
	NetlinkRaw                   // protocols of their own, and sub-messages
)

var levelNames = [...]string{"genetlink", "genetlink-c", "genetlink-legacy", "netlink-raw"}

func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return "level " + strconv.Itoa(int(l))
}

// Spec is the description of one family.
type Spec struct {
	Name     string        // as the kernel knows it
	File     string        // what it was read from, for positions
	Pos      Pos           // of its name
	Doc      string        // what the spec says of itself; the catalogue's say nothing
	Level    Level         // of the schema
	Protocol wire.Protocol // wire.Generic, or the number of a raw family
	Version  uint8         // of a generic netlink family, 1 where it does not say
	C        CNames
	Kernel   KernelSide

	// KernelPolicy is how the kernel's policies are laid out: "split" (for do
	// and dump of each op), "per-op" or "global".
	KernelPolicy string
	// SaysPolicy tells that the spec itself has kernel-policy: the policies of a
	// family from before the specs are made of its spec, then.
	SaysPolicy bool
	// Directional says that requests and replies are numbered separately.
	Directional bool
	// Header is the fixed header of ops that name none of their own; may be nil.
	Header *Struct

	Consts      []*Const
	Enums       []*Enum
	Structs     []*Struct
	Sets        []*AttrSet
	SubMessages []*SubMessage
	Ops         []*Op
	Groups      []*Group

	consts      map[string]*Const
	enums       map[string]*Enum
	structs     map[string]*Struct
	sets        map[string]*AttrSet
	subMessages map[string]*SubMessage
	ops         map[string]*Op
	groups      map[string]*Group
	incoming    map[uint16]*Op
	requests    map[uint16]*Op
}

// CNames are the names that the C headers use where they follow no rule. Only
// what compares a spec with headers, or generates C, has use for them.
type CNames struct {
	UAPIHeader    string // "linux/netdev.h"
	FamilyName    string // the define with the family's name
	VersionName   string
	MaxByDefine   bool // maxima are defines and not enum entries
	CmdMaxName    string
	CmdCntName    string
	OpPrefix      string // of operations, in the spec's spelling ("rtm-")
	OpEnum        string
	AsyncOpPrefix string // of notifications and events
	AsyncOpEnum   string
}

// KernelSide is what only the generator of a kernel module has use for.
type KernelSide struct {
	Headers  []string // to include
	SockPriv string   // the C type of a socket's state
}

// IsRaw reports whether the family has a protocol of its own, and not a place
// on the generic one.
func (s *Spec) IsRaw() bool { return s.Level == NetlinkRaw }

// Const finds a constant by name. Like the lookups below it returns nil where
// there is none.
func (s *Spec) Const(name string) *Const { return s.consts[name] }

// Enum finds an enum or a set of flags by name.
func (s *Spec) Enum(name string) *Enum { return s.enums[name] }

// Struct finds a struct by name.
func (s *Spec) Struct(name string) *Struct { return s.structs[name] }

// Set finds an attribute set by name.
func (s *Spec) Set(name string) *AttrSet { return s.sets[name] }

// SubMessage finds a sub-message by name.
func (s *Spec) SubMessage(name string) *SubMessage { return s.subMessages[name] }

// Op finds an operation by name.
func (s *Spec) Op(name string) *Op { return s.ops[name] }

// Group finds a multicast group by name.
func (s *Spec) Group(name string) *Group { return s.groups[name] }

// Request finds the operation that a message sent to the kernel asks for, by its
// number: the message type of a raw family, the command of a generic one.
func (s *Spec) Request(id uint16) *Op { return s.requests[id] }

// Incoming finds the operation that tells how to read a message that came from
// the kernel unasked, by its number. Several operations can have that number:
// what is there to notify is preferred, then the first whose reply has it. Where
// there is neither, it is the operation whose request has the number, since many
// families announce a change with the message that makes it (RTM_DELLINK).
//
// For replies this is not the way: they are read by the operation asked for.
func (s *Spec) Incoming(id uint16) *Op { return s.incoming[id] }
