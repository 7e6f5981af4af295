package modules

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
)

const (
	reloads = 50
	// busy is how many clients ask at the same time: half of them for a reply, a
	// quarter for dumps, a quarter listen.
	busy = 16
	// reloadSlack is by how much the kernel's slabs may grow in all: files and
	// folders of the module in sysfs come and go with it.
	reloadSlack = 1 << 20
)

// worker is a busy client. It uses the library as anybody would: what fails is
// asked again.
type worker struct {
	name string
	done atomic.Int64    // what went well
	away atomic.Int64    // what was refused since the module was away
	kind [3]atomic.Int64 // the same by its kind, as kindOf tells
}

// TestReloadUnderLoad: clients recover by themselves from their module's going and
// coming.
func TestReloadUnderLoad(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_test")
	reloadAll(t, vm, 3) // so that all caches are there before it is measured
	before := measure(t, vm)
	reloadAll(t, vm, reloads)
	steady(t, vm, before, reloadSlack)
}

func reloadAll(t *testing.T, vm *vmtest.VM, times int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	workers := make([]*worker, busy)
	var group sync.WaitGroup
	for i := range workers {
		w := &worker{}
		workers[i] = w
		work := w.ask
		switch {
		case i%4 == 2:
			work = w.dump
		case i%4 == 3:
			work = w.listen
		}
		group.Go(func() {
			if err := work(ctx); ctx.Err() == nil {
				t.Errorf("client %d (%s): %v", i, w.name, err)
				stop()
			}
		})
	}
	seen := map[uint16]bool{}
	var tries int
	for i := range times {
		progress(t, ctx, workers)
		n, err := unloadBusy(vm, "nlkit_test")
		if err != nil {
			t.Fatal(err)
		}
		tries += n
		time.Sleep(time.Duration(i%5) * time.Millisecond) // away for different times
		if err := vm.Insmod("nlkit_test"); err != nil {
			t.Fatal(err)
		}
		id := numberOf(t)
		if seen[id] {
			t.Fatalf("load %d has the number %d of an earlier one: it shows nothing", i, id)
		}
		seen[id] = true
	}
	progress(t, ctx, workers)
	stop()
	group.Wait()
	var done, away int64
	var kinds [3]int64
	for _, w := range workers {
		done += w.done.Load()
		away += w.away.Load()
		for i := range kinds {
			kinds[i] += w.kind[i].Load()
		}
	}
	t.Logf("%s: %d reloads (%d attempts to unload), %d calls and events went well; meanwhile %d were told that the family is unknown, "+
		"%d that its number is, %d that no dump can begin; %d events told of the loss", vm.Kernel(), times, tries, done,
		kinds[unknown], kinds[noNumber], kinds[goingAway], away-kinds[unknown]-kinds[noNumber]-kinds[goingAway])
	if away == 0 && times == reloads {
		t.Error("nobody has noticed that the module was away: it shows nothing")
	}
}

// progress waits until each client has had something done since.
func progress(t *testing.T, ctx context.Context, workers []*worker) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for i, w := range workers {
		for was := w.done.Load(); w.done.Load() == was; time.Sleep(time.Millisecond) {
			if ctx.Err() != nil || time.Now().After(deadline) {
				t.Fatalf("client %d (%s) does not go on: %d went well, %d refused", i, w.name, w.done.Load(), w.away.Load())
			}
		}
	}
}

// unloadBusy unloads a module that has dumps under way nearly always.
func unloadBusy(vm *vmtest.VM, name string) (tries int, err error) {
	for start := time.Now(); time.Since(start) < 10*time.Second; time.Sleep(time.Millisecond) {
		tries++
		if err = vm.Rmmod(name); !errors.Is(err, unix.EAGAIN) {
			break
		}
	}
	return tries, err
}

// numberOf asks for the family's number without anything kept.
func numberOf(t *testing.T) uint16 {
	t.Helper()
	c := dial(t, nil)
	defer c.Close()
	return family(t, c, "nlkit_test").ID
}

// What a client may be told while the module is not there, and nothing else.
const (
	unknown   = iota // there is no such family
	noNumber         // nor one under its number: the module has gone and come once more during one call
	goingAway        // no dump can begin, as the module is on its way out
	notAway
)

