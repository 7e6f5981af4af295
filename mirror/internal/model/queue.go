package model

// kind is what a message says.
type kind uint8

const (
	msgPut  kind = iota + 1 // an object is there
	msgGone                 // an object was deleted
	msgLink                 // the link is so
	msgMark                 // the mark that is waited for
	msgOld                  // a mark that is not waited for any more
	msgRow                  // a row of a dump, with OneSocket
	msgDone                 // the end of a dump, with OneSocket
)

// message is one that is queued.
type message struct {
	kind  kind
	key   uint8
	value uint8
}

// queue is the receive queue of a socket, as Linux has it.
type queue struct {
	msgs [maxSlots]message
	n    uint8
	// congested has everything dropped until the queue has been read empty.
	congested bool
	// failed is an ENOBUFS that the next receive call returns.
	failed bool
}

// add queues a message if there is room.
func (q *queue) add(slots int, m message) {
	switch {
	case q.congested:
	case int(q.n) == slots:
		q.congested, q.failed = true, true
	default:
		q.msgs[q.n] = m
		q.n++
	}
}

// take removes the first message.
func (q *queue) take() message {
	m := q.msgs[0]
	copy(q.msgs[:], q.msgs[1:q.n])
	q.n--
	q.msgs[q.n] = message{}
	if q.n == 0 {
		q.congested = false
	}
	return m
}

// abandon makes marks and ends of dumps such as nobody waits for.
func (q *queue) abandon() {
	for i := range q.msgs[:q.n] {
		if k := q.msgs[i].kind; k == msgMark || k == msgDone {
			q.msgs[i].kind = msgOld
		}
	}
}

// told is what a receive call yields.
type told uint8

const (
	toldNothing told = iota
	toldMessage
	toldReport  // ENOBUFS: the loss lies behind what is queued
	toldOverrun // here messages are missing
)

// subscription is the reader's side of a queue: it finds out where the loss lies
// that an ENOBUFS reports.
type subscription struct {
	queue
	// due is set while a loss was reported and is not told yet. It lies behind
	// before messages.
	due    bool
	before uint8
}

// receive makes a receive call.
func (s *subscription) receive() (told, message) {
	switch {
	case s.due && s.before == 0:
		s.due = false
		return toldOverrun, message{}
	case s.failed:
		s.failed = false
		s.due, s.before = true, s.n
		return toldReport, message{}
	case s.n > 0:
		if s.due {
			s.before--
		}
		return toldMessage, s.take()
	}
	return toldNothing, message{}
}

// idle reports whether a receive call would wait.
func (s *subscription) idle() bool { return s.n == 0 && !s.failed && !s.due }
