//go:build linux

package scene

import (
	"errors"
	"testing"

	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// Question is an operation that is asked for, once or as a dump.
type Question struct {
	Spec *ynl.Spec
	Op   *ynl.Op
	Dump bool
	// Requests are what it is asked with, in JSON.
	Requests []string
	// Answers are how many messages must come at the least, of all requests
	// together, where every step of the group Where was done.
	Answers int
	Where   string
	flags   wire.Flags
}

// String names the family, the operation, and the way it is asked for.
func (q Question) String() string { return q.Spec.Name + " " + q.Op.Name + " " + q.mode() }

func (q Question) mode() string {
	if q.Dump {
		return "dump"
	}
	return "do"
}

// Questions are all that can be read of the families the kernel has. absent are
// the families it lacks.
func (s *Scene) Questions(t *testing.T) (list []Question, absent []string) {
	t.Helper()
	families := s.families(t)
	for _, name := range specs.Names() {
		spec := Open(t, name)
		if _, ok := families[spec.Name]; !ok && !spec.IsRaw() {
			absent = append(absent, name)
			continue
		}
		for _, op := range spec.Ops {
			for _, dump := range []bool{false, true} {
				q := Question{Spec: spec, Op: op, Dump: dump}
				m := op.Do
				if dump {
					m = op.Dump
				}
				if m == nil || m.Reply == nil && !dump || !reads(op) {
					continue
				}
				requests, a, ok := s.requests(spec, op, q.mode(), families)
				if !ok {
					t.Errorf("%s %s: how it is asked for is not in asks", spec.Name, op.Name)
					continue
				}
				q.Requests, q.Answers, q.Where = requests, a.answers, a.where
				if a.echo {
					q.flags = wire.Echo
				}
				list = append(list, q)
			}
		}
	}
	return list, absent
}

// Ask makes one of a question's requests and calls take for every answer. refused
// is what the kernel said where it did not answer; anything else that went wrong
// fails the test.
func (q Question) Ask(t *testing.T, c *client.Client, text string, take func(client.Message)) (refused string) {
	t.Helper()
	attrs, err := codec.ParseJSON([]byte(text))
	if err != nil {
		t.Fatalf("%s: %s: %v", q, text, err)
	}
	req := client.Request{Op: q.Op.Name, Attrs: attrs, Flags: q.flags}
	if q.Dump {
		for m, e := range c.Dump(t.Context(), req) {
			if err = e; err == nil {
				take(m)
			}
		}
	} else {
		_, err = c.Do(t.Context(), req, func(m client.Message) error { take(m); return nil })
	}
	var refusal *netlink.Error
	switch {
	case err == nil, errors.Is(err, netlink.ErrDumpInterrupted):
	case errors.As(err, &refusal):
		return refusal.Errno.Name()
	default:
		t.Errorf("%s: %s: %v", q, text, err)
	}
	return ""
}

// families are the numbers of the generic netlink families, by name.
func (s *Scene) families(t *testing.T) map[string]uint16 {
	t.Helper()
	c := s.Dial(t, Open(t, "nlctrl"))
	out := map[string]uint16{}
	for m, err := range c.Dump(t.Context(), client.Request{Op: "getfamily"}) {
		if err != nil {
			t.Fatalf("getfamily: %v", err)
		}
		o := m.Object(codec.Options{})
		name, _ := o.Get("family-name").(string)
		id, _ := o.Get("family-id").(uint64)
		if name == "" || id == 0 {
			t.Fatalf("a family without a name or a number: %s", o.AppendJSON(nil))
		}
		out[name] = uint16(id)
	}
	if out["nlctrl"] != 16 {
		t.Fatalf("nlctrl has number %d, want 16", out["nlctrl"])
	}
	return out
}
