package nl_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

func dialRaw(t testing.TB, modern bool) *nl.Conn {
	return dial(t, wire.Netfilter, &netlink.Options{Via: batchKernel(t, modern)})
}

func put(label string, opts ...nl.Option) nl.BatchCall {
	return nl.Call(&RawPut{labelled(label)}, opts...)
}

var begin, end = nl.Call(&RawBegin{}), nl.Call(&RawEnd{})

func TestBatch(t *testing.T) {
	for _, modern := range []bool{true, false} {
		c := dialRaw(t, modern)
		var got []string
		reply := nl.ReplyTo(func(r *Crate) { got = append(got, "reply "+r.Label.Value()) })
		echo := nl.EchoTo(func(n nl.Notification) { got = append(got, n.NetlinkName()+" "+n.String()) })
		for range 2 { // the socket is used again
			got = nil
			results, err := c.Batch(soon(t), begin, put("a", reply, echo), put("b", reply), put("c"), end)
			if err != nil || len(results) != 5 {
				t.Fatalf("modern %v: %d results, %v", modern, len(results), err)
			}
			for i, r := range results {
				if r.Err != nil {
					t.Errorf("modern %v: result %d: %v", modern, i, r.Err)
				}
			}
			if want := "changed label a,reply a,reply b"; strings.Join(got, ",") != want {
				t.Errorf("modern %v: got %q, want %q", modern, got, want)
			}
		}
		results, err := c.Batch(soon(t), begin, put("a"), put("bad"), end)
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := errors.AsType[*netlink.Error](results[2].Err); !ok || e.Errno != netlink.EEXIST || e.Op != "rawcrate put" {
			t.Errorf("modern %v: %v", modern, results[2].Err)
		}
		if results[1].Err != nil || !errors.Is(results[3].Err, nl.ErrUnanswered) {
			t.Errorf("modern %v: beside a failed one: %v, %v", modern, results[1].Err, results[3].Err)
		}
	}
}

func TestBatchGeneric(t *testing.T) {
	k := newCrates(t)
	c := k.dial(t)
	var labels, warnings []string
	reply := nl.ReplyTo(func(r *Crate) { checkCrate(t, r, 7, r.Label.Value()); labels = append(labels, r.Label.Value()) })
	warn := nl.Warn(func(a netlink.Ack) { warnings = append(warnings, a.Text) })
	get := func(label string) nl.BatchCall { return nl.Call(&CrateGet{labelled(label)}, reply) }
	results, err := c.Batch(soon(t), get("a"), get("longer than fifteen"), get("b"), nl.Call(&CrateSet{labelled("odd")}, warn))
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(labels, warnings) != "[a b] [an odd label]" || results[3].Ack.Text != "an odd label" {
		t.Errorf("labels %q, warnings %q, %+v", labels, warnings, results[3])
	}
	if e, ok := errors.AsType[*netlink.Error](results[1].Err); !ok || e.Attr != ".label" || e.Op != "crate get" {
		t.Errorf("refusal: %v", results[1].Err)
	}
}

func TestTransaction(t *testing.T) {
	for _, modern := range []bool{true, false} {
		c := dialRaw(t, modern)
		var calls []nl.BatchCall
		for i := range 5000 {
			calls = append(calls, put(fmt.Sprint("crate ", i)))
		}
		if err := nl.Transaction(soon(t), c, begin, end, calls...); err != nil {
			t.Errorf("modern %v: %v", modern, err)
		}
		if err := nl.Transaction(soon(t), c, begin, end); err != nil {
			t.Errorf("modern %v: without calls: %v", modern, err)
		}
		echoes := 0
		err := nl.Transaction(soon(t), c, begin, end, put("a", nl.EchoTo(func(nl.Notification) { echoes++ }), nl.Warn(func(netlink.Ack) {})))
		if err != nil || echoes == 0 {
			t.Errorf("modern %v: %d echoes, %v", modern, echoes, err)
		}
		err = nl.Transaction(soon(t), c, begin, end, put("a"), put("bad"), put("c"), put("bad"))
		e, ok := errors.AsType[*netlink.BatchError](err)
		if !ok || e.Total != 4 || len(e.Items) != 2 || e.Items[0].Index != 1 || e.Items[1].Index != 3 || !errors.Is(err, netlink.EEXIST) {
			t.Errorf("modern %v: refused: %v", modern, err)
		}
		if want := "2 of 4 items failed, the first: item 1: rawcrate put: file exists"; err.Error() != want {
			t.Errorf("modern %v: %v, want %s", modern, err, want)
		}
		denied := nl.Call(&RawBegin{labelled("denied")})
		if e, ok := errors.AsType[*netlink.Error](nl.Transaction(soon(t), c, denied, end, put("a"))); !ok || e.Errno != netlink.EPERM || e.Op != "rawcrate begin" {
			t.Errorf("modern %v: the batch as such: %v", modern, e)
		}
		late := nl.Call(&RawEnd{labelled("bad")})
		if err := nl.Transaction(soon(t), c, begin, late, put("a")); !errors.Is(err, netlink.EEXIST) || strings.Contains(err.Error(), "item") {
			t.Errorf("modern %v: the end: %v", modern, err)
		}
	}
}

