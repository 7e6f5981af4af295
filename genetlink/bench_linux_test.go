package genetlink_test

import (
	"context"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/wire"
)

func BenchmarkDoLive(b *testing.B) {
	c := dialLive(b)
	ctx := context.Background()
	attrs := func(b *wire.Builder) { b.Text(2, genetlink.ControllerName) }
	each := func(genetlink.Message) error { return nil }
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Do(ctx, genetlink.Request{Family: genetlink.ControllerName, Cmd: 3, Attrs: attrs}, each); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFamilyKnownLive(b *testing.B) {
	c := dialLive(b)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Family(ctx, genetlink.ControllerName); err != nil {
			b.Fatal(err)
		}
	}
}
