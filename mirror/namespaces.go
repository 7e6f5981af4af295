package mirror

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// NamespaceInfo is a network namespace that is mirrored.
type NamespaceInfo struct {
	NSID int32  // Own, or its id in the mirror's own namespace
	Path string // by which it was found: a name's file, or that of a process

	file os.FileInfo // tells it from another one that has got its id
}

const (
	rtmNewNSID = 88
	rtmDelNSID = 89
	rtmGetNSID = 90

	groupNSID = 28

	netnsaNSID = 1
	netnsaFD   = 3

	rtGenMsgLen = 4 // struct rtgenmsg and its padding

	// scanEvery is how often namespaces are looked for that nothing tells of: those
	// without a name, and those whose name is new.
	scanEvery = time.Second
	// namelessEvery is every how many times all processes are looked at.
	namelessEvery = 5
)

// namespaceDirs are where programs keep names of namespaces.
var namespaceDirs = []string{"/run/netns", "/run/docker/netns"}

// namespaces finds the namespaces of the system, for a mirror of all of them.
type namespaces struct {
	m    *Mirror
	conn *netlink.Conn
	own  os.FileInfo
	kick chan struct{} // an event has come from an unknown one
	// processes are those of the last look at all of them, which nameless asks for.
	processes []string
	nameless  bool

	mu   sync.Mutex
	list []NamespaceInfo
}

// Namespaces lists the namespaces that are mirrored, the own one first.
func (m *Mirror) Namespaces() []NamespaceInfo {
	list := []NamespaceInfo{{NSID: Own}}
	if m.spaces == nil {
		return list
	}
	m.spaces.mu.Lock()
	defer m.spaces.mu.Unlock()
	return append(list, m.spaces.list...)
}

// newNamespaces prepares to look for namespaces.
func newNamespaces(m *Mirror) (*namespaces, error) {
	o := m.opts.Netlink
	o.Filter = nil
	conn, err := netlink.Dial(wire.Route, &o)
	if err != nil {
		return nil, err
	}
	n := &namespaces{m: m, conn: conn, kick: make(chan struct{}, 1), nameless: true}
	if n.own, err = statNamespace(o.Namespace); err != nil {
		conn.Close()
		return nil, fmt.Errorf("mirror: the own namespace: %w", err)
	}
	return n, nil
}