func TestTransactionUnanswered(t *testing.T) {
	c := dialRaw(t, true)
	err := nl.Transaction(soon(t), c, begin, end, put("a"), put("silence", nl.Warn(func(netlink.Ack) {})))
	e, ok := errors.AsType[*netlink.BatchError](err)
	if !ok || len(e.Items) != 1 || e.Items[0].Index != 1 || !errors.Is(err, nl.ErrUnanswered) {
		t.Errorf("unanswered: %v", err)
	}
}

func TestBatchErrors(t *testing.T) {
	c := dialRaw(t, true)
	if results, err := c.Batch(soon(t)); err != nil || len(results) != 0 {
		t.Errorf("nothing: %v, %v", results, err)
	}
	long := put(strings.Repeat("l", 31))
	for _, tt := range []struct {
		err  error
		want string
	}{
		{second(c.Batch(soon(t), put("a"), long)), "request 2 of 2: rawcrate put: .label: is longer than 30 bytes"},
		{second(c.Batch(soon(t), long)), "rawcrate put: .label: is longer than 30 bytes"},
		{second(c.Batch(soon(t), nl.Call(&RawGetDump{}))), "rawcrate get: the request asks for a dump: give it to Dump"},
		{nl.Transaction(soon(t), c, begin, end, put("a"), put("b"), long), "request 3 of 3: rawcrate put: .label: is longer than 30 bytes"},
	} {
		if tt.err == nil || tt.err.Error() != tt.want {
			t.Errorf("%v, want %s", tt.err, tt.want)
		}
	}
	bare, err := netlink.Dial(wire.Netfilter, &netlink.Options{Via: batchKernel(t, true)})
	if err != nil {
		t.Fatal(err)
	}
	alone := nl.NewConn(bare, nil)
	defer alone.Close()
	if _, err := alone.Batch(soon(t), put("a")); err == nil || !strings.Contains(err.Error(), "without options") {
		t.Errorf("without options: %v", err)
	}
	c.Close()
	if _, err := c.Batch(soon(t), put("a")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestCallNil checks that a nil pointer is an empty request, as in the methods of
// clients, and that nil without a type is an error.
func TestCallNil(t *testing.T) {
	c := dialRaw(t, true)
	results, err := c.Batch(soon(t), nl.Call((*RawBegin)(nil)), nl.Call((*RawPut)(nil)), end)
	if err != nil || len(results) != 3 || results[1].Err != nil {
		t.Errorf("nil pointers: %v, %v", results, err)
	}
	if err := nl.Transaction(soon(t), c, begin, end, nl.Call((*RawPut)(nil))); err != nil {
		t.Errorf("nil pointer: %v", err)
	}
	for _, call := range []nl.BatchCall{nl.Call(nil), {}} {
		want := "request 2 of 2: the request is nil, without a type"
		if _, err := c.Batch(soon(t), put("a"), call); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("batch: %v, want %s", err, want)
		}
		if err := nl.Transaction(soon(t), c, begin, call); err == nil {
			t.Error("transaction: no error")
		}
	}
	if err := nl.Do(soon(t), c, nil); err == nil || !strings.Contains(err.Error(), "without a type") {
		t.Errorf("do: %v", err)
	}
}
