package genetlink

import (
	"reflect"
	"testing"

	"github.com/nlkit/nlkit/wire"
)

func TestParseNotice(t *testing.T) {
	fam := &Family{ID: 33, Name: "DOC_EXMPL", Version: 1, MaxAttr: 1, Ops: []Op{{1, CanDo}}, Groups: []Group{{"DOC_EXMPL_GRP", 40}}}
	group := func(b *wire.Builder) { (&Family{ID: 33, Name: "DOC_EXMPL", Groups: fam.Groups}).Append(b) }
	for _, tt := range []struct {
		what   string
		m      wire.Message
		want   notice
		ok     bool
		failed bool
	}{
		{what: "new", m: build(t, ControllerID, CtrlNewFamily, nil, fam.Append), ok: true, want: notice{CtrlNewFamily, fam}},
		{what: "gone", m: build(t, ControllerID, CtrlDelFamily, nil, fam.Append), ok: true, want: notice{CtrlDelFamily, fam}},
		{what: "new group", m: build(t, ControllerID, CtrlNewMcastGroup, nil, group), ok: true,
			want: notice{CtrlNewMcastGroup, &Family{ID: 33, Name: "DOC_EXMPL", Groups: fam.Groups}}},
		{what: "group gone", m: build(t, ControllerID, CtrlDelMcastGroup, nil, group), ok: true,
			want: notice{CtrlDelMcastGroup, &Family{ID: 33, Name: "DOC_EXMPL", Groups: fam.Groups}}},
		{what: "another command", m: build(t, ControllerID, 5, nil, fam.Append)},
		{what: "another family", m: build(t, 33, CtrlNewFamily, nil, fam.Append)},
		{what: "no header", m: build(t, ControllerID, CtrlNewFamily, nil, nil)[:18], failed: true},
		{what: "no attributes", m: build(t, ControllerID, CtrlNewFamily, nil, nil), failed: true},
	} {
		t.Run(tt.what, func(t *testing.T) {
			n, ok, err := parseNotice(tt.m)
			if ok != tt.ok || (err != nil) != tt.failed || !reflect.DeepEqual(n, tt.want) {
				t.Errorf("got %+v, %v, %v", n, ok, err)
			}
		})
	}
}

func FuzzNotice(f *testing.F) {
	fam := &Family{ID: 33, Name: "DOC_EXMPL", Groups: []Group{{"DOC_EXMPL_GRP", 40}}}
	f.Add([]byte(build(f, ControllerID, CtrlNewFamily, nil, fam.Append)))
	f.Add([]byte(build(f, ControllerID, CtrlDelFamily, nil, fam.Append)))
	f.Add([]byte(build(f, ControllerID, CtrlNewMcastGroup, nil, nil)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		n, ok, err := parseNotice(data)
		if ok && (err != nil || n.family == nil || n.family.Name == "") {
			t.Fatalf("%+v, %v", n, err)
		}
	})
}
