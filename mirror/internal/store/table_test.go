package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// byLast finds a record by the last byte of its value and by its length.
func byLast(_, value []byte, add func(uint32)) {
	if len(value) > 0 {
		add(uint32(value[len(value)-1]) % 7)
	}
	add(1000 + uint32(len(value)))
}

// check compares a snapshot with what it should be.
func check(t *testing.T, s *Snapshot, want map[string]string) {
	t.Helper()
	keys := slices.Sorted(maps.Keys(want))
	if s.Len() != len(keys) {
		t.Fatalf("%d records, want %d", s.Len(), len(keys))
	}
	i := 0
	for k, v := range s.All() {
		if i == len(keys) || string(k) != keys[i] || string(v) != want[keys[i]] {
			t.Fatalf("record %d is %q", i, k)
		}
		i++
	}
	if i != len(keys) {
		t.Fatalf("%d records, want %d", i, len(keys))
	}
	tagged := map[uint32][]string{}
	for _, k := range keys {
		seen := map[uint32]bool{}
		byLast(nil, []byte(want[k]), func(tag uint32) {
			if !seen[tag] {
				tagged[tag] = append(tagged[tag], k)
			}
			seen[tag] = true
		})
	}
	for tag := range uint32(1100) {
		var got []string
		for k := range s.Tagged(tag) {
			got = append(got, string(k))
		}
		if !slices.Equal(got, tagged[tag]) {
			t.Fatalf("tag %d: %q, want %q", tag, got, tagged[tag])
		}
	}
	for range 50 {
		k := randomKey(rand.New(rand.NewPCG(uint64(len(keys)), 9)))
		i, found := slices.BinarySearch(keys, string(k))
		if v, ok := s.Get(k); ok != found || ok && string(v) != want[string(k)] {
			t.Fatalf("Get %q: %q, %v", k, v, ok)
		}
		var from []string
		for k := range s.From(k) {
			if from = append(from, string(k)); len(from) == 3 {
				break
			}
		}
		if !slices.Equal(from, keys[i:min(i+3, len(keys))]) {
			t.Fatalf("From %q: %q", k, from)
		}
		if found {
			i++
		}
		if got, _, ok := s.Floor(k); ok != (i > 0) || ok && string(got) != keys[i-1] {
			t.Fatalf("Floor %q: %q", k, got)
		}
	}
}

// checkDiff compares a difference with what it should be.
func checkDiff(t *testing.T, a, b *Snapshot, old, new map[string]string) {
	t.Helper()
	got := map[string]string{}
	last := ""
	for c := range Diff(a, b) {
		if string(c.Key) <= last && last != "" {
			t.Fatalf("%q behind %q", c.Key, last)
		}
		last = string(c.Key)
		got[last] = fmt.Sprintf("%v %q %v %q", c.Old == nil, c.Old, c.New == nil, c.New)
	}
	want := map[string]string{}
	for _, m := range []map[string]string{old, new} {
		for k := range m {
			v, was := old[k]
			w, is := new[k]
			if was != is || v != w {
				want[k] = fmt.Sprintf("%v %q %v %q", !was, v, !is, w)
			}
		}
	}
	if !maps.Equal(got, want) {
		t.Fatalf("difference %v\nwant %v", got, want)
	}
}

func randomKey(r *rand.Rand) []byte {
	switch r.IntN(4) {
	case 0:
		return binary.BigEndian.AppendUint32(nil, uint32(r.IntN(2000)))
	case 1:
		return fmt.Appendf(nil, "common prefix %d", r.IntN(500))
	}
	return binary.BigEndian.AppendUint64([]byte{2}, uint64(r.IntN(3000)))
}

// TestModel makes random changes and compares the table, all snapshots ever taken
// and the differences between them with maps.
func TestModel(t *testing.T) {
	seeds := uint64(6)
	if testing.Short() {
		seeds = 1
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			table, want := New(byLast), map[string]string{}
			type taken struct {
				s    *Snapshot
				want map[string]string
			}
			var all []taken
			for phase := range 12 {
				deletes := []int{1, 5, 9}[(phase+int(seed))%3] // of ten
				for range 700 {
					k := randomKey(r)
					old := table.Get(k)
					if (old != 0) != (want[string(k)] != "") {
						t.Fatalf("Get %q: %d", k, old)
					}
					if r.IntN(10) < deletes {
						if table.Delete(k) != old {
							t.Fatal("Delete returned another record than Get")
						}
						delete(want, string(k))
						continue
					}
					v := fmt.Appendf(nil, "%d%*s", r.IntN(100), r.IntN(40), "v")
					n, was := table.Put(k, v)
					if was != old || !bytes.Equal(table.Value(n), v) || !bytes.Equal(table.Key(n), k) || table.Mark(n) != 0 {
						t.Fatalf("Put %q", k)
					}
					table.SetMark(n, uint32(len(v)))
					want[string(k)] = string(v)
				}
				if phase%5 > 2 {
					for table.Tidy() {
					}
					if got, most := table.size, 2*uint64(inUse(table))+2*maxChunk; got > most {
						t.Fatalf("%d bytes, want at most %d", got, most)
					}
				}
				for r := range table.All() {
					if table.Mark(r) != uint32(len(table.Value(r))) {
						t.Fatal("a mark was lost")
					}
				}
				s := table.Snapshot()
				if table.Snapshot() != s {
					t.Fatal("two snapshots of the same state")
				}
				all = append(all, taken{s, maps.Clone(want)})
			}
			for i, a := range all {
				check(t, a.s, a.want)
				for _, b := range all[i:] {
					checkDiff(t, a.s, b.s, a.want, b.want)
					checkDiff(t, b.s, a.s, b.want, a.want)
				}
				checkDiff(t, nil, a.s, nil, a.want)
				checkDiff(t, a.s, nil, a.want, nil)
			}
		})
	}
}

// inUse counts the bytes of a table's records.
func inUse(t *Table) (n int) {
	for r := range t.All() {
		n += recordSize(len(t.Key(r)), len(t.Value(r)))
	}
	return n
}
