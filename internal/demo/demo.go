package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// Demo is one of the demonstrations.
type Demo struct {
	Name  string
	Short string // what it shows, in a line
	run   func(context.Context, *session) error
	// needs says what the kernel side must offer.
	needs wire.Protocol // Generic: the family DOC_EXMPL
	group bool          // joins a multicast group
}

// All returns the demos in the order to show them.
func All() []Demo {
	return []Demo{
		{"unicast", "one-way and two-way messages, autobind, ten broadcasts", unicast, PlainProtocol, true},
		{"request", "a generic netlink request and its reply", request, wire.Generic, false},
		{"multicast", "one notification, several listeners", multicast, wire.Generic, true},
		{"overflow", "a receive queue that overflows, and what to do then", overflow, PlainProtocol, true},
		{ReloadName, "a module that goes and comes back, and a client that goes on", reload, wire.Generic, true},
	}
}

// ReloadName is the name of the demo that unloads a module and loads it again.
const ReloadName = "reload"

// Names returns the names of all demos.
func Names() []string {
	var names []string
	for _, d := range All() {
		names = append(names, d.Name)
	}
	return names
}

// Options say what to run.
type Options struct {
	Demos     []string // names; none stands for all
	Listeners int      // of demo "multicast"; 0 stands for 2
}

// patience bounds each wait for a message that is already on its way.
const patience = 5 * time.Second

// session is one demo being run.
type session struct {
	*recorder
	side      Side
	listeners int
}

// Run runs demos against side and gives emit their events, one at a time and in
// order. A demo that cannot be run, or that sees something else than it ought
// to, does not keep the next ones from being run; the errors are joined, with
// demos that lack the same thing in one.
func Run(ctx context.Context, side Side, o Options, emit func(Event)) error {
	if o.Listeners == 0 {
		o.Listeners = 2
	}
	if o.Listeners < 0 {
		return fmt.Errorf("%d listeners: give 1 or more", o.Listeners)
	}
	for _, name := range o.Demos {
		if !slices.Contains(Names(), name) {
			return fmt.Errorf("no demo %q: there are %s", name, strings.Join(Names(), ", "))
		}
	}
	var errs failures
	for _, d := range All() {
		if len(o.Demos) > 0 && !slices.Contains(o.Demos, d.Name) {
			continue
		}
		r := newRecorder(d.Name, emit)
		err := ctx.Err()
		if err == nil {
			err = side.Check(ctx, d)
		}
		if err == nil {
			side.Logger(r.log)
			err = d.run(ctx, &session{recorder: r, side: side, listeners: o.Listeners})
			side.Logger(nil)
		}
		errs.add(d.Name, err)
		if err != nil && ctx.Err() != nil {
			break // this is the demo that was cut short; the others need no saying
		}
	}
	return errs.join()
}

// failures are what went wrong, in the order seen: each thing once, with the
// names of the demos it befell.
type failures []failure

type failure struct {
	err   error
	demos []string
}

func (fs *failures) add(demo string, err error) {
	if err == nil {
		return
	}
	same := func(f failure) bool { return f.err.Error() == err.Error() }
	if i := slices.IndexFunc(*fs, same); i >= 0 {
		(*fs)[i].demos = append((*fs)[i].demos, demo)
		return
	}
	*fs = append(*fs, failure{err, []string{demo}})
}

func (fs failures) join() error {
	var errs []error
	for _, f := range fs {
		noun := "demo"
		if len(f.demos) > 1 {
			noun = "demos"
		}
		errs = append(errs, fmt.Errorf("%s %s: %w", noun, strings.Join(f.demos, ", "), f.err))
	}
	return errors.Join(errs...)
}
