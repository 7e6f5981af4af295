package model

import (
	"slices"
	"testing"
)

// TestQueue follows a queue of two messages through a loss, as Linux does it.
func TestQueue(t *testing.T) {
	event := func(n uint8) message { return message{kind: msgPut, value: n} }
	for _, test := range []struct {
		name string
		// steps are messages to add (positive), or calls of receive (0)
		steps []uint8
		want  []string
	}{
		{"in order", []uint8{1, 2, 0, 0, 0}, []string{"a=1", "a=2", "-"}},
		{"the report comes first, the loss lies behind what is queued",
			[]uint8{1, 2, 3, 0, 0, 0, 0, 0}, []string{"ENOBUFS", "a=1", "a=2", "loss", "-"}},
		{"room does not help until all was read",
			[]uint8{1, 2, 3, 0, 0, 4, 0, 0, 0}, []string{"ENOBUFS", "a=1", "a=2", "loss", "-"}},
		{"what comes after the last was read is behind the loss",
			[]uint8{1, 2, 3, 0, 0, 0, 4, 0, 0, 0}, []string{"ENOBUFS", "a=1", "a=2", "loss", "a=4", "-"}},
		{"a second loss is told after the first",
			[]uint8{1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0, 0, 0, 0, 0}, []string{"ENOBUFS", "a=1", "a=2", "loss", "ENOBUFS", "a=4", "a=5", "loss", "-"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var s subscription
			var got []string
			for _, n := range test.steps {
				if n != 0 {
					s.add(2, event(n))
					continue
				}
				switch what, msg := s.receive(); what {
				case toldReport:
					got = append(got, "ENOBUFS")
				case toldOverrun:
					got = append(got, "loss")
				case toldMessage:
					got = append(got, msg.String())
				default:
					got = append(got, "-")
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
			if !s.idle() || s.queue != (queue{}) {
				t.Errorf("left over: %+v", s)
			}
		})
	}
}

// TestAbandon has marks that are queued mean nothing any more.
func TestAbandon(t *testing.T) {
	var q queue
	q.add(3, message{kind: msgMark})
	q.add(3, message{kind: msgPut, value: 1})
	q.abandon()
	if q.take().kind != msgOld || q.take().kind != msgPut {
		t.Error("a mark is as it was, or an event is not")
	}
}
