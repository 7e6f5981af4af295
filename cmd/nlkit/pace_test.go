package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nlkit/nlkit/sim"
)

// TestTimeout asks a protocol that never answers.
func TestTimeout(t *testing.T) {
	k := sim.NewKernel()
	defer k.Close()
	if err := k.HandleProtocol(25, sim.Protocol{Groups: 32, Datagram: func(uint32, []byte) {}}); err != nil {
		t.Fatal(err)
	}
	for args, status := range map[string]int{
		"do silent get":                1,
		"dump silent get":              1,
		"dump silent get -o json":      1,
		"watch silent --for 1ms":       0, // whose groups are joined without asking
		"watch silent news --for 1ms":  0,
		"watch silent other --for 1ms": 2,
	} {
		var stdout, stderr bytes.Buffer
		a := &app{via: k}
		limit := "30ms"
		if status != 1 {
			limit = "1m" // which is not to be reached
		}
		words := append([]string{"--spec", "testdata/silent.yaml", "--timeout", limit}, strings.Fields(args)...)
		got := a.run(t.Context(), words, &stdout, &stderr)
		if got != status || stdout.Len() > 0 {
			t.Errorf("%s: status %d, want %d\n%s%s", args, got, status, stdout.String(), stderr.String())
		}
		if status == 1 && !strings.Contains(stderr.String(), "no answer within 30ms (--timeout)") {
			t.Errorf("%s: %s", args, stderr.String())
		}
	}
}
