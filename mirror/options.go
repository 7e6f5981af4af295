package mirror

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// DefaultBuffer is the receive buffer of an events socket in bytes, where the
// process may have that much (CAP_NET_ADMIN); otherwise it is what
// net.core.rmem_max allows. Linux doubles it for its own bookkeeping: there is room
// for some 40,000 announcements of routes. What is not used costs nothing.
const DefaultBuffer = 16 << 20

// DefaultAuditEvery is how often a table, or a part of one, is audited.
const DefaultAuditEvery = time.Minute

// Options say how a mirror is kept. The zero value is what [Open] uses.
type Options struct {
	// Netlink is how sockets are opened: its Via, Namespace and Tap. ReceiveBuffer
	// is that of the events sockets, 0 standing for [DefaultBuffer]. Filter has to be
	// empty: what it drops the mirror would not know of. Table.Where is for that.
	Netlink netlink.Options
	// AllNamespaces mirrors all network namespaces of the system that can be found,
	// by name or by a process in them, over one events socket for each protocol. It
	// takes CAP_NET_BROADCAST, and CAP_NET_ADMIN in each: each gets an id in the own
	// one. See Mirror.Namespaces and Table.In.
	AllNamespaces bool
	// AuditEvery is how often a table, or of a large one the next part, is compared
	// with the kernel. 0 stands for [DefaultAuditEvery]; negative is never. A slow
	// audit makes the next one later: they take 2 % of the time at most.
	AuditEvery time.Duration

	// noPushdown keeps filters from being left to the kernel, for tests.
	noPushdown bool
	// lookAt tells which paths of namespaces are looked at, for tests: there may be
	// others on the machine. All are if it is nil.
	lookAt func(path string) bool
}

// Open mirrors tables and returns when the first reading of all of them is done: see
// [Options.Open].
func Open(ctx context.Context, tables ...Source) (*Mirror, error) {
	return Options{}.Open(ctx, tables...)
}

// Open mirrors tables of the kernel, until Close. It returns when all have been
// read for the first time, so that the first [Mirror.Snapshot] holds what they have. It
// is not [Snapshot.Synced] where changes have kept coming, so that something may have
// been missed: until that was read again.
//
// ctx is for the opening alone. An error says which table cannot be mirrored and
// why: there is no such family, the process has not the right to read the table or
// to join a group (and what would give it), a filter that cannot be parsed.
func (o Options) Open(ctx context.Context, tables ...Source) (*Mirror, error) {
	if len(tables) == 0 {
		return nil, errors.New("mirror: no tables: give at least one, mirror.Links say")
	}
	if len(o.Netlink.Filter) > 0 {
		return nil, errors.New("mirror: Options.Netlink.Filter is set: a mirror cannot be right about what it never hears of; say with Table.Where what is wanted, which is left to the kernel where it can be")
	}
	m := &Mirror{opts: o}
	for _, t := range tables {
		if err := m.add(t.source()); err != nil {
			return nil, err
		}
	}
	m.addHidden()
	m.current.Store(&Snapshot{of: m, tables: make([][]view, len(m.tables))})
	running, cancel := context.WithCancelCause(context.Background())
	m.ctx, m.cancel = running, cancel
	m.makeFeeds()
	if o.AllNamespaces {
		if err := m.findNamespaces(ctx); err != nil {
			m.cancel(err)
			return nil, err
		}
	}
	for _, f := range m.feeds {
		m.done.Go(func() { f.run(running) })
	}
	for _, f := range m.feeds {
		select {
		case err := <-f.first:
			if err != nil {
				m.Close()
				return nil, err
			}
		case <-ctx.Done():
			m.Close()
			return nil, fmt.Errorf("mirror: the first reading of %s has not ended: %w", f.name(), context.Cause(ctx))
		}
	}
	if m.manyFeeds {
		// What one feed has told another is to be read as well.
		if err := m.Sync(ctx); err != nil {
			m.Close()
			return nil, fmt.Errorf("mirror: the first reading has not ended: %w", err)
		}
	}
	return m, nil
}

// Source is a table to mirror: [Table] or [Raw].
type Source interface {
	source() wanted
}

// wanted is what a Source stands for.
type wanted struct {
	def   *Definition
	where *clause
	err   error
}

// add takes a table in.
func (m *Mirror) add(w wanted) error {
	if w.err != nil {
		return w.err
	}
	d := w.def
	if slices.ContainsFunc(m.tables, func(a asked) bool { return a.def == d || a.def.Name == d.Name }) {
		return fmt.Errorf("mirror: the table %s is given twice: one filter can say both (a || b)", d.Name)
	}
	if err := d.check(); err != nil {
		return err
	}
	a := asked{def: d}
	for text := range w.where.all() {
		f, err := compile(d, text)
		if err != nil {
			return &FilterError{d.Name, text, err}
		}
		a.filter = a.filter.and(f)
	}
	m.tables = append(m.tables, a)
	return nil
}

