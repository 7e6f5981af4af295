package modules

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
)

// TestAnnounce: the kernel thread of the notes broadcasts to group 5 ten times, here
// more often than once a second. The notes' listener binds to the mask 1<<4, which
// does for a group this low.
func TestAnnounce(t *testing.T) {
	vm := vmtest.Need(t)
	if err := vm.Insmod("nlkit_plain", "announce=10", "interval_ms=100"); err != nil {
		t.Fatal(err)
	}
	defer unload(t, vm, "nlkit_plain")
	notes, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 20)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(notes)
	if err := unix.Bind(notes, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: 1 << 4}); err != nil {
		t.Fatal(err)
	}
	sub, err := netlink.Subscribe(20, nil, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	ctx := within(t)
	for i := 1; i <= 10; i++ {
		ev, err := sub.Receive(ctx)
		if err != nil {
			t.Fatalf("broadcast %d: %v", i, err)
		}
		want := fmt.Sprintf("broadcast %d of 10\x00", i)
		if ev.Group != 5 || ev.From != 0 || !strings.HasPrefix(string(ev.Message.Data()), want) {
			t.Fatalf("broadcast %d: %q from group %d, port %d", i, ev.Message.Data(), ev.Group, ev.From)
		}
		// A broadcast comes to one socket after the other.
		if _, err := unix.Poll([]unix.PollFd{{Fd: int32(notes), Events: unix.POLLIN}}, 5000); err != nil && !errors.Is(err, unix.EINTR) {
			t.Fatal(err)
		}
		if b := receive(t, notes, 4096); len(b) != len(ev.Message) {
			t.Errorf("broadcast %d: who has bound to the mask got %q", i, b)
		}
	}
}

// TestAnnounceCutShort: a module whose thread still has much to say is unloaded at
// once.
func TestAnnounceCutShort(t *testing.T) {
	vm := vmtest.Need(t)
	for range 5 {
		if err := vm.Insmod("nlkit_plain", "announce=10000", "interval_ms=60000"); err != nil {
			t.Fatal(err)
		}
		unload(t, vm, "nlkit_plain")
	}
	if w := vm.Warnings(); len(w) > 0 {
		t.Errorf("the kernel complains: %q", w)
	}
}
