package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/ynl/codec"
)

// mirrorJSON writes an object for each thing that happens: docs/nlkit-mirror.md has
// their shapes.
type mirrorJSON struct {
	w       *bufio.Writer
	lines   bool
	layouts map[string]codec.Layout
	paths   func(nsid int32) string
	buf     []byte
	n       int // objects
}

// separate begins one more object.
func (s *mirrorJSON) separate() {
	s.buf = s.buf[:0]
	switch {
	case s.lines:
	case s.n == 0:
		s.buf = append(s.buf, '[')
	default:
		s.buf = append(s.buf, ",\n "...)
	}
	s.n++
}

// begin begins one of an event.
func (s *mirrorJSON) begin(event string) {
	s.separate()
	s.buf = append(s.buf, `{"event":"`...)
	s.buf = append(append(s.buf, event...), '"')
}

// end writes it.
func (s *mirrorJSON) end() error {
	s.buf = append(s.buf, '}')
	return s.write()
}

// add writes a value that is an object.
func (s *mirrorJSON) add(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	s.separate()
	s.buf = append(s.buf, text...)
	return s.write()
}

func (s *mirrorJSON) write() error {
	if s.lines {
		s.buf = append(s.buf, '\n')
	}
	_, err := s.w.Write(s.buf)
	return err
}

func (s *mirrorJSON) text(name, value string) {
	s.buf = append(append(append(s.buf, `,"`...), name...), `":`...)
	s.buf = appendJSONString(s.buf, value)
}

func (s *mirrorJSON) number(name string, value uint64) {
	s.buf = append(append(append(s.buf, `,"`...), name...), `":`...)
	s.buf = strconv.AppendUint(s.buf, value, 10)
}

// seconds writes a duration as other tools take it.
func (s *mirrorJSON) seconds(name string, d time.Duration) {
	s.buf = append(append(append(s.buf, `,"`...), name...), `":`...)
	s.buf = strconv.AppendFloat(s.buf, d.Seconds(), 'f', -1, 64)
}

func (s *mirrorJSON) step(st step) {
	s.text("time", st.at.Format(time.RFC3339Nano))
	s.number("version", st.version)
}

// where tells the table and the namespace.
func (s *mirrorJSON) where(table string, nsid int32) {
	s.text("table", table)
	s.buf = append(s.buf, `,"nsid":`...)
	s.buf = strconv.AppendInt(s.buf, int64(nsid), 10)
	if path := s.paths(nsid); path != "" {
		s.text("netns", path)
	}
}

// value writes a record's attributes.
func (s *mirrorJSON) value(name, table string, value []byte) {
	if value == nil {
		return
	}
	s.buf = append(append(append(s.buf, `,"`...), name...), `":`...)
	s.buf = s.appendValue(s.buf, table, value)
}

// raw is a record's attributes, nil where there is none.
func (s *mirrorJSON) raw(table string, value []byte) json.RawMessage {
	if value == nil {
		return nil
	}
	return s.appendValue(nil, table, value)
}

func (s *mirrorJSON) appendValue(dst []byte, table string, value []byte) []byte {
	if l, ok := s.layouts[table]; ok {
		return l.AppendJSON(dst, value, codec.Options{})
	}
	return fmt.Appendf(dst, `{"payload":"%x"}`, value)
}

func (s *mirrorJSON) record(r mirror.Record) error {
	s.begin("snapshot")
	s.where(r.Table, r.NSID)
	s.value("new", r.Table, r.Value)
	return s.end()
}

func (s *mirrorJSON) change(st step, c mirror.Change) error {
	s.begin(c.Kind.String())
	s.where(c.Table, c.NSID)
	s.step(st)
	s.buf = append(s.buf, `,"reasons":[`...)
	for i, reason := range strings.Split(c.Reasons.String(), ",") {
		if i > 0 {
			s.buf = append(s.buf, ',')
		}
		s.buf = appendJSONString(s.buf, reason)
	}
	s.buf = append(s.buf, ']')
	s.value("old", c.Table, c.Old)
	s.value("new", c.Table, c.New)
	return s.end()
}

func (s *mirrorJSON) synced(st step, records uint64, took time.Duration) error {
	s.begin("synced")
	s.step(st)
	s.number("records", records)
	if took > 0 {
		s.seconds("took", took)
	}
	return s.end()
}

func (s *mirrorJSON) unsynced(st step) error {
	s.begin("unsynced")
	s.step(st)
	return s.end()
}

func (s *mirrorJSON) resync(st step, r mirror.Resync) error {
	s.begin("resync")
	s.step(st)
	s.text("feed", feedName(r.Feed))
	s.text("cause", r.Cause)
	s.number("lost", r.Lost)
	s.number("restarts", uint64(r.Restarts))
	s.number("changes", r.Changes)
	s.text("began", r.Began.Format(time.RFC3339Nano))
	s.seconds("took", r.Took)
	return s.end()
}

func (s *mirrorJSON) coalesced(st step, versions uint64) error {
	s.begin("coalesced")
	s.step(st)
	s.number("versions", versions)
	return s.end()
}

func (s *mirrorJSON) flush() error { return s.w.Flush() }

func (s *mirrorJSON) close() error {
	switch {
	case s.lines:
	case s.n == 0:
		s.w.WriteString("[]\n")
	default:
		s.w.WriteString("]\n")
	}
	return s.w.Flush()
}

func (s *mirrorJSON) release() {}
