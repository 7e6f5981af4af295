package client_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// TestPayload sends bytes as they are: of no length that a message should have,
// shorter than the fixed header, and such as no spec would let through.
func TestPayload(t *testing.T) {
	generic, _ := boxKernel(t)
	for _, family := range []struct {
		name, spec string
		via        netlink.Opener
		op         string
		headers    int
	}{
		{"generic", genericText, generic, "get", wire.HeaderLen + genetlink.HeaderLen},
		{"raw", rawText, batchKernel(t, true), "put", wire.HeaderLen},
	} {
		t.Run(family.name, func(t *testing.T) {
			var mu sync.Mutex
			var last []byte
			c, err := client.Dial(parse(t, family.spec), &netlink.Options{Via: family.via, Tap: func(d netlink.Direction, p []byte) {
				mu.Lock()
				defer mu.Unlock()
				if d == netlink.Sent {
					last = bytes.Clone(p)
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			text := append(u32(7), 8, 0, 1, 0, 'a', 'b', 'c', 0)
			for _, p := range [][]byte{{}, {1}, {1, 2, 3}, u32(7), append(u32(7), 9, 0, 1), append(u32(7), 8, 0, 1, 0, 'a', 'b'), text} {
				r := client.Request{Op: family.op, Attrs: map[string]any{"nope": 1}, Payload: p}
				for how, ask := range map[string]func() error{
					"do": func() error {
						_, err := c.Do(soon(t), r, nil)
						return err
					},
					"multi": func() error {
						results, err := c.Multi(soon(t), []client.Request{r})
						if err != nil {
							return err
						}
						return results[0].Err
					},
				} {
					if family.name == "raw" && len(p) < 4 {
						continue // the simulated family reads a fixed header
					}
					err := ask()
					mu.Lock()
					sent := wire.Message(last)
					mu.Unlock()
					// A Multi pads between its messages.
					want := family.headers + len(p)
					if int(sent.Header().Len) != want || len(sent) < want || !bytes.Equal(sent[family.headers:want], p) {
						t.Errorf("%s % x: sent % x", how, p, sent)
					}
					if bytes.Equal(p, text) && err != nil {
						t.Errorf("%s: %v", how, err)
					}
				}
			}
		})
	}
}

// TestPayloadAnswered reads what a request of bytes is answered with.
func TestPayloadAnswered(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	var got []string
	note := func(m client.Message) error {
		got = append(got, string(m.AppendJSON(nil, codec.Options{})))
		return nil
	}
	p := append(u32(7), 8, 0, 1, 0, 'a', 'b', 'c', 0)
	if _, err := c.Do(soon(t), client.Request{Op: "get", Payload: p}, note); err != nil {
		t.Error(err)
	}
	for m, err := range c.Dump(soon(t), client.Request{Op: "all", Payload: u32(7)}) {
		if err != nil {
			t.Fatal(err)
		}
		note(m)
	}
	_, err := c.Do(soon(t), client.Request{Op: "get", Payload: u32(7)}, nil)
	got = append(got, fmt.Sprint(err))
	want := []string{
		`{"shelf":7,"label":"abc","size":3}`, `{"shelf":7,"label":"a","size":1}`, `{"shelf":7,"label":"bb","size":2}`, `{"shelf":7,"label":"ccc","size":3}`,
		"box get: invalid argument (missing attribute .label)",
	}
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}
