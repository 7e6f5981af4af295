package expr

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/nlkit/nlkit/wire"
)

// What is kept of a record is asked of the function that keeps it: it is shown records
// that have nothing but what is in question. Where it takes none of them for a record
// nothing is said.

// families are the first byte of the headers that are tried: most have the address family
// there (AF_UNSPEC, AF_INET, AF_BRIDGE, AF_INET6). The rest is all zeros, or all ones.
var families = []byte{0, 2, 7, 10}

// kept refuses a field that no record has in the end, since it changes unannounced: a
// filter by it would never match.
func (c *compiler) kept(t token, f *field) error {
	if len(f.steps) == 0 || !c.loses(f.head, f.probe(0), func(record []byte) bool { return f.bare().any(record, notZero{}) }) {
		return nil
	}
	return c.errorf(t, "%s is not kept: it changes without being announced, so that a mirror could not be right about it", f.name)
}

// keptValue refuses a number, or bits, that a member of the header never has in the end.
func (c *compiler) keptValue(t token, f *field, v uint64, bits bool) error {
	if len(f.steps) > 0 || f.kind != kindNumber || f.bytes == 0 {
		return nil
	}
	kept := v
	stays := func(record []byte) bool {
		if f.off+f.size > len(record) {
			return false
		}
		kept, _ = f.number.of(record[f.off : f.off+f.size])
		return kept == v || bits && kept&v == v
	}
	put := func(header []byte) {
		if b := header[min(f.off, len(header)):]; len(b) >= f.bytes {
			f.number.put(b[:f.bytes], v)
		}
	}
	if !c.loses(c.headerLen(), nil, stays, put) {
		return nil
	}
	instead := ""
	if e := f.words.enum; e != nil {
		for _, entry := range e.Entries {
			of := entry.Value
			if e.IsFlags {
				of = 1 << of
			}
			if of == kept {
				instead = fmt.Sprintf(": %s stands for it", entry.Name)
			}
		}
	}
	return c.errorf(t, "%s is never %s in a mirror, since that comes and goes without being announced%s", f.name, t.text, instead)
}

func (c *compiler) headerLen() int {
	if c.layout.Header == nil {
		return 0
	}
	return wire.Align(c.layout.Header.Size)
}

// loses reports whether something is in none of the records that are taken for one.
func (c *compiler) loses(head int, attrs []byte, holds func(record []byte) bool, put ...func(header []byte)) bool {
	lost := false
	if c.names.Kept == nil {
		return false
	}
	for i := range 2*len(families) + 1 {
		header := bytes.Repeat([]byte{byte(i % 2 * 0xff)}, head)
		switch {
		case i == 2*len(families):
			if header = slices.Clone(c.names.Header); len(header) != head {
				continue
			}
		case head > 0:
			header[0] = families[i/2]
		}
		was := len(put) > 0 && c.stands(c.keep(header, attrs))
		for _, p := range put {
			p(header)
		}
		record := c.keep(header, attrs)
		if record == nil {
			continue
		}
		if len(put) > 0 && !c.stands(record) {
			lost = lost || was // else it stands for none whatever the value
			continue
		}
		if holds(record) {
			return false
		}
		lost = true
	}
	return lost
}

// keep is what is kept of a record of the given parts, nil where it is none.
func (c *compiler) keep(header, attrs []byte) []byte {
	return c.names.Kept(slices.Concat(header, attrs, c.names.Sample))
}

// stands reports whether what is kept stands for a record.
func (c *compiler) stands(record []byte) bool {
	return record != nil && (c.names.Absent == nil || !c.names.Absent(record))
}

// probeLen is how long a value is that is tried, in bytes: longer than any part of one.
const probeLen = 256

// probe is the attributes at a level that lead to the field's value, which is all ones.
func (f *field) probe(level int) []byte {
	var b []byte
	for _, s := range f.steps[level:] {
		if s.sel != nil && s.sel.level == level {
			b = appendProbe(b, s.sel.id, s.sel.payload())
		}
	}
	s := f.steps[level]
	id := s.id
	if s.any {
		id = 1
	}
	inner := make([]byte, s.skip)
	if level+1 < len(f.steps) {
		inner = append(inner, f.probe(level+1)...)
	} else {
		for range probeLen {
			inner = append(inner, 0xff)
		}
	}
	return appendProbe(b, id, inner)
}

// payload is the value that tells of the kind.
func (s *selector) payload() []byte {
	if s.isText {
		return append([]byte(s.text), 0)
	}
	b := make([]byte, s.bytes)
	s.number.put(b, s.value)
	return b
}

func appendProbe(b []byte, id uint16, payload []byte) []byte {
	b = binary.NativeEndian.AppendUint16(b, uint16(wire.AttrHeaderLen+len(payload)))
	b = append(binary.NativeEndian.AppendUint16(b, id), payload...)
	for len(b)%wire.AttrHeaderLen != 0 {
		b = append(b, 0)
	}
	return b
}

// notZero holds for what has any bit set.
type notZero struct{}

func (notZero) holds(p, _ []byte) bool {
	for _, b := range p {
		if b != 0 {
			return true
		}
	}
	return false
}
