package codec

import (
	"math/bits"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
)

// printer is what AppendJSON needs for one message. Printers are used again.
type printer struct {
	walker walker
	json   jsonSink
}

var printers = sync.Pool{New: func() any { return new(printer) }}

// AppendJSON appends the payload as a JSON object, in one line. It allocates
// nothing if dst has room.
func (l Layout) AppendJSON(dst, payload []byte, o Options) []byte {
	p := printers.Get().(*printer)
	p.json.reset(dst, o.Dialect == Python)
	p.walker.reset(&p.json, o, false)
	p.walker.message(l, payload)
	dst = p.json.buf
	p.json.buf = nil
	p.walker.forget()
	printers.Put(p)
	return dst
}

// jsonSink writes what a walker finds as JSON.
type jsonSink struct {
	buf    []byte
	python bool
	levels []jsonLevel
}

// jsonLevel is an object or a list that is being written.
type jsonLevel struct {
	begun bool // something stands in it
	index bool // the object around an element's index is open
}

func (j *jsonSink) reset(dst []byte, python bool) {
	j.buf, j.python, j.levels = dst, python, j.levels[:0]
}

func (j *jsonSink) open(c byte) {
	j.buf = append(j.buf, c)
	j.levels = append(j.levels, jsonLevel{})
}

func (j *jsonSink) close(c byte) {
	top := len(j.levels) - 1
	if j.levels[top].index {
		j.buf = append(j.buf, '}')
	}
	j.levels = j.levels[:top]
	j.buf = append(j.buf, c)
}

func (j *jsonSink) begin()   { j.open('{') }
func (j *jsonSink) end()     { j.close('}') }
func (j *jsonSink) list()    { j.open('[') }
func (j *jsonSink) endList() { j.close(']') }

// item begins an element of a list, or a field of an object.
func (j *jsonSink) item() {
	l := &j.levels[len(j.levels)-1]
	if l.index {
		j.buf = append(j.buf, '}')
		l.index = false
	}
	if l.begun {
		j.buf = append(j.buf, ',')
		if j.python {
			j.buf = append(j.buf, ' ')
		}
	}
	l.begun = true
}

func (j *jsonSink) colon() {
	j.buf = append(j.buf, ':')
	if j.python {
		j.buf = append(j.buf, ' ')
	}
}

func (j *jsonSink) key(name string, _ *ynl.Attr, _ *ynl.Member, _ uint16, _ []byte) {
	j.item()
	j.word(name)
	j.colon()
}

func (j *jsonSink) unknown(typ uint16, _ []byte) {
	j.item()
	if j.python {
		j.buf = append(j.buf, `"UnknownAttr(`...)
		j.buf = strconv.AppendUint(j.buf, uint64(typ&wire.AttrTypeMask), 10)
		j.buf = append(j.buf, `)"`...)
	} else {
		j.buf = append(j.buf, `"`+prefixAttr...)
		j.buf = strconv.AppendUint(j.buf, uint64(typ&wire.AttrTypeMask), 10)
		j.buf = append(j.buf, '"')
	}
	j.colon()
}

func (j *jsonSink) elem(index uint16, show bool, _ uint16, _ []byte) {
	j.item()
	if !show {
		return
	}
	j.buf = append(j.buf, `{"`...)
	j.buf = strconv.AppendUint(j.buf, uint64(index), 10)
	j.buf = append(j.buf, '"')
	j.colon()
	j.levels[len(j.levels)-1].index = true
}

func (j *jsonSink) uint(v uint64) { j.buf = strconv.AppendUint(j.buf, v, 10) }
func (j *jsonSink) sint(v int64)  { j.buf = strconv.AppendInt(j.buf, v, 10) }
func (j *jsonSink) yes()          { j.buf = append(j.buf, "true"...) }

func (j *jsonSink) hex(v uint64) {
	j.buf = append(j.buf, `"0x`...)
	j.buf = strconv.AppendUint(j.buf, v, 16)
	j.buf = append(j.buf, '"')
}

func (j *jsonSink) nameless(v uint64, signed bool) {
	if j.python {
		j.buf = append(j.buf, `"Unknown(`...)
	}
	if signed {
		j.sint(int64(v))
	} else {
		j.uint(v)
	}
	if j.python {
		j.buf = append(j.buf, `)"`...)
	}
}

