package sockets

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// joined opens a socket that is in three groups.
func joined(t *testing.T, o netlink.Options) *netlink.Subscription {
	t.Helper()
	o.NoENOBUFS = true
	sub, err := netlink.Subscribe(wire.Route, &o, 1, 32, 36)
	if err != nil {
		testenv.Missing(t, "netlink", err.Error())
	}
	t.Cleanup(func() { sub.Close() })
	return sub
}

func find(all []Socket, p wire.Protocol, port uint32) *Socket {
	i := slices.IndexFunc(all, func(s Socket) bool { return s.Protocol == p && s.Port == port })
	if i < 0 {
		return nil
	}
	return &all[i]
}

func TestReader(t *testing.T) {
	sub := joined(t, netlink.Options{})
	r, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err := r.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r.Source() != Diag {
		testenv.Missing(t, "netlinkdiag", "the kernel has no netlink_diag")
	}
	s := find(all, wire.Route, sub.Port())
	if s == nil {
		t.Fatalf("the test's own socket, port %d, is not in %+v", sub.Port(), all)
	}
	if !slices.Equal(s.Groups, []uint32{1, 32, 36}) || s.Flags&(NoENOBUFS|CapAck) != NoENOBUFS|CapAck || !s.HasFlags || s.Limit == 0 || s.Cookie == 0 || s.IsKernel() {
		t.Errorf("%+v, want the groups 1, 32 and 36, no-enobufs and cap-ack", s)
	}
	for _, p := range []wire.Protocol{wire.Route, wire.Generic, wire.SockDiag} {
		if k := find(all, p, 0); k == nil || !k.IsKernel() {
			t.Errorf("%v: %+v, want the kernel's own", p, k)
		}
	}
	if s := find(all, wire.SockDiag, r.conn.Port()); s != nil {
		t.Errorf("the list shows what it is read with: %+v", s)
	}
	if !slices.IsSortedFunc(all, compare) {
		t.Error("not in order")
	}
	o := NewOwners()
	o.Update([]uint32{s.Inode})
	if got := o.Of(s.Inode); len(got) != 1 || got[0].PID != os.Getpid() || got[0].Name == "" {
		t.Errorf("owners %+v, want this process, %d", got, os.Getpid())
	}
	sub.Close()
	o.Update([]uint32{s.Inode})
	if got := o.Of(s.Inode); len(got) != 0 {
		t.Errorf("owners %+v of a socket that is closed", got)
	}
}

// without is a kernel that lacks sock_diag, or its part for netlink.
type without struct{ err error }

func (w without) Open(p wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	if w.err != nil {
		return nil, w.err
	}
	return &refusing{}, nil
}

// refusing answers each request with ENOENT.
type refusing struct {
	netlink.Transport // nil: what is not below is not called
	queue             [][]byte
}

func (r *refusing) Send(b []byte, _ netlink.Address) error {
	var out wire.Builder
	out.Message(wire.Header{Type: wire.TypeError, Flags: wire.Capped, Seq: wire.Message(b).Seq(), Port: r.Port()})
	errno := -int32(netlink.ENOENT)
	out.Raw(append(words(uint32(errno)), b[:wire.HeaderLen]...))
	m, err := out.Bytes()
	r.queue = append(r.queue, m)
	return err
}

func (r *refusing) Receive(buf []byte, _ bool) (netlink.Datagram, error) {
	if len(r.queue) == 0 {
		return netlink.Datagram{}, netlink.EAGAIN
	}
	n := copy(buf, r.queue[0])
	r.queue = r.queue[1:]
	return netlink.Datagram{N: n, Len: n}, nil
}

func (r *refusing) SetReadDeadline(time.Time) error { return nil }
func (r *refusing) Port() uint32                    { return 1 }
func (r *refusing) Protocol() wire.Protocol         { return wire.SockDiag }
func (r *refusing) Close() error                    { return nil }

// TestReaderWithoutDiag falls back to /proc, in this namespace and in another.
func TestReaderWithoutDiag(t *testing.T) {
	const port = 0x7ac00000 // above the numbers of processes, which are the ports given first
	ns := testenv.NewNetNS(t)
	here := joined(t, netlink.Options{})
	there := joined(t, netlink.Options{Namespace: netlink.NamespaceFD(ns.FD()), Port: port + uint32(os.Getpid())})
	for _, kernel := range []without{{netlink.EPROTONOSUPPORT}, {nil}} {
		for _, tt := range []struct {
			ns    netlink.Namespace
			sub   *netlink.Subscription
			other *netlink.Subscription
		}{{netlink.Namespace{}, here, there}, {netlink.NamespacePath(ns.Path()), there, here}} {
			r, err := Open(&netlink.Options{Via: kernel, Namespace: tt.ns})
			if err != nil {
				t.Fatal(err)
			}
			all, err := r.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if r.Source() != Proc {
				t.Errorf("the list is from %s", r.Source())
			}
			s := find(all, wire.Route, tt.sub.Port())
			if s == nil || !slices.Equal(s.Groups, []uint32{1, 32}) || s.Inode == 0 || s.HasFlags {
				t.Errorf("namespace %v: %+v, want the groups 1 and 32", tt.ns, s)
			}
			if s := find(all, wire.Route, tt.other.Port()); s != nil {
				t.Errorf("namespace %v: shows %+v of another one", tt.ns, s)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestReaderErrors(t *testing.T) {
	if _, err := Open(&netlink.Options{Via: without{netlink.EPERM}}); !errors.Is(err, netlink.EPERM) {
		t.Errorf("error %v, want EPERM", err)
	}
	r, err := Open(nil)
	if err != nil {
		testenv.Missing(t, "netlink", err.Error())
	}
	defer r.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want the context's", err)
	}
	r = &Reader{ns: netlink.NamespacePath("/nonexistent/ns")}
	if _, err := r.Read(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want that of the namespace", err)
	}
}
