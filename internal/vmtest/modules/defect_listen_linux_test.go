package modules

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/wire"
)

// hear waits for the notification of the trigger.
func hear(t testing.TB, sub *genetlink.Subscription) {
	t.Helper()
	ev, err := sub.Receive(within(t))
	if err != nil {
		t.Fatal(err)
	}
	if ev.Kind != genetlink.Notification || ev.Group != groupName || ev.From != 0 {
		t.Fatalf("event of kind %v from group %q, port %d", ev.Kind, ev.Group, ev.From)
	}
	if a, ok := wire.FindAttr(ev.Message.Attrs, attrMsg); !ok || a.Text() != kernelText {
		t.Fatalf("attributes %x", ev.Message.Attrs)
	}
}

func subscribe(t testing.TB, c *genetlink.Conn, family string, groups ...string) *genetlink.Subscription {
	t.Helper()
	sub, err := c.Subscribe(within(t), family, groups...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sub.Close() })
	return sub
}

// TestD1: a bind to the mask 0xffffffff reaches groups 1 to 32 only, and the
// numbers of generic netlink's groups are dynamic and may be larger.
func TestD1(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_crowd", "doc_exmpl") // the first one takes 48 numbers, from the lowest up
	c := dial(t, nil)
	naive, err := plainSocket(t, 0, naiveMask)
	if err != nil {
		t.Fatal(err)
	}
	sub := subscribe(t, c, familyName, groupName)
	if g := sub.Groups(); len(g) != 1 || g[0].ID <= 32 {
		t.Fatalf("joined %v, want a group above 32", g)
	}
	trigger(t)
	hear(t, sub)
	if b := receive(t, naive, 4096); b != nil {
		t.Errorf("the mask reached the group: % x", b)
	}
}

// TestD2: binding to all groups is refused to users without rights on current
// kernels, as some of them are not for everybody; joining one group by its name is
// not.
func TestD2(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl", "drop_monitor") // whose events need a right
	asNobody(t, func() {
		if _, err := plainSocket(t, 0, naiveMask); !errors.Is(err, unix.EPERM) {
			t.Errorf("bind to all groups: error %v, want EPERM", err)
		}
		sub := subscribe(t, dial(t, nil), familyName, groupName)
		if g := sub.Groups(); len(g) != 1 {
			t.Errorf("joined %v", g)
		}
		sub.Close()
	})
	sub := subscribe(t, dial(t, nil), familyName)
	trigger(t)
	hear(t, sub)
}

// TestD3: who has bound to all groups gets the messages of all families, and the
// first one may be anybody's.
func TestD3(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	c := dial(t, nil)
	naive, err := plainSocket(t, 0, naiveMask)
	if err != nil {
		t.Fatal(err)
	}
	sub := subscribe(t, c, familyName, groupName)
	load(t, vm, "nlkit_crowd") // of which nlctrl tells
	trigger(t)
	hear(t, sub)
	id := family(t, c, familyName).ID
	first := receive(t, naive, 4096)
	if m := wire.Message(first); len(first) < wire.HeaderLen || m.Type() != genetlink.ControllerID {
		t.Errorf("the mask brought % x first, want a message of nlctrl", first)
	}
	seen := 0
	for b := first; b != nil; b = receive(t, naive, 4096) {
		if wire.Message(b).Type() == wire.Type(id) {
			seen++
		}
	}
	if seen != 1 {
		t.Errorf("the mask brought %d messages of %s, want 1", seen, familyName)
	}
	if s := sub.Stats(); s.Foreign != 0 {
		t.Errorf("the subscription was sent %d messages of others", s.Foreign)
	}
}
