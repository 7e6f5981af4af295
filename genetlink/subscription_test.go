package genetlink_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

func subscribe(t testing.TB, ctx context.Context, c *genetlink.Conn, family string, groups ...string) *genetlink.Subscription {
	t.Helper()
	s, err := c.Subscribe(ctx, family, groups...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func send(t testing.TB, r *sim.Registered, group, text string) {
	t.Helper()
	err := r.Multicast(group, cmdEcho, func(b *wire.Builder) { b.Text(attrMsg, text) })
	if err != nil && err != netlink.ESRCH {
		t.Fatal(err)
	}
}

// show renders an event for comparison.
func show(ev genetlink.Event) string {
	switch ev.Kind {
	case genetlink.Notification:
		a, _ := wire.FindAttr(ev.Message.Attrs, attrMsg)
		return ev.Group + ": " + a.Text()
	case genetlink.Loaded, genetlink.Unloaded:
		s := ev.Kind.String() + " " + strconv.Itoa(int(ev.Family.ID))
		if ev.Err != nil {
			s += " " + ev.Err.Error()
		}
		return s
	}
	return ev.Kind.String()
}

// queued returns the events that are there, without waiting.
func queued(t testing.TB, s *genetlink.Subscription) []string {
	t.Helper()
	var all []string
	for {
		ev, ok, err := s.TryReceive()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return all
		}
		all = append(all, show(ev))
	}
}

func wantQueued(t testing.TB, s *genetlink.Subscription, want ...string) {
	t.Helper()
	if got := queued(t, s); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestTwoListeners(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	a := subscribe(t, ctx, c, docName, docGroup)
	b := subscribe(t, ctx, c, docName, docGroup)
	if a.Port() == b.Port() || a.Port() == 0 {
		t.Errorf("ports %d and %d", a.Port(), b.Port())
	}
	var wg sync.WaitGroup
	for _, s := range []*genetlink.Subscription{a, b} {
		wg.Go(func() {
			ev, err := s.Receive(ctx)
			if err != nil {
				t.Error(err)
				return
			}
			id, _ := doc.GroupID(docGroup)
			if show(ev) != docGroup+": "+hello || len(ev.Message.Wire) != 52 || ev.GroupID != id || ev.From != 0 || ev.Family.ID != doc.ID() {
				t.Errorf("%+v", ev)
			}
		})
	}
	send(t, doc, docGroup, hello)
	wg.Wait()
}

func TestSubscriptionFilter(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	other := register(t, k, sim.Family{Name: "other", Groups: []sim.Group{{Name: docGroup}}})
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	s := subscribe(t, ctx, c, docName, docGroup)
	send(t, other, docGroup, "another family's group of that name")
	send(t, doc, "second", "a group not joined")
	// The same group, but another family's message in it.
	id, _ := doc.GroupID(docGroup)
	var b wire.Builder
	genetlink.Begin(&b, other.ID(), 0, genetlink.Header{Cmd: 1}, nil)
	b.Text(attrMsg, "foreign")
	foreign, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Multicast(wire.Generic, id, foreign); err != nil {
		t.Fatal(err)
	}
	send(t, doc, docGroup, "mine")
	wantQueued(t, s, docGroup+": mine")
	if st := s.Stats(); st.Foreign != 1 {
		t.Errorf("%d foreign messages counted, want 1", st.Foreign)
	}
	// All groups, where none is named.
	all := subscribe(t, ctx, c, docName)
	send(t, doc, docGroup, "1")
	send(t, doc, "second", "2")
	send(t, other, docGroup, "3")
	wantQueued(t, all, docGroup+": 1", "second: 2")
	if g := all.Groups(); len(g) != 2 || g[0].Name != docGroup || g[1].Name != "second" {
		t.Errorf("groups %v", g)
	}
}

func TestSubscribeRefuses(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	register(t, k, sim.Family{Name: "mute"})
	register(t, k, sim.Family{Name: "guarded", Groups: []sim.Group{{Name: "open"}, {Name: "secret", AdminPerm: true}}})
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k.Unprivileged()})
	var group *genetlink.UnknownGroupError
	if _, err := c.Subscribe(ctx, docName, docGroup, "third"); !errors.As(err, &group) || group.Group != "third" || len(group.Groups) != 2 || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("unknown group: %v", err)
	}
	if _, err := c.Subscribe(ctx, "mute"); !errors.As(err, &group) || group.Group != "" {
		t.Errorf("no groups: %v", err)
	}
	for _, groups := range [][]string{nil, {"secret"}} {
		_, err := c.Subscribe(ctx, "guarded", groups...)
		if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), `group "secret"`) {
			t.Errorf("groups %q: error %v, want no permission for secret", groups, err)
		}
	}
	subscribe(t, ctx, c, "guarded", "open")
}

