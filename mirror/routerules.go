package mirror

import "bytes"

// maxScopes is how many parts are read one by one before all is read at once.
const maxScopes = 8

// routesOfLink: a link that is set down or deleted takes the IPv4 routes over it
// along, unannounced (net/ipv4/fib_frontend.c, fib_netdev_event); set down, those of
// host scope stay. Deleted, it takes those along that have a leg over it
// (net/ipv4/fib_semantics.c, fib_sync_down_dev). What else becomes of those with several
// legs, and of flags, is read.
func routesOfLink(t *table, old, new []byte) {
	if old == nil {
		return
	}
	link := hostOrder.Uint32(old[ifInfoIndex:])
	was, is := hostOrder.Uint32(old[ifInfoFlags:]), uint32(0)
	if new != nil {
		is = hostOrder.Uint32(new[ifInfoFlags:])
	}
	switch {
	case new == nil:
		alone := overLink(link, true)
		t.gone(link, func(key, value []byte) bool { return alone(key, value) || withLeg(link, value) })
	case was&iffUp != 0 && is&iffUp == 0:
		t.gone(link, overLink(link, false))
	case (was^is)&(iffUp|iffRunning|iffLowerUp) == 0 && bytes.Equal(attrValue(old[ifInfoLen:], iflaMaster), attrValue(new[ifInfoLen:], iflaMaster)):
		return
	}
	t.confirm(Scope{Link: link})
}

// overLink matches IPv4 routes that lead over one link alone.
func overLink(link uint32, host bool) func(key, value []byte) bool {
	return func(_, value []byte) bool {
		if value[0] != afInet || value[routeScope] == scopeHost && !host {
			return false
		}
		// Those of a nexthop object go with that.
		f := parseRoute(value)
		return f.multipath == nil && f.oif == link && f.nhid == 0
	}
}

// withLeg reports whether a value is an IPv4 route of which one of several legs of its own
// leads over a link.
func withLeg(link uint32, value []byte) bool {
	f := parseRoute(value)
	if value[0] != afInet || f.nhid != 0 {
		return false
	}
	for leg := range legs(f.multipath) {
		if leg == link {
			return true
		}
	}
	return false
}

// routesOfAddr: with its last IPv4 address a link loses all IPv4 routes, unannounced
// (fib_inetaddr_event); an address that is gone takes the routes along that prefer it
// as source (fib_sync_down_addr), or is taken out of them (rt6_remove_prefsrc).
func routesOfAddr(t *table, old, new []byte) {
	if old == nil && new[0] == afInet {
		// Legs that were dead come to life, unannounced (fib_sync_up).
		if link := hostOrder.Uint32(new[4:]); t.mayHave(legTag(link)) {
			t.confirm(Scope{Link: link})
		}
	}
	if new != nil || old == nil {
		return
	}
	if link := hostOrder.Uint32(old[4:]); old[0] == afInet && !t.hasIPv4(link) {
		t.gone(link, overLink(link, true))
		t.confirm(Scope{Link: link})
	}
	local := attrValue(old[ifAddrLen:], ifaLocal)
	if local == nil {
		local = attrValue(old[ifAddrLen:], ifaAddress)
	}
	t.confirmLinksOf(prefSrcTag(local))
}

// hasIPv4 reports whether a link has an IPv4 address left.
func (t *table) hasIPv4(link uint32) bool {
	addrs := t.space.unfiltered(&addrDefinition)
	for r := range addrs.store.Tagged(link) {
		if addrs.store.Value(r)[0] == afInet {
			return true
		}
	}
	return false
}

// routesOfNexthop: routes that use a nexthop object go with it, unannounced, and
// change with it.
func routesOfNexthop(t *table, old, new []byte) {
	if old == nil {
		return
	}
	if t.pass != nil && t.pass.scope.Link >= tagNexthop {
		t.pass.moved() // the links that are read may be those of before
	}
	id := nexthopID(old)
	tag := nexthopTag(id)
	switch {
	case !t.mayHave(tag):
		return
	case new != nil && id < tagNexthop:
		t.confirmTagged(tag, tag)
		return
	case new != nil:
		t.confirmTagged(tag, 0)
		return
	}
	// What is to be read is asked for before they are gone: then nobody knows any more
	// where they were.
	if oif, ok := attrU32(old[nhMsgLen:], nhaOIF); ok {
		t.confirm(Scope{Link: oif})
	} else {
		t.confirmLinksOf(tag)
		if t.pass != nil {
			t.confirm(t.pass.scope) // with those that are being read
		}
	}
	t.gone(tag, func(_, value []byte) bool { return parseRoute(value).nhid == id })
}

// confirmTagged has the tables read in which there are routes with a tag: all of their
// routes, or where link is set, which may be a tag too, only those that have that.
func (t *table) confirmTagged(tag, link uint32) {
	t.doubtTag(tag)
	prefixes := map[string]bool{}
	for r := range t.store.Tagged(tag) {
		prefixes[string(t.store.Key(r)[:t.def.grain])] = true
		if len(prefixes) > maxScopes {
			t.confirm(Scope{Link: link})
			return
		}
	}
	for p := range prefixes {
		t.confirm(Scope{Prefix: p, Link: link})
	}
}

// confirmLinksOf has the routes read over the links over which those with a tag lead:
// where these are few that is less than their tables.
func (t *table) confirmLinksOf(tag uint32) {
	t.doubtTag(tag)
	links := map[uint32]bool{}
	for r := range t.store.Tagged(tag) {
		f := parseRoute(t.store.Value(r))
		if f.oif != 0 {
			links[f.oif] = true
		}
		for leg := range legs(f.multipath) {
			links[leg] = true
		}
		if f.oif == 0 && f.multipath == nil || len(links) > maxScopes {
			t.confirmTagged(tag, 0)
			return
		}
	}
	for link := range links {
		t.confirm(Scope{Link: link})
	}
}

// doubtTag has those read again that have a tag and are being read now.
func (t *table) doubtTag(tag uint32) {
	if p := t.pass; p != nil {
		p.told = p.touched()
		p.doubts[tag] = p.told
	}
}
