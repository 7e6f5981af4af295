package modules

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
)

// loadEnv has the figures of the load test instead of those below: "ROUND
// TRIPS,BROADCASTS".
const loadEnv = "NLKIT_LOAD"

// loadFigures are how much is asked of a kernel.
func loadFigures(t testing.TB, vm *vmtest.VM) (roundTrips, broadcasts int) {
	t.Helper()
	if text := os.Getenv(loadEnv); text != "" {
		a, b, _ := strings.Cut(text, ",")
		var err, err2 error
		roundTrips, err = strconv.Atoi(a)
		broadcasts, err2 = strconv.Atoi(b)
		if err != nil || err2 != nil || roundTrips < loadClients || broadcasts < oneBurst {
			t.Fatalf("%s=%q: want two numbers, from %d and from %d, with a comma between", loadEnv, text, loadClients, oneBurst)
		}
		return roundTrips, broadcasts
	}
	if vm.Kernel() == "6.12-cloud" {
		return 200_000, 20_000
	}
	return 20_000, 4_000 // all of it on one kernel is enough
}

const (
	loadClients   = 8
	loadListeners = 8
	oneBurst      = 1000
	// slack is by how much the kernel's slabs may grow under load, in bytes: pages
	// of caches that are not full again afterwards. One message leaked in 1,000
	// round trips would be more.
	slack = 256 << 10
)

// resources are what must not grow.
type resources struct {
	slab            int64
	files, routines int
}

// measure counts when goroutines come and go no more: one that is at its end is still
// counted for a moment.
func measure(t testing.TB, vm *vmtest.VM) resources {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for n, same := runtime.NumGoroutine(), 0; same < 50 && time.Now().Before(deadline); same++ {
		time.Sleep(time.Millisecond)
		if now := runtime.NumGoroutine(); now != n {
			n, same = now, 0
		}
	}
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return resources{vm.Slab(), len(files), runtime.NumGoroutine()}
}

// steady reports what has grown since before.
func steady(t testing.TB, vm *vmtest.VM, before resources, allowed int64) {
	t.Helper()
	now := measure(t, vm)
	t.Logf("slabs %d -> %d bytes, files %d -> %d, goroutines %d -> %d", before.slab, now.slab, before.files, now.files, before.routines, now.routines)
	if grown := now.slab - before.slab; grown > allowed {
		t.Errorf("the kernel's slabs have grown by %d bytes, allowed are %d", grown, allowed)
	}
	if now.files != before.files || now.routines != before.routines {
		t.Errorf("files %d -> %d, goroutines %d -> %d", before.files, now.files, before.routines, now.routines)
	}
	if w := vm.Warnings(); len(w) > 0 {
		t.Errorf("the kernel complains: %q", w)
	}
}

// TestLoad: many round trips and broadcasts, and nothing of them stays.
func TestLoad(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl", "nlkit_test")
	roundTrips, broadcasts := loadFigures(t, vm)
	echoes(t, loadClients*100) // so that all caches are there before it is measured
	bursts(t, oneBurst)
	before := measure(t, vm)
	start := time.Now()
	echoes(t, roundTrips)
	each := time.Since(start) / time.Duration(roundTrips)
	t.Logf("%s: %d round trips in %v, %v each", vm.Kernel(), roundTrips, time.Since(start).Round(time.Millisecond), each)
	steady(t, vm, before, slack)
	start = time.Now()
	bursts(t, broadcasts)
	t.Logf("%s: %d broadcasts to %d listeners in %v", vm.Kernel(), broadcasts, loadListeners, time.Since(start).Round(time.Millisecond))
	steady(t, vm, before, slack)
}

// echoes makes round trips, of several clients side by side.
func echoes(t *testing.T, n int) {
	t.Helper()
	var group sync.WaitGroup
	for i := range loadClients {
		c := dial(t, nil)
		defer c.Close()
		mine := n / loadClients
		if i < n%loadClients {
			mine++
		}
		group.Go(func() {
			for range mine {
				if reply, err := echo(t.Context(), c); reply != kernelText || err != nil {
					t.Errorf("reply %q, error %v", reply, err)
					return
				}
			}
		})
	}
	group.Wait()
}

// bursts has the module multicast to several listeners, who have to get all of it in
// its order.
func bursts(t *testing.T, n int) {
	t.Helper()
	ctx := t.Context()
	asker, err := nlkittest.Dial(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer asker.Close()
	var subs []*nl.Subscription
	for range loadListeners {
		c, err := nlkittest.Dial(ctx, &netlink.Options{ReceiveBuffer: 4 << 20}) // a burst, and room
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		sub, err := c.Subscribe(ctx, nlkittest.GroupBurst)
		if err != nil {
			t.Fatal(err)
		}
		defer sub.Close()
		subs = append(subs, sub)
	}
	for left := n; left > 0; left -= oneBurst {
		count := min(left, oneBurst)
		reply, err := asker.Burst(ctx, &nlkittest.BurstRequest{Count: nl.U32(uint32(count)), Size: nl.U32(32)})
		if err != nil || reply.Sent.Value() != uint32(count) {
			t.Fatalf("burst of %d: %v, error %v", count, reply, err)
		}
		for _, sub := range subs {
			take(t, sub, count)
		}
	}
}

// take receives one burst, all of it in its order.
func take(t *testing.T, sub *nl.Subscription, count int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for i := range count {
		ev, err := sub.Receive(ctx)
		if err != nil {
			t.Fatalf("notification %d of %d: %v", i+1, count, err)
		}
		n, ok := ev.Notification.(*nlkittest.BurstNotification)
		if !ok || n.Index.Value() != uint32(i+1) || n.Count.Value() != uint32(count) || len(n.Data) != 32 || n.Data[0] != byte(i+1) {
			t.Fatalf("notification %d of %d is %v", i+1, count, ev)
		}
	}
}
