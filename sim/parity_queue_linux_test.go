package sim

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// needModelled skips a test about the accounting of memory unless the running
// kernel is of the kind that is modelled: x86-64, Linux 6.16 or later (the rule
// for what fits was changed then), and the same size of small buffers. Ability
// "accounting".
func needModelled(t *testing.T) {
	t.Helper()
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		t.Fatal(err)
	}
	release, machine := unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:])
	var major, minor int
	if _, err := fmt.Sscanf(release, "%d.%d", &major, &minor); err != nil {
		t.Fatalf("kernel release %q: %v", release, err)
	}
	if machine != "x86_64" || major < 6 || major == 6 && minor < 16 {
		testenv.Missing(t, "accounting", fmt.Sprintf("Linux 6.16 on x86-64 or later is modelled, this is %s on %s", release, machine))
	}
	a, b := open(t, nil, wire.UserSock, nil), open(t, nil, wire.UserSock, nil)
	if err := a.Send([]byte{1}, netlink.Address{Port: b.Port()}); err != nil {
		t.Fatal(err)
	}
	if m, err := b.MemInfo(); err != nil || m.Queued != skbSize+smallHead {
		testenv.Missing(t, "accounting", fmt.Sprintf("a byte costs %d bytes of this kernel's buffer, %d in the model", m.Queued, skbSize+smallHead))
	}
}

// episode is what a reader sees of an overflow.
type episode struct {
	Sent, Second, Received []string
	Memory, Empty          []netlink.MemInfo
}

// overflow broadcasts count messages of size bytes to a reader that sleeps, lets
// it read, broadcasts once more in the middle, and lets it read the rest.
func overflow(t *testing.T, via netlink.Opener, group uint32, o netlink.Options, size, count int) episode {
	t.Helper()
	sender := open(t, via, wire.UserSock, nil)
	reader := open(t, via, wire.UserSock, &o)
	if err := reader.Join(group); err != nil {
		t.Fatalf("join: %v", err)
	}
	msg := make([]byte, size)
	copy(msg, build(t, wire.Header{Type: wire.TypeMin, Seq: 7}, nil))
	var e episode
	broadcast := func(n int) (results []string) {
		for range n {
			results = append(results, fmt.Sprint(sender.Send(msg, netlink.Address{Group: group})))
		}
		return results
	}
	info := func() netlink.MemInfo {
		m, err := reader.MemInfo()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	read := func(n int) {
		buf := make([]byte, 32<<10)
		for i := 0; n < 0 || i < n; i++ {
			d, err := reader.Receive(buf, false)
			e.Received = append(e.Received, fmt.Sprintf("%d %d %d %v", d.N, d.Len, d.Group, err))
			if errors.Is(err, netlink.EAGAIN) {
				return
			}
		}
	}
	e.Sent = broadcast(count)
	e.Memory = append(e.Memory, info())
	read(3) // ENOBUFS comes first
	e.Memory = append(e.Memory, info())
	e.Second = broadcast(2) // in the middle of an episode
	e.Memory = append(e.Memory, info())
	read(-1)
	e.Memory = append(e.Memory, info())
	e.Second = append(e.Second, broadcast(1)...) // the episode is over
	read(-1)
	e.Empty = append(e.Empty, info())
	return e
}

func TestParityOverflow(t *testing.T) {
	needModelled(t)
	real := inNamespace(t)
	tests := []struct {
		name  string
		o     netlink.Options
		size  int
		count int
	}{
		{"4 KiB, 200 broadcasts", netlink.Options{ReceiveBuffer: 4096}, 300, 200},
		{"4 KiB, 200 broadcasts of 48 bytes", netlink.Options{ReceiveBuffer: 4096}, 48, 200},
		{"no ENOBUFS", netlink.Options{ReceiveBuffer: 4096, NoENOBUFS: true}, 300, 200},
		{"broadcast error", netlink.Options{ReceiveBuffer: 4096, BroadcastError: true}, 300, 200},
		{"exactly full", netlink.Options{ReceiveBuffer: 2496}, 200, 6},
		{"one byte short", netlink.Options{ReceiveBuffer: 2495}, 200, 6},
		{"larger than the buffer", netlink.Options{ReceiveBuffer: 1}, 20000, 3},
		{"default buffer", netlink.Options{}, 200, 400},
		{"small and large", netlink.Options{ReceiveBuffer: 100_000}, 9000, 40},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := overflow(t, real, 27, tt.o, tt.size, tt.count)
			got := overflow(t, newKernel(t), 27, tt.o, tt.size, tt.count)
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("\n simulated %+v\n kernel    %+v", got, want)
			}
		})
	}
}

