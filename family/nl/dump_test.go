package nl_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
)

func TestDump(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	seq := nl.Dump[Crate](soon(t), c, (*CrateGetDump)(nil))
	for range 2 { // each iteration asks anew
		var got []string
		for r, err := range seq {
			if err != nil {
				t.Fatal(err)
			}
			checkCrate(t, r, 7, r.Label.Value())
			got = append(got, r.Label.Value())
		}
		if !slices.Equal(got, dumped) {
			t.Errorf("%d entries, want %d", len(got), len(dumped))
		}
	}
	for range seq { // left at once, and the Conn is as good as before
		break
	}
	if _, err := get(soon(t), c, "a"); err != nil {
		t.Error(err)
	}
}

func TestDumpInterrupted(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	change := func(n int) {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.changes = n
	}
	count := func(seq func(func(*Crate, error) bool)) (n, restarts int, last error) {
		for _, err := range seq {
			switch {
			case err == nil:
				n++
			case errors.Is(err, nl.ErrRestarted):
				n = 0
				restarts++
			default:
				last = err
			}
		}
		return n, restarts, last
	}
	change(2)
	n, restarts, err := count(nl.Dump[Crate](soon(t), c, &CrateGetDump{}))
	if n != len(dumped) || restarts != 0 || !errors.Is(err, netlink.ErrDumpInterrupted) {
		t.Errorf("without retries: %d entries, %d restarts, %v", n, restarts, err)
	}
	change(2)
	n, restarts, err = count(nl.Dump[Crate](soon(t), c, &CrateGetDump{}, nl.Retries(3)))
	if n != len(dumped) || restarts != 1 || err != nil {
		t.Errorf("one retry: %d entries, %d restarts, %v", n, restarts, err)
	}
	change(2)
	list, err := nl.Collect(nl.Dump[Crate](soon(t), c, &CrateGetDump{}, nl.Retries(3)))
	if len(list) != len(dumped) || err != nil {
		t.Errorf("collect: %d entries, %v", len(list), err)
	}
	change(1 << 20)
	n, restarts, err = count(nl.Dump[Crate](soon(t), c, &CrateGetDump{}, nl.Retries(2)))
	if n != len(dumped) || restarts != 2 || !errors.Is(err, netlink.ErrDumpInterrupted) {
		t.Errorf("for ever: %d entries, %d restarts, %v", n, restarts, err)
	}
	for _, err := range nl.Dump[Crate](soon(t), c, &CrateGetDump{}, nl.Retries(2)) {
		if err != nil { // left where the dump would begin anew
			break
		}
	}
}
