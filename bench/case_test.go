//go:build linux

package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/nlkit/nlkit/bench/internal/hand"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// TestCandidates runs every candidate of every case: each checks its own work.
func TestCandidates(t *testing.T) {
	needNamespace(t)
	var f filler
	p, err := newPrograms("")
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	for _, c := range cases(&f, p, []int{1000}) {
		t.Run(c.Name, func(t *testing.T) {
			if c.Setup != nil {
				undo, err := c.Setup()
				if err != nil {
					t.Fatal(err)
				}
				if undo != nil {
					defer func() {
						if err := undo(); err != nil {
							t.Error(err)
						}
					}()
				}
			}
			for _, k := range c.Candidates {
				n := 450 // more than two bursts of events
				if strings.HasPrefix(c.Name, "dump") || c.Ops == 1 {
					n = 2
				}
				if _, err := runRound(c, &k, n); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if err := f.empty(); err != nil {
		t.Error(err)
	}
	if err := checkTable(0); err != nil {
		t.Errorf("what the cases leave behind: %v", err)
	}
}

func TestReferencesExist(t *testing.T) {
	for _, c := range cases(&filler{}, &programs{python: []string{"python3"}}, dumpSizes) {
		names := []string{}
		for _, k := range c.Candidates {
			if slices.Contains(names, k.Name) {
				t.Errorf("%s: two candidates are called %q", c.Name, k.Name)
			}
			names = append(names, k.Name)
		}
		if !slices.Contains(names, c.Reference) {
			t.Errorf("%s: no reference %q among %q", c.Name, c.Reference, names)
		}
		if c.Yardstick != "" && !slices.Contains(names, c.Yardstick) {
			t.Errorf("%s: no yardstick %q among %q", c.Name, c.Yardstick, names)
		}
	}
}

// TestDumpersNoticeMissingRoutes checks that a candidate that reads too little
// does not pass for a fast one.
func TestDumpersNoticeMissingRoutes(t *testing.T) {
	d := dumper{dump: func() (routeSum, error) { return routeSum{n: 999}, nil }}
	if err := d.check(1000); err == nil {
		t.Error("999 routes pass for 1,000")
	}
	d.dump = func() (routeSum, error) { return routeSum{n: 1000 + extraRoutes + 1}, nil }
	if err := d.check(1000); err == nil {
		t.Error("too many routes pass")
	}
}

func TestWalkersAgree(t *testing.T) {
	for _, k := range walkCase().Candidates {
		if _, err := runRound(&Case{}, &k, 1); err != nil {
			t.Error(err)
		}
	}
	n := 0
	for _, err := range wire.Attrs(linkAttrs()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != walkAttrs {
		t.Errorf("%d attributes, want %d", n, walkAttrs)
	}
}

func TestEncodersAgree(t *testing.T) {
	byHand := encodeHand(nil)
	for name, encode := range map[string]func() ([]byte, error){
		nlkitName: func() ([]byte, error) { return encodeWire(nil) },
		handName:  func() ([]byte, error) { return byHand, nil }, mdlayherName: encodeMdlayher,
		vishName: encodeVishvananda, jsimName: encodeJsimonetti,
	} {
		b, err := encode()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		m := wire.Message(b)
		if int(m.Header().Len) != len(b) || m.Type() != unix.RTM_NEWROUTE || m.Flags() != wire.Message(byHand).Flags() {
			t.Errorf("%s: header %+v of %d bytes", name, m.Header(), len(b))
		}
		if !bytes.Equal(m.Data()[:unix.SizeofRtMsg], routeMsg[:]) {
			t.Errorf("%s: rtmsg % x, want % x", name, m.Data()[:unix.SizeofRtMsg], routeMsg)
		}
		attrs := m.Data()[unix.SizeofRtMsg:]
		for _, want := range []wire.Attr{
			append32be(nil, unix.RTA_DST, encodeDst), append32be(nil, unix.RTA_GATEWAY, encodeGateway),
			append32(nil, unix.RTA_OIF, encodeOIF), append32(nil, unix.RTA_PRIORITY, encodeMetric),
		} {
			if a, ok := wire.FindAttr(attrs, want.Type()); !ok || !bytes.Equal(a, want) {
				t.Errorf("%s: attribute %d is % x, want % x", name, want.Type(), []byte(a), []byte(want))
			}
		}
	}
}

// TestSameSum: nlkit and the hand-written loop read the same out of a table.
func TestSameSum(t *testing.T) {
	needNamespace(t)
	var f filler
	if err := f.fill(5000); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.empty(); err != nil {
			t.Error(err)
		}
	}()
	s, err := hand.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	req := dumpRequest(nil)
	n, sum, err := s.Walk(req)
	if err != nil {
		t.Fatal(err)
	}
	counted, err := s.Count(req)
	if err != nil {
		t.Fatal(err)
	}
	c, err := netlink.Dial(wire.Route, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	d, err := nlkitDump(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	if d.n != n || d.sum != sum || counted != n || checkCount(n, 5000) != nil {
		t.Errorf("nlkit: %d routes, sum %d; by hand: %d routes, sum %d, counted %d", d.n, d.sum, n, sum, counted)
	}
}

func TestFailingItem(t *testing.T) {
	needNamespace(t)
	if err := checkFailingItem(); err != nil {
		t.Error(err)
	}
}

func TestPeakMemory(t *testing.T) {
	needNamespace(t)
	var f filler
	if err := f.fill(1000); err != nil {
		t.Fatal(err)
	}
	defer f.empty()
	for _, name := range []string{idleName, nlkitName} {
		peak, err := measurePeak(name, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if peak < 1e6 || peak > 1e9 {
			t.Errorf("%s: peak of %d bytes", name, peak)
		}
	}
	if _, err := measurePeak("nobody", 1000); err == nil || !strings.Contains(err.Error(), `no candidate "nobody"`) {
		t.Errorf("unknown candidate: %v", err)
	}
	if _, err := measurePeak(nlkitName, 2000); err == nil || !strings.Contains(err.Error(), "expected") {
		t.Errorf("dump of a table smaller than said: %v", err)
	}
}
