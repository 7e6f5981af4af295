package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/ifname"
	"github.com/nlkit/nlkit/internal/text"
	"github.com/nlkit/nlkit/mirror"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl/codec"
)

// step is what the changes between two states of a mirror have in common.
type step struct {
	at      time.Time
	version uint64
}

// mirrorSink writes what a mirror tells in the format asked for.
type mirrorSink interface {
	// record writes one of the first state.
	record(r mirror.Record) error
	// synced tells that what was written is what the kernel has; took is 0 for all
	// but the first time.
	synced(s step, records uint64, took time.Duration) error
	// unsynced tells of a loss that is to be made good.
	unsynced(s step) error
	resync(s step, r mirror.Resync) error
	coalesced(s step, versions uint64) error
	change(s step, c mirror.Change) error
	flush() error
	// close writes what is left, so that what was written is whole.
	close() error
	// release closes what the sink has asked for names.
	release()
}

func (a *app) newMirrorSink(cmd *cobra.Command, m *mirror.Mirror, tables []mirror.Raw) mirrorSink {
	layouts := map[string]codec.Layout{}
	for _, t := range tables {
		if l, ok := t.Layout(); ok {
			layouts[t.Name()] = l
		}
	}
	out := cmd.OutOrStdout()
	w := bufio.NewWriterSize(out, outputBuffer)
	if a.format != cli.Text {
		return &mirrorJSON{w: w, lines: a.format == cli.JSONL, layouts: layouts, paths: namespacePaths(m)}
	}
	s := &mirrorText{w: w, layouts: layouts, color: cli.Color(out), width: lineWidth(out), paths: namespacePaths(m), printers: map[int32]*text.Printer{}}
	for _, t := range tables {
		s.tableWidth = max(s.tableWidth, len(t.Name()))
	}
	s.names = func(nsid int32) *ifname.Names {
		o := a.options()
		if path := s.paths(nsid); path != "" {
			o.Namespace = netlink.NamespacePath(path)
		}
		n := ifname.New(cmd.Context(), o)
		n.Keep(cmd.Context(), time.Duration(a.timeout))
		n.Believe(nameFresh)
		return n
	}
	// Those of links that go soon have to be known before.
	s.printer(mirror.Own)
	return s
}

// nameFresh is how long the name of a link is believed: what is printed happens now, and
// may be about its name.
const nameFresh = 20 * time.Millisecond

// lineWidth is how long a line may be: as a terminal is wide, 0 for no limit.
func lineWidth(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	n, _, err := term.GetSize(int(f.Fd()))
	if err != nil || n < 40 {
		return 80
	}
	return n
}

// namespacePaths finds the file of a namespace by its id, "" for the own one.
func namespacePaths(m *mirror.Mirror) func(int32) string {
	known := map[int32]string{}
	return func(nsid int32) string {
		if nsid == mirror.Own {
			return ""
		}
		if _, ok := known[nsid]; !ok {
			for _, ns := range m.Namespaces() {
				known[ns.NSID] = ns.Path
			}
		}
		return known[nsid]
	}
}

// mirrorText is for people: a line for each.
type mirrorText struct {
	w          *bufio.Writer
	layouts    map[string]codec.Layout
	color      bool
	width      int // of lines; 0 for no limit
	tableWidth int
	paths      func(nsid int32) string
	names      func(nsid int32) *ifname.Names // nil: links have numbers
	known      []*ifname.Names
	printers   map[int32]*text.Printer
	at         time.Time // of what is being told; zero for the first state
}

// printer shows messages of a namespace.
func (s *mirrorText) printer(nsid int32) *text.Printer {
	p, ok := s.printers[nsid]
	if !ok {
		o := text.Options{}
		if s.names != nil {
			n := s.names(nsid)
			n.Name(1) // reads all
			s.known = append(s.known, n)
			o.Interface = n.Name
		}
		p = text.NewPrinter(nil, o)
		s.printers[nsid] = p
	}
	return p
}

// Styles of what happens to records.
const (
	styleGreen  = "\x1b[32m"
	stylePurple = "\x1b[35m"
)

// line writes one: what happens, to which table, and what there is to say, of which
// as much is left as fits before what has to stay.
func (s *mirrorText) line(style, event, table, details, stays string) error {
	head := fmt.Sprintf("%-9s  ", event)
	when := ""
	if !s.at.IsZero() {
		when = s.at.Format("15:04:05.000  ")
	}
	if table != "" {
		head += fmt.Sprintf("%-*s  ", s.tableWidth, table)
	}
	if stays != "" {
		stays = "  " + stays
	}
	if s.width > 0 && table != "" { // a record; what is said of the mirror is short
		room := s.width - len(when) - utf8.RuneCountInString(head) - utf8.RuneCountInString(stays)
		details = shorten(details, max(room, 8))
	}
	if s.color && style != "" {
		head = style + event + styleEnd + head[len(event):]
	}
	_, err := s.w.WriteString(when + strings.TrimRight(head+details+stays, " ") + "\n")
	return err
}

