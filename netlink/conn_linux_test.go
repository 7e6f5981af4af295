package netlink

import (
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nlkit/nlkit/wire"
)

// linkIndex reads the index out of an RTM_NEWLINK.
func linkIndex(m wire.Message) uint32 { return binary.NativeEndian.Uint32(m.Data()[4:]) }

// linkName reads the name out of an RTM_NEWLINK.
func linkName(m wire.Message) string {
	a, _ := wire.FindAttr(m.Data()[16:], 3)
	return a.Text()
}

func TestLiveLink(t *testing.T) {
	c := dialTest(t, nil)
	var names []string
	a, err := c.Do(patience(t), getLink(t, 1), func(m wire.Message) error {
		if m.Type() != rtmNewLink || linkIndex(m) != 1 {
			t.Errorf("reply %v", m.Header())
		}
		names = append(names, linkName(m))
		return nil
	})
	if err != nil || len(names) != 1 || names[0] != "lo" || !a.IsZero() {
		t.Errorf("link 1: %q, %+v, %v, want lo", names, a, err)
	}
	n, lo := 0, false
	for m, err := range c.Dump(patience(t), getLink(t, 0)) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		lo = lo || linkIndex(m) == 1
	}
	if n == 0 || !lo {
		t.Errorf("%d links, lo among them: %v", n, lo)
	}
	if c.Port() == 0 || c.Protocol() != wire.Route {
		t.Errorf("port %d, protocol %v", c.Port(), c.Protocol())
	}
}

func TestLiveErrors(t *testing.T) {
	c := dialTest(t, nil)
	_, err := c.Do(patience(t), getLink(t, 1<<30), nil)
	for _, target := range []error{ENODEV, syscall.ENODEV, os.ErrNotExist} {
		if !errors.Is(err, target) {
			t.Errorf("%v is not %v", err, target)
		}
	}
	if errors.Is(err, syscall.ENOENT) || errors.Is(err, os.ErrPermission) {
		t.Errorf("%v is something else as well", err)
	}
	if err == nil || err.Error() != "RTM_GETLINK: no such device" {
		t.Errorf("text %v", err)
	}

	// The kernel's own words, and the attribute they are about.
	req := build(t, rtmGetLink, 0, func(b *wire.Builder) {
		b.Raw(ifinfo(1, 0, 0))
		b.Uint32(4, 1400) // an MTU does not belong into a request for a link
	})
	var e *Error
	if _, err = c.Do(patience(t), req, nil); !errors.As(err, &e) || e.Errno != EINVAL || e.Text == "" || !strings.Contains(err.Error(), e.Text) {
		t.Errorf("an attribute too many: %v, want EINVAL with the kernel's text", err)
	}
	// A value out of place: the answer says where.
	req = build(t, rtmGetLink, 0, func(b *wire.Builder) {
		b.Raw(ifinfo(0, 0, 0))
		b.Attr(3, []byte(strings.Repeat("x", 40)))
	})
	if _, err = c.Do(patience(t), req, nil); !errors.As(err, &e) || e.Errno != ERANGE || !e.HasOffset || e.Offset != wire.HeaderLen+16 || e.Value.Type() != 3 {
		t.Errorf("a name of 40 bytes: %v, want ERANGE with the offset of the attribute", err)
	}
	// An error at the start of a dump, with its text.
	dump := build(t, rtmGetLink, 0, func(b *wire.Builder) {
		b.Raw(ifinfo(7, 0, 0))
	})
	_, err = collectDump(c, patience(t), dump, DumpOptions{})
	if !errors.As(err, &e) || e.Errno != EINVAL || e.Text == "" {
		t.Errorf("dump of one link: %v, want EINVAL with the kernel's text", err)
	}
}

