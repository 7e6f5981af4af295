package pyynl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
)

// Exit statuses, those of a Python program that uses argparse.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
	exitSignal = 130 // as everywhere in nlkit
)

// Env is what a command line runs in.
type Env struct {
	Stdout, Stderr io.Writer
	// Options are how sockets are opened; nil for the live kernel's.
	Options *netlink.Options
	// Families names what --family takes, sorted.
	Families func() ([]string, error)
	// Open opens the spec of a family for --family.
	Open func(family string) (*ynl.Spec, error)
	// Catalogue opens the spec by which formats are named that a spec lacks; it
	// may be nil.
	Catalogue func(family string) (*ynl.Spec, error)
	// Width is the width of the terminal, in characters; 0 means 80.
	Width int
}

// run is one command line being carried out.
type run struct {
	*Env
	o    *options
	out  *output
	spec *ynl.Spec
	c    *client.Client
}

// Run carries out a command line, which begins behind the command's name, and
// returns the exit status.
func Run(ctx context.Context, args []string, env *Env) int {
	o, err := parse(args)
	if err != nil {
		fmt.Fprintf(env.Stderr, "%snlkit ynl: error: %v\n", usage, err)
		return exitUsage
	}
	if o.help {
		if _, err := io.WriteString(env.Stdout, usage+About()); err != nil {
			return exitFailed
		}
		return exitOK
	}
	w := newOutput(env.Stdout)
	r := &run{Env: env, o: o, out: w}
	err = r.all(ctx)
	if r.c != nil {
		r.c.Close()
	}
	if e, ok := asRefusal(err); ok {
		w.restart()
		fmt.Fprintln(w, refusal(e, r.asked()))
	}
	if werr := w.Flush(); err == nil {
		err = werr
	}
	return r.status(ctx, err)
}

// status tells of an error and returns the exit status.
func (r *run) status(ctx context.Context, err error) int {
	if err == nil {
		return exitOK
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return exitSignal
	}
	if _, told := asRefusal(err); told {
		return exitFailed
	}
	if err != errTold {
		fmt.Fprintf(r.Stderr, "nlkit ynl: %v\n", err)
	}
	return exitFailed
}

// errTold says that what there was to say has been said.
var errTold = errors.New("told")

// asked is the operation that was asked for, for errors.
func (r *run) asked() *ynl.Op {
	if r.spec == nil {
		return nil
	}
	if r.o.dump != "" {
		return r.spec.Op(r.o.dump)
	}
	return r.spec.Op(r.o.do)
}

func (r *run) all(ctx context.Context) error {
	if r.o.listFamilies {
		names, err := r.Families()
		for _, name := range names {
			fmt.Fprintln(r.out, name)
		}
		return err
	}
	attrs, err := attributes("--json", r.o.json)
	if err != nil {
		return err
	}
	if err := r.load(); err != nil || r.o.validate {
		return err
	}
	if s := r.o.smallRecv; r.o.given["dbg-small-recv"] && s != 0 && s < smallReceive {
		return fmt.Errorf("--dbg-small-recv %d: must be at least %d bytes", s, smallReceive)
	}
	if err := r.list(); err != nil {
		return err
	}
	if r.o.do == "" && r.o.dump == "" && len(r.o.multi) == 0 && r.o.subscribe == "" {
		return nil
	}
	if err := r.dial(); err != nil {
		return err
	}
	var sub *client.Subscription
	if r.o.subscribe != "" {
		if sub, err = r.c.Subscribe(ctx, r.o.subscribe); err != nil {
			return err
		}
		defer sub.Close()
	}
	if err := r.ask(ctx, attrs); err != nil {
		return err
	}
	if sub == nil {
		return nil
	}
	return r.watch(ctx, sub)
}

// load reads the spec.
func (r *run) load() (err error) {
	if r.o.family != "" {
		r.spec, err = r.Open(r.o.family)
		return err
	}
	text, err := os.ReadFile(r.o.spec)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("spec file %s does not exist", r.o.spec)
	}
	if err != nil {
		return err
	}
	r.spec, err = ynl.Parse(r.o.spec, text)
	return err
}

// list does what needs no kernel.
func (r *run) list() error {
	switch {
	case r.o.listOps:
		listOps(r.out, r.spec, false)
	case r.o.listMsgs:
		listOps(r.out, r.spec, true)
	case r.o.listAttrs != "":
		op := r.spec.Op(r.o.listAttrs)
		if op == nil || op.IsReserved() {
			fmt.Fprintf(r.out, "Operation %s not found\n", r.o.listAttrs)
			return errTold
		}
		listAttrs(r.out, op)
	}
	return nil
}

func (r *run) dial() (err error) {
	o := netlink.Options{}
	if r.Options != nil {
		o = *r.Options
	}
	if r.o.netns != "" {
		o.Namespace = netlink.ParseNamespace(r.o.netns)
	}
	if r.o.smallRecv != 0 {
		o.Via = &smallReceiver{via: o.Via, size: r.o.smallRecv, w: r.Stderr}
	}
	r.c, err = client.Dial(r.spec, &o)
	return err
}
