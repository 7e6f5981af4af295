package nl_test

import (
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/wire"
)

func TestCollect(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	list, err := nl.Collect(nl.Dump[Crate](soon(t), c, &CrateGetDump{}))
	if err != nil || len(list) != len(dumped) || cap(list) != len(list) {
		t.Fatalf("%d entries, room for %d, %v", len(list), cap(list), err)
	}
	for range nl.Dump[Crate](soon(t), c, &CrateGetDump{}) { // uses the memory again
	}
	for i := range list {
		checkCrate(t, &list[i], 7, dumped[i])
	}
}

// lent yields n crates in the same memory.
func lent(n int, fill func(i int, c *Crate), end error) iter.Seq2[*Crate, error] {
	return func(yield func(*Crate, error) bool) {
		var c Crate
		for i := range n {
			c = Crate{Header: CrateHeader{uint32(i)}}
			fill(i, &c)
			if !yield(&c, nil) {
				return
			}
		}
		if end != nil {
			yield(nil, end)
		}
	}
}

// TestCollectAny: it keeps what any function yields, as it was at that step.
func TestCollectAny(t *testing.T) {
	blob := make([]byte, 5000)
	end := errors.New("end")
	list, err := nl.Collect(lent(3000, func(i int, c *Crate) {
		blob = blob[:i*5000/3000]
		for j := range blob {
			blob[j] = byte(i)
		}
		c.Blob = blob
		c.Label.Set(fmt.Sprint(i))
		c.AddUnknown(77, blob[:len(blob)%8])
		c.Inner = &CrateInner{Level: nl.U32(uint32(i))}
		if i%1000 == 7 {
			c.Label.Set("not\x00to be sent")
		}
	}, end))
	if err != end || len(list) != 3000 {
		t.Fatalf("%d, %v", len(list), err)
	}
	for i := range list {
		c := &list[i]
		want := fmt.Sprint(i)
		if i%1000 == 7 {
			want = "not\x00to be sent"
		}
		n := i * 5000 / 3000
		if c.Header.Shelf != uint32(i) || c.Label.Value() != want || len(c.Blob) != n || c.Inner.Level.Value() != uint32(i) || len(c.Unknown()[0].Value) != n%8 {
			t.Fatalf("%d: %v %q, %d bytes, want %d", i, c.Header, c.Label.Value(), len(c.Blob), n)
		}
		for _, b := range c.Blob {
			if b != byte(i) {
				t.Fatalf("%d: blob holds %d", i, b)
			}
		}
		c.Blob = append(c.Blob, 1) // writes over nothing of another's
	}
	if list, err := nl.Collect(lent(0, nil, nil)); len(list) != 0 || err != nil {
		t.Errorf("nothing: %v, %v", list, err)
	}
}

// TestOwned: what is handed over is not written over, nor are its neighbours.
func TestOwned(t *testing.T) {
	var b wire.Builder
	labelled("x").appendTo(&b, []byte{}, []byte{1}, make([]byte, 3000), nil)
	payload, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	list, err := nl.Collect(lent(2, func(i int, c *Crate) { c.DecodeNetlink(new(nl.Decoder), payload) }, nil))
	if err != nil {
		t.Fatal(err)
	}
	clear(payload)
	for i := range list {
		u := list[i].Unknown()
		if len(u) != 4 || u[0].Value == nil || len(u[1].Value) != 1 || u[1].Value[0] != 1 || len(u[2].Value) != 3000 {
			t.Errorf("%d: %v", i, u)
		}
	}
}
