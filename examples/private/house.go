package main

import (
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/nlkit/nlkit/examples/private/lamps"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
)

// house is the kernel's side. What it does not implement answers EOPNOTSUPP.
type house struct {
	lamps.Unimplemented
	served *sim.Served

	mu    sync.Mutex // requests may come side by side
	lamps map[uint32]lamps.Lamp
}

func (h *house) LampGet(call *nl.Incoming, req *lamps.LampGetRequest) (*lamps.Lamp, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	lamp, ok := h.lamps[req.ID.Value()]
	if !ok {
		return nil, call.Refuse(netlink.ENOENT, ".id", "no such lamp")
	}
	return &lamp, nil
}

func (h *house) LampGetDump(*nl.Incoming, *lamps.LampGetDumpRequest) iter.Seq2[*lamps.Lamp, error] {
	h.mu.Lock()
	all := maps.Clone(h.lamps) // a dump is read at its reader's pace
	h.mu.Unlock()
	return func(yield func(*lamps.Lamp, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(all)) {
			lamp := all[id]
			if !yield(&lamp, nil) {
				return
			}
		}
	}
}

func (h *house) LampSet(call *nl.Incoming, req *lamps.LampSetRequest) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	lamp, ok := h.lamps[req.ID.Value()]
	if !ok {
		return call.Refuse(netlink.ENOENT, ".id", "no such lamp")
	}
	lamp.Brightness.Set(req.Brightness.Or(lamp.Brightness.Value()))
	lamp.Colour.Set(req.Colour.Or(lamp.Colour.Value()))
	h.lamps[req.ID.Value()] = lamp
	return h.served.Notify(lamps.GroupSwitched, &lamps.LampNotification{Lamp: lamp})
}
