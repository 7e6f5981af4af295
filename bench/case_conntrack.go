//go:build linux

package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"

	mdlayher "github.com/mdlayher/netlink"
	"github.com/nlkit/nlkit/family/conntrack"
	"github.com/nlkit/nlkit/family/nl"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	timo "github.com/ti-mo/conntrack"
	vishnl "github.com/vishvananda/netlink/nl"
)

const (
	conntrackCaseName = "decode conntrack entries"
	conntrackMessages = 200_000
	typedAlone        = typedName + ", decoding alone"
	timoName          = "ti-mo, decoding alone"
)

// conntrackDump is what a kernel answered to a dump of its connections, one
// message behind the other without the end: TCP and UDP, IPv4 and IPv6, with
// counters and timestamps. TestConntrackRecording makes it.
//
//go:embed testdata/conntrack.bin
var conntrackDump []byte

// conntrackSum is what is read out of the entries.
type conntrackSum struct {
	n   int // entries
	sum uint64
}

func (d *conntrackSum) add(id, timeout uint32, sport, dport uint16, bytes uint64) {
	d.n++
	d.sum += uint64(id) + uint64(timeout) + uint64(sport) + uint64(dport) + bytes
}

func (d *conntrackSum) addEntry(e *conntrack.Entry) {
	var sport, dport uint16
	if t := e.TupleOrig; t != nil && t.Proto != nil {
		sport, dport = t.Proto.SrcPort.Value(), t.Proto.DstPort.Value()
	}
	var bytes uint64
	if e.CountersOrig != nil {
		bytes = e.CountersOrig.Bytes.Value()
	}
	d.add(e.ID.Value(), e.Timeout.Value(), sport, dport, bytes)
}

// conntrackCase: from the messages of a recording, over and over, to structs. The
// first candidate receives them, from a transport that plays them back; the others
// have them in memory.
func conntrackCase() *Case {
	c := &Case{
		Name: conntrackCaseName, Op: "one of 200,000 messages, all attributes decoded",
		Reference: typedName, Ops: conntrackMessages,
	}
	wants := conntrackWants()
	for _, m := range []struct {
		name string
		open func() (decode func(n int) (conntrackSum, error), close func() error, err error)
	}{
		{typedName, typedConntrack},
		{typedAlone, typedConntrackAlone},
		{timoName, timoConntrackAlone},
	} {
		c.Candidates = append(c.Candidates, Candidate{Name: m.name, Open: func() (Runner, error) {
			decode, closeIt, err := m.open()
			if err != nil {
				return Runner{}, err
			}
			return Runner{Close: closeIt, Run: func(_ Clock, n int) error {
				got, err := decode(n)
				if err != nil {
					return err
				}
				if want := conntrackWant(wants, n); got != want {
					return fmt.Errorf("read %+v out of the entries, want %+v", got, want)
				}
				return nil
			}}, nil
		}})
	}
	return c
}

func typedConntrack() (func(int) (conntrackSum, error), func() error, error) {
	ctx := context.Background()
	p := newPlayback(conntrackDump)
	c, err := conntrack.Dial(ctx, &netlink.Options{Via: p})
	if err != nil {
		return nil, nil, err
	}
	return func(n int) (d conntrackSum, err error) {
		p.want(n)
		for e, err := range c.GetDump(ctx, nil) {
			if err != nil {
				return d, err
			}
			d.addEntry(e)
		}
		return d, nil
	}, c.Close, nil
}

// recorded calls decode for n messages of the recording, in turns.
func recorded(n int, decode func(wire.Message) error) error {
	for n > 0 {
		for m, err := range wire.Messages(conntrackDump) {
			if err != nil {
				return err
			}
			if n--; n < 0 {
				break
			}
			if err := decode(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func typedConntrackAlone() (func(int) (conntrackSum, error), func() error, error) {
	var d nl.Decoder
	var e conntrack.Entry
	return func(n int) (sum conntrackSum, err error) {
		err = recorded(n, func(m wire.Message) error {
			d.Reset()
			e.DecodeNetlink(&d, m.Data())
			sum.addEntry(&e)
			return nil
		})
		return sum, err
	}, nil, nil
}

// timoConntrackAlone decodes with the one function that package has for messages
// it did not receive itself.
func timoConntrackAlone() (func(int) (conntrackSum, error), func() error, error) {
	return func(n int) (sum conntrackSum, err error) {
		err = recorded(n, func(m wire.Message) error {
			var e timo.Event
			err := e.Unmarshal(mdlayher.Message{
				Header: mdlayher.Header{Length: m.Header().Len, Type: mdlayher.HeaderType(m.Type()), Flags: mdlayher.HeaderFlags(m.Flags())},
				Data:   m.Data(),
			})
			if err != nil {
				return err
			}
			if e.Flow == nil {
				return errors.New("no flow in the event")
			}
			f, t := e.Flow, e.Flow.TupleOrig.Proto
			sum.add(f.ID, f.Timeout, t.SourcePort, t.DestinationPort, f.CountersOrig.Bytes)
			return nil
		})
		return sum, err
	}, nil, nil
}

// conntrackWants returns what the first 0, 1, 2, ... messages of the recording add
// up to, read attribute by attribute without a struct.
func conntrackWants() []conntrackSum {
	var d conntrackSum
	wants := []conntrackSum{d}
	for m, err := range wire.Messages(conntrackDump) {
		if err != nil || len(m.Data()) < vishnl.SizeofNfgenmsg {
			break
		}
		// The number in an attribute that lies in others, in network byte order.
		at := func(path ...uint16) (v uint64) {
			b := m.Data()[vishnl.SizeofNfgenmsg:]
			for _, typ := range path {
				a, _ := wire.FindAttr(b, typ)
				b = a.Data()
			}
			for _, c := range b {
				v = v<<8 | uint64(c)
			}
			return v
		}
		d.add(uint32(at(vishnl.CTA_ID)), uint32(at(vishnl.CTA_TIMEOUT)),
			uint16(at(vishnl.CTA_TUPLE_ORIG, vishnl.CTA_TUPLE_PROTO, vishnl.CTA_PROTO_SRC_PORT)),
			uint16(at(vishnl.CTA_TUPLE_ORIG, vishnl.CTA_TUPLE_PROTO, vishnl.CTA_PROTO_DST_PORT)),
			at(vishnl.CTA_COUNTERS_ORIG, vishnl.CTA_COUNTERS_BYTES))
		wants = append(wants, d)
	}
	return wants
}

// conntrackWant is what n messages add up to, in turns.
func conntrackWant(wants []conntrackSum, n int) conntrackSum {
	all := len(wants) - 1
	d := wants[n%all]
	d.n += n / all * wants[all].n
	d.sum += uint64(n/all) * wants[all].sum
	return d
}
