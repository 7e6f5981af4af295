//go:build linux

package families_test

import (
	"fmt"
	"testing"
)

// setNFS starts an NFS server. Only version 4 does without a portmapper.
func setNFS(t *testing.T, w *world) {
	w.do(t, "nfsd", "version-set", `{"version": [{"major": 4, "minor": 2, "enabled": true}]}`)
	// A struct sockaddr_in, which is what the family takes: 192.0.2.77, port 2049.
	w.do(t, "nfsd", "listener-set", `{"addr": [{"transport-name": "tcp", "addr": "02000801c000024d0000000000000000"}]}`)
	w.do(t, "nfsd", "threads-set", `{"threads": [2], "leasetime": 60}`)
	for _, o := range w.do(t, "nfsd", "threads-get", `{}`) {
		if text := fmt.Sprint(o.Get("threads")); text != "2" {
			t.Errorf("%s threads, want 2", text)
		}
	}
}
