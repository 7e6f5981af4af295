package sim

import (
	"encoding/binary"
	"errors"
	"iter"
	"slices"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// Entry appends one entry of a dump, one message: in generic netlink the user
// header, if the family has one, and the attributes; in a classic protocol the
// payload. It is called again for the next datagram if the entry did not fit
// into the one before.
type Entry func(b *wire.Builder)

// Dumper yields the entries of a dump one by one:
//
//	func list(r *sim.Request) iter.Seq2[sim.Entry, error] {
//		return func(yield func(sim.Entry, error) bool) {
//			for _, name := range names() {
//				if !yield(func(b *wire.Builder) { b.Text(attrName, name) }, nil) {
//					return
//				}
//			}
//		}
//	}
//
// It runs only while a datagram is made, in the goroutine that sends the request
// or reads the replies, and rests between them: it must not hold a lock while
// it yields. An error ends the dump; it comes with NLMSG_DONE. A socket that is
// closed early ends the iteration, so that deferred functions release what the
// dump holds; if a datagram is being made then, as soon as that is done.
type Dumper func(r *Request) iter.Seq2[Entry, error]

// DumpOptions are what few dumps need.
type DumpOptions struct {
	// Start runs before the dump begins. Its error is answered with NLMSG_ERROR,
	// where one from the Dumper comes with NLMSG_DONE.
	Start func(*Request) error
	// Generation, if set, returns a number other than 0 that changes with the
	// table. It is asked once per datagram; after a change the next message
	// carries NLM_F_DUMP_INTR.
	Generation func() uint32
	// MinSize is room in bytes that a datagram must have even for a reader
	// with a small buffer, for entries larger than 3.7 KiB.
	MinSize int
	// DoneWithData puts NLMSG_DONE into the last datagram with entries where it
	// fits, as the newer dumps of Linux do. Else it comes alone.
	DoneWithData bool

	// grow gives an entry that does not fit into a datagram a larger one of its
	// own; else it ends the dump with EMSGSIZE.
	grow bool
}

// DumpOp is a dump of a classic protocol.
type DumpOp struct {
	Type    wire.Type // of the messages
	Entries Dumper
	DumpOptions
}

// errDumpStarted says that a request began a dump and is not to be acknowledged.
// The kernel uses EINTR for it.
var errDumpStarted = errors.New("dump started")

// dump is a dump under way, of which a socket can have one at a time.
//
// Whoever makes its next datagram owns it and has set making, which the socket's
// lock guards. No lock is held meanwhile: entries are the work of handlers,
// which may use the very socket, and even close it. It is free again in the moment
// its datagram is queued: who reads that has to find it so, or nobody would go on.
type dump struct {
	making bool
	turn   int // counts who has made it his own

	req  *Request
	op   *DumpOp
	next func() (Entry, error, bool) // nil: not begun
	stop func()

	pending Entry // did not fit into the last datagram
	ended   bool
	errno   netlink.Errno // of the end

	generation, told uint32
	scratch          []byte
}

// begin runs Start and makes the dump ready for fill.
func (d *dump) begin() error {
	if d.op.Start != nil {
		if err := d.op.Start(d.req); err != nil {
			return err
		}
	}
	d.req.ext = netlink.ExtAck{}
	d.next, d.stop = iter.Pull2(d.op.Entries(d.req))
	return nil
}

// startDump begins a dump and makes its first datagram.
func (r *Request) startDump(op *DumpOp) error {
	// The dump outlives the datagram, which is the sender's.
	r.msg = r.msg.Clone()
	s := r.sock
	if s == nil {
		return r.collectDump(op)
	}
	d := &dump{making: true, req: r, op: op}
	s.mu.Lock()
	switch {
	case s.closed:
		s.mu.Unlock()
		return netlink.ECONNREFUSED
	case s.dump != nil:
		s.mu.Unlock()
		return netlink.EBUSY
	}
	s.dump = d
	s.mu.Unlock()
	defer s.restDump(d, d.turn)
	if err := d.begin(); err != nil {
		return err
	}
	if errno := s.nextDump(d); errno != 0 {
		return errno
	}
	return errDumpStarted
}

// continueDump makes the next datagram of a dump that the caller has made its
// own.
func (s *socket) continueDump(d *dump) netlink.Errno {
	defer s.restDump(d, d.turn)
	return s.nextDump(d)
}

// nextDump makes and queues one datagram of d, which is the caller's.
func (s *socket) nextDump(d *dump) netlink.Errno {
	s.mu.Lock()
	full, closed := s.queue.used >= s.queue.limit, s.closed
	largest := s.largest
	s.mu.Unlock()
	switch {
	case closed:
		return 0
	case full:
		return netlink.ENOBUFS
	}
	// A page, or what the reader has shown to have room for: a larger datagram
	// would be cut.
	size := max(d.op.MinSize, goodSize, largest)
	b, done := d.fill(size, s.extAck)
	if done {
		d.stop()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d.making = false
	if done {
		// At once with its end: who reads that may begin another dump.
		s.dump = nil
	}
	if !s.closed {
		// Charged for its room, not its bytes, and queued even over the limit.
		s.queue.push(datagram{bytes: b, charge: charge(max(size, len(b)))})
		s.wake.Broadcast()
	}
	return 0
}

// restDump leaves a dump to the next reader, unless one has made it his own
// already. One that did not begin, or whose socket was closed while it was made,
// is ended. It is to be deferred, as handlers may panic.
func (s *socket) restDump(d *dump, turn int) {
	s.mu.Lock()
	if d.turn != turn {
		s.mu.Unlock()
		return
	}
	d.making = false
	ends := s.dump == d && (s.closed || d.next == nil)
	if ends {
		s.dump = nil
	}
	s.mu.Unlock()
	if ends && d.stop != nil {
		d.stop()
	}
}

// releaseDump ends the dump of a socket that was closed; who is making it right
// now does that himself.
func (s *socket) releaseDump() {
	s.mu.Lock()
	d := s.dump
	if d == nil || d.making {
		s.mu.Unlock()
		return
	}
	s.dump = nil
	s.mu.Unlock()
	d.stop()
}

// fill makes a datagram of at most size bytes and reports whether it ends the
// dump. The bytes are the caller's.
func (d *dump) fill(size int, extAck bool) (b []byte, done bool) {
	if d.op.Generation != nil {
		d.generation = d.op.Generation()
	}
	d.spoil()
	buf := d.scratch[:0]
	for !d.ended {
		entry := d.pending
		if entry == nil {
			var err error
			var ok bool
			if entry, err, ok = d.next(); !ok || err != nil {
				d.finish(d.req.explain(err))
				break
			}
			if entry == nil {
				continue
			}
		}
		out, err := d.message(buf, entry)
		switch {
		case err == nil && (len(out) <= size || d.op.grow && len(buf) == 0):
			buf, d.pending = out, nil
			d.told, d.req.interrupted = d.generation, false
			continue
		case len(buf) > 0:
			d.pending = entry // into the next datagram
		case err == nil || errors.Is(err, wire.ErrTooLong):
			d.finish(netlink.EMSGSIZE) // not even alone
		default:
			d.finish(d.req.explain(err))
		}
		break
	}
	d.scratch = buf
	if d.ended && (len(buf) == 0 || d.op.DoneWithData) && size-len(buf) >= wire.HeaderLen+4 {
		buf, done = d.done(buf, size, extAck), true
		d.scratch = buf
	}
	return slices.Clone(buf), done
}

func (d *dump) finish(errno netlink.Errno) {
	d.ended, d.errno, d.pending = true, errno, nil
}

// flags are those of the next message of the dump.
func (d *dump) flags() wire.Flags {
	f := wire.Multi | d.req.answer
	if d.req.interrupted || d.told != 0 && d.told != d.generation {
		f |= wire.DumpInterrupted
	}
	return f
}

// message appends one entry to buf.
func (d *dump) message(buf []byte, entry Entry) ([]byte, error) {
	var b wire.Builder
	b.Reset(buf)
	b.Message(wire.Header{Type: d.op.Type, Flags: d.flags(), Seq: d.req.head.Seq, Port: d.req.Port()})
	if d.req.family != nil {
		d.req.family.head(&b, d.req.op.reply())
	}
	entry(&b)
	return b.Bytes()
}

// done appends NLMSG_DONE, with the extended ACK if there is room for it.
func (d *dump) done(buf []byte, size int, extAck bool) []byte {
	start := len(buf)
	flags := d.flags()
	var tlvs wire.Builder
	if extAck {
		appendExtAck(&tlvs, &d.req.ext, d.errno, len(d.req.msg))
	}
	ext, err := tlvs.Bytes()
	if err != nil {
		ext = nil
	}
	if len(ext) > 0 {
		flags |= wire.AckTLVs
	}
	buf = wire.Header{Type: wire.TypeDone, Flags: flags, Seq: d.req.head.Seq, Port: d.req.Port()}.Append(buf)
	buf = binary.NativeEndian.AppendUint32(buf, -uint32(d.errno))
	if len(ext) <= size-len(buf) {
		buf = append(buf, ext...)
	}
	binary.NativeEndian.PutUint32(buf[start:], uint32(len(buf)-start))
	return buf
}

// collectDump runs a whole dump for a Kernel.Call.
func (r *Request) collectDump(op *DumpOp) error {
	d := &dump{req: r, op: op}
	if err := d.begin(); err != nil {
		return err
	}
	defer d.stop()
	for {
		b, done := d.fill(maxDump, true)
		r.send(b, 0)
		if done {
			if d.errno != 0 {
				return d.errno
			}
			return nil
		}
		if err := r.ctx.Err(); err != nil {
			return err
		}
	}
}
