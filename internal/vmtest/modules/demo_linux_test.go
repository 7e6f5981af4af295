package modules

import (
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/demo"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/internal/vmtest/guest"
	"github.com/nlkit/nlkit/netlink"
)

// runDemos runs demos against the modules that are loaded.
func runDemos(t *testing.T, o demo.Options, module string) []demo.Event {
	t.Helper()
	side := demo.NewLive(netlink.Namespace{}, module)
	defer side.Close()
	var events []demo.Event
	var text strings.Builder
	p := demo.NewTextPrinter(&text, 100, false)
	err := demo.Run(t.Context(), side, o, func(e demo.Event) {
		events = append(events, e)
		p.Print(e)
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, text.String())
	}
	return events
}

func count(events []demo.Event, kind, text string) int {
	n := 0
	for _, e := range events {
		if e.Kind == kind && strings.Contains(e.Text, text) {
			n++
		}
	}
	return n
}

func TestDemoPlain(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_plain")
	events := runDemos(t, demo.Options{Demos: []string{"unicast", "overflow"}}, "")
	for _, want := range []struct {
		kind, text string
		n          int
	}{
		{demo.Output, "get: Hello from kernel space!!!", 2},
		{demo.Receive, "broadcast 10 of 10", 1},
		{demo.Overrun, "of 200", 1},
		{demo.Fact, "every message is accounted for", 1},
		{demo.Fact, "200 arrived, 0 lost", 1},
	} {
		if n := count(events, want.kind, want.text); n != want.n {
			t.Errorf("%d times %s %q, want %d", n, want.kind, want.text, want.n)
		}
	}
	if log := vm.Dmesg(); !strings.Contains(log, "one-way message from port") || !strings.Contains(log, "Hello World from user space!") {
		t.Errorf("the module did not log the texts:\n%s", log)
	}
}

func TestDemoFamily(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	events := runDemos(t, demo.Options{Demos: []string{"request", "multicast", "reload"}, Listeners: 2}, moduleFile("doc_exmpl"))
	for _, want := range []struct {
		kind, text string
		n          int
	}{
		{demo.Output, "get: Hello from kernel space!!!", 3},
		{demo.Fact, "missing attribute .msg", 1},
		{demo.Finished, "2 listeners got Hello from kernel space!!!", 1},
		{demo.Fact, "the listener is told: unloaded", 1},
		{demo.Fact, "the listener is told: loaded", 1},
		{demo.Finished, "neither client nor listener had to be started again", 1},
	} {
		if n := count(events, want.kind, want.text); n != want.n {
			t.Errorf("%d times %s %q, want %d", n, want.kind, want.text, want.n)
		}
	}
	// The bytes of the notes.
	for _, want := range []struct {
		kind, text string
		size, n    int
	}{
		{demo.Send, "Hello World from user space!", 56, 4},
		{demo.Receive, "Hello from kernel space!!!", 52, 5},
	} {
		n := 0
		for _, e := range events {
			if e.Kind == want.kind && e.Text == want.text && len(e.Bytes) == want.size {
				n++
			}
		}
		if n != want.n {
			t.Errorf("%d times %s %q with %d bytes, want %d", n, want.kind, want.text, want.size, want.n)
		}
	}
}

// moduleFile is where the virtual machine has a module's file.
func moduleFile(name string) string { return guest.Module{Name: name}.File() }
