package genetlink_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// The family of the founding demos, and a dump beside.
const (
	docName  = "DOC_EXMPL"
	docGroup = "DOC_EXMPL_GRP"

	cmdEcho = 1
	cmdList = 2
	cmdFail = 3 // ENOENT that the family itself says
	cmdWarn = 4

	attrMsg = 1

	hello = "Hello from kernel space!!!"
)

func docFamily() sim.Family {
	text := sim.Policy{attrMsg: {Kind: sim.NulString}}
	return sim.Family{
		Name: docName, Version: 1, Policy: text,
		Groups: []sim.Group{{Name: docGroup}, {Name: "second"}},
		Ops: []sim.Op{
			{Cmd: cmdEcho, Do: func(r *sim.Request) error {
				return r.Reply(func(b *wire.Builder) { b.Text(attrMsg, hello) })
			}},
			{Cmd: cmdList, Dump: func(r *sim.Request) iter.Seq2[sim.Entry, error] {
				return func(yield func(sim.Entry, error) bool) {
					for _, s := range []string{"one", "two", "three"} {
						if !yield(func(b *wire.Builder) { b.Text(attrMsg, s) }, nil) {
							return
						}
					}
				}
			}},
			{Cmd: cmdFail, Do: func(r *sim.Request) error { return netlink.ENOENT }},
			{Cmd: cmdWarn, Do: func(r *sim.Request) error { r.SetText("deprecated"); return nil }},
		},
	}
}

func newKernel(t testing.TB) *sim.Kernel {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	return k
}

func register(t testing.TB, k *sim.Kernel, f sim.Family) *sim.Registered {
	t.Helper()
	r, err := k.Register(f)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func unregister(t testing.TB, r *sim.Registered) {
	t.Helper()
	if err := r.Unregister(); err != nil {
		t.Fatal(err)
	}
}

func dial(t testing.TB, o *netlink.Options) *genetlink.Conn {
	t.Helper()
	c, err := genetlink.Dial(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func testContext(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func echo(ctx context.Context, c *genetlink.Conn) (string, error) {
	var got string
	_, err := c.Do(ctx, genetlink.Request{
		Family: docName, Cmd: cmdEcho,
		Attrs: func(b *wire.Builder) { b.Text(attrMsg, "Hello World from user space!") },
	}, func(m genetlink.Message) error {
		a, ok := wire.FindAttr(m.Attrs, attrMsg)
		if !ok {
			return errors.New("the reply has no text")
		}
		got = a.Text()
		return nil
	})
	return got, err
}

// wantEcho makes a request and checks the reply.
func wantEcho(t *testing.T, ctx context.Context, c *genetlink.Conn) {
	t.Helper()
	if got, err := echo(ctx, c); err != nil || got != hello {
		t.Fatalf("echo: %q, %v; want %q", got, err, hello)
	}
}

// opener opens a kernel's sockets as a test wants them.
type opener func(n int, p wire.Protocol, o *netlink.Options) (netlink.Transport, error)

// via counts the sockets from 1.
func via(open opener) netlink.Opener { return &counting{open: open} }

type counting struct {
	n    int
	open opener
}

func (c *counting) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	c.n++
	return c.open(c.n, p, o)
}

// noNotify is a kernel whose controller lets nobody join its group.
func noNotify(k *sim.Kernel) netlink.Opener {
	return via(func(_ int, p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
		t, err := k.Open(p, o)
		return refusing{t}, err
	})
}

type refusing struct{ netlink.Transport }

func (r refusing) Join(group uint32) error {
	if group == genetlink.ControllerID {
		return netlink.EPERM
	}
	return r.Transport.Join(group)
}
