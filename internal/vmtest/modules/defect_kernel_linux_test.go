package modules

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// TestD9: the module of the notes replies in the initial network namespace, and to
// the port that the header of the request claims.
func TestD9(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl", "nlkit_plain")
	elsewhere := netlink.NamespaceFD(testenv.NewNetNS(t).FD())
	here := dial(t, nil)
	id := family(t, here, familyName).ID
	// The same port in both namespaces, so that a reply could go astray.
	const port = 4711
	victim, err := plainSocket(t, port, 0)
	if err != nil {
		t.Fatal(err)
	}
	there := dial(t, &netlink.Options{Namespace: elsewhere, Port: port})
	if reply, err := echo(within(t), there); reply != kernelText || err != nil {
		t.Errorf("in another namespace: reply %q, error %v", reply, err)
	}
	// And a header that claims to be the other socket.
	fd, err := plainSocket(t, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	forged := echoMessage(t, id, wire.Request, userText)
	forged.SetPort(port)
	if got := answer(t, fd, forged, 4096); len(got) != 1 || !bytes.Contains(got[0], []byte(kernelText)) {
		t.Errorf("who has sent it got % x", got)
	}
	if b := receive(t, victim, 4096); b != nil {
		t.Errorf("who is named in the header got % x", b)
	}
	// Listeners are those of the namespace in which it is triggered.
	subHere, subThere := subscribe(t, here, familyName, groupName), subscribe(t, there, familyName, groupName)
	trigger(t)
	hear(t, subHere)
	if ev, ok, err := subThere.TryReceive(); ok || err != nil {
		t.Errorf("in another namespace: event %v, error %v", ev.Kind, err)
	}
	plainIn(t, elsewhere)
}

// plainIn asks the classic protocol in a namespace.
func plainIn(t *testing.T, ns netlink.Namespace) {
	t.Helper()
	c, err := netlink.Dial(20, &netlink.Options{Namespace: ns})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var b wire.Builder
	b.Message(wire.Header{Type: 0x11})
	b.Raw([]byte(userText + "\x00"))
	msg, err := b.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	reply := ""
	_, err = c.Do(within(t), msg, func(m wire.Message) error {
		reply = string(bytes.TrimRight(m.Data(), "\x00"))
		return nil
	})
	if reply != kernelText || err != nil {
		t.Errorf("protocol 20 in another namespace: reply %q, error %v", reply, err)
	}
}

// removed are functions that the notes' modules call and kernels since 3.13 do not
// have any more.
var removed = []string{"genl_register_mc_group", "genl_unregister_mc_group", "genl_register_ops", "genl_register_family_with_ops"}

// TestD11: the modules of the notes build on kernels up to 3.12 only. These are
// built for the kernel that runs, without a warning, or there would be no virtual
// machine.
func TestD11(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl", "nlkit_plain")
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		t.Fatal(err)
	}
	release := unix.ByteSliceToString(uts.Release[:])
	for _, name := range []string{"doc_exmpl", "nlkit_plain"} {
		image, err := os.ReadFile(moduleFile(name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(image, []byte("vermagic="+release+" ")) {
			t.Errorf("%s was not built for %s", name, release)
		}
		if !bytes.Contains(image, []byte("license=GPL")) {
			t.Errorf("%s does not say its license", name)
		}
		for _, old := range removed {
			if bytes.Contains(image, []byte(old)) {
				t.Errorf("%s calls %s", name, old)
			}
		}
	}
	symbols, err := os.ReadFile("/proc/kallsyms")
	if err != nil {
		t.Fatal(err)
	}
	has := func(name string) bool { return bytes.Contains(symbols, []byte(" "+name+"\n")) }
	if !has("genl_register_family") {
		t.Fatal("genl_register_family is not among the kernel's symbols: nothing can be said about the others")
	}
	for _, old := range removed {
		if has(old) {
			t.Errorf("this kernel has %s: it would have done", old)
		}
	}
}

// TestD12: who keeps a family's number for ever is cut off when its module is loaded
// anew, under another one.
func TestD12(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "doc_exmpl")
	c := dial(t, nil)
	sub := subscribe(t, c, familyName, groupName)
	kept := family(t, c, familyName)
	if reply, err := echo(within(t), c); reply != kernelText || err != nil {
		t.Fatalf("reply %q, error %v", reply, err)
	}
	if err := vm.Rmmod("doc_exmpl"); err != nil {
		t.Fatal(err)
	}
	if ev, err := sub.Receive(within(t)); err != nil || ev.Kind != genetlink.Unloaded {
		t.Fatalf("event %v, error %v; want that it was unloaded", ev.Kind, err)
	}
	_, err := echo(within(t), c)
	if _, ok := errors.AsType[*genetlink.UnknownFamilyError](err); !ok {
		t.Errorf("while it is away: error %v", err)
	}
	if err := vm.Insmod("doc_exmpl"); err != nil {
		t.Fatal(err)
	}
	if ev, err := sub.Receive(within(t)); err != nil || ev.Kind != genetlink.Loaded || ev.Err != nil || ev.Family.ID == kept.ID {
		t.Fatalf("event %v, error %v, %v; want that it was loaded under another number", ev.Kind, err, ev.Err)
	}
	if _, err := c.Netlink().Do(within(t), echoMessage(t, kept.ID, 0, userText), nil); !errors.Is(err, netlink.ENOENT) {
		t.Errorf("the kept number: error %v, want ENOENT", err)
	}
	if reply, err := echo(within(t), c); reply != kernelText || err != nil {
		t.Errorf("loaded anew: reply %q, error %v", reply, err)
	}
	trigger(t)
	hear(t, sub)
}

// TestD13: in the modules of the notes an init that fails leaves registered what it
// had registered, and exit leaves the kobject behind.
func TestD13(t *testing.T) {
	vm := vmtest.Need(t)
	c := dial(t, nil)
	gone := func(when string) {
		t.Helper()
		if _, err := os.Stat(filepath.Dir(triggerFile)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %s: %v, want that it is not there", when, filepath.Dir(triggerFile), err)
		}
		if _, err := os.Stat("/sys/module/doc_exmpl"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the module: %v, want that it is not there", when, err)
		}
	}
	// Somebody has the family's name: init fails half-way.
	if err := vm.Insmod("nlkit_crowd", "name="+familyName); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		if err := vm.Insmod("doc_exmpl"); !errors.Is(err, initExists(t)) {
			t.Errorf("attempt %d, the name taken: error %v, want %v", i, err, initExists(t))
		}
		gone("init has failed")
	}
	unload(t, vm, "nlkit_crowd")
	if t.Failed() {
		return
	}
	before := slabAfter(t, vm, func() { loadOften(t, vm, 10) })
	after := slabAfter(t, vm, func() { loadOften(t, vm, 100) })
	gone("after exit")
	if grown := after - before; grown > 256<<10 {
		t.Errorf("100 times loaded and unloaded: %d bytes of slabs more, allowed are 262144", grown)
	}
	if _, err := c.Family(within(t), familyName); err == nil {
		t.Error("the family is there without its module")
	}
	// All of it can be done once more.
	load(t, vm, "doc_exmpl")
	if reply, err := echo(within(t), c); reply != kernelText || err != nil {
		t.Errorf("at the end: reply %q, error %v", reply, err)
	}
}

// initExists is what insmod says where a module's init has said EEXIST: 6.12 passes it
// on, and 7.2, which keeps it for modules that are loaded already, says EBUSY.
func initExists(t testing.TB) error {
	if atLeast(t, 7, 0) {
		return unix.EBUSY
	}
	return unix.EEXIST
}

func loadOften(t *testing.T, vm *vmtest.VM, n int) {
	t.Helper()
	for range n {
		if err := vm.Insmod("doc_exmpl"); err != nil {
			t.Fatal(err)
		}
		trigger(t)
		unload(t, vm, "doc_exmpl")
	}
}

// slabAfter returns how much the kernel's slabs hold after f.
func slabAfter(t *testing.T, vm *vmtest.VM, f func()) int64 {
	t.Helper()
	f()
	n := vm.Slab()
	t.Log("slabs: " + strconv.FormatInt(n, 10) + " bytes")
	return n
}
