package genetlink

import "testing"

func TestOpFlagsString(t *testing.T) {
	for _, tt := range []struct {
		f    OpFlags
		want string
	}{
		{0, "0"},
		{AdminPerm, "admin-perm"},
		{CanDo | HasPolicy, "do|haspol"},
		{0x1f, "admin-perm|do|dump|haspol|uns-admin-perm"},
		{CanDump | 0x60, "dump|0x60"},
	} {
		if got := tt.f.String(); got != tt.want {
			t.Errorf("0x%x: %q, want %q", uint32(tt.f), got, tt.want)
		}
	}
	if names := OpFlags(0).Names(); names == nil || len(names) != 0 {
		t.Errorf("names of no flags: %#v, want an empty list", names)
	}
	if !(CanDo | CanDump).Has(CanDump) || CanDo.Has(CanDo|CanDump) {
		t.Error("Has is wrong")
	}
}
