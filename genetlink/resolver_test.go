package genetlink_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

func TestFamilyIsAskedForOnce(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	for range 10 {
		wantEcho(t, ctx, c)
	}
	if s := c.Stats(); s.Asked != 1 || !s.Watching {
		t.Errorf("%+v, want one question", s)
	}
}

func TestFamilyLoadedAgainIsFoundAgain(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	wantEcho(t, ctx, c)
	first := doc.ID()
	for range 5 {
		unregister(t, doc)
		if _, err := echo(ctx, c); !isUnknown(err) {
			t.Fatalf("unloaded: error %v, want an *UnknownFamilyError", err)
		}
		doc = register(t, k, docFamily())
		if doc.ID() == first {
			t.Fatal("the family got its old number: this test is pointless")
		}
		wantEcho(t, ctx, c)
		if f, err := c.Family(ctx, docName); err != nil || f.ID != doc.ID() {
			t.Fatalf("%+v, %v; want number %d", f, err, doc.ID())
		}
		if _, err := c.FamilyByID(ctx, first); !isUnknown(err) {
			t.Fatalf("the old number: error %v", err)
		}
	}
	// A family that has gone and come between two requests.
	unregister(t, doc)
	register(t, k, docFamily())
	for m, err := range c.Dump(ctx, genetlink.Request{Family: docName, Cmd: cmdList}) {
		if err != nil || m.Cmd != cmdList {
			t.Fatal(m, err)
		}
	}
	// Another family's coming and going is no reason to ask again.
	asked := c.Stats().Asked
	unregister(t, register(t, k, sim.Family{Name: "other"}))
	wantEcho(t, ctx, c)
	if s := c.Stats(); s.Asked != asked {
		t.Errorf("asked %d times more", s.Asked-asked)
	}
}

func isUnknown(err error) bool {
	var unknown *genetlink.UnknownFamilyError
	return errors.As(err, &unknown)
}

// A number that has become wrong without a word: the instant between the
// kernel's forgetting it and telling so.
func TestWrongNumberIsCorrected(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	wantEcho(t, ctx, c)
	genetlink.Poison(c, genetlink.Family{ID: 999, Name: docName})
	wantEcho(t, ctx, c)
	genetlink.Poison(c, genetlink.Family{ID: 999, Name: docName})
	n := 0
	for _, err := range c.Dump(ctx, genetlink.Request{Family: docName, Cmd: cmdList}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 3 {
		t.Errorf("%d messages dumped, want 3", n)
	}
	genetlink.Poison(c, genetlink.Family{ID: 999, Name: "nosuch"})
	if _, err := c.Do(ctx, genetlink.Request{Family: "nosuch", Cmd: 1}, nil); !isUnknown(err) {
		t.Errorf("error %v, want an *UnknownFamilyError", err)
	}
}

func TestResolverOverrun(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	wantEcho(t, ctx, c)
	// More notifications than the queue takes; the ones that matter are lost.
	for i := range 400 {
		unregister(t, register(t, k, sim.Family{Name: "f" + strconv.Itoa(i)}))
	}
	unregister(t, doc)
	doc = register(t, k, docFamily())
	wantEcho(t, ctx, c)
	if s := c.Stats(); s.Overruns == 0 || !s.Watching {
		t.Errorf("%+v, want an overrun, and watching on", s)
	}
	// And it goes on as before.
	unregister(t, doc)
	if _, err := echo(ctx, c); !isUnknown(err) {
		t.Errorf("unloaded: error %v", err)
	}
	register(t, k, docFamily())
	asked := c.Stats().Asked
	wantEcho(t, ctx, c)
	wantEcho(t, ctx, c)
	if s := c.Stats(); s.Asked != asked+1 {
		t.Errorf("asked %d times, want once", s.Asked-asked)
	}
}

func TestWithoutNotifications(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	bare, err := netlink.Dial(wire.Generic, &netlink.Options{Via: k})
	if err != nil {
		t.Fatal(err)
	}
	one := genetlink.New(bare, nil)
	t.Cleanup(func() { one.Close() })
	for name, c := range map[string]*genetlink.Conn{
		"refused":    dial(t, &netlink.Options{Via: noNotify(k)}),
		"one socket": one,
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Now()
			genetlink.SetClock(c, func() time.Time { return now })
			wantEcho(t, ctx, c)
			now = now.Add(genetlink.Trust - 1)
			wantEcho(t, ctx, c)
			if s := c.Stats(); s.Asked != 1 || s.Watching {
				t.Errorf("within the time: %+v, want one question", s)
			}
			now = now.Add(1)
			wantEcho(t, ctx, c)
			if s := c.Stats(); s.Asked != 2 {
				t.Errorf("after the time: %+v, want two questions", s)
			}
			// A family that moves within the time is found by its ENOENT.
			unregister(t, doc)
			doc = register(t, k, docFamily())
			wantEcho(t, ctx, c)
			unregister(t, doc)
			if _, err := echo(ctx, c); !isUnknown(err) {
				t.Errorf("unloaded: error %v", err)
			}
			doc = register(t, k, docFamily())
		})
	}
	if _, err := one.Subscribe(ctx, docName); err == nil {
		t.Error("a Conn without options has opened a socket")
	}
}

