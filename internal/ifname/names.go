package ifname

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Numbers of rtnetlink (linux/rtnetlink.h, linux/if_link.h).
const (
	rtmGetLink     wire.Type = 18
	iflaIfname     uint16    = 3
	iflaExtMask    uint16    = 29
	iflaAltIfname  uint16    = 53
	rtextSkipStats uint32    = 1 << 3

	headerLen     = 16 // struct ifinfomsg
	indexPosition = 4  // in it
)

// Lengths of names, without their NUL (linux/if.h, linux/rtnetlink.h).
const (
	maxName    = 15
	maxAltName = 127
)

// Fresh is how long a name is believed without asking again, where nothing else is said.
// Interfaces are renamed, and their indexes are used again.
const Fresh = time.Second

// Names asks the kernel for the interfaces of one network namespace, and
// remembers them. It is for one goroutine at a time.
type Names struct {
	ctx     context.Context
	limit   time.Duration // for each question; 0 for none beside ctx
	options netlink.Options
	conn    *netlink.Conn
	broken  bool // the kernel cannot be asked
	names   map[uint32]known
	dumped  bool
	now     func() time.Time
	fresh   time.Duration
}

type known struct {
	name string
	at   time.Time
}

// New returns Names that opens its socket as o says when it is first asked, and
// asks as long as ctx lasts. o may be nil. It must be closed.
func New(ctx context.Context, o *netlink.Options) *Names {
	n := &Names{ctx: ctx, names: map[uint32]known{}, now: time.Now, fresh: Fresh}
	if o != nil {
		n.options = *o
	}
	n.options.Tap = nil // nobody asked for these messages
	return n
}

// Keep makes it ask as long as ctx lasts, instead of the context it was made
// with, and wait for limit at most each time; 0 is no limit.
func (n *Names) Keep(ctx context.Context, limit time.Duration) { n.ctx, n.limit = ctx, limit }

// Believe makes it believe a name for some time without asking again.
func (n *Names) Believe(d time.Duration) { n.fresh = d }

// question returns the context of one exchange with the kernel.
func (n *Names) question() (context.Context, context.CancelFunc) {
	if n.limit == 0 {
		return n.ctx, func() {}
	}
	return context.WithTimeout(n.ctx, n.limit)
}

// Close closes the socket.
func (n *Names) Close() error {
	if n.conn == nil {
		return nil
	}
	return n.conn.Close()
}

func (n *Names) dial() error {
	if n.conn != nil {
		return nil
	}
	c, err := netlink.Dial(wire.Route, &n.options)
	if err != nil {
		n.broken = true
		return err
	}
	n.conn = c
	return nil
}

// Name returns the name of an interface, and "" where there is none or the
// kernel does not tell. The first call reads all interfaces; an interface that
// has gone keeps the name it had.
func (n *Names) Name(index uint32) string {
	k, ok := n.names[index]
	now := n.now()
	if ok && now.Sub(k.at) < n.fresh || n.broken || n.dial() != nil {
		return k.name
	}
	if !n.dumped {
		n.dumped = true
		ctx, cancel := n.question()
		defer cancel()
		for m, err := range n.conn.Dump(ctx, request(0, "")) {
			if err != nil {
				n.broken = n.names[index].name == ""
				break
			}
			if i, name := parse(m); name != "" {
				n.names[i] = known{name, now}
			}
		}
		return n.names[index].name
	}
	i, name, err := n.get(request(index, ""))
	if err == nil && i == index {
		k.name = name
	}
	n.names[index] = known{k.name, now}
	return k.name
}

// Index finds an interface by its name or by an alternative one. The error says
// what there is instead.
func (n *Names) Index(name string) (uint32, error) {
	if name == "" {
		return 0, errors.New("the interface's name is empty")
	}
	if len(name) > maxAltName {
		return 0, fmt.Errorf("an interface's name has at most %d bytes, and this one %d", maxAltName, len(name))
	}
	if err := n.dial(); err != nil {
		return 0, fmt.Errorf("interface %q: %w", name, err)
	}
	i, own, err := n.get(request(0, name))
	switch {
	case err == nil && i != 0:
		n.names[i] = known{own, n.now()}
		return i, nil
	case errors.Is(err, netlink.ENODEV):
		return 0, n.unknown(name)
	case err != nil:
		return 0, fmt.Errorf("interface %q: %w", name, err)
	}
	return 0, fmt.Errorf("interface %q: the kernel did not answer", name)
}

// unknown names what is near, or what there is.
func (n *Names) unknown(name string) error {
	var names []string
	ctx, cancel := n.question()
	defer cancel()
	for m, err := range n.conn.Dump(ctx, request(0, "")) {
		if err != nil {
			break
		}
		if _, other := parse(m); other != "" {
			names = append(names, other)
		}
	}
	text := fmt.Sprintf("there is no interface %q in this network namespace", name)
	if close := near.Names(name, names); len(close) > 0 {
		return errors.New(text + "; did you mean " + strings.Join(close, " or ") + "?")
	}
	slices.Sort(names)
	const most = 10
	if len(names) > most {
		return fmt.Errorf("%s; there are %s and %d more", text, strings.Join(names[:most], ", "), len(names)-most)
	}
	if len(names) > 0 {
		text += "; there are " + strings.Join(names, ", ")
	}
	return errors.New(text)
}

func (n *Names) get(req []byte) (index uint32, name string, err error) {
	ctx, cancel := n.question()
	defer cancel()
	_, err = n.conn.Do(ctx, req, func(m wire.Message) error {
		index, name = parse(m)
		return nil
	})
	return index, name, err
}

// request asks for one interface, or for all with neither index nor name.
// Statistics would be most of the answer and are left out.
func request(index uint32, name string) []byte {
	var b wire.Builder
	b.Message(wire.Header{Type: rtmGetLink})
	var fixed [headerLen]byte
	binary.NativeEndian.PutUint32(fixed[indexPosition:], index)
	b.Raw(fixed[:])
	b.Uint32(iflaExtMask, rtextSkipStats)
	switch {
	case name == "":
	case len(name) > maxName:
		b.Text(iflaAltIfname, name)
	default:
		b.Text(iflaIfname, name)
	}
	req, err := b.Bytes()
	if err != nil {
		return nil // a NUL in the name: refused when it is sent
	}
	return req
}

func parse(m wire.Message) (index uint32, name string) {
	data := m.Data()
	if len(data) < headerLen {
		return 0, ""
	}
	if a, ok := wire.FindAttr(data[headerLen:], iflaIfname); ok {
		name = a.Text()
	}
	return binary.NativeEndian.Uint32(data[indexPosition:]), name
}