func (j *jsonSink) bits(e *ynl.Enum, v uint64) {
	if j.python {
		j.sortedBits(e, v)
		return
	}
	j.list()
	left := uint64(0)
	for ; v != 0; v &= v - 1 {
		i := uint64(bits.TrailingZeros64(v))
		entry := e.ByValue(i)
		if entry == nil {
			left |= 1 << i
			continue
		}
		j.item()
		j.word(entry.Name)
	}
	if left != 0 {
		j.item()
		j.hex(left)
	}
	j.endList()
}

// sortedBits writes the names in the order of the alphabet, as the Python client
// does.
func (j *jsonSink) sortedBits(e *ynl.Enum, v uint64) {
	var names [64]string
	n := 0
	for ; v != 0; v &= v - 1 {
		i := uint64(bits.TrailingZeros64(v))
		name := "Unknown(" + strconv.FormatUint(i, 10) + ")"
		if entry := e.ByValue(i); entry != nil {
			name = entry.Name
		}
		names[n] = name
		n++
	}
	slices.Sort(names[:n])
	j.list()
	for _, name := range names[:n] {
		j.item()
		j.word(name)
	}
	j.endList()
}

const hexDigits = "0123456789abcdef"

func (j *jsonSink) hexString(p []byte, between string) {
	j.buf = append(j.buf, '"')
	for i, c := range p {
		if i > 0 {
			j.buf = append(j.buf, between...)
		}
		j.buf = append(j.buf, hexDigits[c>>4], hexDigits[c&15])
	}
	j.buf = append(j.buf, '"')
}

func (j *jsonSink) bytes(p []byte, hint ynl.Hint) {
	between := ""
	if hint == ynl.HintHex {
		between = " "
	}
	j.hexString(p, between)
}

func (j *jsonSink) mac(p []byte) { j.hexString(p, ":") }

func (j *jsonSink) addr(a netip.Addr) {
	j.buf = append(j.buf, '"')
	j.buf = a.AppendTo(j.buf)
	j.buf = append(j.buf, '"')
}

func (j *jsonSink) uuid(p []byte) {
	j.buf = append(j.buf, '"')
	j.buf = appendUUID(j.buf, p)
	j.buf = append(j.buf, '"')
}

func appendUUID(dst, p []byte) []byte {
	for i, c := range p {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			dst = append(dst, '-')
		}
		dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
	}
	return dst
}

func (j *jsonSink) raw(p []byte) {
	if j.python {
		j.hexString(p, "")
		return
	}
	j.buf = append(j.buf, `{"`+keyHex+`":`...)
	j.hexString(p, "")
	j.buf = append(j.buf, '}')
}

func (j *jsonSink) word(s string) { j.buf = appendQuoted(j.buf, s, j.python) }

func (j *jsonSink) text(p []byte) {
	if !j.python && !utf8.Valid(p) {
		j.raw(p)
		return
	}
	j.buf = appendQuoted(j.buf, p, j.python)
}

// appendQuoted appends a JSON string. With ascii nothing but ASCII is written,
// and bytes that are no UTF-8 become the lone surrogates Python has for them.
func appendQuoted[T string | []byte](dst []byte, s T, ascii bool) []byte {
	dst = append(dst, '"')
	done := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		size := 1
		var r rune
		if c >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(string(s[i:min(len(s), i+utf8.UTFMax)]))
			if !ascii && (r != utf8.RuneError || size > 1) {
				i += size
				continue
			}
		}
		dst = append(dst, s[done:i]...)
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c < 0x20:
			dst = appendEscape(dst, rune(c))
		case r == utf8.RuneError && size == 1 && ascii:
			dst = appendEscape(dst, 0xdc00+rune(c))
		case r == utf8.RuneError && size == 1:
			dst = append(dst, `\ufffd`...)
		case r > 0xffff:
			r -= 0x10000
			dst = appendEscape(dst, 0xd800+r>>10)
			dst = appendEscape(dst, 0xdc00+r&0x3ff)
		default:
			dst = appendEscape(dst, r)
		}
		i += size
		done = i
	}
	dst = append(dst, s[done:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, r rune) []byte {
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
