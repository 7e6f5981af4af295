package model

// consumer is what somebody has seen who is told of every change.
type consumer struct {
	begun bool
	// place is how far it has come in the history of each key: twice the version,
	// and one more where that version was deleted.
	place [keys]uint8
}

// beginConsumer takes in the first snapshot.
func (w *world) beginConsumer() Property {
	w.s.consumer.begun = true
	for key, v := range w.s.mirror.live {
		if !w.advance(uint8(key), v) {
			return History
		}
	}
	return 0
}

// consume takes in the changes that a step has reported.
func (w *world) consume(was [keys]uint8) Property {
	var broken Property
	for _, c := range w.changes {
		if was[c.key] != c.old {
			broken |= Replay
		}
		was[c.key] = c.new
		if !w.advance(c.key, c.new) {
			broken |= History
		}
	}
	if was != w.s.mirror.live {
		broken |= Replay
	}
	return broken
}

// advance finds the next place in the history of a key where it had a value. It
// reports false if there is none: what is shown was so earlier or not at all.
func (w *world) advance(key, value uint8) bool {
	place := &w.s.consumer.place[key]
	switch {
	case key == link:
		if value>>1 < *place>>1 {
			return false
		}
		*place = value &^ 1
		return true
	case value != 0:
		if 2*value < *place {
			return false
		}
		*place = 2 * value
		return true
	}
	for v := *place >> 1; v <= w.s.kernel.version; v++ {
		if w.s.kernel.deleted[key]>>v&1 != 0 && 2*v+1 >= *place {
			*place = 2*v + 1
			return true
		}
	}
	return false
}
