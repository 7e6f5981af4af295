package demo

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// liveSide is the kernel this runs on, with the demos' modules loaded.
type liveSide struct {
	ns     netlink.Namespace
	module string // path of the file that demo "reload" loads; empty: a person does so
}

// NewLive returns the live kernel as kernel side. Sockets are opened in ns. module
// is the path of doc_exmpl.ko, which demo "reload" loads again after it has unloaded
// it; if it is empty the demo asks for that to be done.
func NewLive(ns netlink.Namespace, module string) Side { return liveSide{ns, module} }

func (l liveSide) Opener() netlink.Opener {
	if l.ns.IsCurrent() {
		return nil
	}
	return inNamespace{l.ns}
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
		return fmt.Errorf("family %s is not in this kernel: %s", unknown.Name, loadModule(familyModule, familyModule))
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

// loadModule says what to do where nobody serves a demo: dir is the folder of
// nlkit's source with the module that does.
func loadModule(dir, module string) string {
	return fmt.Sprintf("in kmod/%s of nlkit's source type \"make\" and then, as root, \"insmod %s.ko\", or leave --kernel out to "+
		"use the simulated kernel", dir, module)
}

// The modules of the demos, in kmod/ of nlkit's source.
const (
	plainModule  = "nlkit_plain"
	familyModule = "doc_exmpl"
)

func loadPlain() string { return loadModule("plain", plainModule) }

func notOurs(err error) error {
	return fmt.Errorf("netlink protocol %d of this kernel is not the demo's but RDMA's, which has the number today: unload ib_core; "+
		"%s: %w", int(PlainProtocol), loadPlain(), err)
}

func (l liveSide) Trigger(context.Context) error { return writeTrigger(triggerPath) }

// typed is how long a person has to type a command.
const typed = 5 * time.Minute

// Unload takes the module that module is the file of out of the kernel.
func (l liveSide) Unload(ctx context.Context, instruct func(string)) (time.Duration, error) {
	if l.module == "" {
		instruct("sudo rmmod " + familyModule)
		return typed, nil
	}
	return patience, deleteModule(ctx, moduleName(l.module))
}

func (l liveSide) Load(ctx context.Context, instruct func(string)) (time.Duration, error) {
	if l.module == "" {
		instruct("sudo insmod " + familyModule + ".ko")
		return typed, nil
	}
	return patience, insertModule(l.module)
}

// moduleName is the name of the module in a file: the kernel has no dashes in them.
func moduleName(path string) string {
	name, _, _ := strings.Cut(filepath.Base(path), ".")
	return strings.ReplaceAll(name, "-", "_")
}

// HidesESRCH: whether the write fails is the module's decision.
func (l liveSide) HidesESRCH() bool             { return true }
func (l liveSide) Settle(context.Context) error { return nil }
func (l liveSide) Logger(func(string))          {}
func (l liveSide) Close() error                 { return nil }
