package modules

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/kmod/nlkittest"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
)

// rights asks for all operations that need some, and for one that needs none, and
// tells what came of it.
func rights(t testing.TB, c *nlkittest.Client) string {
	t.Helper()
	ctx := t.Context()
	_, err := c.EchoAll(ctx, &nlkittest.EchoAllRequest{U8Any: nl.U8(1)})
	var list []string
	for _, call := range []struct {
		op  string
		err error
	}{
		{"echo-all", err},
		{"admin", c.Admin(ctx, nil)},
		{"uns-admin", c.UnsAdmin(ctx, nil)},
		{"item-set", c.ItemSet(ctx, &nlkittest.ItemSetRequest{ID: nl.U32(9)})},
		{"item-del", c.ItemDel(ctx, &nlkittest.ItemDelRequest{ID: nl.U32(9)})},
	} {
		word := "ok"
		if e, ok := errors.AsType[*netlink.Error](call.err); ok {
			word = e.Errno.Name()
			if e.Text != "" {
				word += " " + e.Text
			}
		} else if call.err != nil {
			word = call.err.Error()
		}
		list = append(list, call.op+" "+word)
	}
	return strings.Join(list, ", ")
}

const (
	allRights  = "echo-all ok, admin ok, uns-admin ok, item-set ok, item-del ok"
	noRights   = "echo-all ok, admin EPERM, uns-admin EPERM, item-set EPERM, item-del EPERM"
	someRights = "echo-all ok, admin EPERM, uns-admin ok, item-set ok, item-del ok"
)

// TestRights: operations for administrators are refused to others.
func TestRights(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		if got := rights(t, s.dial(t, netlink.Options{})); got != allRights {
			t.Errorf("root: %s; want %s", got, allRights)
		}
		s.nobody(t, func(via netlink.Opener) {
			c, err := nlkittest.Dial(t.Context(), &netlink.Options{Via: via})
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			if got := rights(t, c); got != noRights {
				t.Errorf("nobody: %s; want %s", got, noRights)
			}
		})
	})
}

// userNamespaceEnv has the test binary, run once more, ask for its rights.
const userNamespaceEnv = "NLKIT_TEST_RIGHTS"

