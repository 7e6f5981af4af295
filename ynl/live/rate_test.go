//go:build linux

package live_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// TestTrafficControl compares what is decoded of queueing disciplines, classes and
// filters with what tc prints of them. Of tbf these are the rate, the burst and
// the latency; of htb rate, ceil, burst, cburst, prio, quantum and level; of u32
// the class and the keys; of bpf the class and the program. Bursts are ticks on
// the wire, which tc makes bytes of and rounds.
func TestTrafficControl(t *testing.T) {
	s := scene.New(t)
	tick := ticks(t, s)
	c := s.Dial(t, scene.Open(t, "tc"))
	dump := func(op string, attrs map[string]any) []codec.Object {
		var out []codec.Object
		for m, err := range c.Dump(t.Context(), client.Request{Op: op, Attrs: attrs}) {
			if err != nil {
				t.Fatalf("%s: %v", op, err)
			}
			out = append(out, m.Object(codec.Options{}))
		}
		return out
	}
	t.Run("qdisc", func(t *testing.T) { compareQdiscs(t, s, dump("getqdisc", nil), tick) })
	t.Run("class", func(t *testing.T) {
		compareClasses(t, s, dump("gettclass", map[string]any{"ifindex": s.Links["va"]}), tick)
	})
	t.Run("u32", func(t *testing.T) {
		compareU32(t, s, dump("gettfilter", map[string]any{"ifindex": s.Links["va"], "parent": 0x10000}))
	})
	t.Run("bpf", func(t *testing.T) {
		compareBPF(t, s, dump("gettfilter", map[string]any{"ifindex": s.Links["vb"], "parent": uint32(0xfffffff2)}))
	})
}

// ticks is how many of the scheduler's ticks are a microsecond.
func ticks(t *testing.T, s *scene.Scene) float64 {
	t.Helper()
	text, err := os.ReadFile("/proc/net/psched")
	if err != nil {
		t.Fatal(err)
	}
	var inUsec, usecs, res, hz uint32
	if _, err := fmt.Sscanf(string(text), "%x %x %x %x", &inUsec, &usecs, &res, &hz); err != nil {
		t.Fatalf("psched %q: %v", text, err)
	}
	return float64(inUsec) / float64(usecs) * float64(res) / 1e6
}

// tc runs tc and reads its JSON.
func tc(t *testing.T, s *scene.Scene, line string) []any {
	t.Helper()
	out, err := s.Shell(t, "tc "+line)
	if err != nil {
		t.Fatalf("tc %s: %v\n%s", line, err, out)
	}
	// Objects of it have keys twice: this keeps them.
	v, err := codec.ParseJSON([]byte(out))
	list, ok := v.([]any)
	if err != nil || !ok || len(list) == 0 {
		t.Fatalf("tc %s: %v in %s", line, err, out)
	}
	return list
}

// number is a value that must be a whole number.
func number(t *testing.T, v any) float64 {
	t.Helper()
	switch v := v.(type) {
	case uint64:
		return float64(v)
	case int64:
		return float64(v)
	case json.Number:
		f, err := v.Float64()
		if err == nil {
			return f
		}
	}
	t.Errorf("%v (%T) is no number", v, v)
	return math.NaN()
}

// rate is the rate of a struct in bytes for a second, or of the attribute that
// takes its place where it does not fit.
func rate(t *testing.T, options codec.Object, spec, wide string) float64 {
	t.Helper()
	if v := options.Get(wide); v != nil {
		return number(t, v)
	}
	return number(t, at(options, spec))
}

// near reports whether sizes are the same but for tc's rounding, which takes what
// is within 16 bytes of a unit for the unit.
func near(a, b float64) bool { return math.Abs(a-b) <= 17 }

var size = regexp.MustCompile(`^([0-9.]+)(b|Kb|Mb)(?:/\d+)?$`)

// bytesOf reads what tc prints for a size.
func bytesOf(t *testing.T, text any) float64 {
	t.Helper()
	if n, ok := text.(json.Number); ok {
		return number(t, n)
	}
	m := size.FindStringSubmatch(fmt.Sprint(text))
	if m == nil {
		t.Errorf("tc prints the size %v", text)
		return math.NaN()
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		t.Error(err)
	}
	return n * map[string]float64{"b": 1, "Kb": 1 << 10, "Mb": 1 << 20}[m[2]]
}

