package pyynl

import (
	"fmt"
	"io"
	"sync"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// smallReceiver opens sockets that receive into small buffers and tell of each
// datagram: what --dbg-small-recv asks for. The kernel makes a dump's datagrams
// as large as the largest buffer it has seen.
type smallReceiver struct {
	via  netlink.Opener // nil for the live kernel
	size int            // of the buffers, in bytes

	mu sync.Mutex // guards w: there may be several sockets
	w  io.Writer
}

func (r *smallReceiver) Open(protocol wire.Protocol, o *netlink.Options) (netlink.Transport, error) {
	inner := netlink.Options{}
	if o != nil {
		inner = *o
	}
	inner.Via, inner.Tap = r.via, nil // the Tap is put around this one
	t, err := netlink.Open(protocol, &inner)
	if err != nil {
		return nil, err
	}
	return &smallTransport{Transport: t, r: r}, nil
}

type smallTransport struct {
	netlink.Transport
	r *smallReceiver
}

func (t *smallTransport) Receive(buf []byte, wait bool) (netlink.Datagram, error) {
	d, err := t.Transport.Receive(buf[:min(len(buf), t.r.size)], wait)
	if err == nil {
		t.r.report(buf[:d.N])
	}
	return d, err
}

func (r *smallReceiver) report(data []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var headers []wire.Header
	for m, err := range wire.Messages(data) {
		if err == nil {
			headers = append(headers, m.Header())
		}
	}
	fmt.Fprintf(r.w, "Recv: read %d bytes, %d messages\n", len(data), len(headers))
	for _, h := range headers {
		fmt.Fprintf(r.w, "   %s\n", headerRepr(h))
	}
}
