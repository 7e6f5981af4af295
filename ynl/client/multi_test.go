package client_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

func put(label string) client.Request {
	return client.Request{Op: "put", Attrs: map[string]any{"label": label}}
}

func TestMulti(t *testing.T) {
	for _, modern := range []bool{true, false} {
		k := batchKernel(t, modern)
		c := dial(t, parse(t, rawText), k)
		begin, end := client.Request{Op: "begin"}, client.Request{Op: "end"}
		for range 2 { // the socket is used again
			results, err := c.Multi(soon(t), []client.Request{begin, put("a"), put("b"), end})
			if err != nil || len(results) != 4 {
				t.Fatalf("modern %v: %d results, %v", modern, len(results), err)
			}
			for i, r := range results {
				if r.Err != nil || len(r.Replies) != []int{0, 1, 1, 0}[i] {
					t.Errorf("modern %v: result %d: %d replies, %v", modern, i, len(r.Replies), r.Err)
				}
			}
			if m := results[2].Replies[0]; m.Name != "put" || m.Object(codec.Options{}).Get("label") != "b" {
				t.Errorf("modern %v: %v", modern, m)
			}
		}
		results, err := c.Multi(soon(t), []client.Request{begin, put("a"), put("bad"), end})
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := errors.AsType[*netlink.Error](results[2].Err); !ok || e.Errno != netlink.EEXIST || e.Op != "rawbox put" {
			t.Errorf("modern %v: %v", modern, results[2].Err)
		}
		if results[1].Err != nil || results[3].Err != client.ErrUnanswered {
			t.Errorf("modern %v: beside a failed one: %v, %v", modern, results[1].Err, results[3].Err)
		}
	}
}

func TestMultiGeneric(t *testing.T) {
	k, _ := boxKernel(t)
	c := dial(t, parse(t, genericText), k)
	get := func(label string) client.Request {
		return client.Request{Op: "get", Attrs: map[string]any{"label": label}}
	}
	results, err := c.Multi(soon(t), []client.Request{get("a"), get("longer than fifteen"), get("b")})
	if err != nil {
		t.Fatal(err)
	}
	if len(results[0].Replies) != 1 || len(results[2].Replies) != 1 || results[2].Replies[0].Object(codec.Options{}).Get("label") != "b" {
		t.Errorf("results %v", results)
	}
	if e, ok := errors.AsType[*netlink.Error](results[1].Err); !ok || e.Attr != ".label" {
		t.Errorf("refusal: %v", results[1].Err)
	}
}

func TestMultiErrors(t *testing.T) {
	k := batchKernel(t, true)
	spec := parse(t, rawText)
	c := dial(t, spec, k)
	if results, err := c.Multi(soon(t), nil); err != nil || len(results) != 0 {
		t.Errorf("nothing: %v, %v", results, err)
	}
	_, err := c.Multi(soon(t), []client.Request{put("a"), {Op: "putt"}})
	if err == nil || !strings.HasPrefix(err.Error(), "request 2 of 2: ") {
		t.Errorf("unknown operation: %v", err)
	}
	nl, err := netlink.Dial(wire.Netfilter, &netlink.Options{Via: k})
	if err != nil {
		t.Fatal(err)
	}
	alone := client.New(spec, nl, nil)
	if _, err := alone.Multi(soon(t), []client.Request{put("a")}); err == nil {
		t.Error("Multi without options for another socket went well")
	}
	if err := alone.Close(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if _, err := c.Multi(soon(t), []client.Request{put("a")}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

// TestMultiSilence: nothing but the marks of a batch may go without an answer.
func TestMultiSilence(t *testing.T) {
	begin, end := client.Request{Op: "begin"}, client.Request{Op: "end"}
	for _, tc := range []struct {
		name     string
		requests []client.Request
		silent   []bool
	}{
		{"marks alone", []client.Request{begin, end}, []bool{false, false}},
		{"one of several", []client.Request{begin, put("a"), put("silence"), end}, []bool{false, false, true, false}},
		{"the only one", []client.Request{put("silence")}, []bool{true}},
	} {
		c := dial(t, parse(t, rawText), batchKernel(t, false))
		results, err := c.Multi(soon(t), tc.requests)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		for i, r := range results {
			if (r.Err == client.ErrUnanswered) != tc.silent[i] || r.Err != nil && !tc.silent[i] {
				t.Errorf("%s: result %d: %v", tc.name, i, r.Err)
			}
		}
	}
	// In other protocols the same numbers are requests like any other.
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	if err := k.HandleProtocol(25, sim.Protocol{Datagram: func(uint32, []byte) {}}); err != nil {
		t.Fatal(err)
	}
	c := dial(t, parse(t, strings.Replace(rawText, "protonum: 12", "protonum: 25", 1)), k)
	results, err := c.Multi(soon(t), []client.Request{begin})
	if err != nil || results[0].Err != client.ErrUnanswered {
		t.Errorf("another protocol: %v, %v", results, err)
	}
}
