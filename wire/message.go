package wire

import (
	"encoding/binary"
	"iter"
	"slices"
)

// Message is one whole message, header and payload, as it lies in a buffer.
// It is a view: valid while the buffer is, and never copied by this package.
//
// [Messages] yields messages of at least [HeaderLen] bytes. On a shorter
// slice every method returns its zero value.
type Message []byte

// Header decodes the message's header.
func (m Message) Header() Header {
	h, _ := ParseHeader(m)
	return h
}

// Type returns the message's type.
func (m Message) Type() Type {
	if len(m) < HeaderLen {
		return 0
	}
	return Type(binary.NativeEndian.Uint16(m[4:6]))
}

// Flags returns the header's flags.
func (m Message) Flags() Flags {
	if len(m) < HeaderLen {
		return 0
	}
	return Flags(binary.NativeEndian.Uint16(m[6:8]))
}

// Seq returns the sequence number.
func (m Message) Seq() uint32 {
	if len(m) < HeaderLen {
		return 0
	}
	return binary.NativeEndian.Uint32(m[8:12])
}

// Port returns the port id in the header. It is what the sender wrote, not who
// the sender is.
func (m Message) Port() uint32 {
	if len(m) < HeaderLen {
		return 0
	}
	return binary.NativeEndian.Uint32(m[12:16])
}

// Data returns the payload: all that follows the header.
func (m Message) Data() []byte {
	if len(m) < HeaderLen {
		return nil
	}
	return m[HeaderLen:]
}

// Clone returns a copy that is the caller's.
func (m Message) Clone() Message { return slices.Clone(m) }

// SetFlags overwrites the header's flags in place. m must be at least
// [HeaderLen] bytes long; a shorter one is left alone.
func (m Message) SetFlags(f Flags) {
	if len(m) >= HeaderLen {
		binary.NativeEndian.PutUint16(m[6:8], uint16(f))
	}
}

// SetSeq overwrites the sequence number in place, as SetFlags does the flags.
func (m Message) SetSeq(seq uint32) {
	if len(m) >= HeaderLen {
		binary.NativeEndian.PutUint32(m[8:12], seq)
	}
}

// SetPort overwrites the port id in place, as SetFlags does the flags.
func (m Message) SetPort(port uint32) {
	if len(m) >= HeaderLen {
		binary.NativeEndian.PutUint32(m[12:16], port)
	}
}

// Messages yields the messages of one datagram:
//
//	for m, err := range wire.Messages(datagram) {
//		if err != nil {
//			return err
//		}
//		use(m)
//	}
//
// Where the bytes stop being messages the last step yields a [*Malformed] that
// says where and why; all that stood before it has been yielded.
func Messages(datagram []byte) iter.Seq2[Message, error] {
	// Small enough to be inlined with its loop body, as Attrs is.
	return func(yield func(Message, error) bool) {
		off := 0
		for len(datagram)-off >= HeaderLen {
			// Compared before it becomes an int: 32 bits do not fit one everywhere.
			n := binary.NativeEndian.Uint32(datagram[off:])
			if n < HeaderLen || uint64(n) > uint64(len(datagram)-off) {
				break
			}
			end := off + int(n)
			if !yield(Message(datagram[off:end:end]), nil) {
				return
			}
			off = min(Align(end), len(datagram)) // the last one may lack its padding
		}
		if off < len(datagram) {
			yield(nil, messageFault(datagram, off))
		}
	}
}
