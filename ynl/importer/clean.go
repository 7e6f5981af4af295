package importer

// clean takes out of a spec all that is prose, and writes what is left in the
// shortest of the forms that mean the same.
func clean(root *node) {
	strip(root)
	// The schema demands these two, even with nothing in them.
	if root.kind == mapNode {
		root.set("doc", textNode(""))
	}
	for _, op := range elements(root.get("operations").get("list")) {
		if op.kind == mapNode {
			op.set("doc", textNode(""))
		}
	}
	for _, def := range elements(root.get("definitions")) {
		entries := elements(def.get("entries"))
		for i, e := range entries {
			if e.kind == mapNode && len(e.keys) == 1 && e.keys[0] == "name" {
				entries[i] = e.items[0]
			}
		}
	}
}

// elements are the elements of a list; of nil, none.
func elements(n *node) []*node {
	if n == nil || n.kind != listNode {
		return nil
	}
	return n.items
}

// strip takes out the key "doc" everywhere.
func strip(n *node) {
	n.set("doc", nil)
	for _, it := range n.items {
		strip(it)
	}
}
