package genetlink_test

import (
	"context"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/sim"
	"github.com/nlkit/nlkit/wire"
)

func BenchmarkReceiveSim(b *testing.B) {
	k := newKernel(b)
	doc := register(b, k, sim.Family{Name: docName, Groups: []sim.Group{{Name: docGroup}}})
	ctx := context.Background()
	s := subscribe(b, ctx, dial(b, &netlink.Options{Via: k}), docName, docGroup)
	b.ReportAllocs()
	for b.Loop() {
		send(b, doc, docGroup, hello)
		if _, err := s.Receive(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseFamily(b *testing.B) {
	var w wire.Builder
	f := genetlink.Family{ID: 21, Name: "ethtool", Version: 1}
	for i := range uint32(40) {
		f.Ops = append(f.Ops, genetlink.Op{ID: i, Flags: genetlink.CanDo})
	}
	f.Append(&w)
	attrs, err := w.Bytes()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := genetlink.ParseFamily(attrs); err != nil {
			b.Fatal(err)
		}
	}
}
