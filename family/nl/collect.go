package nl

import (
	"errors"
	"iter"

	"github.com/nlkit/nlkit/wire"
)

// Collect keeps all that an iteration yields: the elements are the caller's own.
// What came before an error is returned with it; what came before a dump was made
// anew ([Retries]) is dropped.
//
// The elements are kept as they are sent, in few bytes, until their number is
// known, and then decoded into their places: there is never a second copy of the
// whole table, nor a table that is too large.
func Collect[T any, P Reply[T]](seq iter.Seq2[*T, error]) ([]T, error) {
	var kept packed
	odd := map[int]T{} // what cannot be sent again, by place
	var failed error
	for v, err := range seq {
		if err != nil {
			if errors.Is(err, ErrRestarted) {
				kept = packed{}
				clear(odd)
				continue
			}
			failed = err
			break
		}
		if !kept.add(P(v)) {
			P(v).Own()
			odd[kept.n] = *v
			kept.addNone()
		}
	}
	list := make([]T, kept.n)
	d := Decoder{own: true}
	i := 0
	for payload := range kept.all() {
		P(&list[i]).DecodeNetlink(&d, payload)
		i++
	}
	for i, v := range odd {
		list[i] = v
	}
	return list, failed
}

// packed is a list of messages as bytes, in chunks.
type packed struct {
	full [][]byte
	buf  []byte // the last chunk
	most int    // bytes of the largest message so far
	b    wire.Builder
	n    int
}

// Sizes of chunks in bytes: the first one's, and what they grow to.
const (
	minChunk = 4 << 10
	maxChunk = 1 << 20
)

// add adds a message. It reports false where that cannot be made of it.
func (p *packed) add(m Message) bool {
	if p.buf == nil || cap(p.buf)-len(p.buf) < p.most {
		p.next()
	}
	p.b.Reset(p.buf)
	p.b.Message(wire.Header{})
	m.AppendNetlink(&p.b)
	buf, err := p.b.Bytes()
	if err != nil {
		return false
	}
	p.most = max(p.most, len(buf)-len(p.buf))
	p.buf = buf
	p.n++
	return true
}

// addNone adds a message without a payload, which keeps a place.
func (p *packed) addNone() {
	p.buf = wire.Header{Len: wire.HeaderLen}.Append(p.buf)
	p.n++
}

// next begins a chunk.
func (p *packed) next() {
	size := minChunk
	if p.buf != nil {
		p.full = append(p.full, p.buf)
		size = min(2*cap(p.buf), maxChunk)
	}
	p.buf = make([]byte, 0, max(size, p.most))
}

// all yields the payloads, and lets go of the chunks that are through.
func (p *packed) all() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if p.buf != nil {
			p.full = append(p.full, p.buf)
		}
		for i, chunk := range p.full {
			for m := range wire.Messages(chunk) {
				if !yield(m.Data()) {
					return
				}
			}
			p.full[i] = nil
		}
	}
}
