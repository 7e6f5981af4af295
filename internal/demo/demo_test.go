package demo

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
)

func TestMain(m *testing.M) { testenv.Main(m) }

// runSim runs demos on the simulated kernel.
func runSim(t *testing.T, o Options) []Event {
	t.Helper()
	side, err := NewSim()
	if err != nil {
		t.Fatal(err)
	}
	defer side.Close()
	return runOn(t, side, o)
}

func runOn(t *testing.T, side Side, o Options) []Event {
	t.Helper()
	var events []Event
	if err := Run(t.Context(), side, o, func(e Event) { events = append(events, e) }); err != nil {
		t.Fatal(err)
	}
	return events
}

func find(events []Event, ok func(Event) bool) []Event {
	var out []Event
	for _, e := range events {
		if ok(e) {
			out = append(out, e)
		}
	}
	return out
}

// TestWireSizes holds the sizes of the notes: 36, 56, 52.
func TestWireSizes(t *testing.T) {
	tests := []struct {
		demo, kind, text string
		size, nlaLen     int // nlaLen of the attribute at offset 20
		count            int
	}{
		{"request", Send, "nlctrl GETFAMILY DOC_EXMPL", 36, 14, 1},
		{"request", Send, userText, 56, 33, 1},
		{"request", Receive, kernelText, 52, 31, 1},
		{"multicast", Send, "nlctrl GETFAMILY DOC_EXMPL", 36, 14, 2},
		{"multicast", Receive, kernelText, 52, 31, 2},
	}
	for _, tt := range tests {
		events := find(runSim(t, Options{Demos: []string{tt.demo}}), func(e Event) bool { return e.Kind == tt.kind && e.Text == tt.text })
		if len(events) != tt.count {
			t.Errorf("%s: %d times %s of %q, want %d", tt.demo, len(events), tt.kind, tt.text, tt.count)
			continue
		}
		for _, e := range events {
			if len(e.Bytes) != tt.size {
				t.Errorf("%s: %s of %q has %d bytes, want %d", tt.demo, tt.kind, tt.text, len(e.Bytes), tt.size)
				continue
			}
			// Low byte first or last: the number is below 256 either way.
			if n := int(e.Bytes[20]) + int(e.Bytes[21]); n != tt.nlaLen {
				t.Errorf("%s: nla_len of %q is %d, want %d", tt.demo, tt.text, n, tt.nlaLen)
			}
		}
	}
}

func TestUnicast(t *testing.T) {
	events := runSim(t, Options{Demos: []string{"unicast"}})
	var got []string
	for _, e := range events {
		if e.Kind == Receive && e.To == "listener" {
			got = append(got, e.Text)
		}
	}
	var want []string
	for i := range 10 {
		want = append(want, broadcastText(i+1, 10))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("broadcasts (-want +got):\n%s", diff)
	}
	for _, text := range []string{"Group NUMBER 5 is MASK 16", "EADDRINUSE", "port id 4242", "the kernel chose port id", "no reply and no ACK"} {
		if len(find(events, func(e Event) bool { return strings.Contains(e.Text, text) })) == 0 {
			t.Errorf("nothing says %q", text)
		}
	}
	if n := len(find(events, func(e Event) bool { return e.Kind == Output && e.Text == "get: "+kernelText })); n != 2 {
		t.Errorf("%d replies printed, want 2", n)
	}
	// One way means that nothing came back before the next message was sent.
	for i, e := range events {
		if e.Kind == Send {
			next := events[i+1]
			if next.Kind != Log || !strings.Contains(next.Text, userText) || events[i+2].Kind != Fact {
				t.Errorf("after the one-way message: %v, %v; want the kernel's log alone", next.Kind, events[i+2].Kind)
			}
			break
		}
	}
}

func TestRequest(t *testing.T) {
	events := runSim(t, Options{Demos: []string{"request"}})
	order := []struct{ kind, text string }{
		{Send, "nlctrl GETFAMILY DOC_EXMPL"},
		{Receive, "nlctrl NEWFAMILY DOC_EXMPL"},
		{Send, userText},
		{Log, userText},
		{Receive, kernelText},
		{Receive, "ACK"},
		{Output, "get: Hello from kernel space!!!"},
		{Fact, "missing attribute .msg"},
		{Finished, ""},
	}
	i := 0
	for _, e := range events {
		if i < len(order) && e.Kind == order[i].kind && strings.Contains(e.Text, order[i].text) {
			i++
		}
	}
	if i != len(order) {
		t.Errorf("event %d did not come in its turn: %+v", i, order[i])
	}
}

