//go:build linux

package mirrors_test

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
)

//nlkit:vm
//nlkit:kernels 6.12
//nlkit:memory 1024
//nlkit:modules vrf veth dummy bridge bonding 8021q macvlan ipvlan vxlan geneve ip_gre sit ifb wireguard
//nlkit:modules nf_tables nft_ct nf_flow_table_inet nft_flow_offload
//nlkit:files /bin/sh /usr/sbin/ip /usr/sbin/nft /etc/protocols /etc/services

func TestMain(m *testing.M) { testenv.Main(m) }

// world is a namespace in a virtual machine, and a mirror of some of its tables.
type world struct {
	testing.TB
	ns *testenv.NetNS
	m  *mirror.Mirror
}

// load loads modules, with what they depend on.
func load(t *testing.T, modules ...string) {
	t.Helper()
	vm := vmtest.Need(t)
	for _, name := range modules {
		if err := vm.Insmod(name); err != nil && !isLoaded(err) {
			t.Fatal(name, err)
		}
	}
}

// newWorld makes a namespace and does command lines in it.
func newWorld(t testing.TB, lines ...string) *world {
	t.Helper()
	w := &world{TB: t, ns: testenv.NewNetNS(t)}
	for _, line := range lines {
		w.shell(line)
	}
	return w
}

func (w *world) options() *netlink.Options {
	return &netlink.Options{Namespace: netlink.NamespaceFD(w.ns.FD())}
}

// open mirrors tables until the test ends.
func (w *world) open(tables ...mirror.Source) {
	w.Helper()
	m, err := mirror.Options{Netlink: *w.options(), AuditEvery: -1}.Open(w.Context(), tables...)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { m.Close() })
	w.m = m
}

// shell runs a command line in the namespace.
func (w *world) shell(line string) {
	w.Helper()
	if out, err := inNamespace(w.ns, exec.Command("/bin/sh", "-c", line)); err != nil {
		w.Fatalf("%s: %v %s", line, err, out)
	}
}

// watch notes when the last change came.
func (w *world) watch() (stop func() time.Time) {
	ctx, cancel := context.WithCancel(context.Background())
	var last time.Time
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, err := range w.m.Changes(ctx, w.m.Snapshot()) {
			if err != nil {
				return
			}
			last = time.Now()
		}
	}()
	return func() time.Time {
		cancel()
		<-done
		return last
	}
}

// late is how long the kernel may need to announce what it already shows: the carrier
// of a link is told up to a second late.
const late = 1200 * time.Millisecond

// equal lets the mirror compare itself with the kernel: nothing may differ.
func (w *world) equal(what string) {
	w.Helper()
	time.Sleep(late)
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	if err := w.m.Sync(ctx); err != nil {
		w.Fatal(what, err)
	}
	before := w.m.Snapshot()
	report, err := w.m.Audit(ctx)
	if err != nil || report.Records == 0 {
		w.Fatalf("%s: %v, %+v", what, err, report)
	}
	if report.Drift == 0 {
		return
	}
	w.Errorf("%s: %+v", what, report)
	for d, err := range w.m.Changes(ctx, before) {
		if err == nil {
			for c := range d.Changes() {
				w.Logf("%v of %s %x\n%x\n%x", c.Kind, c.Table, c.Key, c.Old, c.New)
			}
		}
		break
	}
}
