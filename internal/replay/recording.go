package replay

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/nlkit/nlkit/wire"
)

// Recording is one recorded conversation. It does not change: it can be played
// any number of times.
type Recording struct {
	exchanges []exchange
}

// exchange is a datagram that was sent, and those that answered it.
type exchange struct {
	protocol wire.Protocol
	sent     []byte
	received [][]byte
}

// line is one line of a recording.
type line struct {
	Socket   int           `json:"s"`
	Protocol wire.Protocol `json:"proto"`
	Dir      string        `json:"dir"`
	Hex      string        `json:"hex"`
}

// Parse reads a recording.
func Parse(text []byte) (*Recording, error) {
	r := &Recording{}
	last := map[int]int{} // the exchange each socket is in
	n := 0
	for row := range bytes.Lines(text) {
		n++
		if len(bytes.TrimSpace(row)) == 0 {
			continue
		}
		var l line
		if err := json.Unmarshal(row, &l); err != nil {
			return nil, fmt.Errorf("recording, line %d: %w", n, err)
		}
		data, err := hex.DecodeString(l.Hex)
		if err != nil {
			return nil, fmt.Errorf("recording, line %d: %w", n, err)
		}
		switch l.Dir {
		case "tx":
			last[l.Socket] = len(r.exchanges)
			r.exchanges = append(r.exchanges, exchange{protocol: l.Protocol, sent: data})
		case "rx":
			i, ok := last[l.Socket]
			if !ok {
				return nil, fmt.Errorf("recording, line %d: socket %d receives before it has sent anything", n, l.Socket)
			}
			r.exchanges[i].received = append(r.exchanges[i].received, data)
		default:
			return nil, fmt.Errorf("recording, line %d: direction %q is neither tx nor rx", n, l.Dir)
		}
	}
	return r, nil
}

// masked returns a copy of a datagram with zeros for what no two runs have in
// common: sequence numbers and port ids.
func masked(datagram []byte) []byte {
	out := bytes.Clone(datagram)
	for m, err := range wire.Messages(out) {
		if err != nil {
			break // the rest is compared as it is
		}
		m.SetSeq(0)
		m.SetPort(0)
	}
	return out
}

// answers returns the datagrams that answer the exchange when it is played with
// the datagram sent: with its sequence numbers, and with an end.
func (e *exchange) answers(sent []byte, port uint32) [][]byte {
	seqs := map[uint32]uint32{}
	var before []uint32
	var request wire.Message
	for m, err := range wire.Messages(e.sent) {
		if err == nil {
			before = append(before, m.Seq())
		}
	}
	count := 0
	for m, err := range wire.Messages(sent) {
		if err != nil || count == len(before) {
			break
		}
		seqs[before[count]] = m.Seq()
		request = m
		count++
	}
	ended := false
	var out [][]byte
	for _, data := range e.received {
		data = bytes.Clone(data)
		for m, err := range wire.Messages(data) {
			if err != nil {
				break
			}
			if seq, ok := seqs[m.Seq()]; ok {
				m.SetSeq(seq)
				m.SetPort(port)
			}
			ended = ended || m.Type() == wire.TypeError || m.Type() == wire.TypeDone
		}
		out = append(out, data)
	}
	if !ended && count == 1 {
		out = append(out, end(request, port))
	}
	return out
}

// end is what the kernel ends a request with that went well.
func end(request wire.Message, port uint32) []byte {
	var b wire.Builder
	h := wire.Header{Type: wire.TypeDone, Flags: wire.Multi, Seq: request.Seq(), Port: port}
	if !request.Flags().Has(wire.Dump) {
		h.Type, h.Flags = wire.TypeError, wire.Capped
	}
	b.Message(h)
	b.Raw(make([]byte, 4)) // errno 0
	if h.Type == wire.TypeError {
		b.Raw(request[:wire.HeaderLen])
	}
	data, err := b.Bytes()
	if err != nil {
		panic(err) // two headers are never too long
	}
	return data
}