// Group numbers go beyond what a bind mask reaches.
func TestLargeGroupNumbers(t *testing.T) {
	k := newKernel(t)
	// Groups get the lowest numbers that are free in a row.
	for i := range 100 {
		register(t, k, sim.Family{Name: "f" + strconv.Itoa(i), Groups: []sim.Group{{Name: "g"}}})
	}
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k}), docName)
	if id := s.Groups()[0].ID; id <= 32 {
		t.Fatalf("group number %d: this test is pointless", id)
	}
	send(t, doc, docGroup, "1")
	wantQueued(t, s, docGroup+": 1")
}

func TestSubscriptionFollowsItsFamily(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	s := subscribe(t, ctx, c, docName, docGroup)
	c.Close() // a subscription stands alone
	for range 3 {
		old := doc
		send(t, doc, docGroup, "before")
		unregister(t, doc)
		wantQueued(t, s, docGroup+": before", "unloaded "+strconv.Itoa(int(old.ID())))
		if s.Family() != nil || len(s.Groups()) != 0 {
			t.Errorf("unloaded: family %v, groups %v", s.Family(), s.Groups())
		}
		// Somebody else gets the group's number meanwhile.
		squatter := register(t, k, sim.Family{Name: "squatter", Groups: []sim.Group{{Name: "g"}}})
		doc = register(t, k, docFamily())
		wantQueued(t, s, "loaded "+strconv.Itoa(int(doc.ID())))
		send(t, squatter, "g", "not for us")
		send(t, doc, "second", "not joined")
		send(t, doc, docGroup, "after")
		wantQueued(t, s, docGroup+": after")
		if s.Family().ID != doc.ID() {
			t.Errorf("family %+v, want number %d", s.Family(), doc.ID())
		}
		unregister(t, squatter)
	}
	// Unloaded and loaded again before anybody looks: the same two events.
	old := doc.ID()
	unregister(t, doc)
	doc = register(t, k, docFamily())
	ev, err := s.Receive(ctx)
	if err != nil || ev.Kind != genetlink.Unloaded || ev.Family.ID != old {
		t.Errorf("%+v, %v", ev, err)
	}
	ev, err = s.Receive(ctx)
	if err != nil || ev.Kind != genetlink.Loaded || ev.Family.ID != doc.ID() || ev.Err != nil {
		t.Errorf("%+v, %v", ev, err)
	}
	send(t, doc, docGroup, "again")
	wantQueued(t, s, docGroup+": again")
}

func TestFamilyComesBackWithoutAGroup(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k}), docName, docGroup, "second")
	unregister(t, doc)
	less := docFamily()
	less.Groups = less.Groups[1:]
	doc = register(t, k, less)
	wantQueued(t, s, "unloaded "+strconv.Itoa(int(doc.ID())-1),
		"loaded "+strconv.Itoa(int(doc.ID()))+` generic netlink family "DOC_EXMPL" has no multicast group "DOC_EXMPL_GRP"; it has "second"`)
	send(t, doc, "second", "1")
	wantQueued(t, s, "second: 1")
	// It is still wanted.
	unregister(t, doc)
	doc = register(t, k, docFamily())
	queued(t, s)
	send(t, doc, docGroup, "2")
	wantQueued(t, s, docGroup+": 2")
}

func TestJoinAndLeaveByName(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k}), docName, docGroup)
	var group *genetlink.UnknownGroupError
	if err := s.Join("third"); !errors.As(err, &group) {
		t.Errorf("join of third: %v", err)
	}
	if err := s.Join("second"); err != nil {
		t.Fatal(err)
	}
	send(t, doc, docGroup, "1")
	send(t, doc, "second", "2")
	wantQueued(t, s, docGroup+": 1", "second: 2")
	send(t, doc, docGroup, "queued when its group is left")
	if err := s.Leave(docGroup); err != nil {
		t.Fatal(err)
	}
	if err := s.Leave("third"); err != nil {
		t.Errorf("leave of third: %v", err)
	}
	send(t, doc, docGroup, "3")
	send(t, doc, "second", "4")
	wantQueued(t, s, "second: 4")
	// Both hold for the next registration as well.
	unregister(t, doc)
	queued(t, s)
	if err := s.Join("third"); err != nil {
		t.Errorf("join while unloaded: %v", err)
	}
	more := docFamily()
	more.Groups = append(more.Groups, sim.Group{Name: "third"})
	doc = register(t, k, more)
	queued(t, s)
	send(t, doc, docGroup, "5")
	send(t, doc, "second", "6")
	send(t, doc, "third", "7")
	wantQueued(t, s, "second: 6", "third: 7")
	// From all groups to all but one.
	all := subscribe(t, ctx, dial(t, &netlink.Options{Via: k}), docName)
	if err := all.Leave("second"); err != nil {
		t.Fatal(err)
	}
	send(t, doc, "second", "8")
	send(t, doc, "third", "9")
	wantQueued(t, all, "third: 9")
}

