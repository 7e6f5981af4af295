package guest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRecord(t *testing.T) {
	got, err := ParseRecord("12,345,6789012,-,caller=T1;usb 1-1: a; text, with\\x0abytes\n SUBSYSTEM=usb\n DEVICE=+usb:1-1\n")
	if err != nil {
		t.Fatal(err)
	}
	want := Record{Level: 4, Facility: 1, Seq: 345, Micros: 6789012, Text: "usb 1-1: a; text, with\\x0abytes"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if s := got.String(); s != "[    6.789012] usb 1-1: a; text, with\\x0abytes" {
		t.Errorf("written as %q", s)
	}
	for _, bad := range []string{"", ";", "6,1;x", "a,1,2,-;x", "6,-1,2,-;x", "6,1,2,-", "6,99999999999999999999,2,-;x"} {
		if r, err := ParseRecord(bad); err == nil {
			t.Errorf("%q: %+v, want an error", bad, r)
		}
	}
}

func TestComplaint(t *testing.T) {
	for _, text := range []string{
		"WARNING: CPU: 0 PID: 82 at net/core/dev.c:1 f+0x1/0x2 [m]",
		"BUG: kernel NULL pointer dereference, address: 0000000000000010",
		"BUG: unable to handle page fault for address: ffff",
		"Oops: 0002 [#1] PREEMPT SMP NOPTI",
		"Call Trace:",
		"Kernel panic - not syncing: Fatal exception",
		"general protection fault, probably for non-canonical address 0x1: 0000 [#1]",
		"refcount_t: underflow; use-after-free.",
		"list_del corruption. prev->next should be x, but was y",
		"UBSAN: array-index-out-of-bounds in f.c:1:2",
		"BUG kmalloc-64 (Tainted: G O): Objects remaining in kmalloc-64 on __kmem_cache_shutdown()",
		"INFO: task test:82 blocked for more than 120 seconds.",
		"rcu: INFO: rcu_preempt self-detected stall on CPU",
		"watchdog: BUG: soft lockup - CPU#0 stuck for 22s!",
		"unregister_netdevice: waiting for lo to become free. Usage count = 2",
		"BUG: sleeping function called from invalid context at mm/slab.h:1",
		"WARNING: possible circular locking dependency detected",
		"WARNING: suspicious RCU usage",
	} {
		if !(Record{Text: text}).Complaint() {
			t.Errorf("no complaint: %s", text)
		}
		if (Record{Text: text, Facility: 1}).Complaint() {
			t.Errorf("a program wrote it: %s", text)
		}
	}
	for _, text := range []string{
		"nlkit_plain: loading out-of-tree module taints kernel.",
		"x: module verification failed: signature and/or required key missing - tainting kernel",
		"netlink: 4 bytes leftover after parsing attributes in process `test'.",
		"e1000e: eth0 NIC Link is Up", "DEBUG: all is well", "test (82): drop_caches: 4",
	} {
		if (Record{Text: text}).Complaint() {
			t.Errorf("a complaint: %s", text)
		}
	}
}

func FuzzParseRecord(f *testing.F) {
	f.Add("6,1,2,-;text\n KEY=value\n")
	f.Add("4,18446744073709551615,0,c;WARNING: x")
	f.Fuzz(func(t *testing.T, in string) {
		r, err := ParseRecord(in)
		if err == nil && (r.Level < 0 || r.Level > 7 || r.Facility < 0) {
			t.Errorf("%+v", r)
		}
	})
}
