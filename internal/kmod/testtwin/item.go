package testtwin

import (
	"iter"
	"maps"
	"slices"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/netlink"
)

// maxItems is how many a table has at most.
const maxItems = 512

const attrName = 2

const (
	textNoItem = "there is no item with this id"
	textFull   = "the table is full"
)

// item is an element of the table.
type item struct {
	id     uint32
	name   nl.Opt[string]
	colour nl.Opt[nlkittest.Colour]
	data   []byte // nil: never set
}

func (i *item) reply(generation uint32) nlkittest.Item {
	return nlkittest.Item{ID: nl.U32(i.id), Name: i.name, Colour: i.colour, Data: i.data, Generation: nl.U32(generation)}
}

// changed counts a change. t.mu is held.
func (t *Twin) changed() {
	if t.generation++; t.generation == 0 {
		t.generation = 1
	}
}

// ItemGet answers with one item.
func (t *Twin) ItemGet(call *nl.Incoming, req *nlkittest.ItemGetRequest) (*nlkittest.Item, error) {
	t.calls.Add(1)
	id, ok := req.ID.Get()
	if !ok {
		return nil, call.Missing(".id")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := t.items[id]
	if i == nil {
		return nil, call.Refuse(netlink.ENOENT, ".id", textNoItem)
	}
	m := i.reply(t.generation)
	return &m, nil
}

// ItemGetDump answers with the items by their numbers: those of a colour, if one is
// given.
func (t *Twin) ItemGetDump(call *nl.Incoming, req *nlkittest.ItemGetDumpRequest) iter.Seq2[*nlkittest.Item, error] {
	return func(yield func(*nlkittest.Item, error) bool) {
		seen := uint32(0) // the generation of the entry before
		for last := uint32(0); ; {
			t.calls.Add(1)
			m, generation := t.next(last, req.Colour)
			if seen != 0 && seen != generation {
				call.Interrupt()
			}
			if m == nil {
				return
			}
			seen, last = generation, m.ID.Value()
			if !yield(m, nil) {
				return
			}
		}
	}
}

// next is the item with the lowest number above last, nil if there is none, and the
// generation of the table.
func (t *Twin) next(last uint32, colour nl.Opt[nlkittest.Colour]) (*nlkittest.Item, uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(t.items)) {
		i := t.items[id]
		if id <= last || colour.IsSet() && i.colour != colour {
			continue
		}
		m := i.reply(t.generation)
		return &m, t.generation
	}
	return nil, t.generation
}

// ItemSet makes an item or changes it.
func (t *Twin) ItemSet(call *nl.Incoming, req *nlkittest.ItemSetRequest) error {
	t.calls.Add(1)
	id, ok := req.ID.Get()
	if !ok {
		return call.Missing(".id")
	}
	m, err := t.set(call, id, req)
	if err == nil {
		t.notify(nlkittest.GroupItems, &nlkittest.ItemNotification{Item: m})
	}
	return err
}

func (t *Twin) set(call *nl.Incoming, id uint32, req *nlkittest.ItemSetRequest) (nlkittest.Item, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	old := t.items[id]
	if old == nil && len(t.items) >= maxItems {
		return nlkittest.Item{}, call.Refuse(netlink.ENOSPC, ".id", textFull)
	}
	// A new one: what was answered with the old one may not have been sent yet.
	i := &item{id: id}
	if old != nil {
		*i = *old
	}
	if name := text(call, attrName); name.IsSet() {
		i.name = name
	}
	if req.Colour.IsSet() {
		i.colour = req.Colour
	}
	if req.Data != nil {
		i.data = req.Data
	}
	t.items[id] = i
	t.changed()
	return i.reply(t.generation), nil
}

// ItemDel deletes an item.
func (t *Twin) ItemDel(call *nl.Incoming, req *nlkittest.ItemDelRequest) error {
	t.calls.Add(1)
	id, ok := req.ID.Get()
	if !ok {
		return call.Missing(".id")
	}
	t.mu.Lock()
	if t.items[id] == nil {
		t.mu.Unlock()
		return call.Refuse(netlink.ENOENT, ".id", textNoItem)
	}
	delete(t.items, id)
	t.changed()
	gone := nlkittest.Item{ID: nl.U32(id), Generation: nl.U32(t.generation)}
	t.mu.Unlock()
	t.notify(nlkittest.GroupItems, &nlkittest.ItemDelNotification{Item: gone})
	return nil
}
