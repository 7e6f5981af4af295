package nl

import (
	"net/netip"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// String writes a message, or a C struct of a generated package, for people, in
// one line:
//
//	{ifi-index 2 ifi-flags up|running ifname eth0 linkinfo {kind vlan data {id 5}}}
//
// What is not set is left out, and so are members of C structs that are zero.
// Long bytes and long lists are cut short; what the text looks like may change.
// m is the struct or a pointer to it; a nil pointer is "nil".
func String(m any) string {
	v := structOf(reflect.ValueOf(m))
	if !v.IsValid() {
		return "nil"
	}
	p := printers.Get().(*printer)
	defer printers.Put(p)
	payload, err := p.encode(m, v)
	if err != nil {
		return "{" + strings.TrimPrefix(err.Error(), "nl: ") + "}"
	}
	var t textSink
	if err := p.walker.walk(&t, true, typeOf(v.Type()), v, payload); err != nil {
		return "{" + err.Error() + "}"
	}
	return string(t.buf)
}

// Bytes and elements that are written at most, of one value.
const (
	someBytes = 32
	someItems = 16
)

// textSink writes what a walker finds for people.
type textSink struct {
	buf    []byte
	levels []textLevel
}

// textLevel is an object or a list that is being written.
type textLevel struct {
	n   int // of its elements
	cut int // where the text ends of what is not cut; 0 where nothing is
}

func (t *textSink) open(c byte) {
	t.buf = append(t.buf, c)
	t.levels = append(t.levels, textLevel{})
}

func (t *textSink) close(c byte) {
	l := t.levels[len(t.levels)-1]
	t.levels = t.levels[:len(t.levels)-1]
	if l.cut > 0 {
		t.buf = append(t.buf[:l.cut], " and "...)
		t.buf = strconv.AppendInt(t.buf, int64(l.n-someItems), 10)
		t.buf = append(t.buf, " more"...)
	}
	t.buf = append(t.buf, c)
}

func (t *textSink) begin()   { t.open('{') }
func (t *textSink) end()     { t.close('}') }
func (t *textSink) list()    { t.open('[') }
func (t *textSink) endList() { t.close(']') }

func (t *textSink) next() *textLevel {
	l := &t.levels[len(t.levels)-1]
	if l.n > 0 {
		t.buf = append(t.buf, ' ')
	}
	l.n++
	return l
}

func (t *textSink) item() {
	at := len(t.buf)
	l := t.next()
	switch {
	case l.cut > 0: // what was written of the element before is not kept
		t.buf = t.buf[:l.cut]
	case l.n > someItems:
		l.cut = at
	}
}

func (t *textSink) key(name string) {
	t.next()
	t.buf = append(t.buf, name...)
	t.buf = append(t.buf, ' ')
}

func (t *textSink) elem(index uint16, show bool) {
	t.item()
	if show {
		t.buf = strconv.AppendUint(t.buf, uint64(index), 10)
		t.buf = append(t.buf, ':')
	}
}

func (t *textSink) uint(v uint64)     { t.buf = strconv.AppendUint(t.buf, v, 10) }
func (t *textSink) sint(v int64)      { t.buf = strconv.AppendInt(t.buf, v, 10) }
func (t *textSink) word(s string)     { t.buf = append(t.buf, s...) }
func (t *textSink) yes()              { t.buf = append(t.buf, "yes"...) }
func (t *textSink) addr(a netip.Addr) { t.buf = a.AppendTo(t.buf) }
func (t *textSink) uuid(p []byte)     { t.word(UUID(p).String()) }

func (t *textSink) hex(v uint64) {
	t.buf = append(t.buf, "0x"...)
	t.buf = strconv.AppendUint(t.buf, v, 16)
}

func (t *textSink) bits(names []string) {
	if len(names) == 0 {
		t.buf = append(t.buf, '0')
		return
	}
	t.word(strings.Join(names, "|"))
}

// text writes a text as it is where nothing in it can be taken for something
// else, and in quotes otherwise.
func (t *textSink) text(p []byte) {
	s := string(p)
	if s == "" || strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || strings.ContainsRune(`"{}[]`, r) || !unicode.IsPrint(r)
	}) {
		t.buf = strconv.AppendQuote(t.buf, s)
		return
	}
	t.word(s)
}

func (t *textSink) bytes(p []byte, _ hint) {
	t.buf = append(t.buf, "0x"...)
	t.buf = appendDigits(t.buf, p[:min(len(p), someBytes)], "")
	if len(p) > someBytes {
		t.buf = append(t.buf, "... ("...)
		t.buf = strconv.AppendInt(t.buf, int64(len(p)), 10)
		t.buf = append(t.buf, " bytes)"...)
	}
}

func (t *textSink) mac(p []byte) { t.buf = appendDigits(t.buf, p, ":") }
func (t *textSink) raw(p []byte) { t.bytes(p, noHint) }
