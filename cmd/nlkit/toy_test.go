package main

import (
	"bytes"
	"context"
	"iter"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

// Attributes and commands of the family in testdata/toy.yaml.
const (
	toyID, toyName, toyState          = 1, 2, 3
	toyGet, toySet, toyChanged, toyUp = 1, 2, 3, 1
)

// toyKernel is a simulated kernel with the family, and n toys in it.
func toyKernel(t *testing.T, n uint32) (*sim.Kernel, *sim.Registered) {
	t.Helper()
	k := sim.NewKernel()
	t.Cleanup(func() { k.Close() })
	policy := sim.Policy{toyID: {Kind: sim.U32}, toyName: {Kind: sim.NulString, Len: 15}, toyState: {Kind: sim.U32}}
	entry := func(b *wire.Builder, id uint32) {
		b.Uint32(toyID, id)
		b.Text(toyName, "bear")
		b.Uint32(toyState, toyUp)
	}
	f, err := k.Register(sim.Family{
		Name: "toy", Version: 1, Policy: policy, Groups: []sim.Group{{Name: "events"}},
		Ops: []sim.Op{{
			Cmd: toyGet,
			Do: func(r *sim.Request) error {
				a, ok := r.Attr(toyID)
				if !ok {
					r.SetMissing(toyID, nil)
					return netlink.EINVAL
				}
				id, err := a.Uint32()
				if err != nil || id >= n {
					r.SetText("no such toy")
					r.SetBadAttr(a)
					return netlink.ENOENT
				}
				if _, twice := r.Attr(toyName); twice {
					if err := r.Reply(func(b *wire.Builder) { entry(b, id) }); err != nil {
						return err
					}
				}
				return r.Reply(func(b *wire.Builder) { entry(b, id) })
			},
			Dump: func(*sim.Request) iter.Seq2[sim.Entry, error] {
				return func(yield func(sim.Entry, error) bool) {
					for id := range n {
						if !yield(func(b *wire.Builder) { entry(b, id) }, nil) {
							return
						}
					}
				}
			},
		}, {
			Cmd: toySet,
			Do: func(r *sim.Request) error {
				r.SetText("toys wear out")
				return nil
			},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return k, f
}

// nlkit runs a command line on a simulated kernel.
func nlkit(ctx context.Context, k *sim.Kernel, args ...string) (status int, out, errs string) {
	var stdout, stderr bytes.Buffer
	a := &app{via: k}
	status = a.run(ctx, append([]string{"--spec", "testdata/toy.yaml"}, args...), &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

func TestToy(t *testing.T) {
	k, _ := toyKernel(t, 3)
	tests := []struct {
		args   string
		status int
		out    string // all of it
		errs   string // part of it; "" for nothing at all
	}{
		{"do toy get id=1 -o json", 0, `{"id":1,"name":"bear","state":["up"]}` + "\n", ""},
		{"do toy get id=1 -o jsonl", 0, `{"id":1,"name":"bear","state":["up"]}` + "\n", ""},
		{"do toy get id=1 name=twice -o json", 0, `[{"id":1,"name":"bear","state":["up"]},` + "\n" +
			` {"id":1,"name":"bear","state":["up"]}]` + "\n", ""},
		{"do toy get id=1", 0, "get  name bear, id 1\n" +
			"  id     1\n  name   bear\n  state  up\n", ""},
		{`do toy get --json {"id":2} -o json`, 0, `{"id":2,"name":"bear","state":["up"]}` + "\n", ""},
		{"do toy 1 id=1 -o json", 0, `{"id":1,"name":"bear","state":["up"]}` + "\n", ""},
		{"do toy get --raw 0800010001000000 -o json", 0, `{"id":1,"name":"bear","state":["up"]}` + "\n", ""},
		{"dump toy get -o json", 0, `[{"id":0,"name":"bear","state":["up"]},` + "\n" +
			` {"id":1,"name":"bear","state":["up"]},` + "\n" + ` {"id":2,"name":"bear","state":["up"]}]` + "\n", ""},
		{"dump toy get", 0, "name bear, id 0\n  id     0\n  name   bear\n  state  up\n\n" +
			"name bear, id 1\n  id     1\n  name   bear\n  state  up\n\n" +
			"name bear, id 2\n  id     2\n  name   bear\n  state  up\n", ""},
		{"do toy set id=1 name=x -o json", 0, "null\n", "nlkit: the kernel did it, and warns: toys wear out"},
		{"do toy set id=1 name=x", 0, "", "toys wear out"},
		{"do toy get id=7", 1, "", "nlkit: toy get: the kernel refused it: no such toy: .id = 7 (ENOENT)"},
		{"do toy get", 1, "", "nlkit: toy get: the kernel refused it: invalid argument: missing .id (EINVAL)"},
		{"do toy set id=1 name=0123456789abcdefg", 1, "", ".name = 0123456789abcdefg; allowed up to 15 bytes"},
		{"do toy later id=1", 1, "", "this kernel's toy does not have the operation (EOPNOTSUPP)"},
		{"do toy get idd=7", 2, "", "did you mean id?"},
		{"do toy get id=x -o json", 2, "", `"id=x": `},
		{"dump toy get id=x -o json", 2, "", `"id=x": `},
		{`do toy get --json {"id":"x"}`, 2, "", ".id"},
		{"do toy get --json []", 2, "", "--json must be an object"},
		{"do toy get --json {", 2, "", "--json: "},
		{"do toy get --json @testdata/nosuch", 1, "", "--json: open testdata/nosuch"},
		{"do toy get --raw 00 id=1", 2, "", "--raw stands for all attributes"},
		{"do toy get --raw 0", 2, "", "--raw must be bytes of two hexadecimal digits each"},
		{"do toy get --flag x", 2, "", "--flag must be a number"},
		{"do toy git", 2, "", "did you mean get?"},
		{"do toy changed", 2, "", "is a notification"},
		{"dump toy set", 2, "", "cannot be dumped"},
		{"do bear get", 2, "", `describes the family "toy", not "bear"`},
		{"watch toy nosuch", 1, "", "nosuch"},
		{"watch toy --for 50ms -o json", 0, "[]\n", "listening to toy: events (for 50ms)"},
		{"watch toy --for 50ms -o jsonl", 0, "", "listening to toy: events (for 50ms)"},
		{"watch toy --count 0", 2, "", "--count must be a number from 1 on"},
		{"watch toy --for never", 2, "", "--for must be a duration"},
	}
	for _, tt := range tests {
		status, out, errs := nlkit(t.Context(), k, strings.Fields(tt.args)...)
		if status != tt.status || out != tt.out || !strings.Contains(errs, tt.errs) || tt.errs == "" && errs != "" {
			t.Errorf("%s: status %d\n%s%s\nwant %d\n%s%s", tt.args, status, out, errs, tt.status, tt.out, tt.errs)
		}
	}
}

func TestNoSpec(t *testing.T) {
	k, _ := toyKernel(t, 2)
	for _, tt := range []struct {
		args   string
		status int
		want   string
	}{
		{"do toy 1 1:hex=01000000 -o json", 0, `{"attr-1":"01000000","attr-2":"6265617200","attr-3":"01000000"}`},
		{"do toy 1 --raw 0800010001000000", 0, "attr-2  hex:6265617200"},
		{"dump toy 1 -o jsonl", 0, `{"attr-1":"01000000","attr-2":"6265617200","attr-3":"01000000"}`},
		{"do toy 9", 1, "nlkit: toy op 9: the kernel refused it: "},
		{"do toy get", 1, "there is no spec that says what \"get\" is: call its operations by number"},
		{"do tory 1", 1, "there is no family \"tory\", neither in this kernel nor among the specs; did you mean toy?"},
		{"do wireguard get-device", 2, "wireguard get-device can only be dumped"},
		{"dump wireguard get-device", 1, "family wireguard has a spec but is not in this kernel: its module is wireguard (as root: modprobe wireguard)"},
	} {
		var stdout, stderr bytes.Buffer
		status := (&app{via: k}).run(t.Context(), strings.Fields(tt.args), &stdout, &stderr)
		if out := stdout.String() + stderr.String(); status != tt.status || !strings.Contains(out, tt.want) {
			t.Errorf("%s: status %d\n%s\nwant %d, and in it\n%s", tt.args, status, out, tt.status, tt.want)
		}
	}
}

// lockedBuffer is written by a command and read by its test.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
	// gate, if not nil, lets one Write through at a time.
	gate chan struct{}
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	if b.gate != nil {
		<-b.gate
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// watching is a watch under way.
type watching struct {
	stdout, stderr lockedBuffer
	cancel         context.CancelFunc
	status         chan int
}

// startWatch returns when the groups are joined.
func startWatch(t *testing.T, k *sim.Kernel, f *sim.Registered, gate chan struct{}, args ...string) *watching {
	t.Helper()
	w := &watching{status: make(chan int, 1)}
	w.stdout.gate = gate
	ctx, cancel := context.WithCancel(t.Context())
	w.cancel = cancel
	t.Cleanup(cancel)
	go func() {
		w.status <- (&app{via: k}).run(ctx, append([]string{"--spec", "testdata/toy.yaml", "watch", "toy"}, args...), &w.stdout, &w.stderr)
	}()
	waitFor(t, func() bool { return strings.Contains(w.stderr.String(), "listening") && f.HasListeners("events") })
	return w
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain")
		}
	}
}

func (w *watching) end(t *testing.T) int {
	t.Helper()
	select {
	case status := <-w.status:
		return status
	case <-time.After(10 * time.Second):
		t.Fatal("the watch does not end")
	}
	return -1
}

func changed(f *sim.Registered, id uint32) error {
	return f.Multicast("events", toyChanged, func(b *wire.Builder) { b.Uint32(toyID, id) })
}

func TestWatch(t *testing.T) {
	for format, want := range map[string]string{
		"text":  "changed  id 1\n  id  1\n\nmsg-77\n  attr-1  hex:02000000\n",
		"json":  `[{"name":"changed","group":"events","msg":{"id":1}},` + "\n" + ` {"name":"msg-77","group":"events","msg":{"attr-1":"02000000"}}]` + "\n",
		"jsonl": `{"name":"changed","group":"events","msg":{"id":1}}` + "\n" + `{"name":"msg-77","group":"events","msg":{"attr-1":"02000000"}}` + "\n",
	} {
		t.Run(format, func(t *testing.T) {
			k, f := toyKernel(t, 0)
			w := startWatch(t, k, f, nil, "events", "--count", "2", "-o", format)
			if err := changed(f, 1); err != nil {
				t.Fatal(err)
			}
			if err := f.Multicast("events", 77, func(b *wire.Builder) { b.Uint32(toyID, 2) }); err != nil {
				t.Fatal(err)
			}
			if status := w.end(t); status != 0 || w.stdout.String() != want {
				t.Errorf("status %d\n%s%s\nwant\n%s", status, w.stdout.String(), w.stderr.String(), want)
			}
		})
	}
}

// TestWatchInterrupted ends as Ctrl-C does: what was written is whole.
func TestWatchInterrupted(t *testing.T) {
	k, f := toyKernel(t, 0)
	w := startWatch(t, k, f, nil, "-o", "json")
	if err := changed(f, 1); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return w.stdout.String() != "" })
	w.cancel()
	want := `[{"name":"changed","group":"events","msg":{"id":1}}]` + "\n"
	if status := w.end(t); status != 130 || w.stdout.String() != want || !strings.Contains(w.stderr.String(), "nlkit: interrupted after 1 message\n") {
		t.Errorf("status %d\n%s%s", status, w.stdout.String(), w.stderr.String())
	}
}

// TestWatchOverrun lets the queue overflow while the output stands still.
func TestWatchOverrun(t *testing.T) {
	for format, want := range map[string]string{
		"text":  "messages were lost here",
		"jsonl": `{"event":"overrun","lost":`,
	} {
		t.Run(format, func(t *testing.T) {
			k, f := toyKernel(t, 0)
			gate := make(chan struct{})
			w := startWatch(t, k, f, gate, "-o", format)
			for i := range uint32(5000) {
				_ = changed(f, i) // ESRCH: the queue of everybody is full
			}
			close(gate)
			waitFor(t, func() bool { return strings.Contains(w.stdout.String(), want) })
			w.cancel()
			if status := w.end(t); status != 130 {
				t.Errorf("status %d, want 130", status)
			}
		})
	}
}

// TestDumpInterrupted stops a dump in the middle.
func TestDumpInterrupted(t *testing.T) {
	k, _ := toyKernel(t, 1<<20)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr lockedBuffer
	stdout.gate = make(chan struct{})
	status := make(chan int, 1)
	go func() {
		status <- (&app{via: k}).run(ctx, []string{"--spec", "testdata/toy.yaml", "dump", "toy", "get", "-o", "json"}, &stdout, &stderr)
	}()
	stdout.gate <- struct{}{} // the first part is out
	cancel()
	close(stdout.gate)
	if got := <-status; got != 130 || !strings.HasSuffix(stdout.String(), "}]\n") || !strings.Contains(stderr.String(), "nlkit: interrupted after ") {
		out := stdout.String()
		t.Errorf("status %d, %d bytes that end in %q\n%s", got, len(out), out[max(0, len(out)-60):], stderr.String())
	}
}