func statNamespace(ns netlink.Namespace) (os.FileInfo, error) {
	if ns.IsCurrent() {
		return os.Stat("/proc/thread-self/ns/net")
	}
	f, err := ns.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

// scan finds the namespaces there are now, each once, by the names that programs
// have given them and by the processes in them.
func (n *namespaces) scan() []string {
	var paths []string
	for _, dir := range namespaceDirs {
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	if n.nameless {
		n.processes, _ = filepath.Glob("/proc/[0-9]*/ns/net")
	}
	paths = append(paths, n.processes...)
	seen := []os.FileInfo{n.own}
	var list []string
	for _, p := range paths {
		if n.m.opts.lookAt != nil && !n.m.opts.lookAt(p) {
			continue
		}
		info, err := os.Stat(p)
		if err != nil || !info.Mode().IsRegular() || slices.ContainsFunc(seen, func(o os.FileInfo) bool { return os.SameFile(o, info) }) {
			continue
		}
		seen = append(seen, info)
		list = append(list, p)
	}
	return list
}

// id returns the id that the own namespace has for another one, and gives it one if
// it has none: without it nothing is heard of it.
func (n *namespaces) id(ctx context.Context, path string) (id int32, file os.FileInfo, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	if file, err = f.Stat(); err != nil {
		return 0, nil, err
	}
	id, err = n.ask(ctx, int(f.Fd()))
	if err != nil || id >= 0 {
		return id, file, err
	}
	var b wire.Builder
	b.Message(wire.Header{Type: rtmNewNSID, Flags: wire.Request})
	b.Raw(make([]byte, rtGenMsgLen))
	b.Int32(netnsaNSID, -1)
	b.Uint32(netnsaFD, uint32(f.Fd()))
	req, err := b.Bytes()
	if err != nil {
		return 0, nil, err
	}
	if _, err := n.conn.Do(ctx, req, nil); err != nil && !errors.Is(err, netlink.EEXIST) {
		return 0, nil, err
	}
	id, err = n.ask(ctx, int(f.Fd()))
	return id, file, err
}

// ask returns the id of a namespace, negative if it has none.
func (n *namespaces) ask(ctx context.Context, fd int) (int32, error) {
	var b wire.Builder
	b.Message(wire.Header{Type: rtmGetNSID, Flags: wire.Request})
	b.Raw(make([]byte, rtGenMsgLen))
	b.Uint32(netnsaFD, uint32(fd))
	req, err := b.Bytes()
	if err != nil {
		return 0, err
	}
	id := int32(-1)
	_, err = n.conn.Do(ctx, req, func(m wire.Message) error {
		if body := m[wire.HeaderLen:]; len(body) >= rtGenMsgLen {
			if v, ok := attrU32(body[rtGenMsgLen:], netnsaNSID); ok {
				id = int32(v)
			}
		}
		return nil
	})
	return id, err
}

// find returns the namespaces there are, by id.
func (n *namespaces) find(ctx context.Context) []NamespaceInfo {
	var list []NamespaceInfo
	for _, path := range n.scan() {
		id, file, err := n.id(ctx, path)
		if err != nil || id < 0 {
			n.tell(path, err)
			continue
		}
		list = append(list, NamespaceInfo{NSID: id, Path: path, file: file})
	}
	return list
}

// tell makes known that a namespace cannot be mirrored, unless it has gone meanwhile.
func (n *namespaces) tell(path string, err error) {
	if err == nil || errors.Is(err, os.ErrNotExist) || n.m.ctx.Err() != nil {
		return
	}
	for _, f := range n.m.feeds {
		f.note(fmt.Errorf("the namespace %s is not mirrored (it takes CAP_NET_ADMIN in it, and the right to open it): %w", path, err))
	}
}

// run keeps the feeds' namespaces those that there are.
func (n *namespaces) run(ctx context.Context) {
	defer n.conn.Close()
	tick := time.NewTicker(scanEvery)
	defer tick.Stop()
	for count := 1; ; count++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			n.nameless = count%namelessEvery == 0
		case <-n.kick:
			n.nameless = true
		}
		list := n.find(ctx)
		if !n.nameless && n.misses(list) {
			// Without its name a namespace is there as long as a process is in it.
			n.nameless = true
			list = n.find(ctx)
		}
		if ctx.Err() != nil {
			return // what was not found may be there
		}
		n.update(list)
	}
}

// misses reports whether a list lacks one that is mirrored.
func (n *namespaces) misses(list []NamespaceInfo) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.ContainsFunc(n.list, func(ns NamespaceInfo) bool { return !has(list, ns.NSID) })
}

func has(list []NamespaceInfo, nsid int32) bool {
	return slices.ContainsFunc(list, func(ns NamespaceInfo) bool { return ns.NSID == nsid })
}

// gone takes in that the own namespace's id for another one has become free, which is
// told when that has ended (net/core/net_namespace.c, unhash_nsid). The id may be given
// to a new one at once, which is not to be taken for it.
func (n *namespaces) gone(nsid int32) {
	for _, f := range n.m.feeds {
		f.post(func() { f.dropSpace(nsid) })
	}
	n.forget(nsid)
}

// forget takes one off the list and has it looked for: where it is found again, by the
// same path or another, all feeds are told of it as of a new one.
func (n *namespaces) forget(nsid int32) {
	n.mu.Lock()
	n.list = slices.DeleteFunc(slices.Clone(n.list), func(ns NamespaceInfo) bool { return ns.NSID == nsid })
	n.mu.Unlock()
	n.wake()
}