// TestRightsInUserNamespace: root of a user namespace is an administrator of the
// network namespaces that are its own, and not of the machine.
func TestRightsInUserNamespace(t *testing.T) {
	if os.Getenv(userNamespaceEnv) != "" {
		c, err := nlkittest.Dial(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Println("rights:", rights(t, c))
		return
	}
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_test")
	for _, tt := range []struct {
		name  string
		flags uintptr
		want  string
	}{
		{"and a network namespace of its own", syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET, someRights},
		{"in the initial network namespace", syscall.CLONE_NEWUSER, noRights},
	} {
		cmd := exec.Command("/proc/self/exe", "-test.run=^TestRightsInUserNamespace$", "-test.v")
		cmd.Env = append(os.Environ(), userNamespaceEnv+"=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  tt.flags,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: nobody, Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: nobody, Size: 1}},
			Credential:  &syscall.Credential{NoSetGroups: true}, // root, of that namespace
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("root of a user namespace %s: %v\n%s", tt.name, err, out)
			continue
		}
		if want := "rights: " + tt.want + "\n"; !bytes.Contains(out, []byte(want)) {
			t.Errorf("root of a user namespace %s:\n%s\nwant %s", tt.name, out, want)
		}
	}
}

// TestNamespaces: each network namespace has a table of its own, and listeners hear
// of theirs alone.
func TestNamespaces(t *testing.T) {
	vm := vmtest.Need(t)
	load(t, vm, "nlkit_test")
	s := &subject{name: vm.Kernel()}
	elsewhere := netlink.NamespaceFD(testenv.NewNetNS(t).FD())
	here, there := s.dial(t, netlink.Options{}), s.dial(t, netlink.Options{Namespace: elsewhere})
	ctx := within(t)
	subHere, err := here.Subscribe(ctx, nlkittest.GroupItems)
	if err != nil {
		t.Fatal(err)
	}
	defer subHere.Close()
	subThere, err := there.Subscribe(ctx, nlkittest.GroupItems)
	if err != nil {
		t.Fatal(err)
	}
	defer subThere.Close()
	for name, c := range map[string]*nlkittest.Client{"here": here, "there": there} {
		if err := c.ItemSet(ctx, &nlkittest.ItemSetRequest{ID: nl.U32(1), Name: nl.Some(name)}); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]*nlkittest.Client{"here": here, "there": there} {
		list, err := nl.Collect(c.ItemGetDump(ctx, nil))
		if err != nil || len(list) != 1 || list[0].Name.Value() != name {
			t.Errorf("%s: items %v, error %v", name, list, err)
		}
	}
	for name, sub := range map[string]*nl.Subscription{"here": subHere, "there": subThere} {
		ev, err := sub.Receive(ctx)
		if n, ok := ev.Notification.(*nlkittest.ItemNotification); err != nil || !ok || n.Name.Value() != name {
			t.Errorf("%s: event %v, error %v", name, ev, err)
		}
	}
}

// TestWhisper: a notification for one socket alone is no reply, and no request on that
// socket takes it for one.
func TestWhisper(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		c := s.dial(t, netlink.Options{})
		for range 3 {
			if err := c.Whisper(t.Context(), &nlkittest.WhisperRequest{Text: nl.Some("psst")}); err != nil {
				t.Fatal(err)
			}
		}
		if st := c.Netlink().Stats(); st.Stale != 3 || st.Foreign != 0 {
			t.Errorf("%s: %+v, want 3 messages that nobody has asked for", s.name, st)
		}
		if m, err := c.EchoAll(t.Context(), &nlkittest.EchoAllRequest{U8Any: nl.U8(5)}); err != nil || m.U8Any.Value() != 5 {
			t.Errorf("after it: %v, error %v", m, err)
		}
	})
}

// TestWarning: what goes well can say something nevertheless.
func TestWarning(t *testing.T) {
	onBoth(t, func(t *testing.T, s *subject) {
		c := s.dial(t, netlink.Options{})
		var acks []netlink.Ack
		err := c.Warn(t.Context(), &nlkittest.WarnRequest{Text: nl.Some("take care"), Cookie: []byte{1, 2, 3}},
			nl.Warn(func(a netlink.Ack) { acks = append(acks, a) }))
		if err != nil || len(acks) != 1 || acks[0].Text != "take care" || !bytes.Equal(acks[0].Cookie, []byte{1, 2, 3}) {
			t.Errorf("acknowledgements %+v, error %v", acks, err)
		}
	})
}

// TestInitFails: whatever step of loading fails, all before it is undone, and the
// module can be loaded at once.
func TestInitFails(t *testing.T) {
	vm := vmtest.Need(t)
	for at, want := range map[string]error{"1": syscall.ENOMEM, "2": syscall.ENOSPC, "3": initExists(t), "4": syscall.EIO} {
		for range 5 {
			if err := vm.Insmod("nlkit_test", "fail_at="+at); !errors.Is(err, want) {
				t.Fatalf("fail_at=%s: error %v, want %v", at, err, want)
			}
		}
		if err := vm.Insmod("nlkit_test"); err != nil {
			t.Fatalf("after fail_at=%s: %v", at, err)
		}
		c := (&subject{}).dial(t, netlink.Options{})
		if got := rights(t, c); got != allRights {
			t.Errorf("loaded after fail_at=%s: %s", at, got)
		}
		c.Close()
		unload(t, vm, "nlkit_test")
	}
	if w := vm.Warnings(); len(w) > 0 {
		t.Errorf("the kernel complains: %q", w)
	}
}
