package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/trace"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// mirrorFlags are the flags of mirror.
type mirrorFlags struct {
	tableFlags
	count messageCount
	end   duration
}

func newMirror(a *app) *cobra.Command {
	f := &mirrorFlags{}
	cmd := &cobra.Command{
		Use:   "mirror TABLE ... [flags]",
		Short: "Print tables of the kernel, then every change of them",
		Long: "Mirrors tables of the kernel: prints every record, a line that says that this\n" +
			"is all, then each change as it comes, until it is interrupted (Ctrl-C) or\n" +
			"--count or --for is reached. Unlike watch it tells records from each other, so\n" +
			"that it knows what was before; it finds what the kernel deletes without a word;\n" +
			"and when messages are lost it reads the tables again, says so, and prints what\n" +
			"has changed. How it came to know of a change stands behind it: announced,\n" +
			"inferred, confirmed, resynced, polled, or audited.\n\n" +
			tablesHelp,
		Example: "  nlkit mirror link addr route\n" +
			"  nlkit mirror route --where 'table == main' --for 10s\n" +
			"  nlkit mirror link neigh --where 'neigh:ndm-state has permanent'\n" +
			"  nlkit mirror link -o jsonl | jq 'select(.event == \"deleted\")'\n" +
			"  nlkit mirror netdev/dev-get --count 1\n" +
			"  nlkit mirror tcp_metrics/get --poll 5s\n" +
			"  nlkit mirror link addr --all-netns   # root",
		Args:                  someTables,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     a.completeTables,
		RunE: func(cmd *cobra.Command, args []string) error {
			m := &mirroring{app: a, cmd: cmd, flags: f}
			var err error
			if m.tables, err = a.tables(args, &f.tableFlags); err != nil {
				return err
			}
			return m.run()
		},
	}
	flags := cmd.Flags()
	f.add(flags)
	flags.Var(&f.count, "count", "end after that many changes")
	flags.Var(&f.end, "for", "end after that time")
	for _, name := range []string{"count", "for", "where", "poll"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	return cmd
}

// mirroring is a run of the command.
type mirroring struct {
	app    *app
	cmd    *cobra.Command
	flags  *mirrorFlags
	tables []mirror.Raw
	mirror *mirror.Mirror

	records, changes, resyncs uint64
}

func (m *mirroring) run() error {
	began := time.Now()
	var err error
	if m.mirror, err = m.app.openMirror(m.cmd, mirror.Options{AllNamespaces: m.flags.all}, m.tables); err != nil {
		return err
	}
	defer m.mirror.Close()
	reading := time.Since(began)
	m.warn("mirroring %s (%s)", tableNames(m.tables), m.until())
	out := m.app.newMirrorSink(m.cmd, m.mirror, m.tables)
	defer out.release()
	err = m.follow(out, reading)
	if cerr := out.close(); err == nil {
		err = cerr
	}
	if err == nil {
		m.warn("%s", m.seen(time.Since(began)))
	}
	return err
}

// follow prints what there is, which took so long to read, and what becomes of it.
func (m *mirroring) follow(out mirrorSink, reading time.Duration) error {
	ctx := m.cmd.Context()
	if m.flags.end > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(m.flags.end))
		defer cancel()
	}
	first := m.mirror.Snapshot()
	var err error
	for r := range first.All() {
		m.records++
		if err := out.record(r); err != nil {
			return err
		}
		if m.records%1024 == 0 && m.cmd.Context().Err() != nil {
			return nil // a large table, and somebody who has seen enough
		}
	}
	s := step{at: time.Now(), version: first.Version()}
	if first.Synced() {
		err = out.synced(s, m.records, reading)
	} else {
		err = out.unsynced(s)
	}
	if err != nil {
		return err
	}
	if err := out.flush(); err != nil {
		return err
	}
	for d, err := range m.mirror.Changes(ctx, first) {
		if ended := m.ended(err); ended {
			return nil
		} else if err != nil {
			return err
		}
		done, err := m.delta(out, d)
		if err != nil || done {
			return err
		}
	}
	return nil
}

// ended reports whether an error is the end that was asked for.
func (m *mirroring) ended(err error) bool {
	return err != nil && (m.cmd.Context().Err() != nil || m.flags.end > 0 && errors.Is(err, context.DeadlineExceeded))
}