// handle reads a handle as tc writes it: "1:10", "10:".
func handle(t *testing.T, text any) uint64 {
	t.Helper()
	major, minor, ok := strings.Cut(fmt.Sprint(text), ":")
	h, err := strconv.ParseUint(major, 16, 16)
	var l uint64
	if err == nil && minor != "" {
		l, err = strconv.ParseUint(minor, 16, 16)
	}
	if !ok || err != nil {
		t.Errorf("tc prints the handle %v", text)
	}
	return h<<16 | l
}

func compareQdiscs(t *testing.T, s *scene.Scene, ours []codec.Object, tick float64) {
	compared := 0
	for _, v := range tc(t, s, "-j qdisc show") {
		theirs := v.(codec.Object)
		for _, o := range ours {
			if number(t, o.Get("ifindex")) != float64(s.Links[theirs.Get("dev").(string)]) ||
				number(t, o.Get("handle")) != float64(handle(t, theirs.Get("handle"))) || o.Get("kind") != theirs.Get("kind") {
				continue
			}
			compared++
			if o.Get("kind") != "tbf" {
				continue
			}
			options, _ := o.Get("options").(codec.Object)
			r := rate(t, options, "parms.rate.rate", "rate64")
			if want := number(t, at(theirs, "options.rate")); r != want {
				t.Errorf("%v: rate %v, tc %v", theirs.Get("handle"), r, want)
			}
			buffer := math.Floor(number(t, at(options, "parms.buffer")) / tick) // in microseconds, as tc
			if burst, want := r*buffer/1e6, bytesOf(t, at(theirs, "options.burst")); !near(burst, want) {
				t.Errorf("%v: burst %v, tc %v", theirs.Get("handle"), burst, want)
			}
			limit := number(t, at(options, "parms.limit"))
			latency := 1e6*limit/r - buffer
			if peak := rate(t, options, "parms.peakrate.rate", "prate64"); peak > 0 {
				latency = max(latency, 1e6*limit/peak-math.Floor(number(t, at(options, "parms.mtu"))/tick))
			}
			if want := at(theirs, "options.lat"); want != nil && math.Abs(latency-number(t, want)) > 2 {
				t.Errorf("%v: latency %v us, tc %v", theirs.Get("handle"), latency, want)
			}
		}
	}
	// Of tbf, htb, ingress, clsact and bfifo there are seven.
	if compared < 7 {
		t.Errorf("%d of what tc shows found, want 7 at the least", compared)
	}
}

// compareClasses reads text where tc knows no JSON for classes, as before
// iproute2 6.5.
func compareClasses(t *testing.T, s *scene.Scene, ours []codec.Object, tick float64) {
	out, err := s.Shell(t, "tc class show dev va")
	if err != nil {
		t.Fatalf("tc class: %v\n%s", err, out)
	}
	compared := 0
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) < 3 || f[1] != "htb" {
			continue
		}
		theirs := map[string]string{}
		for i := 3; i+1 < len(f); i++ {
			theirs[f[i]] = f[i+1]
		}
		for _, o := range ours {
			if o.Get("kind") != "htb" || number(t, o.Get("handle")) != float64(handle(t, f[2])) {
				continue
			}
			compared++
			options, _ := o.Get("options").(codec.Object)
			r, c := rate(t, options, "parms.rate.rate", "rate64"), rate(t, options, "parms.ceil.rate", "ceil64")
			if want := bitRate(t, theirs["rate"]); r != want {
				t.Errorf("%s: rate %v, tc %v", f[2], r, want)
			}
			if want := bitRate(t, theirs["ceil"]); c != want {
				t.Errorf("%s: ceil %v, tc %v", f[2], c, want)
			}
			for name, got := range map[string]float64{
				"burst":  r * math.Floor(number(t, at(options, "parms.buffer"))/tick) / 1e6,
				"cburst": c * math.Floor(number(t, at(options, "parms.cbuffer"))/tick) / 1e6,
			} {
				if want := bytesOf(t, theirs[name]); !near(got, want) {
					t.Errorf("%s: %s %v, tc %v", f[2], name, got, want)
				}
			}
			if p, ok := theirs["prio"]; ok && p != fmt.Sprint(at(options, "parms.prio")) {
				t.Errorf("%s: prio %v, tc %s", f[2], at(options, "parms.prio"), p)
			}
		}
	}
	if compared != 4 {
		t.Errorf("%d classes of htb compared, want 4:\n%s", compared, out)
	}
	// tc shows quantum and level only when asked for details.
	for _, o := range ours {
		if number(t, o.Get("handle")) == 0x10010 && (number(t, at(o, "options.parms.quantum")) != 3000 || number(t, at(o, "options.parms.level")) != 0) {
			t.Errorf("1:10: quantum and level are %v and %v, want 3000 and 0", at(o, "options.parms.quantum"), at(o, "options.parms.level"))
		}
	}
}

