package wire

import "testing"

func link39() []byte {
	var b Builder
	for i := uint16(1); i <= 39; i++ {
		switch i % 4 {
		case 0:
			b.Uint32(i, uint32(i))
		case 1:
			b.Text(i, "interface")
		case 2:
			b.Uint8(i, 1)
		case 3:
			b.Attr(i, make([]byte, 60))
		}
	}
	p, _ := b.Bytes()
	return p
}

var sink uint32

func BenchmarkWalk39(b *testing.B) {
	p := link39()
	b.ReportAllocs()
	for b.Loop() {
		for a, err := range Attrs(p) {
			if err != nil {
				b.Fatal(err)
			}
			switch a.Type() {
			case 4, 8, 16:
				v, err := a.Uint32()
				if err != nil {
					b.Fatal(err)
				}
				sink += v
			}
		}
	}
}
