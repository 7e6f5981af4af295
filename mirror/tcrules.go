package mirror

import "bytes"

// goneWithLink: what belongs to a link goes with it, unannounced.
func goneWithLink(t *table, old, new []byte) {
	if new == nil {
		link := hostOrder.Uint32(old[ifInfoIndex:])
		t.gone(link, func(key, value []byte) bool { return t.covers(Scope{Link: link}, key, value) })
	}
}

// qdiscsOfLink: a link's disciplines go with it (net/sched/sch_generic.c,
// dev_shutdown), and those that the kernel chooses come when it is set up first
// (attach_default_qdiscs) and when it gets queues (mq), all unannounced. The dump
// cannot be narrowed.
func qdiscsOfLink(t *table, old, new []byte) {
	if new == nil {
		goneWithLink(t, old, nil)
		return
	}
	if old != nil && (hostOrder.Uint32(old[ifInfoFlags:])^hostOrder.Uint32(new[ifInfoFlags:]))&iffUp == 0 &&
		sameAttr(old[ifInfoLen:], new[ifInfoLen:], iflaQdisc) && sameAttr(old[ifInfoLen:], new[ifInfoLen:], iflaNumTxQueues) {
		return
	}
	t.confirm(Scope{})
}

func sameAttr(a, b []byte, typ uint16) bool { return bytes.Equal(attrValue(a, typ), attrValue(b, typ)) }

// under matches what has a parent in a discipline.
func under(qdisc []byte) (link uint32, match func(key, value []byte) bool) {
	link = tcU32(qdisc, tcmIfIndex)
	major := tcU32(qdisc, tcmHandle) & tcMajor
	return link, func(_, value []byte) bool {
		return major != 0 && tcU32(value, tcmIfIndex) == link && tcU32(value, tcmParent)&tcMajor == major
	}
}

// qdiscsOfQdisc: with a discipline those below it go, and where it was the root the
// kernel chooses another one, unannounced (net/sched/sch_api.c, qdisc_graft, and
// sch_generic.c, dev_activate).
func qdiscsOfQdisc(t *table, old, new []byte) {
	switch {
	case old == nil:
		if tcKind(new) == "mq" || tcKind(new) == "mqprio" {
			t.confirm(Scope{}) // one below it for each queue
		}
	case new == nil:
		t.gone(under(old))
		t.confirm(Scope{})
	}
}

// qdiscsOfClass: with a class its discipline goes, unannounced (htb_delete and its
// like).
func qdiscsOfClass(t *table, old, new []byte) {
	if new != nil {
		return
	}
	link, class := tcU32(old, tcmIfIndex), tcU32(old, tcmHandle)
	match := func(_, value []byte) bool {
		return tcU32(value, tcmIfIndex) == link && tcU32(value, tcmParent) == class
	}
	matched := t.pass != nil
	for r := range t.store.Tagged(link) {
		matched = matched || match(nil, t.store.Value(r))
	}
	if matched {
		t.gone(link, match)
		t.confirm(Scope{})
	}
}

// classesOfQdisc: with a discipline its classes come and go, unannounced.
func classesOfQdisc(t *table, old, new []byte) {
	switch {
	case new == nil:
		link, major := tcU32(old, tcmIfIndex), tcU32(old, tcmHandle)&tcMajor
		t.gone(link, func(_, value []byte) bool {
			return major != 0 && tcU32(value, tcmIfIndex) == link && tcU32(value, tcmHandle)&tcMajor == major
		})
		t.confirm(Scope{Link: link})
	case tcKind(new) != "noqueue":
		t.confirm(Scope{Link: tcU32(new, tcmIfIndex)})
	}
}

// filtersOfQdisc: with a discipline its filters go, and with the last one of a block
// those of the block, unannounced (net/sched/cls_api.c, tcf_block_put_ext). What is
// attached to what is new has to be asked for.
func filtersOfQdisc(t *table, old, new []byte) {
	value := new
	if new == nil {
		value = old
		t.gone(under(old))
	}
	if hasBlock(old) || hasBlock(new) {
		t.confirm(Scope{Link: tcBlock})
	}
	if kind := tcKind(value); !simpleQdisc(kind) {
		t.confirm(Scope{Link: tcU32(value, tcmIfIndex)})
	}
}

// hasBlock reports whether a discipline shares a block.
func hasBlock(value []byte) bool { return value != nil && len(blocks(value)) > 0 }

// filtersOfClass: with a class the filters attached to it go, unannounced.
func filtersOfClass(t *table, old, new []byte) {
	if new != nil {
		return
	}
	link, class := tcU32(old, tcmIfIndex), tcU32(old, tcmHandle)
	t.gone(link, func(_, value []byte) bool {
		return tcU32(value, tcmIfIndex) == link && tcU32(value, tcmParent) == class
	})
}
