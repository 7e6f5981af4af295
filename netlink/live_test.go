package netlink

import (
	"context"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

func getlink(buf []byte, index int32, flags wire.Flags) []byte {
	var b wire.Builder
	b.Reset(buf[:0])
	b.Message(wire.Header{Type: 18, Flags: flags})
	b.Raw([]byte{0, 0, 0, 0, byte(index), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	r, _ := b.Bytes()
	return r
}

func TestSmoke(t *testing.T) {
	c, err := Dial(wire.Route, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	n := 0
	_, err = c.Do(context.Background(), getlink(nil, 1, 0), func(m wire.Message) error { n++; return nil })
	t.Log(n, err)
	_, err = c.Do(context.Background(), getlink(nil, 99, 0), func(m wire.Message) error { n++; return nil })
	t.Log(n, err)
	for m, err := range c.Dump(context.Background(), getlink(nil, 0, 0)) {
		t.Log(m.Header(), err)
	}
}

func BenchmarkGetLink(b *testing.B) {
	c, err := Dial(wire.Route, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var buf [128]byte
	b.ReportAllocs()
	for b.Loop() {
		req := getlink(buf[:0], 1, 0)
		if _, err := c.Do(context.Background(), req, func(m wire.Message) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGetLinkParallel(b *testing.B) {
	c, err := Dial(wire.Route, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		buf := make([]byte, 128)
		for pb.Next() {
			req := getlink(buf[:0], 1, 0)
			if _, err := c.Do(context.Background(), req, func(m wire.Message) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
