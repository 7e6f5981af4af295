package netlink

const (
	// burstLen is how many datagrams are read by one call where they come fast: most of
	// the cost of one is that of the call.
	burstLen = 16
	// burstAfter is after how many in a row, without the queue having been empty, they
	// are held to come fast.
	burstAfter = 16
)

// BurstReceiver is a [Transport] that can read several datagrams with one call, as the
// live kernel's socket can. A Subscription uses it where events come fast; one that is
// wrapped loses it unless the wrapper has it too.
type BurstReceiver interface {
	// ReceiveBurst reads up to len(list) datagrams, each into a part of its own of buf,
	// which is len(buf)/len(list) bytes, and returns how many. It does not wait: EAGAIN
	// says that there is none, ENOSYS that it is not to be had. Other errors are those of
	// Receive, and come only without a datagram. It takes turns with Receive.
	ReceiveBurst(buf []byte, list []Datagram) (int, error)
}

// receiveBurst is ReceiveBurst of a transport that may have it.
func receiveBurst(t Transport, buf []byte, list []Datagram) (int, error) {
	b, ok := t.(BurstReceiver)
	if !ok {
		return 0, ENOSYS
	}
	return b.ReceiveBurst(buf, list)
}

// burst is what a Subscription has read and not taken in yet.
type burst struct {
	none   bool   // the transport can do no more than one
	streak int    // datagrams since the queue was empty
	buf    []byte // made with the first burst: it is large
	list   [burstLen]Datagram
	at, n  int
}

// poll returns the next datagram and its bytes, without waiting.
func (s *Subscription) poll() (Datagram, []byte, error) {
	b := &s.burst
	if b.at == b.n && b.streak >= burstAfter && s.burstAllowed() {
		if b.buf == nil {
			b.buf = make([]byte, burstLen*bufferSize)
		}
		n, err := receiveBurst(s.t, b.buf, b.list[:])
		if err == ENOSYS || err == EPERM {
			b.buf, b.none = nil, true // no such transport, an old kernel, or a sandbox
		} else if err != nil {
			b.streak = 0
			return Datagram{}, nil, err
		}
		b.at, b.n = 0, n
	}
	if b.at < b.n {
		d := b.list[b.at]
		from := b.at * bufferSize
		b.at++
		return d, b.buf[from : from+d.N], nil
	}
	d, err := s.rx.poll(s.buf)
	if err != nil {
		b.streak = 0
		return Datagram{}, nil, err
	}
	b.streak++
	return d, s.buf[:d.N], nil
}

// burstAllowed reports whether several datagrams may be read at once. Where something
// was lost its place is found by what is left in the queue after each; and one that was
// larger than a part of the buffer may be followed by more of its kind.
func (s *Subscription) burstAllowed() bool {
	return !s.burst.none && !s.noENOBUFS && !s.congested && len(s.buf) == bufferSize
}