// TestParityCharge compares the cost of one datagram, by size.
func TestParityCharge(t *testing.T) {
	needModelled(t)
	k, real := newKernel(t), inNamespace(t)
	sizes := []int{1, 16, 255, 256, 257, 704, 705, 1728, 1729, 3776, 3777, 4096, 7872, 7873, 16064, 16065, 32000, 32448, 32449, 32768}
	cost := func(t *testing.T, via netlink.Opener, to func(reader netlink.Transport) netlink.Address, size int) netlink.MemInfo {
		sender, reader := open(t, via, wire.UserSock, nil), open(t, via, wire.UserSock, nil)
		if err := reader.Join(28); err != nil {
			t.Fatal(err)
		}
		sender.Send(make([]byte, size), to(reader))
		m, err := reader.MemInfo()
		if err != nil || m.Queued == 0 {
			t.Fatalf("queue %+v, error %v: want one datagram queued", m, err)
		}
		return m
	}
	unicast := func(r netlink.Transport) netlink.Address { return netlink.Address{Port: r.Port()} }
	multicast := func(netlink.Transport) netlink.Address { return netlink.Address{Group: 28} }
	for _, size := range sizes {
		if got, want := cost(t, k, unicast, size), cost(t, real, unicast, size); got != want {
			t.Errorf("unicast of %d bytes: %+v, the kernel has %+v", size, got, want)
		}
		if got, want := cost(t, k, multicast, size), cost(t, real, multicast, size); got != want {
			t.Errorf("multicast of %d bytes: %+v, the kernel has %+v", size, got, want)
		}
	}
}

// TestParityPacing lets the simulated kernel dump the very messages of a large
// dump of the real one to readers with different buffers, and compares how they
// were cut into datagrams and what those cost.
func TestParityPacing(t *testing.T) {
	needModelled(t)
	request := genl(t, ctrlID, wire.Request|wire.Dump, genetlink.CtrlGetPolicy, func(b *wire.Builder) { b.Text(genetlink.CtrlAttrFamilyName, "ethtool") })
	var messages []wire.Message
	for _, b := range conversation(t, open(t, nil, wire.Generic, nil), request) {
		for m, err := range wire.Messages(b) {
			if err != nil {
				t.Fatal(err)
			}
			if m.Type() != wire.TypeDone {
				messages = append(messages, m)
			}
		}
	}
	if len(messages) < 200 {
		testenv.Missing(t, "ethtool", fmt.Sprintf("the kernel's family ethtool has a policy of %d messages only", len(messages)))
	}
	k := newKernel(t)
	fake := Protocol{Dump: func(*Request) *DumpOp {
		return &DumpOp{Type: ctrlID, Entries: func(*Request) iter.Seq2[Entry, error] {
			return func(yield func(Entry, error) bool) {
				for _, m := range messages {
					if !yield(func(b *wire.Builder) { b.Raw(m.Data()) }, nil) {
						return
					}
				}
			}
		}}
	}}
	if err := k.HandleProtocol(wire.Route, fake); err != nil {
		t.Fatal(err)
	}
	type step struct {
		len int
		mem netlink.MemInfo
	}
	for _, sizes := range [][]int{{32768}, {65536}, {8192}, {4096}, {3776}, {3000}, {20, 32768, 20}, {4000, 9000, 33000}} {
		for _, limit := range []int{0, 9000, 1} {
			pace := func(via netlink.Opener, p wire.Protocol) (steps []step) {
				tr := open(t, via, p, &netlink.Options{ReceiveBuffer: limit})
				send(t, tr, request)
				for i := 0; ; i++ {
					m, err := tr.MemInfo()
					if err != nil {
						t.Fatal(err)
					}
					buf := make([]byte, sizes[min(i, len(sizes)-1)])
					d, err := tr.Receive(buf, false)
					if errors.Is(err, netlink.EAGAIN) {
						return steps
					}
					if err != nil {
						t.Fatal(err)
					}
					steps = append(steps, step{d.Len, m})
				}
			}
			want := pace(nil, wire.Generic)
			got := pace(k, wire.Route)
			if !slices.Equal(got, want) {
				t.Errorf("buffers %v, limit %d:\n simulated %v\n kernel    %v", sizes, limit, got, want)
			}
		}
	}
}
