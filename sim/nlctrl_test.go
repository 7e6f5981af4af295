package sim

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
)

// littleEndian skips a test whose bytes were recorded.
func littleEndian(t *testing.T) {
	t.Helper()
	if hostIsBig() {
		t.Skip("the bytes were recorded on a little-endian machine")
	}
}

// exchange sends a request and returns the answers, port ids blanked.
func exchange(t *testing.T, s netlink.Transport, req []byte) [][]byte {
	t.Helper()
	send(t, s, req)
	all := drain(t, s)
	for _, b := range all {
		for m, err := range wire.Messages(b) {
			if err != nil {
				t.Fatal(err)
			}
			m.SetPort(0)
		}
	}
	return all
}

// TestControllerBytes holds what Linux 6.18 answered about its controller.
func TestControllerBytes(t *testing.T) {
	littleEndian(t)
	s := open(t, newKernel(t), wire.Generic, nil)
	name := func(b *wire.Builder) { b.Text(genetlink.CtrlAttrFamilyName, "nlctrl") }
	tests := []struct {
		name string
		req  []byte
		want string
	}{
		{"family", genl(t, ctrlID, wire.Request, genetlink.CtrlGetFamily, name),
			"88000000100000000100000000000000 01020000 0b0002006e6c6374726c0000 0600010010000000 0800030002000000 0800040000000000" +
				"0800050000000000 2c000600 14000100 0800010003000000 080002000e000000 14000200 080001000a000000 080002000c000000" +
				"1c000700 18000100 0800020010000000 0b0001006e6f7469667900 00"},
		{"policy", genl(t, ctrlID, dumpFlags, genetlink.CtrlGetPolicy, name),
			"34000000100002000100000000000000 0a020000 0600010010000000 18000980 14000380 0800010000000000 0800020000000000" +
				// An op that can only be dumped is told as op 0.
				"2c000000100002000100000000000000 0a020000 0600010010000000 10000980 0c000080 0800020001000000" +
				"48000000100002000100000000000000 0a020000 0600010010000000 2c000880 28000080 24000180 0c0004000000000000000000 0c000500ffff000000000000 0800010003000000" +
				"38000000100002000100000000000000 0a020000 0600010010000000 1c000880 18000080 14000280 080007000f000000 080001000c000000" +
				"48000000100002000100000000000000 0a020000 0600010010000000 2c000880 28000180 24000180 0c0004000000000000000000 0c000500ffff000000000000 0800010003000000" +
				"38000000100002000100000000000000 0a020000 0600010010000000 1c000880 18000180 14000280 080007000f000000 080001000c000000" +
				"48000000100002000100000000000000 0a020000 0600010010000000 2c000880 28000180 24000a80 0c0004000000000000000000 0c000500ffffffff00000000 0800010004000000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all := exchange(t, s, tt.req)
			if want := unhex(t, tt.want); !bytes.Equal(all[0], want) {
				t.Errorf("\n got  %x\n want %x", all[0], want)
			}
		})
	}
}

// TestNestedPolicies holds the order in which Linux numbers policies: breadth
// first, each once, and what it tells of a nest.
func TestNestedPolicies(t *testing.T) {
	littleEndian(t)
	k := newKernel(t)
	leaf := Policy{1: {Kind: U8}}
	mid := Policy{1: {Kind: Nested, Nested: leaf}, 2: {Kind: Reject}}
	loop := Policy{1: {Kind: Nested}}
	loop[1].Nested = loop
	fam, err := k.Register(Family{Name: "f", Policy: leaf, Ops: []Op{
		{Cmd: 1, Policy: Policy{1: {Kind: Nested, Nested: mid}, 2: {Kind: Nested}, 3: {Kind: NestedArray, Nested: leaf}}, Do: nothing},
		{Cmd: 2, Do: nothing, Dump: none}, // the family's
		{Cmd: 3, Policy: loop, Do: nothing},
		{Cmd: 4, Policy: Policy{}, Do: nothing}, // nothing to tell
	}})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k, wire.Generic, nil)
	all := exchange(t, s, genl(t, ctrlID, dumpFlags, genetlink.CtrlGetPolicy, func(b *wire.Builder) { b.Uint16(genetlink.CtrlAttrFamilyID, fam.ID()) }))
	var got []string
	for m, err := range wire.Messages(all[0]) {
		if err != nil {
			t.Fatal(err)
		}
		for a := range wire.Attrs(m.Data()[genetlink.HeaderLen:]) {
			if a.Type() == genetlink.CtrlAttrOpPolicy || a.Type() == genetlink.CtrlAttrPolicy {
				got = append(got, fmt.Sprintf("%x", []byte(a)))
			}
		}
	}
	want := []string{
		"100009800c0001800800010000000000",                 // op 1: policy 0
		"180009801400028008000100020000000800020002000000", // op 2: policy 2 for both
		"100009800c0003800800010003000000",                 // op 3: policy 3
		"08000980" + "04000480",                            // op 4: none
		"240008802000008" + "01c0001800800080001000000" + "0800090002000000" + "080001000d000000",  // 0.1: nest, policy 1
		"14000880100000800c000280080001000d000000",                                                 // 0.2: nest without a policy
		"240008802000008" + "01c0003800800080002000000" + "0800090001000000" + "080001000e000000",  // 0.3: array, policy 2
		"240008802000018" + "01c0001800800080002000000" + "0800090001000000" + "080001000d000000",  // 1.1: nest, policy 2
		"2c00088028000280240001800c00040000000000000000000c000500ff000000000000000800010002000000", // 2.1: u8
		"240008802000038" + "01c0001800800080003000000" + "0800090001000000" + "080001000d000000",  // 3.1: nest, itself
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("entry %d:\n got  %q\n want %q", i, got[min(i, len(got)):], want[min(i, len(want)):])
		}
	}
}

