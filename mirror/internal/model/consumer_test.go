package model

import "testing"

// TestAdvance follows what a consumer sees through the history of an object: put as
// 1, 3, and 4, deleted as 1 and as 4, put as 6.
func TestAdvance(t *testing.T) {
	for _, test := range []struct {
		name string
		seen []uint8
		want bool
	}{
		{"everything", []uint8{1, 0, 3, 4, 0, 6}, true},
		{"some of it", []uint8{3, 6}, true},
		{"gone for the time between", []uint8{1, 0, 4, 0, 6}, true},
		{"gone at last", []uint8{3, 0, 6}, true},
		{"gone first", []uint8{0, 3}, true},
		{"backwards", []uint8{4, 3}, false},
		{"the same again", []uint8{1, 0, 1}, false},
		{"gone, and 4 is not new any more", []uint8{3, 0, 4}, false},
		{"never deleted as 6", []uint8{6, 0}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := world{m: &Model{}}
			w.s.kernel.version = 6
			w.s.kernel.deleted[0] = 1<<1 | 1<<4
			got := true
			for _, v := range test.seen {
				got = got && w.advance(0, v)
			}
			if got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
	w := world{m: &Model{}}
	if !w.advance(link, linkState(3, true)) || !w.advance(link, linkState(5, false)) || w.advance(link, linkState(3, true)) {
		t.Error("a link's states are not in order, or may be out of it")
	}
}

// TestConsume has changes reported that do not tell what has happened.
func TestConsume(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes []change
		want    Property
	}{
		{"as it was", []change{{0, 1, 3}}, 0},
		{"in two steps", []change{{0, 1, 2}, {0, 2, 3}}, 0},
		{"not reported", nil, Replay},
		{"another one before", []change{{0, 2, 3}}, Replay},
		{"another one after", []change{{0, 1, 4}}, Replay},
		{"back and forth", []change{{0, 1, 4}, {0, 4, 3}}, History},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := world{m: &Model{}, changes: test.changes}
			w.s.mirror.live[0] = 3
			if got := w.consume([keys]uint8{0: 1}); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
