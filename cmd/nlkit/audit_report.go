package main

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/mirror"
)

// auditReport is what has been found.
type auditReport struct {
	reading  time.Duration // of the first time
	held     time.Duration
	audits   int
	compared int // records, the last time
	took     time.Duration
	drift    int
	drifted  []mirror.Change
	health   mirror.Health
	left     []leftOut
}

// maxDrifted is how many records are kept that were wrong, of all comparisons.
const maxDrifted = 1000

// add takes in one comparison.
func (r *auditReport) add(found mirror.AuditReport) {
	r.audits++
	r.compared, r.took = found.Records, found.Took
	r.drift += found.Drift
	for _, t := range found.Tables {
		room := max(maxDrifted-len(r.drifted), 0)
		r.drifted = append(r.drifted, t.Drifted[:min(len(t.Drifted), room)]...)
	}
}

// verdict says it in one line.
func (r *auditReport) verdict() string {
	text := fmt.Sprintf("%s compared in %v", plural(r.compared, "record"), r.took.Round(10*time.Microsecond))
	if r.audits > 1 {
		text += fmt.Sprintf(", the last of %d times", r.audits)
	}
	if r.drift == 0 {
		return "no drift: " + text
	}
	return fmt.Sprintf("drift: %s wrong and repaired; %s", wrong(r.drift), text)
}

func wrong(n int) string {
	if n == 1 {
		return "1 record was"
	}
	return fmt.Sprintf("%d records were", n)
}

func (r *auditing) print(out mirrorSink) error {
	if r.app.format != cli.Text {
		return r.printJSON(out.(*mirrorJSON))
	}
	w := r.cmd.OutOrStdout()
	color := cli.Color(w)
	var b strings.Builder
	grid(&b, r.report.tables())
	b.WriteByte('\n')
	grid(&b, r.report.feeds())
	for i, s := range r.report.health.Resyncs {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "resync %d of %s: %s; %s lost, %s found, in %v\n", s.Number, feedName(s.Feed), printable(s.Cause),
			plural(int(s.Lost), "message"), plural(int(s.Changes), "change"), s.Took.Round(100*time.Microsecond))
	}
	b.WriteByte('\n')
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	if err := r.printDrift(out.(*mirrorText)); err != nil {
		return err
	}
	verdict := r.report.verdict()
	if color && r.report.drift > 0 {
		verdict = styleRed + verdict + styleEnd
	}
	_, err := fmt.Fprintln(w, verdict)
	return err
}

// printDrift says of records what was wrong with them.
func (r *auditing) printDrift(out *mirrorText) error {
	for _, c := range r.report.drifted {
		p := out.printer(c.NSID)
		var err error
		switch c.Kind {
		case mirror.Added:
			err = out.line(styleRed, "missing", c.Table, out.details(c.NSID, p.Line(out.object(c.Table, c.New))), "")
		case mirror.Deleted:
			err = out.line(styleRed, "stale", c.Table, out.details(c.NSID, p.Line(out.object(c.Table, c.Old))), "")
		default:
			old, new := out.object(c.Table, c.Old), out.object(c.Table, c.New)
			err = out.line(styleRed, "outdated", c.Table, out.details(c.NSID, p.Subject(new)+": "+strings.Join(p.Differences(old, new), ", ")), "")
		}
		if err != nil {
			return err
		}
	}
	if more := r.report.drift - len(r.report.drifted); more > 0 {
		if err := out.line("", "...", "", fmt.Sprintf("%d more", more), ""); err != nil {
			return err
		}
	}
	return out.flush()
}

// tables are the lines of the tables, of several namespaces summed up.
func (r *auditReport) tables() [][]string {
	lines := [][]string{{"TABLE", "RECORDS", "EVENTS", "ANNOUNCED", "INFERRED", "CONFIRMED", "RESYNCED", "POLLED", "READS", "DRIFT", "MEMORY"}}
	tables := sumTables(r.health.Tables)
	for _, t := range sumTables(r.health.Rules) {
		t.Name += " (for rules)"
		tables = append(tables, t)
	}
	for _, t := range tables {
		lines = append(lines, []string{t.Name, fmt.Sprint(t.Records), fmt.Sprint(t.Events),
			fmt.Sprint(t.Changes[mirror.Announced]), fmt.Sprint(t.Changes[mirror.Inferred]), fmt.Sprint(t.Changes[mirror.Confirmed]),
			fmt.Sprint(t.Changes[mirror.Resynced]), fmt.Sprint(t.Changes[mirror.Polled]),
			fmt.Sprint(t.Reads), fmt.Sprint(t.Drift), amount(uint32(min(t.Bytes, 1<<32-1)))})
	}
	return lines
}

// sumTables sums the tables of a name up: those of all namespaces.
func sumTables(all []mirror.TableHealth) []mirror.TableHealth {
	var sums []mirror.TableHealth
	at := map[string]int{}
	for _, t := range all {
		i, ok := at[t.Name]
		if !ok {
			at[t.Name] = len(sums)
			sums = append(sums, t)
			continue
		}
		s := &sums[i]
		s.Records, s.Bytes, s.Events, s.Reads = s.Records+t.Records, s.Bytes+t.Bytes, s.Events+t.Events, s.Reads+t.Reads
		s.Confirms, s.Audits, s.Drift = s.Confirms+t.Confirms, s.Audits+t.Audits, s.Drift+t.Drift
		for why := range t.Changes {
			s.Changes[why] += t.Changes[why]
		}
	}
	return sums
}

// feeds are the lines of the streams of events.
func (r *auditReport) feeds() [][]string {
	lines := [][]string{{"FEED", "EVENTS", "DROPPED", "OVERRUNS", "QUEUE", "LAG", "LAST ERROR"}}
	for _, f := range r.health.Feeds {
		failure := "-"
		if f.LastError != "" {
			failure = printable(f.LastError)
		}
		lines = append(lines, []string{feedName(f.Name), fmt.Sprint(f.Events), fmt.Sprint(f.Dropped), fmt.Sprint(f.Overruns),
			amount(f.Queued) + "/" + amount(f.Limit), f.Lag.Round(time.Microsecond).String(), failure})
	}
	return lines
}

// grid writes lines in columns: the first one to the left, and the last one of what
// is no number.
func grid(b *strings.Builder, lines [][]string) {
	widths := make([]int, len(lines[0]))
	for _, cells := range lines {
		for i, c := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, cells := range lines {
		var line strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c))
			if i > 0 {
				line.WriteString("  ")
			}
			if i == 0 || lines[0][i] == "LAST ERROR" {
				line.WriteString(c + pad)
			} else {
				line.WriteString(pad + c)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}
