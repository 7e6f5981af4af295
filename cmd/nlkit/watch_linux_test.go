package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/nlkit/nlkit/internal/testenv"
)

// TestWatchNamesLater names an interface that is made after the time limit for
// joining has ended.
func TestWatchNamesLater(t *testing.T) {
	ns := testenv.NewNetNS(t)
	w := &watching{status: make(chan int, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	const limit = 2 * time.Second
	begin := time.Now()
	go func() {
		w.status <- run(ctx, []string{"--netns", ns.Path(), "watch", "rt-addr", "rtnlgrp-ipv4-ifaddr", "--timeout", limit.String(), "--count", "1"}, &w.stdout, &w.stderr)
	}()
	waitFor(t, func() bool { return strings.Contains(w.stderr.String(), "listening") })
	waitFor(t, func() bool { return time.Since(begin) > limit+50*time.Millisecond })
	for _, args := range []string{
		"do rt-link newlink --create --excl ifname=late0 linkinfo.kind=bridge",
		"do rt-addr newaddr --create dev=late0 ifa-family=inet ifa-prefixlen=24 local=192.0.2.1 address=192.0.2.1",
	} {
		status, out, errs := try(t, append([]string{"--netns", ns.Path()}, strings.Fields(args)...)...)
		if status != 0 && strings.Contains(errs, "EOPNOTSUPP") {
			testenv.Missing(t, "bridge", errs)
		}
		if status != 0 {
			t.Fatalf("%s: status %d\n%s%s", args, status, out, errs)
		}
	}
	if status := w.end(t); status != 0 || !strings.Contains(w.stdout.String(), "192.0.2.1/24 dev late0\n") {
		t.Errorf("status %d\n%s%s\nwant the interface by its name", status, w.stdout.String(), w.stderr.String())
	}
}