func TestBrokenNotifySocket(t *testing.T) {
	k := newKernel(t)
	doc := register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	now := time.Now()
	genetlink.SetClock(c, func() time.Time { return now })
	wantEcho(t, ctx, c)
	if err := genetlink.BreakNotify(c); err != nil {
		t.Fatal(err)
	}
	wantEcho(t, ctx, c)
	if s := c.Stats(); s.Watching || s.Asked != 2 {
		t.Errorf("%+v, want nothing believed and no socket", s)
	}
	now = now.Add(genetlink.Trust)
	wantEcho(t, ctx, c)
	if s := c.Stats(); !s.Watching {
		t.Errorf("%+v, want a new socket", s)
	}
	unregister(t, doc)
	register(t, k, docFamily())
	wantEcho(t, ctx, c)
}

// Requests go on while the family comes and goes. Each ends well or says that
// there is no such family: never with somebody else's reply.
func TestRequestsWhileTheFamilyMoves(t *testing.T) {
	k := newKernel(t)
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got, err := echo(ctx, c); err == nil && got != hello || err != nil && !errors.Is(err, netlink.ENOENT) {
					t.Errorf("%q, %v", got, err)
					return
				}
			}
		})
	}
	for range 200 {
		doc, err := k.Register(docFamily())
		if err != nil {
			t.Error(err)
			break
		}
		if err := doc.Unregister(); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	wg.Wait()
	register(t, k, docFamily())
	wantEcho(t, ctx, c)
}

func TestWaitFamily(t *testing.T) {
	k := newKernel(t)
	ctx := testContext(t)
	waiting := make(chan struct{})
	c := dial(t, &netlink.Options{Via: via(func(n int, p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
		tr, err := k.Open(p, o)
		if n == 3 { // after the Conn's own and the resolver's
			return &signalling{Transport: tr, ch: waiting}, err
		}
		return tr, err
	})})
	got := make(chan waited, 1)
	go func() {
		f, err := c.WaitFamily(ctx, docName)
		got <- waited{f, err}
	}()
	select {
	case <-waiting:
	case r := <-got:
		t.Fatalf("did not wait: %+v, %v", r.f, r.err)
	}
	register(t, k, sim.Family{Name: "other"})
	doc := register(t, k, docFamily())
	if r := <-got; r.err != nil || r.f.ID != doc.ID() {
		t.Errorf("%+v, %v", r.f, r.err)
	}
	if f, err := c.WaitFamily(ctx, docName); err != nil || f.ID != doc.ID() {
		t.Errorf("there already: %+v, %v", f, err)
	}
	if _, err := c.WaitFamily(ctx, "a name that is too long"); !isUnknown(err) {
		t.Errorf("impossible name: %v", err)
	}
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	if _, err := c.WaitFamily(short, "never"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("never: %v", err)
	}
}