// fit puts what is different behind what it is about, of which a terminal shows no more
// than lets a part of the other be seen.
func (s *mirrorText) fit(subject, differ string) string {
	if s.width > 0 {
		subject = shorten(subject, max(16, s.width/4, s.width-64-utf8.RuneCountInString(differ)))
	}
	return subject + ": " + differ
}

// shorten leaves width columns of a text.
func shorten(line string, width int) string {
	if utf8.RuneCountInString(line) <= width {
		return line
	}
	return cut(line, width-3) + "..."
}

// details are those of a record, of another namespace with its name.
func (s *mirrorText) details(nsid int32, details string) string {
	path := s.paths(nsid)
	switch {
	case nsid == mirror.Own:
		return details
	case path == "":
		return fmt.Sprintf("netns %d: %s", nsid, details)
	}
	return "netns " + printable(namespaceWord(path)) + ": " + details
}

// namespaceWord is a namespace's name, or the path where it has none.
func namespaceWord(path string) string {
	if filepath.Dir(path) == namespaceDir {
		return filepath.Base(path)
	}
	return path
}

// object reads a value by name.
func (s *mirrorText) object(table string, value []byte) codec.Object {
	l, ok := s.layouts[table]
	if !ok {
		return codec.Object{{Name: "payload", Value: value}}
	}
	return l.Decode(value, codec.Options{})
}

// foremost are the attributes of a table's records that a line begins with: it is longer
// than most terminals are wide.
var foremost = map[string][]string{
	"link": {"ifi-flags", "mtu", "address", "master", "linkinfo", "link", "operstate", "qdisc", "group"},
}

// recordLine is a record in one line.
func (s *mirrorText) recordLine(nsid int32, table string, value []byte) string {
	o := s.object(table, value)
	if names := foremost[table]; names != nil {
		place := func(f codec.Field) int {
			if i := slices.Index(names, f.Name); i >= 0 {
				return i
			}
			return len(names)
		}
		slices.SortStableFunc(o, func(a, b codec.Field) int { return place(a) - place(b) })
	}
	return s.details(nsid, s.printer(nsid).Line(o))
}

func (s *mirrorText) record(r mirror.Record) error {
	return s.line("", "snapshot", r.Table, s.recordLine(r.NSID, r.Table, r.Value), "")
}

func (s *mirrorText) change(st step, c mirror.Change) error {
	p := s.printer(c.NSID)
	s.at = st.at
	why := "(" + c.Reasons.String() + ")"
	switch c.Kind {
	case mirror.Added:
		return s.line(styleGreen, c.Kind.String(), c.Table, s.recordLine(c.NSID, c.Table, c.New), why)
	case mirror.Deleted:
		return s.line(styleRed, c.Kind.String(), c.Table, s.recordLine(c.NSID, c.Table, c.Old), why)
	}
	if s.width > 0 && s.width < 100 && c.Reasons == 1<<mirror.Announced {
		why = "" // as nearly all are: there is no room for it
	}
	old, new := s.object(c.Table, c.Old), s.object(c.Table, c.New)
	differ := p.Differences(old, new)
	if len(differ) == 0 {
		differ = []string{"the same attributes, in other bytes"}
	}
	return s.line(styleYellow, c.Kind.String(), c.Table, s.details(c.NSID, s.fit(p.Subject(new), strings.Join(differ, ", "))), why)
}

func (s *mirrorText) synced(st step, records uint64, took time.Duration) error {
	s.at = st.at
	text := plural(int(records), "record")
	if took > 0 {
		text += fmt.Sprintf(" read in %v; changes follow", took.Round(time.Millisecond))
	} else {
		text += " again, as the kernel has them"
	}
	return s.line(stylePurple, "synced", "", text, "")
}

func (s *mirrorText) unsynced(st step) error {
	s.at = st.at
	return s.line(stylePurple, "unsynced", "", "the tables may be behind: they are read again, what has changed follows then", "")
}

func (s *mirrorText) resync(st step, r mirror.Resync) error {
	s.at = st.at
	text := fmt.Sprintf("of %s: %s; %s lost, %s found, in %v", feedName(r.Feed), printable(r.Cause),
		plural(int(r.Lost), "message"), plural(int(r.Changes), "change"), r.Took.Round(100*time.Microsecond))
	if r.Restarts > 0 {
		text += fmt.Sprintf(", begun again %s", times(r.Restarts))
	}
	return s.line(stylePurple, "resync", "", text, "")
}

func (s *mirrorText) coalesced(st step, versions uint64) error {
	s.at = st.at
	return s.line(stylePurple, "coalesced", "", plural(int(versions), "version")+" not read in time: of each record the last state follows", "")
}

func (s *mirrorText) flush() error { return s.w.Flush() }
func (s *mirrorText) close() error { return s.w.Flush() }

func (s *mirrorText) release() {
	for _, n := range s.known {
		n.Close()
	}
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// feedName is a protocol's name without what all have in common, or a family's.
func feedName(name string) string {
	if short, ok := strings.CutPrefix(name, "NETLINK_"); ok {
		return strings.ToLower(short)
	}
	return printable(name)
}
