package wire

import "testing"

// linkAttrs is the payload of a message like RTM_NEWLINK: 39 attributes, mostly
// small numbers, some strings and some structs.
func linkAttrs() []byte {
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

// routeDump is a datagram as a dump of routes fills it: messages of a 12-byte
// fixed header and five attributes, as many as fit 32 KiB.
func routeDump() (datagram []byte, messages int) {
	var b Builder
	for b.Len() < 32<<10-64 {
		appendRoute(&b, uint32(messages))
		messages++
	}
	p, _ := b.Bytes()
	return p, messages
}

func appendRoute(b *Builder, i uint32) {
	b.Message(Header{Type: 24, Flags: Multi, Seq: 1, Port: 2})
	b.Raw(make([]byte, 12))
	b.Uint32(15, 254)
	b.Uint32BE(1, 0x0a000000+i)
	b.Uint32(6, 100)
	b.Uint32BE(5, 0xc0000201)
	b.Uint32(4, 2)
}

// buildRequest is a request to make a VLAN, about 100 bytes.
func buildRequest(b *Builder, buf, fixed []byte) ([]byte, error) {
	b.Reset(buf[:0])
	b.Message(Header{Type: 16, Flags: Request | Ack | Create | Excl, Seq: 1})
	b.Raw(fixed)
	b.Text(3, "eth0.42")
	b.Uint32(5, 2)
	info := b.Nest(18)
	b.Text(1, "vlan")
	data := b.Nest(2)
	b.Uint16(1, 42)
	b.Bitfield32(2, Bitfield32{Value: 1, Selector: 1})
	b.End(data)
	b.End(info)
	return b.Bytes()
}

var sink uint64

// walk reads three of the attributes in p.
func walk(p []byte) (sum uint64, err error) {
	for a, err := range Attrs(p) {
		if err != nil {
			return 0, err
		}
		switch a.Type() {
		case 4, 8, 16:
			v, err := a.Uint32()
			if err != nil {
				return 0, err
			}
			sum += uint64(v)
		}
	}
	return sum, nil
}

func BenchmarkWalk39(b *testing.B) {
	p := linkAttrs()
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		v, err := walk(p)
		if err != nil || v != 28 {
			b.Fatal(v, err)
		}
		sink += v
	}
}

func BenchmarkMessages32K(b *testing.B) {
	p, want := routeDump()
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		n := 0
		for m, err := range Messages(p) {
			if err != nil {
				b.Fatal(err)
			}
			sink += uint64(m.Type())
			n++
		}
		if n != want {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(want), "ns/message")
}

func BenchmarkRoutes32K(b *testing.B) {
	p, want := routeDump()
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		for m, err := range Messages(p) {
			if err != nil {
				b.Fatal(err)
			}
			for a, err := range Attrs(m.Data()[12:]) {
				if err != nil {
					b.Fatal(err)
				}
				v, _ := a.Uint32()
				sink += uint64(v)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(want), "ns/message")
}

func BenchmarkCheck32K(b *testing.B) {
	p, _ := routeDump()
	b.ReportAllocs()
	b.SetBytes(int64(len(p)))
	for b.Loop() {
		if err := Check(p, 12); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuildRequest(b *testing.B) {
	buf, fixed := make([]byte, 0, 256), make([]byte, 16)
	var w Builder
	b.ReportAllocs()
	for b.Loop() {
		p, err := buildRequest(&w, buf, fixed)
		if err != nil {
			b.Fatal(err)
		}
		sink += uint64(len(p))
	}
}

func BenchmarkParseAck(b *testing.B) {
	m := Message(message(TypeError, Capped|AckTLVs, h32(0xffffffea), rawMessage(40, 18, 0), attr(AckMessage, 'n', 'o', 0)))
	b.ReportAllocs()
	for b.Loop() {
		a, err := ParseAck(m)
		if err != nil {
			b.Fatal(err)
		}
		sink += uint64(len(a.TLVs))
	}
}

func BenchmarkGetters(b *testing.B) {
	a := Attr(attr(1, h64(0x0102030405060708)...))
	text := Attr(attr(2, 'e', 't', 'h', '0', 0))
	b.Run("Uint32", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v, _ := a.Uint32()
			sink += uint64(v)
		}
	})
	b.Run("Uint64BE", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v, _ := a.Uint64BE()
			sink += v
		}
	})
	b.Run("Uint", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v, _ := a.Uint()
			sink += v
		}
	})
	b.Run("Bitfield32", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			v, _ := a.Bitfield32()
			sink += uint64(v.Value)
		}
	})
	b.Run("TextBytes", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink += uint64(len(text.TextBytes()))
		}
	})
}
