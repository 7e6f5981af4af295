//go:build linux

package families_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/specs"
)

// TestFamiliesWithoutSpec dumps whatever families without a spec have to dump.
// Nobody knows here what their attributes mean, but each message has to consist
// of them to its last byte.
func TestFamiliesWithoutSpec(t *testing.T) {
	load(t)
	known := map[string]bool{}
	for _, name := range specs.Names() {
		known[scene.Open(t, name).Name] = true
	}
	c, err := genetlink.Dial(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	families, err := c.Families(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dumps, answered, messages := 0, 0, 0
	var log strings.Builder
	for _, f := range families {
		if known[f.Name] {
			continue
		}
		fmt.Fprintf(&log, "\n%s:", f.Name)
		for _, op := range f.Ops {
			if !op.Flags.Has(genetlink.CanDump) {
				continue
			}
			dumps++
			n, err := dumpUnknown(t, c, f, op)
			messages += n
			var refusal *netlink.Error
			switch {
			case err == nil:
				answered++
				fmt.Fprintf(&log, " %d=%d", op.ID, n)
			case errors.As(err, &refusal):
				fmt.Fprintf(&log, " %d=%s", op.ID, refusal.Errno.Name())
			default:
				t.Errorf("%s, operation %d: %v", f.Name, op.ID, err)
			}
		}
	}
	t.Logf("%d dumps, %d answered with %d messages; the others want to be told more (operation=messages)%s", dumps, answered, messages, &log)
}

// dumpUnknown dumps an operation without attributes, and returns how many
// messages came.
func dumpUnknown(t *testing.T, c *genetlink.Conn, f *genetlink.Family, op genetlink.Op) (n int, err error) {
	t.Helper()
	for m, err := range c.Dump(t.Context(), genetlink.Request{Family: f.Name, Cmd: uint8(op.ID)}) {
		if err != nil {
			return n, err
		}
		n++
		for a, err := range wire.Attrs(m.Attrs) {
			if err != nil {
				t.Errorf("%s, operation %d: after attribute %d of %x: %v", f.Name, op.ID, a.Type(), m.Attrs, err)
			}
		}
	}
	return n, nil
}
