package mirror

import (
	"bytes"
	"slices"

	"github.com/nlkit/nlkit/internal/rtnh"
	"github.com/nlkit/nlkit/wire"
)

// applyRoute takes in what the kernel says of a route. The flags of RTM_NEWROUTE
// tell what was done: net/ipv4/fib_trie.c, fib_table_insert, and net/ipv6/ip6_fib.c,
// fib6_add_rt2node.
func applyRoute(t *table, v verb, flags wire.Flags, key, value []byte) {
	if v == verbDelete && t.pass != nil {
		t.pass.deleted[string(key[:t.def.groupLen(key)])] = bytes.Clone(value)
	}
	switch {
	case value[0] == afInet6 && v == verbPut:
		putRoute6(t, flags, key, value)
	case value[0] == afInet6:
		deleteRoute6(t, key, value)
	case v == verbPut:
		putRoute4(t, flags, key, value)
	default:
		deleteRoute4(t, key, value)
	}
}

// putRoute4 puts a route among those with the same destination, type of service and
// priority.
func putRoute4(t *table, flags wire.Flags, key, value []byte) {
	n := t.places(key)
	if n == 0 && !flags.Has(wire.Excl) && (t.pass == nil || !flags.Has(wire.Replace)) {
		// There were others. Those that were replaced while all is read need not be
		// known.
		t.unsure(key, value)
	}
	switch {
	case n == 0, flags.Has(wire.Replace), n == 1 && flags&(wire.Append|wire.Create|wire.Excl) == 0:
		// The first is replaced.
		t.put(key, value, Announced)
	case flags.Has(wire.Excl):
		// There was none, whatever was thought.
		t.put(key, value, Announced)
		for i := 1; i < n; i++ {
			t.remove(place(key, i), Announced)
		}
	case flags.Has(wire.Append):
		t.put(place(key, n), value, Announced)
	case flags.Has(wire.Create):
		// Before the others.
		for i := n; i > 0; i-- {
			t.move(key, i-1, i, Announced)
		}
		t.put(place(key, 0), value, Announced)
	default:
		// Something about one of several has changed.
		t.suspect(key)
	}
}

// deleteRoute4 takes one out.
func deleteRoute4(t *table, key, value []byte) {
	n := t.places(key)
	found := -1
	for i := range n {
		if sameRoute(t.get(place(key, i)), value) {
			found = i
			break
		}
	}
	if found < 0 {
		if n > 0 {
			t.unsure(key, value)
		}
		t.touch(place(key, 0), t.store.Get(key))
		return
	}
	for i := found; i < n-1; i++ {
		t.move(key, i+1, i, Announced)
	}
	t.remove(place(key, n-1), Announced)
}

// putRoute6 puts a route. The event holds all legs. What is replaced is the first
// one with the same metric that may have legs beside others, or may not, as the new
// one, whatever its link; where there is none, the first of the other sort.
func putRoute6(t *table, flags wire.Flags, key, value []byte) {
	kind := route6Kind(key)
	if !flags.Has(wire.Replace) {
		if key[kind] == routeECMP {
			// Each leg has a source, a protocol and so on of its own. What is shown
			// are those of the first one; the event has those of the new one.
			switch old := t.get(key); {
			case old != nil && !sameButLegs(old, value), old == nil && !t.synced && parseRoute(value).multipath != nil:
				t.suspect(key)
			}
		}
		t.put(key, value, Announced)
		return
	}
	if t.pass != nil && !t.synced {
		// What was replaced may be among the rows that are not merged yet.
		t.suspect(key)
	}
	same, others := [][]byte{}, [][]byte{}
	for _, k := range t.withPrefix(key[:kind], 8) {
		if (k[kind] == routeECMP) == (key[kind] == routeECMP) {
			same = append(same, k)
		} else {
			others = append(others, k)
		}
	}
	if len(same) == 0 {
		same = others
	}
	switch {
	case len(same) > 1:
		t.suspect(key)
	case len(same) == 1 && !bytes.Equal(same[0], key):
		t.remove(same[0], Announced)
	}
	t.put(key, value, Announced)
}