func TestMulticast(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7} {
		events := runSim(t, Options{Demos: []string{"multicast"}, Listeners: n})
		want := n
		if n == 0 {
			want = 2
		}
		out := find(events, func(e Event) bool { return e.Kind == Output && e.Text == kernelText })
		if len(out) != want {
			t.Errorf("%d listeners: %d printed the text, want %d", n, len(out), want)
		}
		names := map[string]bool{}
		for _, e := range out {
			names[e.From] = true
		}
		if len(names) != want {
			t.Errorf("%d listeners: printed by %v", n, names)
		}
		if len(find(events, func(e Event) bool { return e.Kind == Fact && strings.Contains(e.Text, "-ESRCH") })) != 1 {
			t.Errorf("%d listeners: -ESRCH without listeners is not explained", n)
		}
	}
}

func TestOverflow(t *testing.T) {
	events := runSim(t, Options{Demos: []string{"overflow"}})
	checkOverflow(t, events)
	// The figures of the notes' lab, which a real kernel gave.
	over := find(events, func(e Event) bool { return e.Kind == Overrun })
	if over[0].Lost != 194 || !strings.Contains(over[0].Text, "6 arrived") {
		t.Errorf("%q, lost %d; want 6 arrived, 194 lost", over[0].Text, over[0].Lost)
	}
}

// checkOverflow holds on every kernel side.
func checkOverflow(t *testing.T, events []Event) {
	t.Helper()
	over := find(events, func(e Event) bool { return e.Kind == Overrun })
	if len(over) != 2 {
		t.Fatalf("%d overruns, want 2: %+v", len(over), over)
	}
	// ENOBUFS before the first message.
	var reads []string
	for _, e := range events {
		if e.Kind == Overrun {
			break
		}
		if e.Kind == Receive && e.To == "reader" || e.Kind == Fact && strings.HasPrefix(e.Text, "receive ") {
			reads = append(reads, e.Text)
		}
	}
	if len(reads) < 3 || !strings.Contains(reads[0], "ENOBUFS") || reads[1] != "broadcast 1 of 200" || !strings.Contains(reads[len(reads)-1], "EAGAIN") {
		t.Errorf("reads %q, want ENOBUFS, the messages queued before, EAGAIN", reads)
	}
	if n := uint64(len(reads) - 2); n+over[0].Lost != 200 {
		t.Errorf("%d read and %d lost of 200", n, over[0].Lost)
	}
	for _, text := range []string{"every message is accounted for", "200 arrived, 0 lost", "the subscription goes on"} {
		if len(find(events, func(e Event) bool { return strings.Contains(e.Text, text) })) != 1 {
			t.Errorf("nothing says %q", text)
		}
	}
}

// TestAllIsQuick holds the promise of "in under 5 seconds".
func TestAllIsQuick(t *testing.T) {
	start := time.Now()
	events := runSim(t, Options{})
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("all demos took %v", d)
	}
	for _, name := range Names() {
		done := find(events, func(e Event) bool { return e.Demo == name && e.Kind == Finished })
		if len(done) != 1 {
			t.Errorf("demo %s ended %d times", name, len(done))
		}
	}
}

func TestDeterministic(t *testing.T) {
	a, b := printText(runSim(t, Options{})), printText(runSim(t, Options{}))
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("two runs differ:\n%s", diff)
	}
}

func printText(events []Event) string {
	var b bytes.Buffer
	p := NewTextPrinter(&b, 80, false)
	for _, e := range events {
		p.Print(e)
	}
	return b.String()
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	p := NewJSONPrinter(&b)
	p.Intro("not an event")
	events := runSim(t, Options{})
	for _, e := range events {
		p.Print(e)
	}
	lines := 0
	for line := range bytes.Lines(b.Bytes()) {
		var v map[string]any
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("line %d: %v: %s", lines+1, err, line)
		}
		for _, field := range []string{"demo", "event", "from", "to", "text"} {
			if _, ok := v[field].(string); !ok {
				t.Fatalf("line %d: no string %q: %s", lines+1, field, line)
			}
		}
		if n, ok := v["bytes"].(float64); !ok || int(n) != len(events[lines].Bytes) {
			t.Fatalf("line %d: %v bytes of %d", lines+1, v["bytes"], len(events[lines].Bytes))
		}
		dump, _ := v["hex"].(string) // left out where there is no datagram
		raw, err := hex.DecodeString(dump)
		if err != nil || !bytes.Equal(raw, events[lines].Bytes) {
			t.Fatalf("line %d: datagram %q, error %v", lines+1, dump, err)
		}
		if lost, ok := v["lost"]; ok != (v["event"] == Overrun) || ok && lost.(float64) != float64(events[lines].Lost) {
			t.Fatalf("line %d: lost %v of event %v", lines+1, v["lost"], v["event"])
		}
		lines++
	}
	if lines != len(events) {
		t.Errorf("%d lines of %d events", lines, len(events))
	}
}

