package mirror

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/nlkit/nlkit/wire"
)

const (
	u32Divisor   = 4
	u32TableMask = 0x000fffff // of a handle: what is not the number of a hash table
)

func simpleQdisc(kind string) bool { return slices.Contains(tcSimple, kind) }

// blocks are the shared blocks of a discipline.
func blocks(qdisc []byte) (list []uint32) {
	for _, typ := range []uint16{tcaIngressBlock, tcaEgressBlock} {
		if index, ok := attrU32(qdisc[tcMsgLen:], typ); ok && index != 0 {
			list = append(list, index)
		}
	}
	return list
}

// dumpFilters asks for the filters of each discipline, class and block: the kernel
// tells only those of the parent that it is asked for.
func dumpFilters(v View, s Scope) []Request {
	var list []Request
	var shared []uint32
	for value := range v.qdiscs(s.Link) {
		link, handle := tcU32(value, tcmIfIndex), tcU32(value, tcmHandle)
		for _, b := range blocks(value) {
			if !slices.Contains(shared, b) {
				shared = append(shared, b)
			}
		}
		switch {
		case handle == 0 || s.Link == tcBlock || simpleQdisc(tcKind(value)):
		case handle == tcIngress:
			list = append(list, tcRequest(rtmGetTFilter, link, tcToIngress))
			if tcKind(value) == "clsact" {
				list = append(list, tcRequest(rtmGetTFilter, link, tcToEgress))
			}
		default:
			list = append(list, tcRequest(rtmGetTFilter, link, handle))
		}
	}
	if s.Link != tcBlock {
		for value := range v.classes(s.Link) {
			if kind := tcKind(value); kind == "htb" || kind == "hfsc" {
				list = append(list, tcRequest(rtmGetTFilter, tcU32(value, tcmIfIndex), tcU32(value, tcmHandle)))
			}
		}
	}
	if s.Link == 0 || s.Link == tcBlock {
		for _, b := range shared {
			list = append(list, tcRequest(rtmGetTFilter, tcBlock, b))
		}
	}
	return list
}

func (v View) qdiscs(link uint32) func(yield func([]byte) bool) {
	return v.values(&qdiscDefinition, link)
}

func (v View) classes(link uint32) func(yield func([]byte) bool) {
	return v.values(&classDefinition, link)
}

// values yields what is known of a table: of one link, or of all.
func (v View) values(d *Definition, link uint32) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		t := v.sp.unfiltered(d)
		if t == nil {
			return
		}
		s := Scope{Link: link}
		if link == tcBlock {
			s.Link = 0
		}
		for r := range t.candidates(s) {
			if !yield(t.store.Value(r)) {
				return
			}
		}
	}
}

func normaliseFilter(dst, payload []byte) []byte {
	from := len(dst)
	if dst = normaliseTC(dst, payload, &filterPrune); dst == nil {
		return nil
	}
	if tcU32(dst[from:], tcmParent) == tcIngress && tcU32(dst[from:], tcmIfIndex) != tcBlock {
		hostOrder.PutUint32(dst[from+tcmParent:], tcToIngress)
	}
	return dst
}

// filterKey: the link, the parent, the chain, the priority, the protocol, the handle.
func filterKey(dst, value []byte) []byte {
	dst = appendU32(dst, tcU32(value, tcmIfIndex))
	dst = appendU32(dst, tcU32(value, tcmParent))
	chain, _ := attrU32(value[tcMsgLen:], tcaChain)
	dst = appendU32(dst, chain)
	info := tcU32(value, tcmInfo)
	dst = binary.BigEndian.AppendUint16(dst, uint16(info>>16))
	dst = hostOrder.AppendUint16(dst, uint16(info)) // in network byte order already
	return appendU32(dst, tcU32(value, tcmHandle))
}

// ownHashTable reports whether a value is a hash table of one bucket that U32 makes
// with the first filter, unannounced (net/sched/cls_u32.c, u32_init).
func ownHashTable(value []byte) bool {
	if tcU32(value, tcmHandle)&u32TableMask != 0 || tcKind(value) != "u32" {
		return false
	}
	divisor, _ := attrU32(attrValue(value[tcMsgLen:], tcaOptions), u32Divisor)
	return divisor == 1
}

// applyFilter takes in an event. One of a deletion without a handle means all filters
// of that priority.
func applyFilter(t *table, v verb, _ wire.Flags, key, value []byte) {
	if tcKind(value) == "u32" && t.shownTwice(key) {
		t.confirm(Scope{Link: tcU32(value, tcmIfIndex)})
	}
	if v == verbPut {
		t.put(key, value, Announced)
		return
	}
	if tcU32(value, tcmHandle) != 0 {
		t.remove(key, Announced)
		return
	}
	for _, k := range t.withPrefix(key[:len(key)-4], t.store.Len()) {
		t.remove(k, Announced)
	}
	t.remove(key, Announced)
	if t.pass != nil {
		// Those that the dump is showing are gone, too.
		prefix := string(key[:len(key)-4])
		t.gone(tcU32(value, tcmIfIndex), func(k, _ []byte) bool { return len(k) >= len(prefix) && string(k[:len(prefix)]) == prefix })
	}
}

// Where a filter's key has the parent and chain, and what follows.
const (
	filterList     = 4
	filterPriority = 12
	filterProtocol = 14
)

// shownTwice reports whether a discipline has U32 filters of one priority in several
// places (both directions, chains, classes). Dumps show all of them in each, since
// they have their hash tables in common (net/sched/cls_u32.c, u32_walk).
func (t *table) shownTwice(key []byte) bool {
	at := append([]byte(nil), key[:filterList]...)
	for {
		list := t.atLeast(at)
		if len(list) == 0 || !bytes.Equal(list[0][:filterList], key[:filterList]) {
			return false
		}
		at = append(at[:0], list[0][:filterPriority]...)
		if !bytes.Equal(at, key[:filterPriority]) && bytes.Equal(at[filterList:filterList+2], key[filterList:filterList+2]) {
			if same := t.withPrefix(append(at, key[filterPriority:filterProtocol]...), 1); len(same) > 0 && tcKind(t.get(same[0])) == "u32" {
				return true
			}
		}
		if at = following(at[:filterPriority]); at == nil {
			return false
		}
	}
}

// atLeast lists the first key that is not less than the given one.
func (t *table) atLeast(key []byte) [][]byte {
	for r := range t.store.From(key) {
		return [][]byte{t.store.Key(r)}
	}
	return nil
}

// following makes a key the next one of its length, in place; nil where there is
// none.
func following(key []byte) []byte {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i]++; key[i] != 0 {
			return key
		}
	}
	return nil
}
