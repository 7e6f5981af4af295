// Package mirror keeps a correct copy of tables of the kernel: links, addresses,
// routes and what else there is, for as long as a program runs.
//
//	m, err := mirror.Open(ctx, mirror.Links, mirror.Routes.Where("table == main"))
//	...
//	defer m.Close()
//	s := m.Snapshot()
//	for r := range mirror.Routes.All(s) {
//		fmt.Println(r.Dst, r.Gateway)
//	}
//	for d, err := range m.Changes(ctx, s) {
//		...
//		for c := range mirror.Links.Changes(d) {
//			fmt.Println(c.Kind, c.Old, c.New)
//		}
//	}
//
// It lists, watches and lists again after a loss, and knows what the kernel changes
// without a word. A [Snapshot] is a consistent state that never changes and is read
// without locks; [Mirror.Changes] tells the exact difference between one and a later
// one, however slow its reader is. What is guaranteed, and what is not, says
// docs/consistency.md.
package mirror
