package vmtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseShow(t *testing.T) {
	got := parseShow(`Package: linux-headers-6.12-cloud-amd64
Version: 6.12.117-1~deb12u1
Depends: linux-headers-6.12.117+deb12-cloud-amd64 (= 6.12.117-1), dracut | initramfs-tools (>= 1),gcc-12
Description: a text
 Version: not a field

Package: b
Version: 2

`)
	want := []pkg{
		{"linux-headers-6.12-cloud-amd64", "6.12.117-1~deb12u1", []string{"linux-headers-6.12.117+deb12-cloud-amd64", "dracut", "gcc-12"}},
		{"b", "2", nil},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(pkg{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestUnneeded(t *testing.T) {
	for name, want := range map[string]bool{
		"linux-base": true, "linux-initramfs-tool": true, "linux-compiler-gcc-12-x86": true, "linux-libc-dev": true,
		"linux-base-7.2.13+deb14-cloud-amd64": false, "linux-kbuild-6.1": false, "linux-headers-6.1.0-56-common": false,
	} {
		if got := unneeded.MatchString(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