func TestPolicyWithoutData(t *testing.T) {
	k := newKernel(t)
	fam, err := k.Register(Family{Name: "f", ReservedFrom: 9, Ops: []Op{{Cmd: 1, Do: nothing}}})
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, k, wire.Generic, nil)
	all := exchange(t, s, genl(t, ctrlID, dumpFlags, genetlink.CtrlGetPolicy, func(b *wire.Builder) { b.Uint16(genetlink.CtrlAttrFamilyID, fam.ID()) }))
	if errno, _ := ackOf(t, all[0]); errno != netlink.ENODATA || len(all) != 1 {
		t.Errorf("%v in %d datagrams, want ENODATA in one", errno.Name(), len(all))
	}
}

func TestNotify(t *testing.T) {
	k := newKernel(t)
	s := open(t, k, wire.Generic, nil)
	if err := s.Join(ctrlID); err != nil {
		t.Fatal(err)
	}
	fam, err := k.Register(Family{Name: "f", Version: 2, HeaderLen: 4, MaxAttr: 7, Groups: []Group{{Name: "one"}, {Name: "two"}},
		Ops: []Op{{Cmd: 1, AdminPerm: true, Do: nothing}, {Cmd: 2, UnsAdminPerm: true, Policy: Policy{1: {Kind: U32}}, Dump: none}}})
	if err != nil {
		t.Fatal(err)
	}
	id := fam.ID()
	if err := fam.Unregister(); err != nil {
		t.Fatal(err)
	}
	all := drain(t, s)
	type event struct {
		cmd    uint8
		groups string
	}
	want := []event{
		{genetlink.CtrlNewFamily, "2 one 3 two "}, {genetlink.CtrlNewMcastGroup, "2 one "}, {genetlink.CtrlNewMcastGroup, "3 two "},
		{genetlink.CtrlDelMcastGroup, "2 one "}, {genetlink.CtrlDelMcastGroup, "3 two "}, {genetlink.CtrlDelFamily, "2 one 3 two "},
	}
	if len(all) != len(want) {
		t.Fatalf("%d notifications, want %d", len(all), len(want))
	}
	for i, b := range all {
		m := wire.Message(b)
		if m.Type() != ctrlID || m.Flags() != 0 || m.Seq() != 0 || m.Port() != 0 || m.Data()[1] != 2 {
			t.Errorf("notification %d: %v", i, m.Header())
		}
		got := event{cmd: m.Data()[0]}
		attrs := m.Data()[genetlink.HeaderLen:]
		name, _ := wire.FindAttr(attrs, genetlink.CtrlAttrFamilyName)
		fid, _ := wire.FindAttr(attrs, genetlink.CtrlAttrFamilyID)
		if v, err := fid.Uint16(); err != nil || v != id || name.Text() != "f" {
			t.Errorf("notification %d: family %d %q", i, v, name.Text())
		}
		groups, _ := wire.FindAttr(attrs, genetlink.CtrlAttrMcastGroups)
		for g := range groups.Attrs() {
			gid, _ := wire.FindAttr(g.Data(), genetlink.CtrlAttrMcastID)
			gname, _ := wire.FindAttr(g.Data(), genetlink.CtrlAttrMcastName)
			v, _ := gid.Uint32()
			got.groups += fmt.Sprint(v, " ", gname.Text(), " ")
		}
		if got != want[i] {
			t.Errorf("notification %d: %+v, want %+v", i, got, want[i])
		}
		if ops, ok := wire.FindAttr(attrs, genetlink.CtrlAttrOps); ok {
			var flags []uint32
			for op := range ops.Attrs() {
				a, _ := wire.FindAttr(op.Data(), genetlink.CtrlAttrOpFlags)
				flags = append(flags, binary.NativeEndian.Uint32(a.Data()))
			}
			if fmt.Sprint(flags) != "[11 28]" { // admin, do, policy (all refused); user admin, dump, policy
				t.Errorf("notification %d: op flags %v", i, flags)
			}
		}
	}
}
