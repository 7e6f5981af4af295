package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/mirror"
)

// auditFlags are the flags of audit.
type auditFlags struct {
	tableFlags
	hold  duration
	every duration
}

func newAudit(a *app) *cobra.Command {
	f := &auditFlags{hold: duration(10 * time.Second), every: duration(time.Minute)}
	cmd := &cobra.Command{
		Use:   "audit [TABLE ...] [flags]",
		Short: "Hold a mirror for a while, and compare it with the kernel",
		Long: "Mirrors tables while the system changes them, then reads all of them again and\n" +
			"compares: a mirror that is right has nothing to repair. What differs (drift) is\n" +
			"shown, record by record. Ctrl-C ends the holding early; the comparison is made\n" +
			"nevertheless. Where no table is named it takes those that may be read, but for\n" +
			"ethtool's, and says which it leaves out.\n\n" +
			"Exit status: 0 no drift, 1 drift, or it could not be found out.\n\n" +
			tablesHelp,
		Example: "  nlkit audit\n" +
			"  nlkit audit link addr route --for 1m\n" +
			"  nlkit audit route --for 2s -o jsonl\n" +
			"  nlkit audit --for 12h --every 10m -o json > report.json\n" +
			"  nlkit audit ethtool-rings ethtool-features --netns blue   # root",
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     a.completeTables,
		RunE: func(cmd *cobra.Command, args []string) error {
			r := &auditing{app: a, cmd: cmd, flags: f}
			return r.run(args)
		},
	}
	flags := cmd.Flags()
	f.add(flags)
	flags.Var(&f.hold, "for", "how long to hold the mirror")
	flags.Var(&f.every, "every", "compare so often meanwhile, too")
	for _, name := range []string{"for", "every", "where", "poll"} {
		_ = cmd.RegisterFlagCompletionFunc(name, cobra.NoFileCompletions)
	}
	return cmd
}

// auditing is a run of the command.
type auditing struct {
	app    *app
	cmd    *cobra.Command
	flags  *auditFlags
	tables []mirror.Raw
	left   []leftOut
	mirror *mirror.Mirror
	report auditReport
}

// leftOut is a table that is not audited.
type leftOut struct {
	name string
	why  error
}

func (r *auditing) run(names []string) error {
	began := time.Now()
	if err := r.open(names); err != nil {
		return err
	}
	defer r.mirror.Close()
	r.report.reading = time.Since(began)
	r.tellLeft()
	r.warn("holding %s for %v (Ctrl-C ends it early)", tableNames(r.tables), time.Duration(r.flags.hold))
	if err := r.hold(); err != nil {
		return err
	}
	r.report.health = r.mirror.Health()
	r.report.left = r.left
	out := r.app.newMirrorSink(r.cmd, r.mirror, r.tables)
	defer out.release()
	if err := r.print(out); err != nil {
		return err
	}
	if r.report.drift > 0 {
		return &cli.StatusError{Status: cli.ExitRefused}
	}
	return nil
}

// open mirrors the tables that were named, or those that can be.
func (r *auditing) open(names []string) error {
	o := mirror.Options{AllNamespaces: r.flags.all, AuditEvery: -1}
	named := len(names) > 0
	if !named {
		names = auditable(r.flags.poll > 0)
	}
	var err error
	if r.tables, err = r.app.tables(names, &r.flags.tableFlags); err != nil {
		return err
	}
	if r.mirror, err = r.app.openMirror(r.cmd, o, r.tables); err == nil || named || r.cmd.Context().Err() != nil {
		return err
	}
	if _, usage := errors.AsType[*cli.UsageError](err); usage {
		return err
	}
	// One or another may not be read here, or is not in this kernel: each for itself.
	all := r.tables
	r.tables = nil
	for _, t := range all {
		m, err := r.app.openMirror(r.cmd, o, []mirror.Raw{t})
		if err != nil {
			if r.cmd.Context().Err() != nil {
				return err
			}
			r.left = append(r.left, leftOut{t.Name(), err})
			continue
		}
		m.Close()
		r.tables = append(r.tables, t)
	}
	if len(r.tables) == 0 {
		return r.left[0].why
	}
	r.mirror, err = r.app.openMirror(r.cmd, o, r.tables)
	return err
}

// reason says why, without the names of tables in front.
func (l leftOut) reason() string {
	text := l.why.Error()
	if rest, ok := strings.CutPrefix(text, "mirror "); ok {
		if _, why, ok := strings.Cut(rest, ": "); ok {
			return why
		}
	}
	return text
}

// tellLeft says which tables are left out, those together that are for one reason.
func (r *auditing) tellLeft() {
	var reasons []string
	names := map[string][]string{}
	for _, l := range r.left {
		why := l.reason()
		if names[why] == nil {
			reasons = append(reasons, why)
		}
		names[why] = append(names[why], l.name)
	}
	for _, why := range reasons {
		r.warn("left out: %s: %s", strings.Join(names[why], ", "), why)
	}
}

// auditable are the tables to audit where none is named: those that are announced,
// or all where it was said how often to read the others.
func auditable(polled bool) []string {
	first := []string{"link", "addr", "route", "rule", "neigh", "fdb", "nexthop", "qdisc", "class", "filter"}
	for _, name := range mirror.Names() {
		t, err := mirror.ByName(name)
		if err != nil || slices.Contains(first, name) || strings.HasPrefix(name, "ethtool-") || !t.Announced() && !t.Polled() && !polled {
			continue
		}
		first = append(first, name)
	}
	return first
}

// hold waits, and compares at the end, and before that now and then.
func (r *auditing) hold() error {
	began := time.Now()
	end := began.Add(time.Duration(r.flags.hold))
	p := startProgress(r.cmd.ErrOrStderr(), func(took time.Duration) string {
		h := r.mirror.Health()
		events, lost := uint64(0), uint64(0)
		for _, f := range h.Feeds {
			events, lost = events+f.Events, lost+f.Dropped
		}
		return fmt.Sprintf("%v of %v: %d events, %d versions, %d lost", took.Round(time.Second), time.Duration(r.flags.hold), events, h.Version, lost)
	})
	defer p.stop()
	for {
		next := min(time.Until(end), time.Duration(r.flags.every))
		wait := time.NewTimer(max(next, 0))
		early := false
		select {
		case <-r.cmd.Context().Done():
			early = true
		case <-wait.C:
		}
		wait.Stop()
		if err := r.mirror.Err(); err != nil {
			return err
		}
		if err := r.compare(); err != nil {
			return err
		}
		if early || !time.Now().Before(end) {
			r.report.held = time.Since(began)
			return nil
		}
	}
}

// compare compares everything with the kernel.
func (r *auditing) compare() error {
	// Whoever ends the holding wants to see the result.
	ctx := context.WithoutCancel(r.cmd.Context())
	cancel := func() {}
	if limit := time.Duration(r.app.timeout); limit > 0 {
		ctx, cancel = context.WithTimeout(ctx, limit)
	}
	defer cancel()
	r.app.ctx = ctx
	if err := r.mirror.Sync(ctx); err != nil {
		return fmt.Errorf("the mirror does not become quiet: %w", err)
	}
	found, err := r.mirror.Audit(ctx)
	if err != nil {
		return fmt.Errorf("the comparison with the kernel: %w", err)
	}
	r.report.add(found)
	return nil
}

func (r *auditing) warn(format string, args ...any) {
	fmt.Fprintf(r.cmd.ErrOrStderr(), "nlkit: "+format+"\n", args...)
}