// TestPlainUser runs again as a plain user if it is run by root.
func TestPlainUser(t *testing.T) {
	if os.Geteuid() == 0 {
		cmd := exec.CommandContext(patience(t), "/proc/self/exe", "-test.run=^TestPlainUser$", "-test.v")
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		cmd.Dir = "/"
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS: TestPlainUser") {
			t.Fatalf("as a plain user: %v\n%s", err, out)
		}
		return
	}
	c := dialTest(t, nil)
	_, err := c.Do(patience(t), setLinkUp(t, 1), nil)
	if !errors.Is(err, EPERM) || !errors.Is(err, os.ErrPermission) || !errors.Is(err, syscall.EPERM) {
		t.Errorf("setting a link up: %v, want EPERM", err)
	}
	if got, err := collectDump(c, patience(t), getLink(t, 0), DumpOptions{}); err != nil || len(got) == 0 {
		t.Errorf("all links: %d, %v", len(got), err)
	}
	if err := c.Send(patience(t), getLink(t, 1), Address{Port: 4711}); !errors.Is(err, EPERM) {
		t.Errorf("sending to another process: %v, want EPERM", err)
	}
	// A buffer larger than the system's limit is cut to it.
	limit := sysctl(t, "net/core/rmem_max")
	big := openTest(t, wire.Route, &Options{ReceiveBuffer: 2 * limit})
	if info, err := big.MemInfo(); err != nil || info.Limit != uint32(2*limit) {
		t.Errorf("receive buffer %+v, %v, want twice net.core.rmem_max", info, err)
	}
	if _, err := Open(wire.Route, &Options{ListenAllNSID: true}); !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "NETLINK_LISTEN_ALL_NSID") {
		t.Errorf("ListenAllNSID: %v, want EPERM that names it", err)
	}
	if _, err := Open(wire.Route, &Options{Namespace: NamespacePath("/proc/self/ns/net")}); !errors.Is(err, os.ErrPermission) {
		t.Errorf("entering a namespace: %v, want EPERM", err)
	}
}

// table makes a namespace with n routes.
func table(t testing.TB, n uint32) (*Conn, *Options) {
	t.Helper()
	o := inNew(t)
	c := dialTest(t, o)
	addRoutes(t, c, 0, n)
	return c, o
}

// TestLiveBreakOff breaks off and cancels thousands of dumps.
func TestLiveBreakOff(t *testing.T) {
	const n = 250
	c, _ := table(t, n)
	ctx := patience(t)
	req := getRoutes(t, 0)
	for i := range uses {
		left := i % 260
		for _, err := range c.Dump(ctx, req) {
			if err != nil {
				t.Fatalf("dump %d: %v", i, err)
			}
			if left--; left < 0 {
				break
			}
		}
	}
	for range 200 {
		if got := rows(t, c, ctx, req); got != n {
			t.Fatalf("%d rows, want %d", got, n)
		}
	}
	if s := c.Stats(); s.Overruns+s.Malformed+s.Truncated+s.Foreign > 0 {
		t.Errorf("counted %+v", s)
	}
}

// TestLiveCancel cancels requests, dumps and batches at random moments, and
// uses the Conn 10,000 times afterwards.
func TestLiveCancel(t *testing.T) {
	const n = 1000
	c, _ := table(t, n)
	ctx := patience(t)
	routes, link := getRoutes(t, 0), getLink(t, 1)
	ended := 0 // how many are depends on how fast the machine is
	for i := 0; i < 2000 || ended < 200; i++ {
		if i == 100_000 || ctx.Err() != nil {
			t.Fatalf("%d of %d calls were ended by their own context: %v", ended, i, ctx.Err())
		}
		short, cancel := context.WithTimeout(ctx, time.Duration(rand.IntN(100))*time.Microsecond)
		var err error
		switch i % 4 {
		case 0:
			_, err = c.Do(short, link, nil)
		case 1, 2:
			for _, err = range c.Dump(short, routes) {
			}
		case 3:
			b := c.Batch(short, BatchOptions{OnError: func(int, error) {}})
			for k := range uint32(100) {
				if err = b.Add(route(t, rtmNewRoute, wire.Create|wire.Replace, k, mainTable)); err != nil {
					break
				}
			}
			err = errors.Join(err, b.Flush())
		}
		if errors.Is(err, context.DeadlineExceeded) {
			ended++
		} else if err != nil {
			t.Fatalf("call %d: %v", i, err)
		}
		cancel()
	}
	ctx = patience(t)
	for i := range uses {
		replies := 0
		if _, err := c.Do(ctx, link, func(wire.Message) error { replies++; return nil }); err != nil || replies != 1 {
			t.Fatalf("afterwards, request %d: %d replies, %v", i, replies, err)
		}
	}
	for range 50 {
		if got := rows(t, c, ctx, routes); got != n {
			t.Fatalf("afterwards: %d rows, want %d", got, n)
		}
	}
}

