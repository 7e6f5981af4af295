package mirror_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// The tests in the files facts_*_linux_test.go observe the kernel alone, nothing of
// this package: they are what its rules rest upon. Each has a namespace of its own,
// does what `ip` is told, and compares what is announced, in order, and what a dump
// shows then. What is no matter of what `ip` does is in kernelfacts_linux_test.go.

// world is a namespace that is watched.
type world struct {
	testing.TB
	ns    *testenv.NetNS
	conn  *netlink.Conn
	sub   *netlink.Subscription
	links map[uint32]string // names that were seen, also of links that are gone
	only  string            // words that begin the events of interest; all if ""
	quiet time.Duration     // how long nothing must be announced for all to be done
}

// How long nothing must be announced for all to be done: what the kernel leaves to its
// own workers, IPv6's addresses above all, comes a moment later.
const (
	shortQuiet = 50 * time.Millisecond
	longQuiet  = 1200 * time.Millisecond
)

// factGroups are the groups of rtnetlink that a world listens to.
var factGroups = []uint32{
	unix.RTNLGRP_LINK, unix.RTNLGRP_NEIGH, unix.RTNLGRP_TC,
	unix.RTNLGRP_IPV4_IFADDR, unix.RTNLGRP_IPV4_ROUTE, unix.RTNLGRP_IPV4_RULE,
	unix.RTNLGRP_IPV6_IFADDR, unix.RTNLGRP_IPV6_ROUTE, unix.RTNLGRP_IPV6_RULE, unix.RTNLGRP_IPV6_IFINFO,
	unix.RTNLGRP_NEXTHOP,
}

// newWorld makes a namespace, does what prepares it and waits until nothing more is
// announced. Events that do not begin with one of the words in only are passed over.
func newWorld(t testing.TB, quiet time.Duration, only string, prepare ...string) *world {
	t.Helper()
	if _, err := exec.LookPath("ip"); err != nil {
		testenv.Missing(t, "iproute2", err.Error())
	}
	w := &world{TB: t, ns: testenv.NewNetNS(t), links: map[uint32]string{}, only: only, quiet: quiet}
	o := &netlink.Options{Namespace: netlink.NamespaceFD(w.ns.FD()), ReceiveBuffer: 16 << 20}
	var err error
	if w.conn, err = netlink.Dial(wire.Route, o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.conn.Close() })
	if w.sub, err = netlink.Subscribe(wire.Route, o, factGroups...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.sub.Close() })
	// Addresses that the kernel makes for itself, when it likes, are left out.
	w.sysctl("net/ipv6/conf/default/addr_gen_mode", "1")
	w.sysctl("net/ipv6/conf/default/accept_dad", "0")
	w.ip(prepare...)
	w.settle()
	return w
}

// ip does lines of `ip -batch`. One that begins with -6 is for that family.
func (w *world) ip(lines ...string) {
	w.Helper()
	for len(lines) > 0 {
		six := strings.HasPrefix(lines[0], "-6 ")
		n := slices.IndexFunc(lines, func(s string) bool { return strings.HasPrefix(s, "-6 ") != six })
		if n < 0 {
			n = len(lines)
		}
		if out, err := w.batch(lines[:n]); err != nil {
			w.Fatalf("ip: %v\n%s%s", err, out, strings.Join(lines[:n], "\n"))
		}
		lines = lines[n:]
	}
}

// batch does lines of one family.
func (w *world) batch(lines []string) (out []byte, err error) {
	args := []string{"--net=/proc/self/fd/3", "ip", "-batch", "-"}
	if strings.HasPrefix(lines[0], "-6 ") {
		args = slices.Insert(args, 2, "-6")
	}
	cmd := exec.Command("nsenter", args...)
	cmd.ExtraFiles = append(cmd.ExtraFiles, w.ns.File)
	text := strings.ReplaceAll("\n"+strings.Join(lines, "\n"), "\n-6 ", "\n")
	cmd.Stdin = strings.NewReader(text[1:] + "\n")
	return cmd.CombinedOutput()
}

// refused does a line that the kernel has to refuse, and returns what it says.
func (w *world) refused(line string) []string {
	w.Helper()
	out, err := w.batch([]string{line})
	answer, _, _ := strings.Cut(string(out), "\n")
	if err == nil {
		answer = "accepted"
	}
	return []string{answer}
}

// sysctl writes a setting of the namespace.
func (w *world) sysctl(name, value string) {
	w.Helper()
	// Not by a thread of this process: that would have to be thrown away, which the
	// main one cannot be.
	cmd := exec.Command("nsenter", "--net=/proc/self/fd/3", "tee", "/proc/sys/"+name)
	cmd.ExtraFiles = append(cmd.ExtraFiles, w.ns.File)
	cmd.Stdin = strings.NewReader(value)
	if out, err := cmd.CombinedOutput(); err != nil {
		w.Fatalf("%s: %v %s", name, err, out)
	}
}

// events returns what was announced until now.
func (w *world) events() []string {
	w.Helper()
	seq, err := w.sub.Mark()
	if err != nil {
		w.Fatal(err)
	}
	var all []string
	for {
		ev := w.receive()
		if ev.Mark == seq {
			return all
		}
		if ev.Message == nil {
			continue
		}
		if s := w.text(ev.Message, true); w.of(s) {
			all = append(all, s)
		}
	}
}

