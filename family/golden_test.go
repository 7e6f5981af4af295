package family_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/catalogue"
	"github.com/nlkit/nlkit/internal/testenv"
	"github.com/nlkit/nlkit/wire"
)

// record is a datagram of a recorded conversation.
type record struct {
	Protocol wire.Protocol `json:"proto"`
	Dir      string        `json:"dir"`
	Hex      string        `json:"hex"`
	data     []byte
}

// exceptions are messages of recordings, and questions, whose requests are not compared,
// and why.
var exceptions = map[string]string{
	"214-netdev-dump-attr-ignored dev-get": "it sends an attribute that the spec does not list for the request, which has no field for it: it is an unknown one",
}

// TestGolden compares every message of every recorded conversation: requests,
// replies and notifications.
func TestGolden(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the recordings are of a little-endian machine")
	}
	files := recordings(t)
	counted := map[string]int{}
	messages := 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".rec")
		records := readRecords(t, file)
		names := familyNames(records)
		for i, r := range records {
			for m, err := range wire.Messages(r.data) {
				if err != nil {
					t.Errorf("%s, record %d: %v", name, i, err)
					break
				}
				if m.Type() < wire.TypeMin && m.Type() != 0 {
					continue // the ends of conversations
				}
				pairs, payload := find(names, r, m)
				if len(pairs) == 0 {
					counted["no spec"]++
					t.Logf("%s, record %d: no message of any spec: %x", name, i, []byte(m))
					continue
				}
				messages++
				for _, p := range pairs {
					counted[p.Role.String()]++
					if reason := exceptions[name+" "+p.Name]; reason != "" && p.Role == catalogue.Request {
						counted["exception"]++
						continue
					}
					if err := p.Compare(payload); err != nil {
						t.Errorf("%s, record %d: %s: %.3000v", name, i, p.TypeName(), err)
					}
				}
			}
		}
	}
	t.Logf("%d recordings, %d messages, read as %v", len(files), messages, counted)
	if messages < 850 {
		t.Errorf("%d messages: that cannot be all", messages)
	}
}

func recordings(t *testing.T) []string {
	t.Helper()
	wd, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir := wd; ; dir = filepath.Dir(dir) {
		if files, _ := filepath.Glob(filepath.Join(dir, "../shared/golden/*.rec")); len(files) > 0 {
			return files
		}
		if dir == filepath.Dir(dir) {
			testenv.Missing(t, "shared", "there is no ../shared/golden, the recorded conversations")
		}
	}
}

func readRecords(t *testing.T, file string) []record {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []record
	for line := range bytes.Lines(text) {
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if r.data, err = hex.DecodeString(r.Hex); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		list = append(list, r)
	}
	return list
}

// familyNames are the names of the families of generic netlink by their numbers,
// as the controller told them in a conversation.
func familyNames(records []record) map[wire.Type]string {
	names := map[wire.Type]string{genetlink.ControllerID: "nlctrl"}
	for _, r := range records {
		if r.Protocol != wire.Generic || r.Dir != "rx" {
			continue
		}
		for m, err := range wire.Messages(r.data) {
			if err != nil || m.Type() != genetlink.ControllerID {
				continue
			}
			g, err := genetlink.Parse(m, 0)
			if err != nil {
				continue
			}
			if f, err := genetlink.ParseFamily(g.Attrs); err == nil && f.Name != "" {
				names[wire.Type(f.ID)] = f.Name
			}
		}
	}
	return names
}

// find finds what a message of a record can be, and what stands behind its
// headers.
func find(names map[wire.Type]string, r record, m wire.Message) (list []*pair, payload []byte) {
	payload = m.Data()
	id := uint16(m.Type())
	if r.Protocol == wire.Generic {
		if len(payload) < genetlink.HeaderLen {
			return nil, nil
		}
		id = uint16(payload[0])
		payload = payload[genetlink.HeaderLen:]
	}
	for _, p := range all() {
		switch {
		case p.Family.Protocol != r.Protocol || p.ID != id:
		case r.Protocol == wire.Generic && p.Family.Name != names[m.Type()]:
		case (p.Role == catalogue.Request) != (r.Dir == "tx"):
		case p.Role == catalogue.Request && p.Op.Dump != m.Flags().Has(wire.Dump):
		case slices.ContainsFunc(list, func(o *pair) bool { return o.Type() == p.Type() }):
		default:
			list = append(list, p)
		}
	}
	if i := slices.IndexFunc(list, func(p *pair) bool { return p.Role == catalogue.Reply }); i >= 0 {
		// Events with numbers of their own (mptcp_pm) are not what was asked for.
		reply := list[i]
		list = slices.DeleteFunc(list, func(p *pair) bool { return p.Role == catalogue.Notification && p.Layout.Set != reply.Layout.Set })
	}
	return list, payload
}
