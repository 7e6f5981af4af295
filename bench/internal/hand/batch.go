//go:build linux

package hand

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// Batch sends messages made by build, many per system call and without an ACK
// each; the last one of a system call asks for one, which ends the wait. It is
// how the benchmarks fill and empty tables. build appends message i to b.
func (s *Socket) Batch(n int, build func(b []byte, i int) []byte) error {
	const room = BufferSize - 512
	buf := make([]byte, 0, BufferSize)
	for i := 0; i < n; {
		buf = buf[:0]
		last := 0
		for i < n && len(buf) < room {
			last = len(buf)
			buf = build(buf, i)
			binary.NativeEndian.PutUint32(buf[last+8:], 0)
			i++
		}
		seq := s.NextSeq()
		binary.NativeEndian.PutUint32(buf[last+8:], seq)
		flags := binary.NativeEndian.Uint16(buf[last+6:])
		binary.NativeEndian.PutUint16(buf[last+6:], flags|unix.NLM_F_ACK)
		if err := s.Send(buf); err != nil {
			return err
		}
		if err := s.wait(seq); err != nil {
			return fmt.Errorf("messages up to %d: %w", i, err)
		}
	}
	return nil
}

// wait reads until the ACK of seq and returns the first error on the way.
func (s *Socket) wait(seq uint32) error {
	var first error
	for {
		d, err := s.Receive()
		if err != nil {
			return err
		}
		for m, rest := Next(d); m != nil; m, rest = Next(rest) {
			if binary.NativeEndian.Uint16(m[4:]) != unix.NLMSG_ERROR {
				continue
			}
			if e := Errno(m); e != 0 && first == nil {
				first = e
			}
			if binary.NativeEndian.Uint32(m[8:]) == seq {
				return first
			}
		}
	}
}
