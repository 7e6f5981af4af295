package modules

import (
	"encoding/binary"
	"fmt"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Commands of nlkit_test.
const (
	cmdEchoAll  = 1
	cmdItemGet  = 2
	cmdItemSet  = 3
	cmdItemDel  = 4
	cmdSeries   = 7
	cmdFail     = 8
	cmdWarn     = 9
	cmdFailDump = 10
	cmdNeed     = 11
	cmdBurst    = 12
	cmdWhisper  = 14
	cmdAdmin    = 16
	cmdUnsAdmin = 17
	cmdStrict   = 18
	cmdLax      = 19
)

// question is a datagram, and a name for it.
type question struct {
	name string
	data []byte
}

// questions are made one by one; their order matters, as some change the table.
type questions []question

func (qs *questions) raw(name string, data []byte) { *qs = append(*qs, question{name, data}) }

// message is a request to the family.
func message(flags wire.Flags, cmd uint8, attrs func(b *wire.Builder)) []byte {
	var b wire.Builder
	genetlink.Begin(&b, uint16(anyFamily), wire.Request|flags, genetlink.Header{Cmd: cmd, Version: 1}, nil)
	if attrs != nil {
		attrs(&b)
	}
	msg, err := b.Bytes()
	if err != nil {
		panic(err) // nothing here is too long
	}
	wire.Message(msg).SetSeq(77)
	return msg
}

func (qs *questions) ask(name string, cmd uint8, attrs func(b *wire.Builder)) {
	qs.raw(name, message(wire.Ack, cmd, attrs))
}

func (qs *questions) dump(name string, cmd uint8, attrs func(b *wire.Builder)) {
	qs.raw(name, message(wire.Dump, cmd, attrs))
}

func attr(typ uint16, value []byte) func(b *wire.Builder) {
	return func(b *wire.Builder) { b.Attr(typ, value) }
}

// nest puts attributes into one.
func nest(typ uint16, inside ...func(b *wire.Builder)) func(b *wire.Builder) {
	return func(b *wire.Builder) {
		n := b.Nest(typ)
		for _, f := range inside {
			f(b)
		}
		b.End(n)
	}
}

func all(fs ...func(b *wire.Builder)) func(b *wire.Builder) {
	return func(b *wire.Builder) {
		for _, f := range fs {
			f(b)
		}
	}
}

func u8(typ uint16, v uint8) func(b *wire.Builder) { return attr(typ, []byte{v}) }
func u16(typ uint16, v uint16) func(b *wire.Builder) {
	return func(b *wire.Builder) { b.Uint16(typ, v) }
}
func u32(typ uint16, v uint32) func(b *wire.Builder) {
	return func(b *wire.Builder) { b.Uint32(typ, v) }
}
func u64(typ uint16, v uint64) func(b *wire.Builder) {
	return func(b *wire.Builder) { b.Uint64(typ, v) }
}
func text(typ uint16, s string) func(b *wire.Builder) {
	return func(b *wire.Builder) { b.Text(typ, s) }
}

// number is a value in some bytes.
func number(size int, big bool, v int64) []byte {
	b := binary.NativeEndian.AppendUint64(nil, uint64(v))
	first := binary.NativeEndian.Uint16([]byte{1, 0}) == 1 // the low byte
	if first {
		b = b[:size]
	} else {
		b = b[8-size:]
	}
	if big == first {
		for i, j := 0, size-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
	}
	return b
}

// bounds are the numbers of nlkit_test that have some.
var bounds = []struct {
	typ       uint16
	size      int
	big       bool
	low, high int64
}{
	{14, 1, false, 3, 200}, {15, 2, false, 0, 40000}, {16, 4, false, 100000, 1<<32 - 1}, {17, 4, false, 1, 4000000000},
	{18, 8, false, 10, 1 << 40}, {19, 1, false, -5, 5}, {20, 2, false, -10994, 8849}, {21, 4, false, -273, 100000},
	{22, 8, false, -1 << 40, 1 << 40}, {23, 4, false, 10, 1<<32 - 1}, {23, 8, false, 10, 8589934592}, {24, 4, false, -1 << 31, 7},
	{24, 8, false, -1 << 40, 7}, {25, 2, true, 1, 1024}, {26, 4, true, 0, 65536}, {27, 4, false, 0, 2}, {28, 1, false, 0, 2},
	{29, 4, false, 1, 1}, {29, 4, false, 5, 5}, {29, 4, false, 100000, 100000}, {30, 4, false, 0, 0x203}, {31, 4, false, 0, 7}, {32, 2, false, 0, 0x203},
}

// table is a question for all that nlkit_test has, well and badly asked.
func table() questions {
	var qs questions
	qs.numbers()
	qs.shapes()
	qs.nests()
	qs.messages()
	qs.items()
	qs.many()
	qs.faults()
	return qs
}

// numbers asks with values at the bounds and beyond.
func (qs *questions) numbers() {
	seen := map[string]bool{}
	for _, n := range bounds {
		for _, v := range []int64{n.low - 1, n.low, n.high, n.high + 1, 0, -1, n.low / 2, n.high ^ 0x100, 1 << 62} {
			name := fmt.Sprintf("number %d of %d bytes is %d", n.typ, n.size, v)
			if !seen[name] {
				seen[name] = true
				qs.ask(name, cmdEchoAll, attr(n.typ, number(n.size, n.big, v)))
			}
		}
	}
	for _, bits := range [][2]uint32{{0, 0}, {1, 1}, {1, 0x203}, {0x203, 0x203}, {0, 0x204}, {4, 4}, {1, 2}, {0x200, 0x200}, {1 << 31, 1 << 31}} {
		qs.ask(fmt.Sprintf("bits %#x of %#x", bits[0], bits[1]), cmdEchoAll, func(b *wire.Builder) {
			b.Bitfield32(41, wire.Bitfield32{Value: bits[0], Selector: bits[1]})
		})
	}
}

// shapes asks with each attribute in different lengths and with the flags that do
// not belong to it.
func (qs *questions) shapes() {
	long := []byte("abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789")
	for typ := uint16(0); typ <= 59; typ++ {
		for _, n := range []int{0, 1, 2, 3, 4, 5, 6, 8, 9, 16, 24, 65} {
			value := make([]byte, n)
			copy(value, long)
			if typ >= 33 && n > 0 && n%2 == 1 {
				value[n-1] = 0 // a text, if it is one
			}
			qs.ask(fmt.Sprintf("attribute %d of %d bytes", typ, n), cmdEchoAll, attr(typ, value))
		}
		ok := number(4, false, 2)
		qs.ask(fmt.Sprintf("attribute %d as a nest", typ), cmdEchoAll, attr(typ|wire.AttrNested, ok))
		qs.ask(fmt.Sprintf("attribute %d in network byte order", typ), cmdEchoAll, attr(typ|0x4000, ok))
		qs.ask(fmt.Sprintf("lax: attribute %d", typ), cmdLax, all(u8(1, 9), attr(typ, append(number(8, false, 258), 7))))
	}
	for _, s := range []string{"", "\x00", "a", "a\x00", "a\x00b", "a\x00b\x00", "0123456789abcde\x00", "0123456789abcdef", "0123456789abcdef\x00", "0123456789abcdefg\x00", "\x00\x00"} {
		for _, typ := range []uint16{33, 34, 35, 47, 56, 57} {
			qs.ask(fmt.Sprintf("text %d is %q", typ, s), cmdEchoAll, attr(typ, []byte(s)))
		}
	}
	every := func(b *wire.Builder) {
		for typ := uint16(1); typ <= 8; typ++ {
			size := 1 << ((typ - 1) % 4)
			b.Attr(typ, number(size, false, 1))
		}
		b.Attr(9, number(8, false, 4000000000))
		b.Attr(10, number(8, false, -3))
		b.Attr(23, number(8, false, 8589934592))
		b.Attr(24, number(8, false, -1<<40))
		b.Text(33, "text")
		b.Attr(36, []byte{1, 2, 3})
		b.Attr(40, nil)
		b.Attr(43, make([]byte, 63))
	}
	qs.ask("many at once", cmdEchoAll, every)
	qs.ask("many at once, twice", cmdEchoAll, all(every, every))
	qs.ask("the last one counts", cmdEchoAll, all(u8(1, 1), text(33, "first"), u8(1, 2), text(33, "second"), u32(45, 1), u64(46, 9), u32(45, 2)))
	qs.ask("one after the other backwards", cmdEchoAll, all(text(57, "abcd"), u32(45, 5), attr(36, []byte{1}), u16(2, 7), u8(1, 6)))
	for _, tail := range [][]byte{{0}, {4, 0, 1}, {4, 0, 1, 0}, {3, 0, 1, 0}, {5, 0, 1, 0}, {255, 255, 1, 0}, {0, 0, 0, 0, 0, 0, 0, 0}} {
		qs.ask(fmt.Sprintf("behind the last attribute % x", tail), cmdEchoAll, all(u8(1, 1), func(b *wire.Builder) { b.Raw(tail) }))
		qs.ask(fmt.Sprintf("lax: behind the last attribute % x", tail), cmdLax, all(u8(1, 1), func(b *wire.Builder) { b.Raw(tail) }))
	}
}

// nests asks with nests, lists, arrays and trees.
func (qs *questions) nests() {
	self := func(depth int, typ uint16) func(b *wire.Builder) {
		f := u32(1, 5)
		for range depth - 1 {
			f = nest(typ, f)
		}
		return nest(44, f)
	}
	for depth := 1; depth <= 12; depth++ {
		qs.ask(fmt.Sprintf("%d nests", depth), cmdEchoAll, self(depth, 4))
		qs.ask(fmt.Sprintf("%d nests of a list", depth), cmdEchoAll, self(depth, 5))
	}
	inner := []struct {
		name string
		f    func(b *wire.Builder)
	}{
		{"empty", func(*wire.Builder) {}},
		{"id", u32(1, 5)},
		{"id 0", u32(1, 0)},
		{"id of 2 bytes", u16(1, 5)},
		{"name", text(2, "name")},
		{"a name that is too long", text(2, "0123456789abcdef")},
		{"deep", nest(3, u32(1, 1000), u32(2, 2), text(3, "t"))},
		{"deep, value too high", nest(3, u32(1, 1001))},
		{"deep, no such colour", nest(3, u32(2, 3))},
		{"deep that is no nest", u32(3, 7)},
		{"unknown", u8(8, 1)},
		{"number 0", u8(0, 1)},
		{"pad", u32(7, 1)},
		{"children", all(nest(5, u32(1, 1)), nest(5), u64(6, 3), nest(5, nest(5, text(2, "x"))))},
		{"a child that is bad", all(nest(5, u32(1, 1)), nest(5, u32(1, 0)))},
		{"3 bytes", func(b *wire.Builder) { b.Raw([]byte{1, 2, 3}) }},
		{"leftover", all(u32(1, 5), func(b *wire.Builder) { b.Raw([]byte{1}) })},
		{"twice", all(u32(1, 5), u32(1, 6), text(2, "a"), text(2, "b"))},
	}
	for _, in := range inner {
		qs.ask("nest: "+in.name, cmdEchoAll, nest(44, in.f))
		qs.ask("list of nests: "+in.name, cmdEchoAll, all(nest(49, u32(1, 1)), nest(49, in.f), nest(49)))
		qs.ask("array of nests: "+in.name, cmdEchoAll, nest(51, nest(3, in.f), nest(1, u32(1, 2))))
		qs.ask("need: "+in.name, cmdNeed, all(u32(1, 1), nest(2, in.f)))
	}
	qs.ask("need: nothing", cmdNeed, nil)
	qs.ask("need: id alone", cmdNeed, u32(1, 1))
	qs.ask("need: inner", cmdNeed, nest(2, u32(1, 1)))
	qs.ask("need: all", cmdNeed, all(u32(1, 1), nest(2, u32(1, 1), nest(3))))
	for _, typ := range []uint16{50, 51, 52, 55} {
		qs.ask(fmt.Sprintf("array %d: empty", typ), cmdEchoAll, nest(typ))
		qs.ask(fmt.Sprintf("array %d: entries", typ), cmdEchoAll, nest(typ, u32(1, 1), u32(0, 2), u32(16383, 3), u32(1, 4)))
		qs.ask(fmt.Sprintf("array %d: empty entries", typ), cmdEchoAll, nest(typ, attr(1, nil), attr(2, nil)))
		qs.ask(fmt.Sprintf("array %d: entries of odd lengths", typ), cmdEchoAll, nest(typ, attr(1, []byte{1}), attr(2, []byte{1, 2}), attr(3, []byte{1, 2, 3, 4, 5})))
		qs.ask(fmt.Sprintf("array %d: leftover", typ), cmdEchoAll, nest(typ, u32(1, 1), func(b *wire.Builder) { b.Raw([]byte{9, 0}) }))
		qs.ask(fmt.Sprintf("array %d: nests in it", typ), cmdEchoAll, nest(typ, nest(1, u32(1, 1)), nest(2, nest(1, u32(1, 3)))))
	}
	qs.ask("tree", cmdEchoAll, nest(55, nest(1, nest(2, u32(1, 3)), nest(1)), nest(0, nest(7, text(3, "x"), u32(2, 1)))))
	qs.ask("tree: bad column", cmdEchoAll, nest(55, nest(1, nest(2, u32(1, 1001)))))
	qs.ask("tree: a column without the flag", cmdEchoAll, nest(55, nest(1, attr(2, nil))))
	qs.ask("tree: a row without the flag", cmdEchoAll, nest(55, attr(1, nil)))
	qs.ask("two nests, the first one bad", cmdEchoAll, all(nest(51, attr(1, make([]byte, 4))), self(9, 4)))
}

// messages asks with headers that are not in order, and several at once.
func (qs *questions) messages() {
	for _, cmd := range []uint8{0, 5, 6, 13, 15, 21, 22, 100, 255} {
		qs.ask(fmt.Sprintf("command %d", cmd), cmd, nil)
		qs.dump(fmt.Sprintf("dump of command %d", cmd), cmd, nil)
	}
	for _, cmd := range []uint8{cmdEchoAll, cmdItemSet, cmdFail, cmdWarn, cmdNeed, cmdBurst, cmdStrict, cmdLax} {
		qs.dump(fmt.Sprintf("dump of command %d, which has none", cmd), cmd, nil)
	}
	qs.ask("no dump of fail-dump", cmdFailDump, nil)
	for _, flags := range []wire.Flags{0, wire.Root, wire.Match, wire.Atomic, 0x800, 0x1000, 0x8000, wire.Echo, wire.Multi} {
		qs.raw(fmt.Sprintf("flags %#x", uint16(flags)), message(wire.Ack|flags, cmdEchoAll, u8(1, 1)))
		qs.raw(fmt.Sprintf("flags %#x, liberal", uint16(flags)), message(wire.Ack|flags, cmdLax, u8(1, 1)))
	}
	changed := func(name string, change func(m []byte)) {
		m := message(wire.Ack, cmdEchoAll, u8(1, 1))
		change(m)
		qs.raw(name, m)
	}
	changed("no request", func(m []byte) { m[6] &^= 1 })
	changed("no ack", func(m []byte) { m[6] &^= 4 })
	changed("version 9", func(m []byte) { m[17] = 9 })
	changed("reserved", func(m []byte) { m[18] = 1 })
	changed("port of another", func(m []byte) { binary.NativeEndian.PutUint32(m[12:], 0x7fffffff) })
	changed("sequence number 0", func(m []byte) { binary.NativeEndian.PutUint32(m[8:], 0) })
	for n := wire.HeaderLen; n <= 28; n++ {
		changed(fmt.Sprintf("length of %d", n), func(m []byte) { binary.NativeEndian.PutUint32(m, uint32(n)) })
	}
	changed("length beyond the end", func(m []byte) { binary.NativeEndian.PutUint32(m, 1000) })
	changed("length of 15", func(m []byte) { binary.NativeEndian.PutUint32(m, 15) })
	changed("no such family", func(m []byte) { binary.NativeEndian.PutUint16(m[4:], 1020) })
	changed("control type", func(m []byte) { binary.NativeEndian.PutUint16(m[4:], 3) })
	m := message(wire.Ack, cmdEchoAll, u8(1, 1))
	bad := message(wire.Ack, cmdEchoAll, u8(14, 1))
	qs.raw("two messages", append(append([]byte{}, m...), m...))
	qs.raw("three messages, the second one bad", append(append(append([]byte{}, m...), bad...), m...))
	qs.raw("only a header", wire.Header{Type: anyFamily, Flags: wire.Request | wire.Ack, Seq: 3, Len: 16}.Append(nil))
	qs.ask("strict", cmdStrict, nil)
	qs.ask("strict with an attribute", cmdStrict, text(1, "x"))
	qs.ask("admin", cmdAdmin, text(1, "x"))
	qs.ask("uns-admin", cmdUnsAdmin, nil)
	qs.ask("whisper", cmdWhisper, text(1, "psst"))
	qs.ask("whisper without a text", cmdWhisper, nil)
	qs.raw("whisper without an ack", message(0, cmdWhisper, text(1, "psst")))
}

// items changes the table, and reads it.
func (qs *questions) items() {
	qs.dump("no items", cmdItemGet, nil)
	qs.ask("no item 1", cmdItemGet, u32(1, 1))
	qs.ask("set without id", cmdItemSet, text(2, "x"))
	qs.ask("del without id", cmdItemDel, nil)
	qs.ask("get without id", cmdItemGet, nil)
	qs.ask("del of what is not there", cmdItemDel, u32(1, 4))
	qs.ask("set 1", cmdItemSet, u32(1, 1))
	qs.ask("set 7", cmdItemSet, all(u32(1, 7), text(2, "seven"), u32(3, 2), attr(4, []byte{1, 2, 3})))
	qs.ask("set 65535", cmdItemSet, all(u32(1, 65535), text(2, ""), u32(3, 0), attr(4, nil)))
	qs.ask("set 65536", cmdItemSet, u32(1, 65536))
	qs.ask("set 0", cmdItemSet, u32(1, 0))
	qs.ask("a name that is too long", cmdItemSet, all(u32(1, 2), text(2, "0123456789abcdef0123456789abcdef")))
	qs.ask("a name with a NUL", cmdItemSet, all(u32(1, 2), attr(2, []byte("a\x00b\x00"))))
	qs.ask("data that is too long", cmdItemSet, all(u32(1, 2), attr(4, make([]byte, 257))))
	for _, id := range []uint32{1, 2, 7, 65535, 3} {
		qs.ask(fmt.Sprintf("get %d", id), cmdItemGet, u32(1, id))
	}
	qs.dump("items", cmdItemGet, nil)
	for colour := range uint32(4) {
		qs.dump(fmt.Sprintf("items of colour %d", colour), cmdItemGet, u32(3, colour))
	}
	qs.dump("items by id", cmdItemGet, u32(1, 1))
	qs.ask("get by colour", cmdItemGet, u32(3, 1))
	qs.ask("change 7", cmdItemSet, all(u32(1, 7), u32(3, 1)))
	qs.ask("get 7 after that", cmdItemGet, u32(1, 7))
	qs.ask("del 7", cmdItemDel, u32(1, 7))
	qs.ask("del 7 again", cmdItemDel, u32(1, 7))
	qs.dump("items in the end", cmdItemGet, nil)
	for id := uint32(1000); id < 1511; id++ {
		if id < 1002 || id > 1507 {
			qs.ask(fmt.Sprintf("fill with %d", id), cmdItemSet, u32(1, id))
		} else {
			qs.raw("", message(0, cmdItemSet, u32(1, id)))
		}
	}
	qs.ask("change one where the table is full", cmdItemSet, all(u32(1, 1), text(2, "full")))
	qs.dump("a table that is full", cmdItemGet, nil)
	for id := uint32(1000); id < 1511; id++ {
		qs.raw("", message(0, cmdItemDel, u32(1, id)))
	}
}

// many asks for much.
func (qs *questions) many() {
	for _, n := range []struct{ entries, size int }{{0, -1}, {1, -1}, {1, 0}, {3, 5}, {100, -1}, {100, 300}, {15, 3500}, {4, 32000}, {1, 32001}, {1000001, -1}} {
		f := u32(1, uint32(n.entries))
		if n.size >= 0 {
			f = all(f, u32(2, uint32(n.size)))
		}
		qs.ask(fmt.Sprintf("series of %d, %d bytes", n.entries, n.size), cmdSeries, f)
		qs.dump(fmt.Sprintf("dump of series of %d, %d bytes", n.entries, n.size), cmdSeries, f)
	}
	qs.ask("a reply that is too long", cmdSeries, all(u32(1, 1000), u32(2, 2000)))
	qs.ask("series with change-at", cmdSeries, u32(3, 2))
	qs.dump("series without entries", cmdSeries, nil)
	for _, at := range []uint32{1, 2, 3, 10, 11, 12} {
		qs.dump(fmt.Sprintf("dump of 10, changed at %d", at), cmdSeries, all(u32(1, 10), u32(3, at)))
	}
	for _, n := range []uint32{0, 1, 3, 20, 10001} {
		qs.ask(fmt.Sprintf("burst of %d", n), cmdBurst, u32(1, n))
		qs.ask(fmt.Sprintf("burst of %d with data", n), cmdBurst, all(u32(1, n), u32(2, 7)))
	}
	qs.ask("burst without a count", cmdBurst, nil)
	qs.ask("burst of too much", cmdBurst, all(u32(1, 1), u32(2, 4097)))
}

// faults asks for errors.
func (qs *questions) faults() {
	errno := u32(1, uint32(netlink.ENODEV))
	for _, n := range []uint32{0, 1, 2, 4, 11, 95, 133, 134} {
		qs.ask(fmt.Sprintf("fail with %d", n), cmdFail, u32(1, n))
		qs.dump(fmt.Sprintf("dump fails with %d", n), cmdFailDump, all(u32(1, n), text(2, "why")))
	}
	qs.ask("fail without a number", cmdFail, nil)
	qs.ask("fail with a text", cmdFail, all(errno, text(2, "the text of the error")))
	qs.ask("fail with a long text", cmdFail, all(errno, text(2, "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")))
	for typ := range uint32(12) {
		qs.ask(fmt.Sprintf("fail for attribute %d", typ), cmdFail, all(errno, text(2, "t"), u32(3, typ), attr(8, []byte{1}), nest(9, u32(1, 1))))
	}
	for shape := range uint32(9) {
		qs.ask(fmt.Sprintf("fail for policy %d", shape), cmdFail, all(errno, u32(3, 1), u32(5, shape)))
		qs.ask(fmt.Sprintf("fail for policy %d alone", shape), cmdFail, all(errno, u32(5, shape)))
	}
	flag := func(typ uint16) func(b *wire.Builder) { return attr(typ, nil) }
	inner := nest(9, u32(2, 1), text(3, "x"))
	qs.ask("fail for what lies in a nest", cmdFail, all(errno, flag(4), inner))
	qs.ask("fail for what lies in a nest that is empty", cmdFail, all(errno, flag(4), nest(9)))
	qs.ask("fail for what lies in no nest", cmdFail, all(errno, flag(4)))
	qs.ask("fail for two", cmdFail, all(errno, u32(3, 2), flag(4), text(2, "x"), inner))
	for _, n := range []uint32{0, 1, 9, 65535, 65536} {
		qs.ask(fmt.Sprintf("fail for %d missing", n), cmdFail, all(errno, u32(6, n)))
		qs.ask(fmt.Sprintf("fail for %d missing in a nest", n), cmdFail, all(errno, u32(6, n), flag(7), inner))
	}
	qs.ask("fail for something missing in a nest", cmdFail, all(errno, flag(7), inner))
	qs.ask("fail for something missing in no nest", cmdFail, all(errno, u32(6, 3), flag(7)))
	for _, n := range []int{0, 1, 8, 20, 21} {
		qs.ask(fmt.Sprintf("fail with a cookie of %d", n), cmdFail, all(errno, attr(8, make([]byte, n))))
		qs.ask(fmt.Sprintf("warn with a cookie of %d", n), cmdWarn, all(text(2, "warning"), attr(8, make([]byte, n))))
	}
	qs.ask("fail with all there is", cmdFail, all(errno, text(2, "all"), u32(3, 2), u32(5, 0), u32(6, 4), flag(7), attr(8, []byte{7, 8}), inner))
	qs.ask("warn", cmdWarn, text(2, "take care"))
	qs.ask("warn without a text", cmdWarn, nil)
	qs.raw("warn without an ack", message(0, cmdWarn, text(2, "take care")))
	for _, n := range []uint32{0, 1, 50, 1000} {
		qs.dump(fmt.Sprintf("dump fails after %d", n), cmdFailDump, all(errno, text(2, "in the end"), u32(10, n)))
		qs.dump(fmt.Sprintf("dump of %d", n), cmdFailDump, u32(10, n))
	}
	qs.dump("dump fails without a text", cmdFailDump, errno)
}