type closedPipe struct{ writes int }

func (c *closedPipe) Write([]byte) (int, error) { c.writes++; return 0, errClosed }

var errClosed = errors.New("closed")

func TestPrinterError(t *testing.T) {
	w := &closedPipe{}
	p := NewTextPrinter(w, 80, true)
	p.Print(Event{Kind: Title, Text: "x"})
	p.Print(Event{Kind: Explain, Text: "y"})
	if !errors.Is(p.Err(), errClosed) || w.writes != 1 {
		t.Errorf("error %v after %d writes, want the first one to stick", p.Err(), w.writes)
	}
}

func TestRunRefuses(t *testing.T) {
	side, err := NewSim()
	if err != nil {
		t.Fatal(err)
	}
	defer side.Close()
	if err := Run(t.Context(), side, Options{Demos: []string{"nosuch"}}, nil); err == nil || !strings.Contains(err.Error(), "unicast") {
		t.Errorf("unknown demo: %v, want an error that names the demos", err)
	}
	if err := Run(t.Context(), side, Options{Listeners: -1}, nil); err == nil {
		t.Error("-1 listeners were accepted")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, side, Options{}, func(Event) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestFailuresOnce: what several demos fail for is said once.
func TestFailuresOnce(t *testing.T) {
	var fs failures
	if err := fs.join(); err != nil {
		t.Errorf("no failures: %v", err)
	}
	for _, f := range []struct{ demo, text string }{{"a", "no x"}, {"b", "no y"}, {"c", "no x"}, {"d", ""}, {"e", "no z"}, {"f", "no x"}} {
		var err error
		if f.text != "" {
			err = errors.New(f.text)
		}
		fs.add(f.demo, err)
	}
	if got, want := fs.join().Error(), "demos a, c, f: no x\ndemo b: no y\ndemo e: no z"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestServiceRefuses is what the kernel side says to requests it cannot serve.
func TestServiceRefuses(t *testing.T) {
	side, err := NewSim()
	if err != nil {
		t.Fatal(err)
	}
	defer side.Close()
	c, err := netlink.Dial(PlainProtocol, &netlink.Options{Via: side.Opener()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, text := range []string{"", "ten", "broadcasts: 0, bytes each: 1", "broadcasts: 10001, bytes each: 1", "broadcasts: 1, bytes each: 4097", "broadcasts: -1, bytes each: -1"} {
		if _, err := ask(t.Context(), c, typeBroadcast, text); !errors.Is(err, netlink.EINVAL) {
			t.Errorf("broadcast request %q: %v, want EINVAL", text, err)
		}
	}
	if _, err := ask(t.Context(), c, 0x77, "x"); !errors.Is(err, netlink.EOPNOTSUPP) {
		t.Errorf("unknown type: %v, want EOPNOTSUPP", err)
	}
}

// TestLiveWithoutModules runs against the kernel of this machine, which hardly
// has the modules.
func TestLiveWithoutModules(t *testing.T) {
	if c, err := genetlink.Dial(nil); err == nil {
		_, err := c.Family(t.Context(), FamilyName)
		c.Close()
		if err == nil {
			testenv.Missing(t, "nomodules", "the demos' module is loaded here: unload it")
		}
	}
	side := NewLive(netlink.Namespace{}, "")
	defer side.Close()
	err := Run(t.Context(), side, Options{Demos: []string{"request"}}, func(e Event) { t.Errorf("event %+v", e) })
	if err == nil || !errors.Is(err, netlink.ErrNotLinux) && !strings.Contains(err.Error(), "leave --kernel out") {
		t.Errorf("error %v, want one that says what to do", err)
	}
}
