package mirror

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/codec"
	"github.com/nlkit/nlkit/ynl/specs"
)

// Family is a table of any family of the catalogue: what a dump of an operation
// yields, kept up to date by the notifications that look like its replies.
//
//	mirror.Family("netdev", "dev-get")
//	mirror.Family("tcp_metrics", "get").Poll(10 * time.Second)
//
// Records are told apart by the attributes of key: names of the operation's
// attributes, "header.dev-index" for one inside another, or of members of its fixed
// header. Without any it is what a request for one record names it by, if the spec
// tells. A notification with fewer attributes than the record has is taken for a
// part of it, and the record is read again.
//
// What is wrong is told by [Open]: there is no such family or operation, it cannot
// be dumped, its key is not known, nothing announces changes and it is not polled
// either. Dumps that spread one record over several messages are not understood.
// What is a table of this package already is that table.
func Family(name, op string, key ...string) Raw {
	spec, err := specs.Open(name)
	if err != nil {
		return Raw{err: fmt.Errorf("mirror: %w", err)}
	}
	if len(key) == 0 {
		if t, ok := builtinOf(spec.Name, op); ok {
			return t
		}
	}
	return FamilyOf(spec, op, key...)
}

// FamilyOf is [Family] of a spec that is not in the catalogue.
func FamilyOf(spec *ynl.Spec, op string, key ...string) Raw {
	f := specTable{spec: spec, name: spec.Name + "/" + op}
	d, err := f.definition(op, key)
	if err != nil {
		return Raw{err: err}
	}
	return Raw{def: d}
}

// Poll returns the table read anew each time that so much time has passed, for what
// is not announced. It is a table of its own: it is what [Open] has to be given, and
// what snapshots are to be read by.
func (t Table[T, P]) Poll(every time.Duration) Table[T, P] {
	d := *t.def
	d.Poll = every
	t.def = &d
	return t
}

// Poll is as [Table.Poll].
func (t Raw) Poll(every time.Duration) Raw {
	if t.def == nil {
		return t
	}
	d := *t.def
	d.Poll = every
	t.def = &d
	return t
}

// specTable makes a Definition of a spec's operation.
type specTable struct {
	spec *ynl.Spec
	name string
	op   *ynl.Op
	head int // bytes of the fixed header
	key  []keyPart
}

func (f *specTable) definition(name string, key []string) (*Definition, error) {
	f.op = f.spec.Op(name)
	if f.op == nil || f.op.Dump == nil {
		return nil, f.noDump(name)
	}
	if f.op.Header != nil {
		f.head = f.op.Header.Size
	}
	if err := f.findKey(key); err != nil {
		return nil, err
	}
	layout := codec.Of(f.op)
	d := &Definition{
		Name: f.name, Spec: f.spec.Name, Protocol: f.spec.Protocol,
		HeaderLen: f.head,
		Dump:      f.dump,
		Key:       f.appendKey,
		Layout:    func() codec.Layout { return layout },
		apply:     f.apply,
		given:     true,
	}
	if !f.spec.IsRaw() {
		d.Family = f.spec.Name
	}
	if slices.ContainsFunc(f.key, func(p keyPart) bool { return p.isLink() }) {
		d.Links = f.links
	}
	f.announcements(d)
	return d, nil
}

// noDump says that an operation cannot be mirrored, and which can.
func (f *specTable) noDump(name string) error {
	var names []string
	for _, o := range f.spec.Ops {
		if o.Dump != nil {
			names = append(names, o.Name)
		}
	}
	switch {
	case len(names) == 0:
		return fmt.Errorf("mirror %s: it cannot be dumped, nor can anything else of %s", f.name, f.spec.Name)
	case name == "":
		return fmt.Errorf("mirror: %s is a family: say which of its operations, %s/%s", f.spec.Name, f.spec.Name, strings.Join(names, ", "+f.spec.Name+"/"))
	case f.op == nil:
		if list := near.Names(name, names); len(list) > 0 {
			names = list
		}
		return fmt.Errorf("mirror %s: %s has no operation %q; what can be dumped: %s", f.name, f.spec.Name, name, strings.Join(names, ", "))
	}
	return fmt.Errorf("mirror %s: it cannot be dumped; what can: %s", f.name, strings.Join(names, ", "))
}

// announcements finds the notifications of the operation's records, and the groups
// they come by.
func (f *specTable) announcements(d *Definition) {
	for _, o := range f.spec.Ops {
		if o.Notify != f.op {
			continue
		}
		base, deletes := subject(o.Name)
		if of, _ := subject(f.op.Name); deletes && base == of {
			d.Delete = append(d.Delete, o.ID)
		} else {
			d.Put = append(d.Put, o.ID)
		}
		for _, g := range f.spec.Groups {
			if o.Group != "" && g.Name != o.Group {
				continue
			}
			switch {
			case !f.spec.IsRaw():
				if !slices.Contains(d.GroupNames, g.Name) {
					d.GroupNames = append(d.GroupNames, g.Name)
				}
			case g.ID != 0 && !slices.Contains(d.Groups, g.ID):
				d.Groups = append(d.Groups, g.ID)
			}
		}
	}
}

// subject is what the name of an operation or a notification is about, and whether
// it says that something is gone.
func subject(name string) (about string, deletes bool) {
	var words []string
	for word := range strings.SplitSeq(name, "-") {
		switch word {
		case "ntf", "notify", "new", "create", "add", "change", "set", "get":
			continue
		case "del", "delete", "remove", "destroy":
			deletes = true
			continue
		}
		for _, verb := range []string{"get", "new", "del"} {
			if rest, ok := strings.CutPrefix(word, verb); ok && rest != "" {
				word, deletes = rest, deletes || verb == "del"
				break
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, "-"), deletes
}
