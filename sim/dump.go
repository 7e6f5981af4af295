package sim

import (
	"encoding/binary"
	"errors"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

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
// it yields. An error ends the dump; it comes with NLMSG_DONE. A reader that
// closes its socket early ends the iteration, so that deferred functions release
// what the dump holds.
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

// dumpState is the place for the one dump a socket can have at a time.
type dumpState struct {
	mu      sync.Mutex // held while entries are made
	running atomic.Bool
	*dump
}

// dump is a dump under way.
type dump struct {
	req  *Request
	op   *DumpOp
	next func() (Entry, error, bool)
	stop func()

	pending Entry // did not fit into the last datagram
	ended   bool
	errno   netlink.Errno // of the end

	generation, told uint32
	scratch          []byte
}

func newDump(r *Request, op *DumpOp) *dump {
	d := &dump{req: r, op: op}
	d.next, d.stop = iter.Pull2(op.Entries(r))
	return d
}

// startDump begins a dump and makes its first datagram.
func (r *Request) startDump(op *DumpOp) error {
	// The dump outlives the datagram, which is the sender's.
	r.msg = r.msg.Clone()
	s := r.sock
	if s == nil {
		return r.collectDump(op)
	}
	s.dump.mu.Lock()
	defer s.dump.mu.Unlock()
	if s.isClosed() {
		return netlink.ECONNREFUSED
	}
	if s.dump.running.Load() {
		return netlink.EBUSY
	}
	if op.Start != nil {
		if err := op.Start(r); err != nil {
			return err
		}
	}
	r.ext = netlink.ExtAck{}
	s.dump.dump = newDump(r, op)
	s.dump.running.Store(true)
	if errno := s.nextDump(); errno != 0 {
		return errno
	}
	return errDumpStarted
}

// continueDump makes the next datagram.
func (s *socket) continueDump() netlink.Errno {
	s.dump.mu.Lock()
	defer s.dump.mu.Unlock()
	if !s.dump.running.Load() {
		return 0
	}
	return s.nextDump()
}

// nextDump makes and queues one datagram. s.dump.mu is held.
func (s *socket) nextDump() netlink.Errno {
	s.mu.Lock()
	full := s.queue.used >= s.queue.limit
	largest := s.largest
	s.mu.Unlock()
	if full {
		return netlink.ENOBUFS
	}
	// A page, or what the reader has shown to have room for: a larger datagram
	// would be cut.
	d := s.dump.dump
	size := max(d.op.MinSize, goodSize, largest)
	b, done := d.fill(size, s.extAck)
	s.mu.Lock()
	if !s.closed {
		// Charged for its room, not its bytes, and queued even over the limit.
		s.queue.push(datagram{bytes: b, charge: charge(size)})
		s.wake.Broadcast()
	}
	s.mu.Unlock()
	if done {
		s.endDump()
	}
	return 0
}

// endDump forgets the dump under way. s.dump.mu is held.
func (s *socket) endDump() {
	s.dump.stop()
	s.dump.dump = nil
	s.dump.running.Store(false)
}

// releaseDump ends a dump whose socket was closed.
func (s *socket) releaseDump() {
	s.dump.mu.Lock()
	defer s.dump.mu.Unlock()
	if s.dump.running.Load() {
		s.endDump()
	}
}

// fill makes a datagram of at most size bytes and reports whether it ends the
// dump. The bytes are the caller's.
func (d *dump) fill(size int, extAck bool) (b []byte, done bool) {
	if d.op.Generation != nil {
		d.generation = d.op.Generation()
	}
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
		case err == nil && len(out) <= size:
			buf, d.pending = out, nil
			d.told = d.generation
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
	if d.told != 0 && d.told != d.generation {
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
	if op.Start != nil {
		if err := op.Start(r); err != nil {
			return err
		}
	}
	d := newDump(r, op)
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