func TestSubscriptionOverrun(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k, ReceiveBuffer: 2048}), docName, docGroup)
	const sent = 200
	for range sent {
		send(t, doc, docGroup, hello)
	}
	got, lost := 0, uint64(0)
	for got+int(lost) < sent {
		ev, err := s.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		switch ev.Kind {
		case genetlink.Notification:
			got++
		case genetlink.Overrun:
			lost += ev.Lost
		default:
			t.Fatalf("%+v", ev)
		}
	}
	if got == 0 || lost == 0 || got+int(lost) != sent {
		t.Errorf("%d received and %d lost of %d", got, lost, sent)
	}
	send(t, doc, docGroup, "on it goes")
	wantQueued(t, s, docGroup+": on it goes")
}

// The controller's words were among what was lost.
func TestOverrunHidesTheReload(t *testing.T) {
	for _, wait := range []bool{false, true} {
		k := newKernel(t)
		doc := register(t, k, docFamily())
		ctx := testContext(t)
		c := dial(t, &netlink.Options{Via: k, ReceiveBuffer: 2048})
		s := subscribe(t, ctx, c, docName, docGroup)
		for range 50 {
			send(t, doc, docGroup, "flood")
		}
		unregister(t, doc)
		doc = register(t, k, docFamily())
		send(t, doc, docGroup, "lost: nobody has joined")
		var kinds []string
		for len(kinds) == 0 || kinds[len(kinds)-1] != "loaded" {
			var ev genetlink.Event
			var err error
			ok := true
			if wait {
				ev, err = s.Receive(ctx)
			} else {
				ev, ok, err = s.TryReceive()
			}
			if err != nil || !ok {
				t.Fatalf("after %q: %v, %v", kinds, ok, err)
			}
			if ev.Kind != genetlink.Notification {
				kinds = append(kinds, ev.Kind.String())
			}
		}
		if want := []string{"overrun", "loaded"}; !slices.Equal(kinds, want) {
			t.Errorf("got %q, want %q", kinds, want)
		}
		send(t, doc, docGroup, "after")
		wantQueued(t, s, docGroup+": after")
		// The same with a family that stays away.
		for range 50 {
			send(t, doc, docGroup, "flood")
		}
		unregister(t, doc)
		got := queued(t, s)
		if n := len(got); n < 2 || got[n-2] != "overrun" || got[n-1] != "unloaded "+strconv.Itoa(int(doc.ID())) {
			t.Errorf("got %q, want overrun and unloaded at the end", got)
		}
	}
}

// What the controller said could not be read: the subscription looks itself.
func TestSubscriptionChecksAfterAMalformedNotification(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	s := subscribe(t, ctx, c, docName, docGroup)
	multicastControl(t, k, 1, nil)
	send(t, doc, docGroup, "1")
	wantQueued(t, s, docGroup+": 1")
	// The same with a family that has become another one unnoticed.
	drop := subscribe(t, ctx, c, docName, docGroup)
	if err := genetlink.LeaveNotify(drop); err != nil {
		t.Fatal(err)
	}
	unregister(t, doc)
	doc = register(t, k, docFamily())
	wantQueued(t, drop)
	if err := genetlink.JoinNotify(drop); err != nil {
		t.Fatal(err)
	}
	multicastControl(t, k, 1, nil)
	wantQueued(t, drop, "loaded "+strconv.Itoa(int(doc.ID())))
	if err := genetlink.LeaveNotify(drop); err != nil {
		t.Fatal(err)
	}
	unregister(t, doc)
	if err := genetlink.JoinNotify(drop); err != nil {
		t.Fatal(err)
	}
	multicastControl(t, k, 2, nil)
	wantQueued(t, drop, "unloaded "+strconv.Itoa(int(doc.ID())))
	multicastControl(t, k, 2, nil)
	wantQueued(t, drop) // no news
}

// Kernels before 3.13 gave a family groups after its registration.
func TestGroupThatComesLater(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	all := subscribe(t, ctx, c, docName)
	one := subscribe(t, ctx, c, docName, docGroup)
	late := genetlink.Family{ID: doc.ID(), Name: docName, Groups: []genetlink.Group{{Name: "late", ID: 50}}}
	multicastControl(t, k, 7, late.Append)
	other := late
	other.ID = 999
	other.Groups = []genetlink.Group{{Name: "later", ID: 51}}
	multicastControl(t, k, 7, other.Append)
	wantQueued(t, all)
	wantQueued(t, one)
	if g := all.Groups(); len(g) != 3 || g[2] != late.Groups[0] {
		t.Errorf("all groups: %v", g)
	}
	if g := one.Groups(); len(g) != 1 {
		t.Errorf("one group: %v", g)
	}
}

