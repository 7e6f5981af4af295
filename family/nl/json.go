package nl

import (
	"fmt"
	"net/netip"
	"reflect"
	"strconv"
	"sync"

	"github.com/nlkit/nlkit/wire"
)

// MarshalJSON writes a message, or a C struct of a generated package, as JSON: an
// object of the spec's names, in which what is not set is left out. It is what
// package codec writes for the same bytes, the order of names aside: what is
// unknown or malformed is there too. m is the struct or a pointer to it; a nil
// pointer is null.
//
// It fails where m cannot be sent: a nest of more than 65535 bytes, or a NUL in a
// string.
func MarshalJSON(m any) ([]byte, error) {
	p := printers.Get().(*printer)
	defer printers.Put(p)
	return p.print(nil, m)
}

// AppendJSON appends m to dst as MarshalJSON writes it; null where that fails.
func AppendJSON(dst []byte, m any) []byte {
	p := printers.Get().(*printer)
	defer printers.Put(p)
	out, err := p.print(dst, m)
	if err != nil {
		return append(dst, "null"...)
	}
	return out
}

// printer is what it takes to write a message. Printers are used again.
type printer struct {
	b      wire.Builder
	buf    []byte
	walker walker
	json   jsonSink
}

var printers = sync.Pool{New: func() any { return new(printer) }}

func (p *printer) print(dst []byte, m any) ([]byte, error) {
	v := structOf(reflect.ValueOf(m))
	if !v.IsValid() {
		if r := reflect.ValueOf(m); m == nil || r.Kind() == reflect.Pointer && r.Type().Elem().Kind() == reflect.Struct {
			return append(dst, "null"...), nil
		}
		return nil, fmt.Errorf("nl: a %T is no message: want a struct of a generated package", m)
	}
	payload, err := p.encode(m, v)
	if err != nil {
		return nil, err
	}
	t := typeOf(v.Type())
	p.json.buf, p.json.begun = dst, p.json.begun[:0]
	err = p.walker.walk(&p.json, false, t, v, payload)
	dst, p.json.buf = p.json.buf, nil
	return dst, err
}

// walk tells a sink what a message's payload holds.
func (w *walker) walk(out sink, brief bool, t *structType, v reflect.Value, payload []byte) error {
	w.out, w.brief, w.err = out, brief, nil
	w.scopes, w.places = w.scopes[:0], w.places[:0]
	w.message(t, v, payload)
	clear(w.scopes[:cap(w.scopes)])
	w.out = nil
	return w.err
}

// appender is what every message implements.
type appender interface{ AppendNetlink(b *wire.Builder) }

// encode makes the payload of a message, which v is the struct of. It is valid
// until the printer is used again.
func (p *printer) encode(m any, v reflect.Value) ([]byte, error) {
	t := typeOf(v.Type())
	if t.err != nil {
		return nil, t.err
	}
	p.b.Reset(p.buf[:0])
	a, ok := m.(appender)
	if !ok {
		// Methods of a message are its pointer's.
		c := reflect.New(v.Type())
		c.Elem().Set(v)
		a, ok = c.Interface().(appender)
	}
	switch {
	case ok:
		a.AppendNetlink(&p.b)
	case !t.isMessage():
		p.b.Verbatim(t.appendTo(nil, v))
	default:
		return nil, fmt.Errorf("nl: a %s is no message: it has no method AppendNetlink", v.Type())
	}
	out, err := p.b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("nl: %s: %w", v.Type(), err)
	}
	p.buf = out
	return out, nil
}

// jsonSink writes what a walker finds as JSON, in one line.
type jsonSink struct {
	buf   []byte
	begun []jsonLevel
}

// jsonLevel is an object or a list that is being written.
type jsonLevel struct {
	begun bool // something stands in it
	index bool // the object around an element's index is open
}

func (j *jsonSink) open(c byte) {
	j.buf = append(j.buf, c)
	j.begun = append(j.begun, jsonLevel{})
}

func (j *jsonSink) close(c byte) {
	top := len(j.begun) - 1
	if j.begun[top].index {
		j.buf = append(j.buf, '}')
	}
	j.begun = j.begun[:top]
	j.buf = append(j.buf, c)
}

func (j *jsonSink) begin()   { j.open('{') }
func (j *jsonSink) end()     { j.close('}') }
func (j *jsonSink) list()    { j.open('[') }
func (j *jsonSink) endList() { j.close(']') }

func (j *jsonSink) item() {
	l := &j.begun[len(j.begun)-1]
	if l.index {
		j.buf = append(j.buf, '}')
		l.index = false
	}
	if l.begun {
		j.buf = append(j.buf, ',')
	}
	l.begun = true
}

func (j *jsonSink) key(name string) {
	j.item()
	j.word(name)
	j.buf = append(j.buf, ':')
}

func (j *jsonSink) elem(index uint16, show bool) {
	j.item()
	if show {
		j.buf = append(j.buf, `{"`...)
		j.buf = strconv.AppendUint(j.buf, uint64(index), 10)
		j.buf = append(j.buf, `":`...)
		j.begun[len(j.begun)-1].index = true
	}
}

func (j *jsonSink) uint(v uint64) { j.buf = strconv.AppendUint(j.buf, v, 10) }
func (j *jsonSink) sint(v int64)  { j.buf = strconv.AppendInt(j.buf, v, 10) }
func (j *jsonSink) yes()          { j.buf = append(j.buf, "true"...) }
func (j *jsonSink) text(p []byte) { j.word(string(p)) }
func (j *jsonSink) mac(p []byte)  { j.digits(p, ":") }
func (j *jsonSink) uuid(p []byte) { j.word(UUID(p).String()) }

func (j *jsonSink) hex(v uint64) {
	j.buf = append(j.buf, `"0x`...)
	j.buf = strconv.AppendUint(j.buf, v, 16)
	j.buf = append(j.buf, '"')
}

func (j *jsonSink) bits(names []string) {
	j.list()
	for _, name := range names {
		j.item()
		j.word(name)
	}
	j.endList()
}

func (j *jsonSink) bytes(p []byte, h hint) {
	if h == hintHex {
		j.digits(p, " ")
		return
	}
	j.digits(p, "")
}

func (j *jsonSink) addr(a netip.Addr) {
	j.buf = append(j.buf, '"')
	j.buf = a.AppendTo(j.buf)
	j.buf = append(j.buf, '"')
}

func (j *jsonSink) raw(p []byte) {
	j.buf = append(j.buf, `{"`+nameHex+`":`...)
	j.digits(p, "")
	j.buf = append(j.buf, '}')
}

func (j *jsonSink) digits(p []byte, between string) {
	j.buf = append(j.buf, '"')
	j.buf = appendDigits(j.buf, p, between)
	j.buf = append(j.buf, '"')
}

const hexDigits = "0123456789abcdef"

// appendDigits appends bytes in hexadecimal.
func appendDigits(dst, p []byte, between string) []byte {
	for i, c := range p {
		if i > 0 {
			dst = append(dst, between...)
		}
		dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
	}
	return dst
}

// word writes a text, which is UTF-8.
func (j *jsonSink) word(s string) {
	j.buf = append(j.buf, '"')
	done := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		j.buf = append(j.buf, s[done:i]...)
		done = i + 1
		if c < ' ' {
			j.buf = append(j.buf, `\u00`...)
			j.buf = append(j.buf, hexDigits[c>>4], hexDigits[c&15])
			continue
		}
		j.buf = append(j.buf, '\\', c)
	}
	j.buf = append(j.buf, s[done:]...)
	j.buf = append(j.buf, '"')
}