type waited struct {
	f   *genetlink.Family
	err error
}

// signalling tells when somebody waits for the first time.
type signalling struct {
	netlink.Transport
	once sync.Once
	ch   chan struct{}
}

func (s *signalling) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	if wait {
		s.once.Do(func() { close(s.ch) })
	}
	return s.Transport.Receive(buf, wait)
}

func TestWaitFamilyWithoutNotifications(t *testing.T) {
	t.Parallel() // it takes a second
	k := newKernel(t)
	bare, err := netlink.Dial(wire.Generic, &netlink.Options{Via: k})
	if err != nil {
		t.Fatal(err)
	}
	one := genetlink.New(bare, nil)
	t.Cleanup(func() { one.Close() })
	ctx := testContext(t)
	var wg sync.WaitGroup
	for _, c := range []*genetlink.Conn{one, dial(t, &netlink.Options{Via: noNotify(k)})} {
		short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
		if _, err := c.WaitFamily(short, docName); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("not there: %v", err)
		}
		cancel()
		wg.Go(func() {
			if f, err := c.WaitFamily(ctx, docName); err != nil || f.Name != docName {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
	register(t, k, docFamily())
	wg.Wait()
}

// multicastControl sends a message in the controller's name.
func multicastControl(t *testing.T, k *sim.Kernel, cmd uint8, attrs func(*wire.Builder)) {
	t.Helper()
	var b wire.Builder
	genetlink.Begin(&b, genetlink.ControllerID, 0, genetlink.Header{Cmd: cmd}, nil)
	if attrs != nil {
		attrs(&b)
	}
	m, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := k.Multicast(wire.Generic, genetlink.ControllerID, m); err != nil {
		t.Fatal(err)
	}
}

// What cannot be read may have been about any family.
func TestMalformedNotification(t *testing.T) {
	k := newKernel(t)
	register(t, k, docFamily())
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	wantEcho(t, ctx, c)
	multicastControl(t, k, 2, nil)
	wantEcho(t, ctx, c)
	if s := c.Stats(); s.Asked != 2 {
		t.Errorf("%+v, want two questions", s)
	}
	multicastControl(t, k, 99, nil) // a command of days to come
	wantEcho(t, ctx, c)
	if s := c.Stats(); s.Asked != 2 {
		t.Errorf("%+v, want two questions still", s)
	}
}

// TestDumpWhileTheModuleGoes: what the kernel refuses a dump with while the module is
// on its way out is looked into.
func TestDumpWhileTheModuleGoes(t *testing.T) {
	k := newKernel(t)
	leaving := docFamily()
	var gone *sim.Registered
	asked := 0
	leaving.Ops[1].DumpOptions.Start = func(*sim.Request) error {
		if asked++; asked > 1 {
			if err := gone.Unregister(); err != nil {
				t.Error(err)
			}
		}
		return netlink.EPROTONOSUPPORT
	}
	gone = register(t, k, leaving)
	ctx := testContext(t)
	c := dial(t, &netlink.Options{Via: k})
	list := func() (n int, last error) {
		for _, err := range c.Dump(ctx, genetlink.Request{Family: docName, Cmd: cmdList}) {
			if last = err; err == nil {
				n++
			}
		}
		return n, last
	}
	if n, err := list(); n != 0 || !errors.Is(err, netlink.EPROTONOSUPPORT) {
		t.Errorf("the family is still there: %d messages, error %v", n, err)
	}
	if n, err := list(); n != 0 || !isUnknown(err) {
		t.Errorf("the family has gone: %d messages, error %v", n, err)
	}
	register(t, k, docFamily())
	if n, err := list(); n != 3 || err != nil {
		t.Errorf("loaded again: %d messages, error %v", n, err)
	}
}