func TestSubscriptionWithoutNotifications(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: noNotify(k)}), docName, docGroup)
	send(t, doc, docGroup, "1")
	if ev, err := s.Receive(ctx); err != nil || show(ev) != docGroup+": 1" {
		t.Errorf("%+v, %v", ev, err)
	}
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	if ev, err := s.Receive(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("nothing there: %+v, %v", ev, err)
	}
	unregister(t, doc)
	doc = register(t, k, docFamily())
	genetlink.CheckNow(s)
	if ev, err := s.Receive(ctx); err != nil || ev.Kind != genetlink.Loaded || ev.Family.ID != doc.ID() {
		t.Errorf("%+v, %v", ev, err)
	}
	send(t, doc, docGroup, "2")
	if ev, err := s.Receive(ctx); err != nil || show(ev) != docGroup+": 2" {
		t.Errorf("%+v, %v", ev, err)
	}
}

func TestSubscribeToTheController(t *testing.T) {
	k := newKernel(t)
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k}), genetlink.ControllerName, genetlink.NotifyGroup)
	doc := register(t, k, docFamily())
	ev, err := s.Receive(ctx)
	if err != nil {
		t.Fatal(err)
	}
	f, err := genetlink.ParseFamily(ev.Message.Attrs)
	if err != nil || ev.Kind != genetlink.Notification || ev.Group != genetlink.NotifyGroup || f.Name != docName || f.ID != doc.ID() {
		t.Errorf("%+v: %+v, %v", ev, f, err)
	}
}

func TestEventsWithAUserHeader(t *testing.T) {
	k := newKernel(t)
	userHeader(t, k)
	ctx := testContext(t)
	s := subscribe(t, ctx, dial(t, &netlink.Options{Via: k}), "with_header")
	f := s.Family()
	group := s.Groups()[0].ID
	multicast := func(user []byte) {
		t.Helper()
		var b wire.Builder
		genetlink.Begin(&b, f.ID, 0, genetlink.Header{Cmd: 1}, user)
		if len(user) == 8 {
			b.Text(attrMsg, "text")
		}
		m, err := b.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if err := k.Multicast(wire.Generic, group, m); err != nil {
			t.Fatal(err)
		}
	}
	user := []byte{8, 7, 6, 5, 4, 3, 2, 1}
	multicast(user[:4]) // malformed
	multicast(user)
	n := 0
	for ev, err := range s.Events(ctx) {
		n++
		if n == 1 {
			var bad *wire.Malformed
			if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), `event of family "with_header": malformed user header`) {
				t.Errorf("malformed: %v", err)
			}
			continue
		}
		if err != nil || show(ev) != "events: text" || !bytes.Equal(ev.Message.User, user) {
			t.Errorf("%+v, %v", ev, err)
		}
		break
	}
	if n != 2 {
		t.Errorf("%d steps, want 2", n)
	}
}

func TestEventsEnd(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	s := subscribe(t, testContext(t), dial(t, &netlink.Options{Via: k}), docName)
	ctx, cancel := context.WithCancel(testContext(t))
	cancel()
	var errs []error
	for _, err := range s.Events(ctx) {
		errs = append(errs, err)
	}
	if len(errs) != 1 || !errors.Is(errs[0], context.Canceled) {
		t.Errorf("cancelled: %v", errs)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	errs = nil
	for _, err := range s.Events(testContext(t)) {
		errs = append(errs, err)
	}
	if len(errs) != 1 || !errors.Is(errs[0], os.ErrClosed) {
		t.Errorf("closed: %v", errs)
	}
}

func TestEventKindString(t *testing.T) {
	for k, want := range map[genetlink.EventKind]string{
		genetlink.Notification: "notification", genetlink.Overrun: "overrun",
		genetlink.Unloaded: "unloaded", genetlink.Loaded: "loaded", 0: "event kind 0", 9: "event kind 9",
	} {
		if got := k.String(); got != want {
			t.Errorf("%d: %q, want %q", uint8(k), got, want)
		}
	}
}

func TestReceiveDoesNotAllocate(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k, ReceiveBuffer: 8 << 20})
	s := subscribe(t, ctx, c, docName, docGroup)
	const n = 1000
	for range n + 1 {
		send(t, doc, docGroup, hello)
	}
	if per := testing.AllocsPerRun(n, func() {
		if ev, err := s.Receive(ctx); err != nil || ev.Kind != genetlink.Notification {
			t.Fatal(ev, err)
		}
	}); per != 0 {
		t.Errorf("%v allocations an event", per)
	}
}
