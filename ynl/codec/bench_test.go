package codec_test

import (
	"testing"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// routeMessage is what a dump of routes consists of: a route to one address on an
// interface, and its layout.
func routeMessage(tb testing.TB) (codec.Layout, []byte) {
	tb.Helper()
	spec, err := specs.Open("rt-route")
	if err != nil {
		tb.Fatal(err)
	}
	layout := codec.Of(spec.Op("getroute"))
	var b wire.Builder
	err = layout.Append(&b, map[string]any{
		"rtm-family": 2, "rtm-dst-len": 32, "rtm-table": 254, "rtm-protocol": 3, "rtm-scope": 253, "rtm-type": "unicast",
		"table": 254, "dst": "10.0.1.2", "oif": 1,
	}, codec.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	payload, err := b.Bytes()
	if err != nil {
		tb.Fatal(err)
	}
	return layout, payload
}

// TestAppendJSONAllocatesNothing holds what makes a dump of any size cheap.
func TestAppendJSONAllocatesNothing(t *testing.T) {
	layout, payload := routeMessage(t)
	dst := make([]byte, 0, 1<<10)
	n := testing.AllocsPerRun(200, func() { dst = layout.AppendJSON(dst[:0], payload, codec.Options{}) })
	if n >= 1 {
		t.Errorf("%v allocations for a message, want none", n)
	}
	if len(dst) < 100 {
		t.Errorf("the JSON is %s", dst)
	}
}

func BenchmarkAppendJSON(b *testing.B) {
	layout, payload := routeMessage(b)
	dst := make([]byte, 0, 1<<10)
	b.ReportAllocs()
	for b.Loop() {
		dst = layout.AppendJSON(dst[:0], payload, codec.Options{})
	}
}

func BenchmarkDecode(b *testing.B) {
	layout, payload := routeMessage(b)
	b.ReportAllocs()
	for b.Loop() {
		layout.Decode(payload, codec.Options{})
	}
}

func BenchmarkAppend(b *testing.B) {
	layout, payload := routeMessage(b)
	object := layout.Decode(payload, codec.Options{})
	buf := make([]byte, 0, 1<<10)
	var to wire.Builder
	b.ReportAllocs()
	for b.Loop() {
		to.Reset(buf[:0])
		if err := layout.Append(&to, object, codec.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