// of reports whether an event is of interest.
func (w *world) of(s string) bool {
	if strings.Contains(s, "ff02::") {
		return false // of multicast listeners, when the kernel likes
	}
	return w.only == "" || slices.ContainsFunc(strings.Fields(w.only), func(p string) bool { return strings.HasPrefix(s, strings.ReplaceAll(p, "_", " ")) })
}

func (w *world) receive() netlink.Event {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ev, err := w.sub.Receive(ctx)
	if err != nil || ev.Overrun {
		w.Fatalf("%+v, %v", ev, err)
	}
	return ev
}

// settle waits until nothing more is announced, and returns what was.
func (w *world) settle() (all []string) {
	w.Helper()
	for {
		w.tellCarriers()
		some := w.untilQuiet()
		if len(some) == 0 {
			return all
		}
		all = append(all, some...)
	}
}

// tellCarriers has the carriers of links told now, which else may come up to a second
// late (net/core/link_watch.c): whoever asks for one link has its event sent
// (net/core/rtnetlink.c, rtnl_getlink).
func (w *world) tellCarriers() {
	w.Helper()
	for _, m := range w.messages(unix.RTM_GETLINK, make([]byte, unix.SizeofIfInfomsg), nil) {
		fixed := make([]byte, unix.SizeofIfInfomsg)
		copy(fixed[4:8], m.Data()[4:8])
		if err := w.ask(unix.RTM_GETLINK, fixed, nil); err != nil && !errors.Is(err, netlink.ENODEV) {
			w.Fatal(err)
		}
	}
}

// ask makes a request that is no dump.
func (w *world) ask(typ wire.Type, fixed, attrs []byte) error {
	var b wire.Builder
	b.Message(wire.Header{Type: typ})
	b.Raw(fixed)
	b.Raw(attrs)
	req, err := b.Bytes()
	if err != nil {
		return err
	}
	_, err = w.conn.Do(w.Context(), req, nil)
	return err
}

// untilQuiet returns what is announced until there is nothing for a while.
func (w *world) untilQuiet() (all []string) {
	w.Helper()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), w.quiet)
		ev, err := w.sub.Receive(ctx)
		cancel()
		if err != nil {
			return all
		}
		if ev.Message == nil {
			continue
		}
		if s := w.text(ev.Message, true); w.of(s) {
			all = append(all, s)
		}
	}
}

// after does lines and returns what was announced until then.
func (w *world) after(lines ...string) []string {
	w.Helper()
	w.ip(lines...)
	w.tellCarriers()
	return w.events()
}

// dump returns what a table holds: link, addr4, addr6, route4, route6, neigh, rule4,
// rule6, nexthop, qdisc. Routes are those of the main
// table, or of the one whose number follows a colon.
func (w *world) dump(table string) []string {
	w.Helper()
	kinds := map[string]struct {
		typ    wire.Type
		family byte
		size   int
	}{
		"link":    {unix.RTM_GETLINK, 0, unix.SizeofIfInfomsg},
		"addr4":   {unix.RTM_GETADDR, unix.AF_INET, unix.SizeofIfAddrmsg},
		"addr6":   {unix.RTM_GETADDR, unix.AF_INET6, unix.SizeofIfAddrmsg},
		"route4":  {unix.RTM_GETROUTE, unix.AF_INET, unix.SizeofRtMsg},
		"route6":  {unix.RTM_GETROUTE, unix.AF_INET6, unix.SizeofRtMsg},
		"rule4":   {unix.RTM_GETRULE, unix.AF_INET, 12},
		"rule6":   {unix.RTM_GETRULE, unix.AF_INET6, 12},
		"neigh":   {unix.RTM_GETNEIGH, 0, unix.SizeofNdMsg},
		"nexthop": {unix.RTM_GETNEXTHOP, 0, 8},
		"qdisc":   {unix.RTM_GETQDISC, 0, 20},
	}
	table, number, other := strings.Cut(table, ":")
	k, ok := kinds[table]
	if !ok {
		w.Fatalf("no table %q", table)
	}
	fixed := make([]byte, k.size)
	fixed[0] = k.family
	var attrs []byte
	if k.typ == unix.RTM_GETROUTE {
		id := uint32(unix.RT_TABLE_MAIN)
		if other {
			n, err := strconv.Atoi(number)
			if err != nil {
				w.Fatal(err)
			}
			id = uint32(n)
		}
		attrs = binary.NativeEndian.AppendUint32([]byte{8, 0, unix.RTA_TABLE, 0}, id)
	}
	var all []string
	for _, m := range w.messages(k.typ, fixed, attrs) {
		all = append(all, w.text(m, false))
	}
	return all
}

// messages makes a dump.
func (w *world) messages(typ wire.Type, fixed, attrs []byte) []wire.Message {
	w.Helper()
	var b wire.Builder
	b.Message(wire.Header{Type: typ})
	b.Raw(fixed)
	b.Raw(attrs)
	req, err := b.Bytes()
	if err != nil {
		w.Fatal(err)
	}
	var all []wire.Message
	for m, err := range w.conn.Dump(w.Context(), req) {
		if err != nil {
			w.Fatal(err)
		}
		all = append(all, m.Clone())
	}
	return all
}
