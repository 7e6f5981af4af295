package model

// section is what the kernel is at: the rest of a change that it has begun.
type section uint8

const (
	atRest   section = iota
	putTold          // an object was put, and is to be announced
	goneDone         // a delete was announced, and is to be done
	goneTold         // an object was deleted, and that is to be announced
	taking           // the link is down, and takes objects along
)

// kernel is the truth.
type kernel struct {
	// object holds the version of each object, 0 for none. Every put makes a new
	// version, so that it is known whence a value comes.
	object [objects]uint8
	// link is the version of the link's state, and whether it is up.
	link uint8
	// deleted is the set of versions of each object that were deleted, or are being.
	deleted [objects]uint16

	section section
	at      uint8 // the object that the section is about

	version uint8 // the last one given
	left    uint8 // changes that the writer may still make
	joined  bool  // the events socket has joined its groups
}

// linkState is the value of a link.
func linkState(version uint8, up bool) uint8 {
	if up {
		return version<<1 | 1
	}
	return version << 1
}

func isUp(state uint8) bool { return state&1 != 0 }

func (k *kernel) next() uint8 {
	k.version++
	return k.version
}

// locked reports whether a fence has to wait.
func (k *kernel) locked(m *Model) bool {
	return k.section == taking || k.section != atRest && !m.Lockless
}

// send multicasts.
func (k *kernel) send(m *Model, q *queue, msg message) {
	if k.joined {
		q.add(m.Slots, msg)
	}
}

// put begins to put an object.
func (k *kernel) put(m *Model, q *queue, key uint8) {
	k.object[key] = k.next()
	k.section, k.at = putTold, key
	if m.Atomic {
		k.goOn(m, q)
	}
}

// delete begins to delete an object.
func (k *kernel) delete(m *Model, q *queue, key uint8) {
	k.deleted[key] |= 1 << k.object[key]
	k.at = key
	if m.EventFirst {
		k.send(m, q, message{kind: msgGone, key: key})
		k.section = goneDone
	} else {
		k.object[key] = 0
		k.section = goneTold
	}
	if m.Atomic {
		k.goOn(m, q)
	}
}

// setLink sets the link up or down.
func (k *kernel) setLink(m *Model, q *queue, up bool) {
	k.link = linkState(k.next(), up)
	k.send(m, q, message{kind: msgLink, key: link, value: k.link})
	if up {
		return
	}
	for key, v := range k.object {
		if v != 0 && m.LinkTakes>>key&1 != 0 {
			k.deleted[key] |= 1 << v
		}
	}
	k.section = taking
	k.rest(m)
}

// rest ends the section in which a link takes objects along if there are none left,
// and else finds the next.
func (k *kernel) rest(m *Model) {
	for key, v := range k.object {
		if v != 0 && m.LinkTakes>>key&1 != 0 {
			k.at = uint8(key)
			return
		}
	}
	k.section, k.at = atRest, 0
}

// goOn makes the next step of what was begun.
func (k *kernel) goOn(m *Model, q *queue) {
	key := k.at
	switch k.section {
	case putTold:
		k.send(m, q, message{kind: msgPut, key: key, value: k.object[key]})
	case goneTold:
		k.send(m, q, message{kind: msgGone, key: key})
	case goneDone:
		k.object[key] = 0
	case taking:
		k.object[key] = 0
		k.rest(m)
		return
	}
	k.section, k.at = atRest, 0
}