// delta prints a step: what has happened to the mirror, then what has to records. It
// is done when as many changes were printed as were asked for.
func (m *mirroring) delta(out mirrorSink, d *mirror.Delta) (done bool, err error) {
	s := step{at: time.Now(), version: d.To.Version()}
	synced := d.From == nil || d.From.Synced()
	if synced && !d.To.Synced() {
		if err := out.unsynced(s); err != nil {
			return false, err
		}
	}
	coalesced := d.Coalesced
	for _, r := range d.Resyncs {
		m.resyncs++
		if err := out.resync(s, r); err != nil {
			return false, err
		}
	}
	for c := range d.Changes() {
		if coalesced > 0 { // it is about what follows
			if err := out.coalesced(s, coalesced); err != nil {
				return false, err
			}
			coalesced = 0
		}
		m.changes++
		switch c.Kind {
		case mirror.Added:
			m.records++
		case mirror.Deleted:
			m.records--
		}
		if err := out.change(s, c); err != nil {
			return false, err
		}
		if m.changes == uint64(m.flags.count) {
			return true, out.flush()
		}
	}
	if !synced && d.To.Synced() {
		if err := out.synced(s, m.records, 0); err != nil {
			return false, err
		}
	}
	return false, out.flush()
}

// until says what ends it.
func (m *mirroring) until() string {
	f := m.flags
	switch {
	case f.count > 0 && f.end > 0:
		return fmt.Sprintf("for %v or %s", time.Duration(f.end), plural(int(f.count), "change"))
	case f.count > 0:
		return "for " + plural(int(f.count), "change")
	case f.end > 0:
		return fmt.Sprintf("for %v", time.Duration(f.end))
	}
	return "Ctrl-C ends"
}

// seen sums up.
func (m *mirroring) seen(took time.Duration) string {
	lost, overruns := uint64(0), uint64(0)
	for _, f := range m.mirror.Health().Feeds {
		lost, overruns = lost+f.Dropped, overruns+f.Overruns
	}
	text := fmt.Sprintf("%s, %s and %s in %v; ", plural(int(m.records), "record"), plural(int(m.changes), "change"),
		plural(int(m.resyncs), "resync"), took.Round(time.Millisecond))
	switch {
	case lost > 0:
		return text + plural(int(lost), "message") + " lost"
	case overruns > 0:
		return text + "messages were lost, the kernel does not tell how many"
	}
	return text + "nothing lost"
}

func (m *mirroring) warn(format string, args ...any) {
	fmt.Fprintf(m.cmd.ErrOrStderr(), "nlkit: "+format+"\n", args...)
}

// openMirror mirrors tables. The time limit is for the pauses of the first reading,
// however long it takes.
func (a *app) openMirror(cmd *cobra.Command, o mirror.Options, tables []mirror.Raw) (*mirror.Mirror, error) {
	ctx, cancel := a.unhurried(cmd)
	defer func() {
		cancel()
		a.ctx = nil
	}()
	o.Netlink = *a.options()
	tap, err := a.mirrorTap(cmd, tables)
	if err != nil {
		return nil, err
	}
	var messages atomic.Uint64
	var opened atomic.Bool
	o.Netlink.Tap = func(d netlink.Direction, b []byte) {
		if !opened.Load() && d == netlink.Received {
			a.pace.steps.Add(1)
			for range wire.Messages(b) {
				messages.Add(1)
			}
		}
		if tap != nil {
			tap(d, b)
		}
	}
	var sources []mirror.Source
	for _, t := range tables {
		sources = append(sources, t)
	}
	progress := startProgress(cmd.ErrOrStderr(), func(took time.Duration) string {
		return fmt.Sprintf("reading: %d messages, %v", messages.Load(), took.Round(100*time.Millisecond))
	})
	m, err := o.Open(ctx, sources...)
	opened.Store(true)
	progress.stop()
	if err != nil {
		if errors.Is(err, context.Canceled) && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
			err = context.DeadlineExceeded
		}
		return nil, a.explainMirror(err)
	}
	return m, nil
}

// explainMirror says whose fault an error is.
func (a *app) explainMirror(err error) error {
	if _, ok := errors.AsType[*mirror.FilterError](err); ok {
		return &cli.UsageError{Err: err}
	}
	if errors.Is(err, os.ErrPermission) && strings.Contains(err.Error(), "it takes CAP_") {
		// What to do about it is said already.
		return errors.New(err.Error())
	}
	return err
}

// mirrorTap traces messages, by the spec of the one table.
func (a *app) mirrorTap(cmd *cobra.Command, tables []mirror.Raw) (func(netlink.Direction, []byte), error) {
	if !a.trace {
		return nil, nil
	}
	if len(tables) != 1 {
		return nil, cli.Usagef("--trace takes one table: it names things by its spec")
	}
	name, _, _ := strings.Cut(tables[0].Name(), "/")
	if s := tables[0].Spec(); s != "" {
		name = s
	}
	spec, err := a.specOf(name)
	if err != nil {
		return nil, fmt.Errorf("--trace: %w", err)
	}
	w := cmd.ErrOrStderr()
	return trace.New(w, spec, trace.Options{Color: cli.Color(w), Width: cli.Width(w)}).Tap, nil
}
