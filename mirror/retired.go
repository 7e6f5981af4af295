package mirror

// retire keeps the counters of a namespace that goes. The kernel gives the id of a
// namespace that has gone to the next one that comes, and whoever reads counters by
// id is not to see them go backwards. Since it gives the lowest id that is free, these
// are no more than there were namespaces at a time, but for ids that a program has
// chosen by itself.
func (f *feed) retire(sp *space) {
	if f.retired == nil {
		f.retired = map[int32][]TableHealth{}
	}
	var list []TableHealth
	for _, t := range sp.tables {
		list = append(list, t.stats)
	}
	f.retired[sp.nsid] = list
}

// resume has the counters of a namespace go on from those of the last one with its id.
func (f *feed) resume(sp *space) {
	for i, last := range f.retired[sp.nsid] {
		sp.tables[i].stats.count(last)
	}
	delete(f.retired, sp.nsid)
}

// count takes over the counters of another table's health.
func (h *TableHealth) count(from TableHealth) {
	h.Events, h.Reads, h.Changes = from.Events, from.Reads, from.Changes
	h.Confirms, h.Audits, h.Drift = from.Confirms, from.Audits, from.Drift
}