func kindOf(err error) int {
	if _, ok := errors.AsType[*genetlink.UnknownFamilyError](err); ok {
		return unknown
	}
	switch {
	case errors.Is(err, netlink.ENOENT):
		return noNumber
	case errors.Is(err, netlink.EPROTONOSUPPORT):
		return goingAway
	}
	return notAway
}

func isAway(err error) bool { return kindOf(err) != notAway }

// count takes what came of a call, and lets the next client go on: the kernel answers
// at once, so that on one processor nobody else would for a while.
func (w *worker) count(err error) error {
	runtime.Gosched()
	switch {
	case err == nil:
		w.done.Add(1)
	case isAway(err):
		w.away.Add(1)
		w.kind[kindOf(err)].Add(1)
	default:
		return err
	}
	return nil
}

func (w *worker) dial(ctx context.Context, name string) (*nlkittest.Client, error) {
	w.name = name
	for {
		c, err := nlkittest.Dial(ctx, nil)
		if err == nil || !isAway(err) {
			return c, err
		}
	}
}

// ask makes requests.
func (w *worker) ask(ctx context.Context) error {
	c, err := w.dial(ctx, "requests")
	if err != nil {
		return err
	}
	defer c.Close()
	for i := uint32(0); ; i++ {
		reply, err := c.EchoAll(ctx, &nlkittest.EchoAllRequest{U32Any: nl.U32(i)})
		if err == nil && reply.U32Any.Value() != i {
			err = fmt.Errorf("asked with %d, answered with %v", i, reply)
		}
		if err := w.count(err); err != nil {
			return err
		}
	}
}

// dump reads series.
func (w *worker) dump(ctx context.Context) error {
	c, err := w.dial(ctx, "dumps")
	if err != nil {
		return err
	}
	defer c.Close()
	const entries = 150 // of 80 bytes: several datagrams
	for {
		n := uint32(0)
		var err error
		for m, e := range c.SeriesDump(ctx, &nlkittest.SeriesDumpRequest{Entries: nl.U32(entries), Size: nl.U32(64)}) {
			if err = e; e == nil {
				if n++; m.Index.Value() != n {
					return fmt.Errorf("entry %d is %v", n, m)
				}
			}
		}
		if err == nil && n != entries {
			return fmt.Errorf("a dump ended without an error after %d of %d entries", n, entries)
		}
		if err != nil && n > 0 {
			return fmt.Errorf("a dump failed after %d entries: %w", n, err)
		}
		if err := w.count(err); err != nil {
			return err
		}
		pause(ctx) // the module cannot be unloaded while a dump from it is under way
	}
}

// listen receives what it asks for itself.
func (w *worker) listen(ctx context.Context) error {
	c, err := w.dial(ctx, "events")
	if err != nil {
		return err
	}
	defer c.Close()
	var sub *nl.Subscription
	for sub == nil {
		if sub, err = c.Subscribe(ctx, nlkittest.GroupBurst); err != nil && !isAway(err) {
			return err
		}
	}
	defer sub.Close()
	ctx, stop := context.WithCancelCause(ctx)
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		stop(w.hear(ctx, sub))
	}()
	for ctx.Err() == nil {
		// What goes well is counted when it is heard.
		if _, err := c.Burst(ctx, &nlkittest.BurstRequest{Count: nl.U32(2)}); err != nil {
			if err := w.count(err); err != nil {
				stop(err)
			}
		}
		pause(ctx)
	}
	sub.Close()
	<-heard
	return context.Cause(ctx)
}

// pause lets others work, for a moment.
func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(5 * time.Millisecond):
	}
}

// hear counts bursts, and takes what else may come for what it is.
func (w *worker) hear(ctx context.Context, sub *nl.Subscription) error {
	for {
		ev, err := sub.Receive(ctx)
		if err != nil {
			return err
		}
		switch n := ev.Notification.(type) {
		case *nlkittest.BurstNotification:
			w.done.Add(1)
		case *nl.Unloaded, *nl.Overrun:
			w.away.Add(1)
		case *nl.Loaded:
			if n.Err != nil {
				return fmt.Errorf("joining again: %w", n.Err)
			}
		default:
			return fmt.Errorf("event %v", ev)
		}
	}
}