// TestLiveDumps makes dumps side by side and in each other, on one Conn.
func TestLiveDumps(t *testing.T) {
	const n = 3000
	c, _ := table(t, n)
	ctx := patience(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 5 {
				got := 0
				for _, err := range c.Dump(ctx, getRoutes(t, 0)) {
					if err != nil {
						t.Error(err)
						return
					}
					if got++; got%1000 == 0 {
						if _, err := c.Do(ctx, getLink(t, 1), nil); err != nil {
							t.Error(err)
						}
					}
				}
				if got != n {
					t.Errorf("%d rows, want %d", got, n)
				}
			}
		})
	}
	wg.Wait()
	got, inner := 0, 0
	for _, err := range c.Dump(ctx, getRoutes(t, 0)) {
		if err != nil {
			t.Fatal(err)
		}
		if got++; got%1500 == 1 {
			inner += rows(t, c, ctx, getRoutes(t, 0))
		}
	}
	if got != n || inner != 2*n {
		t.Errorf("%d rows and %d in the dumps inside, want %d, %d", got, inner, n, 2*n)
	}
	if s := c.Stats(); s.Stale > 0 {
		t.Errorf("%d stale messages", s.Stale)
	}
}

// TestLiveStress mixes everything from 32 goroutines on one Conn.
func TestLiveStress(t *testing.T) {
	c, _ := table(t, 500)
	stress(t, c, stressor{
		echo: func(c *Conn, ctx context.Context) error {
			n := 0
			_, err := c.Do(ctx, getLink(t, 1), func(m wire.Message) error {
				if n++; linkIndex(m) != 1 {
					return errors.New("somebody else's reply")
				}
				return nil
			})
			if err == nil && n != 1 {
				return errors.New("not one reply")
			}
			return err
		},
		table: func() []byte { return getRoutes(t, 0) },
		rows:  500,
		good:  func() []byte { return route(t, rtmNewRoute, wire.Create|wire.Replace, 7, mainTable) },
		bad:   func() []byte { return delRoute(t, 1<<20) },
	}, 32, time.Second)
}

// TestLiveClose closes a Conn whose requests nobody answers.
func TestLiveClose(t *testing.T) {
	mute := openTest(t, wire.UserSock, nil)
	c, err := Dial(wire.UserSock, &Options{Peer: mute.Port()})
	if err != nil {
		t.Fatal(err)
	}
	ctx := patience(t)
	const n = 30
	errs := make(chan error, 2*n)
	started := make(chan struct{}, 2*n)
	for range n {
		go func() {
			started <- struct{}{}
			_, err := c.Do(ctx, request(reqSilent), nil)
			errs <- err
		}()
		go func() {
			started <- struct{}{}
			_, err := collectDump(c, ctx, request(reqTable), DumpOptions{})
			errs <- err
		}()
	}
	for range 2 * n {
		<-started
	}
	buf := make([]byte, 4096)
	for range n + 1 { // all requests and the first dump have been sent
		if _, err := mute.Receive(buf, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	for range 2 * n {
		if err := <-errs; !errors.Is(err, os.ErrClosed) {
			t.Errorf("error %v, want os.ErrClosed", err)
		}
	}
}

// TestLiveAllocs: a request and its answer allocate nothing of their own.
func TestLiveAllocs(t *testing.T) {
	c := dialTest(t, nil)
	ctx := context.Background()
	req := getLink(t, 1)
	n := 0
	each := func(wire.Message) error { n++; return nil }
	if got := testing.AllocsPerRun(500, func() {
		if _, err := c.Do(ctx, req, each); err != nil {
			t.Fatal(err)
		}
	}); got > 2 {
		t.Errorf("%v allocations per request, want 2 at most", got)
	}
	if n != 501 {
		t.Errorf("%d replies", n)
	}
}
