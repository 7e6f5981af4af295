package demo

import (
	"encoding/hex"
	"encoding/json"

	"github.com/nlkit/nlkit/internal/layers"
)

// Kinds of events, the values of Event.Kind.
const (
	Title    = "title"    // a demo begins
	Explain  = "explain"  // prose
	Send     = "send"     // a datagram left a client
	Receive  = "receive"  // a datagram reached a client
	Log      = "log"      // what the kernel side wrote to its log
	Output   = "output"   // what the program of the notes prints
	Fact     = "fact"     // what was seen: a number, an error that was expected
	Overrun  = "overrun"  // messages were lost
	Instruct = "instruct" // what a person has to type for the demo to go on
	Finished = "done"     // a demo ends
)

// Event is one step of a demo.
type Event struct {
	Demo string
	Kind string
	From string // who did it, or sent it; empty where there is nobody
	To   string // the receiver of a message
	Text string
	// Bytes is the whole datagram of Send and Receive, else nil.
	Bytes []byte
	Lost  uint64 // messages lost, in Overrun

	schema layers.Schema // how to show Bytes
	brief  bool          // a message of this kind was shown by layer before
}

// MarshalJSON gives the fields that are always there, as "bytes" the size of the
// datagram and as "hex" the datagram itself, and "lost" in an overrun.
func (e Event) MarshalJSON() ([]byte, error) {
	v := struct {
		Demo  string  `json:"demo"`
		Event string  `json:"event"`
		From  string  `json:"from"`
		To    string  `json:"to"`
		Text  string  `json:"text"`
		Bytes int     `json:"bytes"`
		Hex   string  `json:"hex,omitempty"`
		Lost  *uint64 `json:"lost,omitempty"`
	}{e.Demo, e.Kind, e.From, e.To, e.Text, len(e.Bytes), hex.EncodeToString(e.Bytes), nil}
	if e.Kind == Overrun {
		v.Lost = &e.Lost
	}
	return json.Marshal(v)
}