// route6Kind is where a key tells the kind of an IPv6 route.
func route6Kind(key []byte) int {
	const source = 1 + 4 + 16 + 1 + 1 + 4 // where the length of the source is
	if key[source] != 0 {
		return source + 1 + 16
	}
	return source + 1
}

// deleteRoute6 deletes a route, or one leg of it: the event holds what was deleted.
func deleteRoute6(t *table, key, value []byte) {
	old := t.get(key)
	if old != nil && key[route6Kind(key)] == routeECMP {
		was, is := parseRoute(old), parseRoute(value)
		if was.oif != is.oif || !bytes.Equal(was.gateway, is.gateway) || !sameLegs(was.multipath, is.multipath) {
			left, link := withoutLeg(old, is)
			if left == nil {
				t.suspect(key)
				t.touch(key, t.store.Get(key))
				return
			}
			// What the others are like then is read; that they do not lead over that
			// link any more has to be known before.
			t.put(key, left, Announced)
			t.confirm(Scope{Link: link})
			return
		}
	}
	if n := t.places(key); n > 1 {
		// Equal ones, made by replacing others.
		t.suspect(key)
		t.remove(place(key, n-1), Announced)
		return
	}
	t.remove(key, Announced)
}

// withoutLeg is the value of a route without one of its legs, as the kernel shows it
// (net/ipv6/route.c, rt6_fill_node), and the link that one of the others leads over; nil
// if there is no such leg or none is left.
func withoutLeg(old []byte, leg routeFields) (value []byte, link uint32) {
	var left []rtnh.Leg
	found := false
	for l := range eachLeg(parseRoute(old).multipath) {
		if !found && l.Link() == leg.oif && bytes.Equal(attrValue(l.Attrs(), rtaGateway), leg.gateway) {
			found = true
			continue
		}
		left = append(left, l)
	}
	if !found || len(left) == 0 {
		return nil, 0
	}
	value = append(value, old[:rtMsgLen]...)
	for a, err := range wire.Attrs(old[rtMsgLen:]) {
		switch {
		case err != nil:
			return nil, 0
		case a.Type() != rtaMultipath:
			value = appendAttr(value, a)
		case len(left) == 1:
			for a, err := range wire.Attrs(left[0].Attrs()) {
				if err == nil && a.Type() == rtaGateway {
					value = appendAttr(value, a)
				}
			}
			value = putAttrU32(value, rtaOIF, left[0].Link())
			value = appendAttrs(value, left[0].Attrs(), []uint16{rtaGateway})
		default:
			legs := slices.Concat(left...)
			value = hostOrder.AppendUint16(value, uint16(wire.AttrHeaderLen+len(legs)))
			value = append(hostOrder.AppendUint16(value, rtaMultipath), legs...)
		}
	}
	return value, left[0].Link()
}

// sameLegs compares legs but for their flags.
func sameLegs(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	a, b = bytes.Clone(a), bytes.Clone(b)
	clearLegFlags(a)
	clearLegFlags(b)
	return bytes.Equal(a, b)
}

// sameButLegs compares what two values of a route say but for where it leads.
func sameButLegs(a, b []byte) bool {
	strip := func(v []byte) []byte {
		return appendAttrs(bytes.Clone(v[:routeFlagsAt]), v[rtMsgLen:], legAttrs)
	}
	return bytes.Equal(strip(a), strip(b))
}

// legAttrs are the attributes that tell where a route leads.
var legAttrs = []uint16{rtaOIF, rtaGateway, rtaMultipath, rtaVia, rtaEncapType, rtaEncap}

// place makes a key that of the i-th record of its group, in place.
func place(key []byte, i int) []byte {
	key[len(key)-1] = byte(i)
	return key
}

// places counts the records of a key's group. The key's place is 0 afterwards.
func (t *table) places(key []byte) int {
	n := 0
	for n < 255 && t.store.Get(place(key, n)) != 0 {
		n++
	}
	place(key, 0)
	return n
}

// withPrefix lists the keys that begin so, but at most n.
func (t *table) withPrefix(prefix []byte, n int) [][]byte {
	var keys [][]byte
	for r := range t.store.From(prefix) {
		key := t.store.Key(r)
		if len(keys) == n || !bytes.HasPrefix(key, prefix) {
			break
		}
		keys = append(keys, key)
	}
	return keys
}
