package client_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

func TestDo(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	var got []client.Message
	_, err := c.Do(soon(t), client.Request{Op: "get", Attrs: map[string]any{"label": "abc", "shelf": 3}}, func(m client.Message) error {
		got = append(got, m.Clone())
		return nil
	})
	if err != nil || len(got) != 1 {
		t.Fatalf("%d messages, %v", len(got), err)
	}
	m := got[0]
	if o := m.Object(codec.Options{}); m.Name != "get" || m.Op == nil || o.Get("label") != "abc" || o.Get("size") != uint64(3) || o.Get("shelf") != uint64(7) {
		t.Errorf("%s: %v", m.Name, o)
	}
	if text := string(m.AppendJSON(nil, codec.Options{})); text == "" || text != string(m.Object(codec.Options{}).AppendJSON(nil)) {
		t.Errorf("JSON %s", text)
	}
	stop := errors.New("stop")
	if _, err := c.Do(soon(t), client.Request{Op: "get", Attrs: map[string]any{"label": "x"}}, func(client.Message) error { return stop }); err != stop {
		t.Errorf("error of the callback: %v", err)
	}
}

func TestDump(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	for _, op := range []string{"get", "all", "3"} {
		var labels []string
		for m, err := range c.Dump(soon(t), client.Request{Op: op}) {
			if err != nil {
				t.Fatal(err)
			}
			label, _ := m.Object(codec.Options{}).Get("label").(string)
			labels = append(labels, label)
		}
		if !slices.Equal(labels, []string{"a", "bb", "ccc"}) {
			t.Errorf("%s: %q", op, labels)
		}
	}
	for range c.Dump(soon(t), client.Request{Op: "get"}) {
		break // and the Client is usable
	}
	if _, err := c.Do(soon(t), client.Request{Op: "get", Attrs: map[string]any{"label": "x"}}, nil); err != nil {
		t.Error(err)
	}
}

func TestRefusals(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	for _, tc := range []struct {
		name          string
		attrs         map[string]any
		errno         netlink.Errno
		attr, missing string
	}{
		{"attribute", map[string]any{"label": "longer than fifteen"}, netlink.EINVAL, ".label", ""},
		{"nest", map[string]any{"label": "x", "in": []any{map[string]any{"level": 1}, map[string]any{"inside": map[string]any{"never": 2}}}},
			netlink.EINVAL, ".in[1].inside.never", ""},
		{"missing", map[string]any{}, netlink.EINVAL, "", ".label"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := c.Do(soon(t), client.Request{Op: "get", Attrs: tc.attrs}, nil)
			e, ok := errors.AsType[*netlink.Error](err)
			if !ok || e.Op != "box get" || e.Errno != tc.errno || e.Attr != tc.attr || e.Missing != tc.missing {
				t.Errorf("%v (%+v)", err, e)
			}
		})
	}
}

// TestBeforeSending: nothing is sent where the spec says that it cannot be.
func TestBeforeSending(t *testing.T) {
	k, _ := boxKernel(t)
	spec := parse(t, genericText)
	c, err := client.Dial(spec, &netlink.Options{Via: k, Tap: func(d netlink.Direction, b []byte) {
		if m := wire.Message(b); d == netlink.Sent && m.Type() != genetlink.ControllerID {
			t.Errorf("sent %x", b)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, tc := range []struct {
		op   string
		dump bool
		want string
	}{
		{"gett", false, `box has no operation "gett"; did you mean get?`},
		{"xyz", true, `box has no operation "xyz"`},
		{"set", true, "box set cannot be dumped; ask for it with do"},
		{"all", false, "box all can only be dumped; ask for it with dump"},
		{"changed", false, "box changed is a notification: it is received and cannot be asked for"},
		{"256", false, "box: there can be no operation 256: its numbers are 0 to 255"},
	} {
		r := client.Request{Op: tc.op}
		if tc.dump {
			for _, e := range c.Dump(soon(t), r) {
				err = e
			}
		} else {
			_, err = c.Do(soon(t), r, nil)
		}
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %s", tc.op, err, tc.want)
		}
	}
	if _, err := c.Do(soon(t), client.Request{Op: "get", Attrs: map[string]any{"nope": 1}}, nil); err == nil {
		t.Error("an unknown attribute was taken")
	} else if _, ok := errors.AsType[*codec.Error](err); !ok {
		t.Errorf("unknown attribute: %v", err)
	}
}

func TestAnyMode(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	_, err := c.Do(soon(t), client.Request{Op: "all", AnyMode: true}, nil)
	if !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("a do of what can only be dumped: %v, want the kernel's EOPNOTSUPP", err)
	}
}

func TestUnknownFamily(t *testing.T) {
	c := dial(t, parse(t, genericText), func() netlink.Opener { k := sim.NewKernel(); t.Cleanup(func() { k.Close() }); return k }())
	_, err := c.Do(soon(t), client.Request{Op: "get"}, nil)
	if _, ok := errors.AsType[*genetlink.UnknownFamilyError](err); !ok {
		t.Errorf("no family: %v", err)
	}
}

func TestNumber(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	n := 0
	if _, err := c.Do(soon(t), client.Request{Op: "1", Attrs: map[string]any{"label": "x"}}, func(m client.Message) error {
		n++
		return nil
	}); err != nil || n != 1 {
		t.Errorf("by number: %d replies, %v", n, err)
	}
	if _, err := c.Do(soon(t), client.Request{Op: "0x63"}, nil); !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("a number nobody knows: %v", err)
	}
}
