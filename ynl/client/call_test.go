package client_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl/client"
)

// ask makes a request as do or as dump and returns its error.
func ask(ctx context.Context, c *client.Client, r client.Request, dump bool) (err error) {
	if !dump {
		_, err = c.Do(ctx, r, nil)
		return err
	}
	for _, e := range c.Dump(ctx, r) {
		err = e
	}
	return err
}

// TestEndedCalls: what ended without the kernel's answer is told by the names of
// the spec as well.
func TestEndedCalls(t *testing.T) {
	box, _ := boxKernel(t)
	raw := parse(t, rawText)
	generic := dial(t, parse(t, genericText), box)
	get := client.Request{Op: "get", Attrs: map[string]any{"label": "x"}}
	if _, err := generic.Do(soon(t), get, nil); err != nil { // the family is known from then on
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, tc := range []struct {
		name string
		c    *client.Client
		r    client.Request
	}{
		{"rawbox put", dial(t, raw, batchKernel(t, true)), client.Request{Op: "put", AnyMode: true}},
		{"box get", generic, get},
	} {
		for _, dump := range []bool{false, true} {
			err := ask(ended, tc.c, tc.r, dump)
			if !errors.Is(err, context.Canceled) || err.Error() != tc.name+": context canceled" {
				t.Errorf("%s, dump %v: %v", tc.name, dump, err)
			}
		}
		tc.c.Close()
		for _, dump := range []bool{false, true} {
			if err := ask(soon(t), tc.c, tc.r, dump); !errors.Is(err, os.ErrClosed) {
				t.Errorf("%s, dump %v: closed: %v", tc.name, dump, err)
			}
		}
	}
}

// TestOwnErrors: an error of the callback stays as it is, even if it is one of
// the kernel's in answer to another request.
func TestOwnErrors(t *testing.T) {
	box, _ := boxKernel(t)
	for _, tc := range []struct {
		c *client.Client
		r client.Request
	}{
		{dial(t, parse(t, rawText), batchKernel(t, true)), put("a")},
		{dial(t, parse(t, genericText), box), client.Request{Op: "get", Attrs: map[string]any{"label": "x"}}},
	} {
		own := &netlink.Error{Op: "mine", Errno: netlink.ENOENT, ExtAck: netlink.ExtAck{HasOffset: true, Offset: 20}}
		_, err := tc.c.Do(soon(t), tc.r, func(client.Message) error { return own })
		if err != error(own) || own.Op != "mine" || own.Attr != "" {
			t.Errorf("%s: %v", tc.c.Spec().Name, err)
		}
	}
}
