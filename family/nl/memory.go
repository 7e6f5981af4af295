package nl

// Memory is what a reply is decoded into, for those who ask often: given as an
// option to a call that returns a reply, it is used again by the next call it is
// given to, which then allocates nothing for the reply.
//
//	var mem nl.Memory[rtlink.Link]
//	for {
//		link, err := c.LinkGet(ctx, req, &mem) // link is valid until the next call with mem
//		...
//	}
//
// What is decoded is borrowed: Clone makes it the caller's own. A Memory is for one
// call at a time; the zero value is ready to use. Calls that return another type,
// or nothing, do not use it.
type Memory[T any] struct {
	v   T
	d   Decoder
	buf []byte // the reply's payload, which the message borrows from
}

func (m *Memory[T]) apply(o *callOptions) { o.memory = m }

// decodeInto decodes a payload, which is copied.
func decodeInto[T any, P Reply[T]](m *Memory[T], payload []byte) *T {
	m.d.Reset()
	m.buf = append(m.buf[:0], payload...)
	P(&m.v).DecodeNetlink(&m.d, m.buf)
	return &m.v
}
