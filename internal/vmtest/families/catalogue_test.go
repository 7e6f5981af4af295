//go:build linux

package families_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/scene"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/ynl"
	"github.com/nlkit/nlkit/ynl/client"
	"github.com/nlkit/nlkit/ynl/specs"
)

// leastFamilies is how many families a full kernel has with all modules loaded.
const leastFamilies = 50

// knownFile has what the test finds: the families, those without a spec among
// them, and what the kernel says otherwise than the specs.
const knownFile = "testdata/families.txt"

// TestCatalogue asks nlctrl for all families, and compares each that has a spec
// with it: version, header, operations, groups, and what the kernel accepts as
// attributes. The outcome has to be the one in the file, to the line: so a family
// that is new, or gone, is noticed, and a difference too.
func TestCatalogue(t *testing.T) {
	vm := load(t)
	c, err := genetlink.Dial(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	families, err := c.Families(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(families) < leastFamilies {
		t.Errorf("%d families, want %d at the least", len(families), leastFamilies)
	}
	byName := map[string]*ynl.Spec{}
	for _, name := range specs.Names() {
		s := scene.Open(t, name)
		byName[s.Name] = s
	}
	slices.SortFunc(families, func(a, b *genetlink.Family) int { return cmp.Compare(a.Name, b.Name) })
	var log, known strings.Builder
	table := tabwriter.NewWriter(&log, 0, 1, 2, ' ', 0)
	fmt.Fprintln(table, "FAMILY\tID\tVERSION\tHEADER\tMAXATTR\tOPS\tGROUPS\tSPEC")
	without := 0
	var differences []string
	for _, f := range families {
		spec, file := byName[f.Name], "none"
		if spec == nil {
			without++
		} else {
			file = spec.File
			differences = append(differences, compare(t, f, spec)...)
		}
		var groups []string
		for _, g := range f.Groups {
			groups = append(groups, g.Name)
		}
		list := cmp.Or(strings.Join(groups, ","), "-")
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n", f.Name, f.ID, f.Version, f.HeaderLen, f.MaxAttr, len(f.Ops), list, file)
		fmt.Fprintf(&known, "family %q: version %d, header %d, %d operations, groups %s, spec %s\n", f.Name, f.Version, f.HeaderLen, len(f.Ops), list, file)
	}
	table.Flush()
	slices.Sort(differences)
	for _, d := range slices.Compact(differences) {
		known.WriteString(d + "\n")
	}
	t.Logf("%d families, %d with a spec and %d without\n%s", len(families), len(families)-without, without, &log)
	vm.Keep("families.txt", []byte(known.String()))
	want, err := os.ReadFile(knownFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range missing(string(want), known.String()) {
		t.Errorf("no more: %s", line)
	}
	for _, line := range missing(known.String(), string(want)) {
		t.Errorf("not in %s: %s", knownFile, line)
	}
	if t.Failed() {
		t.Logf("%s as it would be now is left behind by -keep DIR", knownFile)
	}
}

// missing are the lines of a that b has not.
func missing(a, b string) (list []string) {
	have := map[string]bool{}
	for line := range strings.Lines(b) {
		have[line] = true
	}
	for line := range strings.Lines(a) {
		if !have[line] {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// compare tells in what the kernel's family is not the spec's. What the spec has
// and the kernel has not is told in a line: specs are of a newer kernel.
func compare(t *testing.T, f *genetlink.Family, spec *ynl.Spec) (list []string) {
	t.Helper()
	add := func(format string, args ...any) {
		list = append(list, f.Name+": "+fmt.Sprintf(format, args...))
	}
	if uint32(spec.Version) != f.Version {
		add("the kernel's version is %d, the spec's %d", f.Version, spec.Version)
	}
	header := uint32(0)
	if spec.Header != nil {
		header = uint32(spec.Header.Size)
	}
	if header != f.HeaderLen {
		add("the kernel's header has %d bytes, the spec's %d", f.HeaderLen, header)
	}
	if most := mostAttrs(spec); f.MaxAttr > most {
		add("the kernel has attributes up to %d, the spec up to %d", f.MaxAttr, most)
	}
	ours, theirs := map[uint32]bool{}, map[uint32]bool{}
	for _, op := range spec.Ops {
		for _, mode := range []*ynl.Mode{op.Do, op.Dump} {
			if mode != nil {
				ours[uint32(mode.RequestID)] = true
			}
		}
	}
	var unknown, newer []string
	for _, op := range f.Ops {
		theirs[op.ID] = true
		if !ours[op.ID] {
			unknown = append(unknown, fmt.Sprint(op.ID))
			continue
		}
		compareOp(op, spec.Request(uint16(op.ID)), add)
	}
	for _, op := range spec.Ops {
		if !op.IsAsync() && !op.IsReserved() && !theirs[uint32(request(op))] {
			newer = append(newer, op.Name)
		}
	}
	if unknown != nil {
		add("operations without a spec: %s", strings.Join(unknown, " "))
	}
	if newer != nil {
		add("not in this kernel: %s", strings.Join(newer, " "))
	}
	for _, g := range f.Groups {
		if spec.Group(g.Name) == nil {
			add("group %q is not in the spec", g.Name)
		}
	}
	for _, g := range spec.Groups {
		if _, ok := f.Group(g.Name); !ok {
			add("group %q is not in this kernel", g.Name)
		}
	}
	return append(list, comparePolicies(t, f, spec)...)
}

// mostAttrs is the largest number of an attribute in the sets of operations.
func mostAttrs(spec *ynl.Spec) (most uint32) {
	for _, op := range spec.Ops {
		if op.Set == nil {
			continue
		}
		for _, a := range op.Set.Attrs {
			most = max(most, uint32(a.ID))
		}
	}
	return most
}

// request is the number an operation is asked for with.
func request(op *ynl.Op) uint16 {
	if op.Do != nil {
		return op.Do.RequestID
	}
	return op.Dump.RequestID
}

// compareOp compares what an operation can do, and whom the kernel asks for
// rights.
func compareOp(k genetlink.Op, op *ynl.Op, add func(string, ...any)) {
	for _, can := range []struct {
		flag  genetlink.OpFlags
		name  string
		there bool
	}{
		{genetlink.CanDo, "be asked for", op.Do != nil}, {genetlink.CanDump, "be dumped", op.Dump != nil},
		{genetlink.AdminPerm, "be asked for by an administrator only", op.AdminPerm},
		{genetlink.UserNamespaceAdmin, "be asked for by an administrator of the namespace only", op.UnsAdminPerm},
	} {
		if has := k.Flags.Has(can.flag); has != can.there {
			words := map[bool]string{true: "can", false: "cannot"}
			add("%s %s %s, the spec says it %s", op.Name, words[has], can.name, words[can.there])
		}
	}
}

// comparePolicies compares what the kernel accepts as attributes with what the
// spec says they are.
func comparePolicies(t *testing.T, f *genetlink.Family, spec *ynl.Spec) (list []string) {
	t.Helper()
	c, err := client.Dial(spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := false
	for _, op := range spec.Ops {
		if op.IsAsync() || op.IsReserved() {
			continue
		}
		if _, ok := f.Op(uint32(request(op))); !ok {
			continue
		}
		for _, dump := range []bool{false, true} {
			if dump && op.Dump == nil || !dump && op.Do == nil {
				continue
			}
			attrs, ok, err := c.Policy(ctx, op.Name, dump)
			if err != nil {
				t.Errorf("%s %s: its policy: %v", spec.Name, op.Name, err)
				continue
			}
			told = told || ok
			list = append(list, attrsAgainst(spec.Name, attrs)...)
		}
	}
	if !told {
		list = append(list, spec.Name+": the kernel tells of no policy")
	}
	return list
}

// attrsAgainst compares attributes, and those in them, with the kernel's policy.
func attrsAgainst(at string, attrs []client.AttrPolicy) (list []string) {
	for _, a := range attrs {
		if a.Attr == nil {
			list = append(list, fmt.Sprintf("%s: the kernel takes attribute %d, a %s, which the spec has not", at, a.ID, a.Type))
			continue
		}
		if !fits(a.Type, a.Attr) {
			list = append(list, fmt.Sprintf("%s: the kernel takes %s for a %s, the spec for a %s", at, a.Name, a.Type, a.Attr.Type))
		}
		list = append(list, limitsAgainst(at, a)...)
		list = append(list, attrsAgainst(at+"."+a.Name, a.Inside)...)
	}
	return list
}

// fits reports whether the type that the kernel's policy has for an attribute is
// one that the spec's type is checked by.
func fits(k netlink.PolicyType, a *ynl.Attr) bool {
	switch a.Type {
	case ynl.Nested:
		return k == netlink.PolicyNested || k == netlink.PolicyNestedArray
	case ynl.IndexedArray, ynl.NestTypeValue, ynl.SubMsg:
		return k == netlink.PolicyNested || k == netlink.PolicyNestedArray || k == netlink.PolicyBinary
	case ynl.String:
		return k == netlink.PolicyString || k == netlink.PolicyNulString || k == netlink.PolicyBinary
	case ynl.Pad, ynl.Unused:
		return true
	}
	return k.String() == a.Type.String()
}

// limitsAgainst compares ranges and masks with those of the spec's checks.
func limitsAgainst(at string, a client.AttrPolicy) (list []string) {
	differs := func(what string, kernel, spec any) {
		list = append(list, fmt.Sprintf("%s: the kernel's %s of %s is %v, the spec's %v", at, what, a.Name, kernel, spec))
	}
	checks := a.Attr.Checks
	if l := checks.Max; l.Set && l.Known && !l.Neg && a.HasUnsigned && a.MaxU != l.Abs {
		differs("largest value", a.MaxU, l.Abs)
	}
	if l := checks.Min; l.Set && l.Known && !l.Neg && a.HasUnsigned && a.MinU != l.Abs {
		differs("least value", a.MinU, l.Abs)
	}
	if l := checks.MaxLen; l.Set && l.Known && a.HasMaxLen && uint64(a.MaxLen) != l.Abs {
		differs("greatest length", a.MaxLen, l.Abs)
	}
	if l := checks.ExactLen; l.Set && l.Known && a.HasMaxLen && uint64(a.MaxLen) != l.Abs {
		differs("length", a.MaxLen, l.Abs)
	}
	if a.HasMask && a.Attr.Enum != nil && a.Attr.IsBits() && a.Mask&^a.Attr.Enum.Mask() != 0 {
		differs("bits", fmt.Sprintf("%#x", a.Mask), fmt.Sprintf("%#x", a.Attr.Enum.Mask()))
	}
	return list
}
