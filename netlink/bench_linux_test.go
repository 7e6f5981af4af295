package netlink

import (
	"context"
	"runtime"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

func BenchmarkGetLink(b *testing.B) {
	c := dialTest(b, nil)
	req := getLink(b, 1)
	n := 0
	each := func(m wire.Message) error { n += len(m); return nil }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Do(context.Background(), req, each); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGetLink32 has 32 goroutines share a Conn.
func BenchmarkGetLink32(b *testing.B) {
	c := dialTest(b, nil)
	b.ReportAllocs()
	b.SetParallelism(max(1, 32/max(1, gomaxprocs())))
	b.RunParallel(func(pb *testing.PB) {
		req := getLink(b, 1)
		n := 0
		each := func(m wire.Message) error { n += len(m); return nil }
		for pb.Next() {
			if _, err := c.Do(context.Background(), req, each); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// BenchmarkDumpRoutes walks the attributes of 10,000 routes per round.
func BenchmarkDumpRoutes(b *testing.B) {
	const n = 10_000
	c, _ := table(b, n)
	req := getRoutes(b, 0)
	b.ReportAllocs()
	for b.Loop() {
		got, sum := 0, 0
		for m, err := range c.Dump(context.Background(), req) {
			if err != nil {
				b.Fatal(err)
			}
			for a, err := range wire.Attrs(m.Data()[12:]) {
				if err != nil {
					b.Fatal(err)
				}
				sum += int(a.Type())
			}
			got++
		}
		if got != n || sum == 0 {
			b.Fatalf("%d routes", got)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/route")
}

// BenchmarkEvent receives one multicast event per round, with a context that
// can be cancelled.
func BenchmarkEvent(b *testing.B) {
	o := inNew(b)
	c := dialTest(b, o)
	s := subscribeTest(b, with(o, func(o *Options) { o.ReceiveBuffer = 4 << 20 }), groupRoute)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	const burst = 1000
	b.ReportAllocs()
	left, n := 0, uint32(0)
	for b.Loop() {
		if left == 0 {
			b.StopTimer()
			addRoutes(b, c, n, n+burst)
			left, n = burst, n+burst
			b.StartTimer()
		}
		if ev, err := s.Receive(ctx); err != nil || ev.Message == nil {
			b.Fatal(ev, err)
		}
		left--
	}
}

func BenchmarkBatchAdd(b *testing.B) {
	for _, elide := range []bool{false, true} {
		name := "acks"
		if elide {
			name = "elided"
		}
		b.Run(name, func(b *testing.B) {
			c := dialTest(b, inNew(b))
			batch := c.Batch(context.Background(), BatchOptions{ElideAcks: elide})
			n := uint32(0)
			req := addRoute(b, 0)
			b.ReportAllocs()
			for b.Loop() {
				n++
				req[wire.HeaderLen+12+5], req[wire.HeaderLen+12+6], req[wire.HeaderLen+12+7] = byte(n>>16), byte(n>>8), byte(n)
				if err := batch.Add(req); err != nil {
					b.Fatal(err)
				}
			}
			if err := batch.Flush(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func gomaxprocs() int { return runtime.GOMAXPROCS(0) }
