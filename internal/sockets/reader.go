package sockets

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Source is where a list comes from.
type Source string

// The sources.
const (
	Diag Source = "netlink_diag"
	Proc Source = "/proc/net/netlink"
)

// Reader reads the list of sockets of one network namespace, as often as wanted.
// It is for one goroutine at a time.
type Reader struct {
	conn *netlink.Conn // nil where /proc is read
	ns   netlink.Namespace
}

// Open opens a Reader; o, which may be nil, names the namespace. A kernel without
// netlink_diag is no error: see [Reader.Source]. The Reader must be closed.
func Open(o *netlink.Options) (*Reader, error) {
	r := &Reader{}
	if o != nil {
		r.ns = o.Namespace
	}
	c, err := netlink.Dial(wire.SockDiag, o)
	if errors.Is(err, netlink.EPROTONOSUPPORT) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	r.conn = c
	return r, nil
}

// Close closes the Reader's socket.
func (r *Reader) Close() error {
	if r.conn == nil {
		return nil
	}
	return r.conn.Close()
}

// Source returns where the next list will come from, or, after [Reader.Read],
// where the last one came from.
func (r *Reader) Source() Source {
	if r.conn == nil {
		return Proc
	}
	return Diag
}

// Read reads the list: each socket once, by protocol, then port, then inode. The
// socket that it is read with is left out.
func (r *Reader) Read(ctx context.Context) ([]Socket, error) {
	all, err := r.read(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, compare)
	// The kernel's walk over its hash table begins anew where the table grows
	// meanwhile, so that entries may come twice.
	return slices.CompactFunc(all, func(a, b Socket) bool { return compare(a, b) == 0 }), nil
}

func compare(a, b Socket) int {
	return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.Port, b.Port),
		cmp.Compare(a.Inode, b.Inode), cmp.Compare(a.Cookie, b.Cookie))
}

func (r *Reader) read(ctx context.Context) ([]Socket, error) {
	if r.conn != nil {
		all, err := r.dump(ctx)
		if !errors.Is(err, netlink.ENOENT) {
			return all, err
		}
		// There is sock_diag, but its part for netlink is not in this kernel.
		if err := r.conn.Close(); err != nil {
			return nil, err
		}
		r.conn = nil
	}
	all, err := readProc(r.ns)
	if err != nil {
		return nil, fmt.Errorf("this kernel has no netlink_diag, and %s: %w", Proc, err)
	}
	return all, nil
}

func (r *Reader) dump(ctx context.Context) ([]Socket, error) {
	req, err := appendRequest(nil)
	if err != nil {
		return nil, err
	}
	var all []Socket
	for m, err := range r.conn.Dump(ctx, req) {
		if err != nil {
			return nil, err
		}
		s, err := parse(m)
		if err != nil {
			return nil, err
		}
		if s.Protocol == wire.SockDiag && s.Port == r.conn.Port() {
			continue // its queue holds this very list
		}
		all = append(all, s)
	}
	return all, nil
}