// addHidden adds the tables that rules watch, before those that they change.
func (m *Mirror) addHidden() {
	for i := 0; i < len(m.tables); i++ {
		for _, r := range m.tables[i].def.rules {
			// A rule has to hear of everything: a filter is for the reader.
			if !slices.ContainsFunc(m.tables, func(a asked) bool { return a.def == r.on && a.filter.kept == nil }) {
				m.tables = append(m.tables, asked{def: r.on, hidden: true})
			}
		}
	}
}

// check finds out whether a table can be mirrored at all.
func (d *Definition) check() error {
	switch {
	case d.Name == "":
		return errors.New("mirror: a Definition without a Name")
	case d.Dump == nil:
		return fmt.Errorf("mirror %s: it cannot be dumped: a table needs Dump", d.Name)
	case d.Key == nil:
		return fmt.Errorf("mirror %s: what tells its records apart is not known: a table needs Key", d.Name)
	case d.PerLink && d.Links == nil:
		return fmt.Errorf("mirror %s: what links its records belong to is not known: a table with PerLink needs Links", d.Name)
	case len(d.Groups)+len(d.GroupNames) == 0 && d.Poll <= 0:
		return fmt.Errorf("mirror %s: its changes are not announced: a table needs Groups, or else Poll: how often it is read", d.Name)
	case d.Protocol == wire.Generic && d.Family == "":
		return fmt.Errorf("mirror %s: a generic netlink table needs the name of its Family", d.Name)
	}
	return nil
}

// makeFeeds makes a feed for each protocol and each generic netlink family.
func (m *Mirror) makeFeeds() {
	for _, i := range m.watchedFirst() {
		a := m.tables[i]
		f := m.feed(a.def.Protocol, a.def.Family)
		index := len(f.ordinals)
		f.ordinals = append(f.ordinals, i)
		for _, g := range a.def.Groups {
			if !slices.Contains(f.groups, g) {
				f.groups = append(f.groups, g)
			}
		}
		for _, g := range a.def.GroupNames {
			if !slices.Contains(f.groupNames, g) {
				f.groupNames = append(f.groupNames, g)
			}
		}
		for _, typ := range a.def.Put {
			f.byType[typ] = append(f.byType[typ], target{index, verbPut})
		}
		for _, typ := range a.def.Delete {
			f.byType[typ] = append(f.byType[typ], target{index, verbDelete})
		}
	}
	m.addAbroad()
	for _, f := range m.feeds {
		f.addSpace(Own, m.opts.Netlink.Namespace, nil)
	}
}

// findNamespaces adds a space for each other namespace.
func (m *Mirror) findNamespaces(ctx context.Context) error {
	n, err := newNamespaces(m)
	if err != nil {
		return err
	}
	m.spaces = n
	n.list = n.find(ctx)
	for _, f := range m.feeds {
		for _, ns := range n.list {
			f.addSpace(ns.NSID, netlink.NamespacePath(ns.Path), ns.file)
		}
	}
	m.done.Go(func() { n.run(m.ctx) })
	return nil
}

func (m *Mirror) feed(p wire.Protocol, family string) *feed {
	for _, f := range m.feeds {
		if f.protocol == p && f.family == family {
			return f
		}
	}
	f := &feed{m: m, protocol: p, family: family, byType: map[uint16][]target{}, first: make(chan error, 1)}
	m.feeds = append(m.feeds, f)
	return f
}

// addSpace begins to mirror a namespace. file is what was found by its name.
func (f *feed) addSpace(nsid int32, name netlink.Namespace, file fs.FileInfo) *space {
	sp := &space{nsid: nsid, name: name, file: file}
	for _, ordinal := range f.ordinals {
		sp.tables = append(sp.tables, newTable(f, sp, ordinal))
	}
	f.resume(sp)
	for _, t := range sp.tables {
		for i := range t.def.rules {
			r := &t.def.rules[i]
			if on := sp.unfiltered(r.on); on != nil {
				on.dependents = append(on.dependents, dependent{t, r})
				if on != t {
					t.watches = append(t.watches, on)
				}
			} else {
				t.awaits[r] = true
				f.m.feed(r.on.Protocol, r.on.Family).replay(f, nsid)
			}
		}
	}
	f.spaces = append(f.spaces, sp)
	return sp
}

// unfiltered finds the table of a definition as rules need it: with everything in it.
func (sp *space) unfiltered(d *Definition) *table {
	for _, t := range sp.tables {
		if t.def == d && t.filter == nil {
			return t
		}
	}
	return nil
}

// eventOptions are those of a feed's events socket.
func (f *feed) eventOptions() netlink.Options {
	o := &f.m.opts
	e := o.Netlink
	e.Filter = f.socketFilter()
	if e.ReceiveBuffer == 0 {
		e.ReceiveBuffer = DefaultBuffer
	}
	e.ListenAllNSID = e.ListenAllNSID || o.AllNamespaces
	return e
}

func (o *Options) dumpOptions(ns netlink.Namespace) netlink.Options {
	e := o.Netlink
	e.ReceiveBuffer = 0
	e.Filter = nil
	e.ListenAllNSID = false
	e.Namespace = ns
	return e
}
