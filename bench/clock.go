//go:build linux

package main

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// stopwatch measures wall time, processor time and allocations of the whole
// process while it runs.
type stopwatch struct {
	started time.Time
	mem     runtime.MemStats

	elapsed, cpu   time.Duration
	mallocs, bytes uint64
}

func (s *stopwatch) StartTimer() {
	runtime.ReadMemStats(&s.mem)
	s.mallocs -= s.mem.Mallocs
	s.bytes -= s.mem.TotalAlloc
	s.cpu -= cpuTime()
	s.started = time.Now()
}

func (s *stopwatch) StopTimer() {
	s.elapsed += time.Since(s.started)
	s.cpu += cpuTime()
	runtime.ReadMemStats(&s.mem)
	s.mallocs += s.mem.Mallocs
	s.bytes += s.mem.TotalAlloc
}

// cpuTime returns the processor time of this process and of those it has
// waited for.
func cpuTime() time.Duration {
	var total time.Duration
	for _, who := range []int{unix.RUSAGE_SELF, unix.RUSAGE_CHILDREN} {
		var u unix.Rusage
		if unix.Getrusage(who, &u) == nil {
			total += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return total
}
