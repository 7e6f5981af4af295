package codec

import (
	"testing"

	"github.com/nlkit/nlkit/wire"
)

// BenchmarkDecode and BenchmarkAppend are the ways in and out of Go's values;
// that to JSON is BenchmarkAppendJSON.
func BenchmarkDecode(b *testing.B) {
	l := catalogued(b, "rt-route", "getroute")
	p := routeMessage(b, l)
	b.ReportAllocs()
	for b.Loop() {
		l.Decode(p, Options{})
	}
}

func BenchmarkAppend(b *testing.B) {
	l := catalogued(b, "rt-route", "getroute")
	object := l.Decode(routeMessage(b, l), Options{})
	buf := make([]byte, 0, 1<<10)
	var to wire.Builder
	b.ReportAllocs()
	for b.Loop() {
		to.Reset(buf[:0])
		if err := l.Append(&to, object, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
