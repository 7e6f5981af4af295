package mirror

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/netlink"
)

// scene is a network namespace of a test's own.
type scene struct {
	testing.TB
	ns *testenv.NetNS
}

func newScene(t testing.TB) *scene {
	t.Helper()
	return &scene{t, testenv.NewNetNS(t)}
}

func (s *scene) options() Options {
	return Options{Netlink: netlink.Options{Namespace: netlink.NamespaceFD(s.ns.FD())}, AuditEvery: -1}
}

// ip runs lines of `ip -batch` in the namespace.
func (s *scene) ip(lines ...string) {
	s.Helper()
	if out, err := s.tryIP(lines...); err != nil {
		s.Fatalf("ip: %v\n%s", err, out)
	}
}

func (s *scene) tryIP(lines ...string) (string, error) {
	cmd := exec.Command("nsenter", "--net=/proc/self/fd/3", "ip", "-force", "-batch", "-")
	cmd.ExtraFiles = append(cmd.ExtraFiles, s.ns.File)
	cmd.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// open mirrors tables, until the test ends.
func (s *scene) open(o Options, tables ...Source) *Mirror {
	s.Helper()
	m, err := o.Open(s.Context(), tables...)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { m.Close() })
	return m
}

// truth reads a table as the kernel has it, on a socket of its own.
func (s *scene) truth(d *Definition) map[string]string {
	s.Helper()
	o := s.options()
	for range 20 {
		f := &feed{m: &Mirror{opts: o}, protocol: d.Protocol, family: d.Family}
		sp := &space{nsid: Own, name: o.Netlink.Namespace, tables: s.known(d)}
		rd, err := f.openReader(sp)
		if err != nil {
			s.Fatal(err)
		}
		table := map[string]string{}
		p := &pass{}
		again := false
		for _, q := range d.Dump(View{sp: sp}, Scope{}) {
			rows := rd.read(s.Context(), q)
			if d.records != nil {
				rows = d.records(rows)
			}
			for payload, err := range rows {
				if err == netlink.ErrDumpInterrupted {
					again = true
					break
				}
				if isAbsent(err) {
					break
				}
				if err != nil {
					s.Fatal(err)
				}
				key, value := f.normal(d, payload)
				if key == nil || d.absent != nil && d.absent(value) {
					continue
				}
				if d.groupLen != nil {
					key = p.position(d, key)
				}
				table[string(key)] = string(value)
			}
		}
		rd.Close()
		if !again {
			return table
		}
	}
	s.Fatal("the dump is always interrupted")
	return nil
}

func (s *scene) mirrored(snap *Snapshot, d *Definition) map[string]string {
	table := map[string]string{}
	if v := snap.find(d, Own); v != nil {
		for k, value := range v.all() {
			table[string(k)] = string(value)
		}
	}
	return table
}

// differences lists what is different, at most a few.
func differences(d *Definition, got, want map[string]string) []string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(want)) {
		switch v, ok := got[k]; {
		case !ok:
			list = append(list, fmt.Sprintf("missing %x %s", k, d.appendJSON(nil, []byte(want[k]))))
		case v != want[k]:
			list = append(list, fmt.Sprintf("differs %x\n  has  %s\n  want %s", k, d.appendJSON(nil, []byte(v)), d.appendJSON(nil, []byte(want[k]))))
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[k]; !ok {
			list = append(list, fmt.Sprintf("stale %x %s", k, d.appendJSON(nil, []byte(got[k]))))
		}
	}
	if len(list) > 6 {
		list = append(list[:6], fmt.Sprintf("and %d more", len(list)-6))
	}
	return list
}

// settled waits until the mirror has taken in all that has happened.
func (s *scene) settled(m *Mirror) *Snapshot {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
	defer cancel()
	if err := m.Sync(ctx); err != nil {
		s.Fatalf("%v; health %+v", err, m.Health())
	}
	return m.Snapshot()
}

// patience is how long the kernel may need to announce what it already shows: the
// carrier of a link is told up to a second late (net/core/link_watch.c).
const patience = 3 * time.Second

// equal compares tables of the mirror with the kernel's.
func (s *scene) equal(m *Mirror, what string, defs ...*Definition) bool {
	s.Helper()
	return s.equalWithin(patience, m, what, defs...)
}

// equalWithin is equal with a limit.
func (s *scene) equalWithin(limit time.Duration, m *Mirror, what string, defs ...*Definition) bool {
	s.Helper()
	deadline := time.Now().Add(limit)
	for {
		snap := s.settled(m)
		var text strings.Builder
		for _, d := range defs {
			if list := differences(d, s.mirrored(snap, d), s.truth(d)); len(list) > 0 {
				fmt.Fprintf(&text, "%s:\n%s\n", d.Name, strings.Join(list, "\n"))
			}
		}
		if text.Len() == 0 {
			return true
		}
		if time.Now().After(deadline) {
			s.Errorf("%s: %s", what, text.String())
			return false
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// follow replays what a mirror's consumers are told, and compares it with the last
// snapshot. pace, if given, makes a consumer slow.
func (s *scene) follow(m *Mirror, from *Snapshot, pace ...func()) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	state := map[string]string{}
	if from != nil {
		for r := range from.All() {
			state[fmt.Sprint(r.Table, r.NSID, r.Key)] = string(r.Value)
		}
	}
	last := from
	done := make(chan struct{})
	go func() {
		defer close(done)
		for d, err := range m.Changes(ctx, from) {
			if err != nil {
				return
			}
			for c := range d.Changes() {
				id := fmt.Sprint(c.Table, c.NSID, c.Key)
				was, there := state[id]
				if there != (c.Old != nil) || there && was != string(c.Old) || bytes.Equal(c.Old, c.New) {
					s.Errorf("%v of %x of %s: it was %x", c.Kind, c.Key, c.Table, was)
				}
				if c.New == nil {
					delete(state, id)
				} else {
					state[id] = string(c.New)
				}
			}
			last = d.To
			for _, wait := range pace {
				wait()
			}
		}
	}()
	return func() {
		s.Helper()
		cancel()
		<-done
		want := map[string]string{}
		if last != nil {
			for r := range last.All() {
				want[fmt.Sprint(r.Table, r.NSID, r.Key)] = string(r.Value)
			}
		}
		if !maps.Equal(state, want) {
			s.Errorf("what was told leads to %d records, the last snapshot has %d", len(state), len(want))
		}
	}
}
