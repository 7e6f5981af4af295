package nl

import (
	"runtime"
	"testing"
)

// TestDecoderOutlivesGarbageCollection: what a program that makes one call after
// the other has warmed up stays warm.
func TestDecoderOutlivesGarbageCollection(t *testing.T) {
	c, f := new(Conn), new(Family)
	d := c.decoder(f)
	name := d.Text([]byte("eth0"))
	c.keep(f, d)
	runtime.GC()
	runtime.GC()
	again := c.decoder(f)
	if again != d || len(again.texts) != 1 || name != "eth0" {
		t.Error("the Decoder that was kept is gone")
	}
	if other := c.decoder(f); other == d {
		t.Error("one Decoder is given to two calls")
	}
	if other := c.decoder(new(Family)); other == d {
		t.Error("a Decoder is given to another family")
	}
}