// update tells the feeds what has come and gone.
func (n *namespaces) update(list []NamespaceInfo) {
	n.mu.Lock()
	old := n.list
	n.list = list
	n.mu.Unlock()
	post := func(do func(f *feed)) {
		for _, f := range n.m.feeds {
			f.post(func() { do(f) })
		}
	}
	same := func(ns NamespaceInfo) func(o NamespaceInfo) bool {
		return func(o NamespaceInfo) bool { return o.NSID == ns.NSID && os.SameFile(o.file, ns.file) }
	}
	for _, ns := range old {
		if !slices.ContainsFunc(list, same(ns)) {
			post(func(f *feed) { f.dropSpace(ns.NSID) })
		}
	}
	for _, ns := range list {
		if i := slices.IndexFunc(old, same(ns)); i < 0 || old[i].Path != ns.Path {
			post(func(f *feed) { f.meetSpace(ns) })
		}
	}
}

// wake has namespaces looked for now. It never waits.
func (n *namespaces) wake() {
	select {
	case n.kick <- struct{}{}:
	default:
	}
}

// meetSpace begins to mirror a namespace, or to find it by another path.
func (f *feed) meetSpace(ns NamespaceInfo) {
	if sp := f.space(ns.NSID); sp != nil {
		sp.name, sp.file = netlink.NamespacePath(ns.Path), ns.file
		return
	}
	sp := f.addSpace(ns.NSID, netlink.NamespacePath(ns.Path), ns.file)
	// The others go on meanwhile.
	sp.meeting = &Resync{Feed: f.name(), Kind: ResyncNamespace, Cause: fmt.Sprintf("namespace %d (%s) found", ns.NSID, strings.TrimPrefix(ns.Path, namespaceDirs[0]+"/")), Began: time.Now()}
	sp.unread = len(sp.tables)
	for _, t := range sp.tables {
		f.jobs = append(f.jobs, &job{t: t, why: Resynced, due: time.Now()})
		f.scheduleTable(t)
	}
}

// open returns the namespace as a descriptor, which done closes, where it was found by a
// path: that may lead to another one by now, whose state is not to be taken for it.
func (sp *space) open() (name netlink.Namespace, done func() error, err error) {
	if sp.file == nil {
		return sp.name, func() error { return nil }, nil
	}
	f, err := sp.name.Open()
	if err != nil {
		return name, nil, err
	}
	info, err := f.Stat()
	if err == nil && !os.SameFile(info, sp.file) {
		err = fmt.Errorf("%v is another namespace by now: %w", sp.name, fs.ErrNotExist)
	}
	if err != nil {
		f.Close()
		return name, nil, err
	}
	return netlink.NamespaceFD(int(f.Fd())), f.Close, nil
}

// met notes that a table of a new namespace has been read.
func (f *feed) met(t *table) {
	t.synced, t.dirty = !t.unproven, true
	if t.space.unread--; t.space.unread > 0 {
		return
	}
	r := t.space.meeting
	r.Took = time.Since(r.Began)
	f.resyncs[r.Kind]++
	f.finished, f.force = r, true
	f.publish()
}

// dropSpace ends to mirror a namespace that is gone.
func (f *feed) dropSpace(nsid int32) {
	sp := f.space(nsid)
	if sp == nil || nsid == Own {
		return
	}
	for _, t := range sp.tables {
		n := uint64(t.store.Len())
		t.stats.Changes[Announced] += n
		if !f.m.tables[t.ordinal].hidden {
			f.counts[Announced] += n
		}
	}
	f.retire(sp)
	sp.closeReader()
	f.spaces = slices.DeleteFunc(f.spaces, func(o *space) bool { return o == sp })
	for _, j := range f.jobs {
		if j.t.space != sp {
			continue
		}
		if j.resync {
			f.pending--
		}
		if j.report != nil {
			j.report(TableDrift{Table: j.t.def.Name, NSID: nsid})
		}
	}
	f.jobs = slices.DeleteFunc(f.jobs, func(j *job) bool { return j.t.space == sp })
	f.gone = append(f.gone, nsid)
	f.force = true
	f.settleIfDone()
}