var bits = regexp.MustCompile(`^([0-9.]+)([KMGT]?)bit$`)

// bitRate reads a rate in bits for a second, and returns it in bytes.
func bitRate(t *testing.T, text string) float64 {
	t.Helper()
	m := bits.FindStringSubmatch(text)
	if m == nil {
		t.Errorf("tc prints the rate %q", text)
		return math.NaN()
	}
	n, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		t.Error(err)
	}
	return n * map[string]float64{"": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[m[2]] / 8
}

func compareU32(t *testing.T, s *scene.Scene, ours []codec.Object) {
	compared := 0
	for _, v := range tc(t, s, "-j filter show dev va parent 1:") {
		theirs, _ := v.(codec.Object).Get("options").(codec.Object)
		if !theirs.Has("match") {
			continue
		}
		for _, o := range ours {
			options, _ := o.Get("options").(codec.Object)
			sel, _ := options.Get("sel").(codec.Object)
			if sel == nil || number(t, o.Get("handle")) != 0x80000001 {
				continue
			}
			if got, want := number(t, options.Get("classid")), float64(handle(t, theirs.Get("flowid"))); got != want {
				t.Errorf("class %v, tc %v", got, want)
			}
			keys, _ := sel.Get(":rest").([]byte)
			matches := theirs.All("match")
			if len(keys) != 16*len(matches) || number(t, sel.Get("nkeys")) != float64(len(matches)) {
				t.Errorf("%d keys in %d bytes, tc has %d", sel.Get("nkeys"), len(keys), len(matches))
				continue
			}
			for i, m := range matches {
				key, m := keys[16*i:], m.(codec.Object)
				got := fmt.Sprintf("%x/%x at %d", binary.BigEndian.Uint32(key[4:]), binary.BigEndian.Uint32(key), int32(binary.NativeEndian.Uint32(key[8:])))
				if want := fmt.Sprintf("%v/%v at %v", m.Get("value"), m.Get("mask"), m.Get("off")); got != want {
					t.Errorf("key %d: %s, tc %s", i, got, want)
				}
				compared++
			}
		}
	}
	if compared != 2 {
		t.Errorf("%d keys compared, want 2", compared)
	}
}

func compareBPF(t *testing.T, s *scene.Scene, ours []codec.Object) {
	compared := 0
	for _, v := range tc(t, s, "-j filter show dev vb ingress") {
		theirs, _ := v.(codec.Object).Get("options").(codec.Object)
		program, _ := at(theirs, "bytecode.insns").([]any)
		for _, o := range ours {
			ops, ok := at(o, "options.ops").([]byte)
			if o.Get("kind") != "bpf" || program == nil || !ok {
				continue
			}
			if got, want := number(t, at(o, "options.classid")), float64(handle(t, theirs.Get("flowid"))); got != want {
				t.Errorf("class %v, tc %v", got, want)
			}
			if len(ops) != 8*len(program) || number(t, at(o, "options.ops-len")) != float64(len(program)) {
				t.Fatalf("%d bytes of program, tc has %d instructions", len(ops), len(program))
			}
			for i, in := range program {
				op, in := ops[8*i:], in.(codec.Object)
				got := fmt.Sprintf("%v %v %v %v", binary.NativeEndian.Uint16(op), op[2], op[3], binary.NativeEndian.Uint32(op[4:]))
				if want := fmt.Sprintf("%v %v %v %v", in.Get("code"), in.Get("jt"), in.Get("jf"), in.Get("k")); got != want {
					t.Errorf("instruction %d: %s, tc %s", i, got, want)
				}
				compared++
			}
		}
	}
	if compared != 4 {
		t.Errorf("%d instructions compared, want 4", compared)
	}
}
