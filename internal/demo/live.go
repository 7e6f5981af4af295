package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// liveSide is the kernel this runs on, with the demos' modules loaded.
type liveSide struct{ ns netlink.Namespace }

// NewLive returns the live kernel as kernel side. Sockets are opened in ns.
func NewLive(ns netlink.Namespace) Side { return liveSide{ns} }

func (l liveSide) Opener() netlink.Opener {
	if l.ns.IsCurrent() {
		return nil
	}
	return inNamespace(l)
}

// inNamespace opens sockets of the live kernel in a namespace.
type inNamespace struct{ ns netlink.Namespace }

func (n inNamespace) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	opts := *o
	opts.Via, opts.Tap, opts.Namespace = nil, nil, n.ns
	return netlink.Open(p, &opts)
}

func (l liveSide) About() string {
	return "The kernel side of these demos is in the kernel of this machine: the demos' modules. What they log is in its log (dmesg)."
}

// Check looks whether the module that serves the demo is loaded. It opens no
// socket of the plain protocol where nobody serves it: that would make the
// kernel load a module that claims the number.
func (l liveSide) Check(ctx context.Context, d Demo) error {
	if d.needs != wire.Generic {
		if err := checkProtocol(PlainProtocol); err != nil {
			return err
		}
		return l.checkPlain(ctx)
	}
	c, err := genetlink.Dial(&netlink.Options{Namespace: l.ns})
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.Family(ctx, FamilyName)
	if unknown, ok := errors.AsType[*genetlink.UnknownFamilyError](err); ok {
		return fmt.Errorf("family %s is not in this kernel: %s", unknown.Name, loadModule)
	}
	return err
}

// checkPlain asks whoever has the plain protocol whether it is the demo's module.
func (l liveSide) checkPlain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := netlink.Dial(PlainProtocol, &netlink.Options{Via: l.Opener()})
	if err != nil {
		return notOurs(err)
	}
	defer c.Close()
	if _, err := total(ctx, c); err != nil {
		return notOurs(err)
	}
	return nil
}

// loadModule is what to do where nobody serves a demo.
const loadModule = "load a module that serves it (nlkit's own come with a later release), or leave --kernel out to use " +
	"the simulated kernel"

func notOurs(err error) error {
	return fmt.Errorf("netlink protocol %d of this kernel is not the demo's but RDMA's, which has the number today: unload ib_core "+
		"and %s: %w", int(PlainProtocol), loadModule, err)
}

func (l liveSide) Trigger(context.Context) error { return writeTrigger(triggerPath) }

// HidesESRCH: whether the write fails is the module's decision.
func (l liveSide) HidesESRCH() bool             { return true }
func (l liveSide) Settle(context.Context) error { return nil }
func (l liveSide) Logger(func(string))          {}
func (l liveSide) Close() error                 { return nil }
