package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/text"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
)

// kind says what a sink is for.
type kind uint8

const (
	singleMessage kind = iota // one answer, or a few
	manyMessages              // a dump
	events                    // notifications, as they come
)

// sink writes messages in the format asked for.
type sink interface {
	message(m client.Message) error
	event(ev client.Event) error
	// count is how many messages were written; other events are none.
	count() uint64
	// empty reports whether nothing was written.
	empty() bool
	// close writes what is left, so that what was written is whole.
	close() error
}

func (c *call) newSink(k kind) sink {
	out := c.cmd.OutOrStdout()
	w := &pacedWriter{w: out, pace: &c.app.pace}
	if c.app.format == cli.Text {
		b := bufio.NewWriterSize(w, outputBuffer)
		return &textSink{call: c, kind: k, w: b, p: text.NewPrinter(b, text.Options{
			Color: cli.Color(out), Width: cli.Width(out), Interface: c.names.Name,
		})}
	}
	return &jsonSink{w: w, kind: k, lines: c.app.format == cli.JSONL, options: codec.Options{Fallback: c.codec.Fallback}}
}

// outputBuffer is how much is written at once, in bytes.
const outputBuffer = 64 << 10

// end closes a sink after err, which is nil where all went well. Somebody who
// interrupts is told how far it came.
func (c *call) end(out sink, err error) error {
	if errors.Is(err, context.Canceled) && errors.Is(context.Cause(c.ctx), context.DeadlineExceeded) {
		// A pause was too long.
		err = fmt.Errorf("%s: %w", c.spec.Name, context.DeadlineExceeded)
	}
	interrupted := errors.Is(err, context.Canceled)
	if err != nil && !interrupted && out.empty() {
		return err // there is nothing to make whole
	}
	cerr := out.close()
	switch n := out.count(); {
	case err == nil:
		return cerr
	case !interrupted:
	case n == 0:
		c.warn("interrupted before the first message")
	case n == 1:
		c.warn("interrupted after 1 message")
	default:
		c.warn("interrupted after %d messages", n)
	}
	return err
}

type textSink struct {
	call *call
	kind kind
	w    *bufio.Writer
	p    *text.Printer
	n    uint64
}

func (s *textSink) message(m client.Message) error {
	s.n++
	o := m.Object(s.call.codec)
	if s.kind == manyMessages {
		return s.p.Entry(m.Name, o)
	}
	return s.p.Message(m.Name, o)
}

func (s *textSink) event(ev client.Event) error {
	err := s.write(ev)
	if err != nil {
		return err
	}
	return s.w.Flush()
}

func (s *textSink) write(ev client.Event) error {
	switch ev.Kind {
	case genetlink.Notification:
		return s.message(ev.Message)
	case genetlink.Overrun:
		return s.p.Note(lost(ev.Lost))
	case genetlink.Unloaded:
		return s.p.Note("the family has gone from the kernel")
	}
	return s.p.Note("the family is back in the kernel")
}

// lost says that messages are missing.
func lost(n uint64) string {
	switch n {
	case 0:
		return "messages were lost here: they came faster than they were read"
	case 1:
		return "1 message was lost here: they came faster than they were read"
	}
	return strconv.FormatUint(n, 10) + " messages were lost here: they came faster than they were read"
}

func (s *textSink) count() uint64 { return s.n }

// empty is true after notes alone: they are lines, and on their way.
func (s *textSink) empty() bool  { return s.n == 0 }
func (s *textSink) close() error { return s.w.Flush() }

// jsonSink writes an array, or a line for each. A single answer is no array.
type jsonSink struct {
	w       io.Writer
	kind    kind
	lines   bool
	options codec.Options
	buf     []byte
	n       int    // values, of which events that are no messages are some
	seen    uint64 // messages
}

// separate begins one more value.
func (s *jsonSink) separate() {
	switch {
	case s.lines:
	case s.kind == singleMessage && s.n == 0:
	case s.n == 0:
		s.buf = append(s.buf, '[')
	default:
		s.buf = append(s.buf, ",\n "...)
	}
	s.n++
}

func (s *jsonSink) message(m client.Message) error {
	if s.kind == singleMessage && s.n == 1 && !s.lines {
		// One more: they become an array.
		s.buf = append([]byte{'['}, s.buf...)
		s.kind = manyMessages
	}
	s.separate()
	s.seen++
	s.buf = m.AppendJSON(s.buf, s.options)
	if s.lines {
		s.buf = append(s.buf, '\n')
	}
	if len(s.buf) < outputBuffer || s.kind == singleMessage {
		return nil
	}
	return s.flush()
}

func (s *jsonSink) flush() error {
	_, err := s.w.Write(s.buf)
	s.buf = s.buf[:0]
	return err
}

func (s *jsonSink) event(ev client.Event) error {
	s.separate()
	switch ev.Kind {
	case genetlink.Notification:
		s.seen++
		s.buf = append(s.buf, `{"name":`...)
		s.buf = appendJSONString(s.buf, ev.Message.Name)
		if ev.Group != "" {
			s.buf = append(s.buf, `,"group":`...)
			s.buf = appendJSONString(s.buf, ev.Group)
		}
		s.buf = append(s.buf, `,"msg":`...)
		s.buf = ev.Message.AppendJSON(s.buf, s.options)
		s.buf = append(s.buf, '}')
	case genetlink.Overrun:
		s.buf = append(s.buf, `{"event":"overrun","lost":`...)
		s.buf = strconv.AppendUint(s.buf, ev.Lost, 10)
		s.buf = append(s.buf, '}')
	default:
		s.buf = append(s.buf, `{"event":`...)
		s.buf = appendJSONString(s.buf, ev.Kind.String())
		s.buf = append(s.buf, '}')
	}
	if s.lines {
		s.buf = append(s.buf, '\n')
	}
	return s.flush()
}

func (s *jsonSink) count() uint64 { return s.seen }
func (s *jsonSink) empty() bool   { return s.n == 0 }

func (s *jsonSink) close() error {
	switch {
	case s.lines:
	case s.kind == singleMessage && s.n == 0:
		s.buf = append(s.buf, "null\n"...)
	case s.kind == singleMessage:
		s.buf = append(s.buf, '\n')
	case s.n == 0:
		s.buf = append(s.buf, "[]\n"...)
	default:
		s.buf = append(s.buf, "]\n"...)
	}
	return s.flush()
}

// appendJSONString appends a name. Names of specs are plain; those of groups are
// what a module likes.
func appendJSONString(b []byte, s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...) // strings cannot fail
	}
	return append(b, text...)
}
