package wire

import (
	"fmt"
	"strings"
)

// Flags are the flags of a message header (nlmsg_flags). The lower eight bits
// mean the same everywhere. The upper eight depend on what the message does:
// 0x100 is Root in a get request, Replace in a new request, NonRecursive in a
// delete request and Capped in an ACK.
type Flags uint16

// Flags of every message.
const (
	Request         Flags = 0x01 // the message asks for something
	Multi           Flags = 0x02 // one of several, ended by TypeDone
	Ack             Flags = 0x04 // the sender wants an acknowledgement
	Echo            Flags = 0x08 // the requester wants the resulting notification
	DumpInterrupted Flags = 0x10 // the dumped table changed meanwhile (NLM_F_DUMP_INTR)
	DumpFiltered    Flags = 0x20 // the dump was filtered as asked
)

// Flags of a get request.
const (
	Root   Flags = 0x100        // the whole table
	Match  Flags = 0x200        // all that match
	Atomic Flags = 0x400        // an atomic snapshot; of no effect today
	Dump   Flags = Root | Match // a dump: both bits; rtnetlink takes either for it
)

// Flags of a new request.
const (
	Replace Flags = 0x100 // replace what exists
	Excl    Flags = 0x200 // fail if it exists
	Create  Flags = 0x400 // create it if it does not exist
	Append  Flags = 0x800 // add at the end of the list
)

// Flags of a delete request.
const (
	NonRecursive Flags = 0x100 // not what is below it
	Bulk         Flags = 0x200 // several objects at once
)

// Flags of an ACK ([TypeError], and [TypeDone] for AckTLVs).
const (
	Capped  Flags = 0x100 // the request's payload is not repeated
	AckTLVs Flags = 0x200 // attributes of the extended ACK follow
)

// Has reports whether every bit of want is set.
func (f Flags) Has(want Flags) bool { return f&want == want }

// Verb says how the upper flags of a message are to be read.
type Verb uint8

// The readings of the upper flags.
const (
	VerbOther  Verb = iota // not known: upper bits are shown as a number
	VerbGet                // a request that reads
	VerbNew                // a request that creates or changes
	VerbDelete             // a request that deletes
	VerbAck                // an ACK, an error or the end of a dump
)

type flagName struct {
	bits Flags
	name string
}

var commonFlags = []flagName{
	{Request, "REQUEST"}, {Multi, "MULTI"}, {Ack, "ACK"}, {Echo, "ECHO"},
	{DumpInterrupted, "DUMP_INTR"}, {DumpFiltered, "DUMP_FILTERED"},
}

var verbFlags = [...][]flagName{
	VerbOther:  {},
	VerbGet:    {{Dump, "DUMP"}, {Root, "ROOT"}, {Match, "MATCH"}, {Atomic, "ATOMIC"}},
	VerbNew:    {{Replace, "REPLACE"}, {Excl, "EXCL"}, {Create, "CREATE"}, {Append, "APPEND"}},
	VerbDelete: {{NonRecursive, "NONREC"}, {Bulk, "BULK"}},
	VerbAck:    {{Capped, "CAPPED"}, {AckTLVs, "ACK_TLVS"}},
}

// Names returns the names of the set flags joined by "|", the upper ones as v
// reads them; bits without a name come last as a hexadecimal number. No flags
// at all are "0".
func (f Flags) Names(v Verb) string {
	if f == 0 {
		return "0"
	}
	var b strings.Builder
	rest := f
	add := func(list []flagName) {
		for _, n := range list {
			if rest.Has(n.bits) {
				rest &^= n.bits
				join(&b, n.name)
			}
		}
	}
	add(commonFlags)
	if int(v) < len(verbFlags) {
		add(verbFlags[v])
	}
	if rest != 0 {
		join(&b, fmt.Sprintf("0x%x", uint16(rest)))
	}
	return b.String()
}

// String returns the names of the flags that mean the same everywhere; the
// upper bits appear as a number. Use [Flags.Names] where the verb is known.
func (f Flags) String() string { return f.Names(VerbOther) }

func join(b *strings.Builder, s string) {
	if b.Len() > 0 {
		b.WriteByte('|')
	}
	b.WriteString(s)
}
