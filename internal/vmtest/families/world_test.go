//go:build linux

package families_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/internal/vmtest"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// world is a scene with the devices of a full kernel in it.
type world struct {
	*scene.Scene
	t        *testing.T // the test the world is made for, which its sockets live as long as
	vm       *vmtest.VM
	listener *listener
	clients  map[string]*client.Client
}

// newWorld makes the namespace and moves the machine's network cards into it.
func newWorld(t *testing.T, vm *vmtest.VM) *world {
	t.Helper()
	w := &world{Scene: scene.New(t), t: t, vm: vm, clients: map[string]*client.Client{}}
	w.listener = listen(t, w)
	w.moveCards(t)
	return w
}

// client is the world's client of a family.
func (w *world) client(t *testing.T, family string) *client.Client {
	t.Helper()
	if w.clients[family] == nil {
		w.clients[family] = w.Dial(w.t, scene.Open(t, family))
	}
	return w.clients[family]
}

// typed is a socket in the namespace for the typed packages of generic netlink.
func (w *world) typed(t *testing.T) *nl.Conn {
	t.Helper()
	c, err := nl.Dial(wire.Generic, &netlink.Options{Namespace: w.namespace(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// namespace opens the namespace for what the test dials.
func (w *world) namespace(t *testing.T) netlink.Namespace {
	t.Helper()
	f, err := os.Open(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return netlink.NamespaceFD(int(f.Fd()))
}

// do makes a request, in JSON, and returns the answers.
func (w *world) do(t *testing.T, family, op, text string) []codec.Object {
	t.Helper()
	out, err := w.try(t, family, op, text)
	if err != nil {
		t.Errorf("%s %s: %s: %v", family, op, text, err)
	}
	return out
}

func (w *world) try(t *testing.T, family, op, text string, flags ...wire.Flags) (out []codec.Object, err error) {
	t.Helper()
	attrs, err := codec.ParseJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s %s: %s: %v", family, op, text, err)
	}
	r := client.Request{Op: op, Attrs: attrs}
	for _, f := range flags {
		r.Flags |= f
	}
	_, err = w.client(t, family).Do(t.Context(), r, func(m client.Message) error {
		out = append(out, m.Object(codec.Options{}))
		return nil
	})
	return out, err
}

// dump asks for a table, with a request in JSON.
func (w *world) dump(t *testing.T, family, op, text string) (out []codec.Object) {
	t.Helper()
	attrs, err := codec.ParseJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s %s: %s: %v", family, op, text, err)
	}
	for m, err := range w.client(t, family).Dump(t.Context(), client.Request{Op: op, Attrs: attrs}) {
		if err != nil {
			t.Errorf("%s %s: %s: %v", family, op, text, err)
			break
		}
		out = append(out, m.Object(codec.Options{}))
	}
	return out
}

// shell runs lines of shell in the namespace, each of which must succeed.
func (w *world) shell(t *testing.T, lines ...string) bool {
	t.Helper()
	for _, line := range lines {
		if out, err := w.Shell(t, line); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
			return false
		}
	}
	return true
}

// moveCards moves the machine's own network cards into the namespace, and names
// them after their drivers.
func (w *world) moveCards(t *testing.T) {
	t.Helper()
	c, err := client.Dial(scene.Open(t, "rt-link"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ns, err := os.Open(w.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer ns.Close()
	cards, err := filepath.Glob("/sys/class/net/*/device/driver")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range cards {
		name := strings.Split(path, "/")[4]
		driver, err := os.Readlink(path)
		if err != nil {
			t.Fatal(err)
		}
		attrs := map[string]any{"ifname": name, "net-ns-fd": uint32(ns.Fd())}
		if _, err := c.Do(t.Context(), client.Request{Op: "setlink", Attrs: attrs}, nil); err != nil {
			t.Errorf("moving %s (%s): %v", name, filepath.Base(driver), err)
			continue
		}
		to := "n" + filepath.Base(driver)
		w.shell(t, fmt.Sprintf("ip link set %s name %s", name, to), "ip link set "+to+" up")
	}
}
