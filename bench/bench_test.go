//go:build linux

package main

import "testing"

// The cases of the command as ordinary benchmarks:
//
//	go test -bench 'Link/(nlkit|by_hand)$'
//
// They are run one after the other, not in turns: for ratios use the command.

func benchmark(b *testing.B, c *Case) {
	needNamespace(b)
	if c.Setup != nil {
		undo, err := c.Setup()
		if err != nil {
			b.Fatal(err)
		}
		if undo != nil {
			defer func() {
				if err := undo(); err != nil {
					b.Error(err)
				}
			}()
		}
	}
	for _, k := range c.Candidates {
		b.Run(k.Name, func(b *testing.B) {
			b.ReportAllocs()
			r, err := k.Open()
			if err != nil {
				b.Fatal(err)
			}
			defer func() {
				if err := r.close(); err != nil {
					b.Error(err)
				}
			}()
			b.ResetTimer()
			if err := r.Run(b, b.N); err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
		})
	}
}

func BenchmarkEncode(b *testing.B)      { benchmark(b, encodeCase()) }
func BenchmarkWalk(b *testing.B)        { benchmark(b, walkCase()) }
func BenchmarkConntrack(b *testing.B)   { benchmark(b, conntrackCase()) }
func BenchmarkLinks1k(b *testing.B)     { benchmark(b, linksCase()) }
func BenchmarkLink(b *testing.B)        { benchmark(b, linkCase()) }
func BenchmarkLink32(b *testing.B)      { benchmark(b, parallelCase()) }
func BenchmarkEventQueued(b *testing.B) { benchmark(b, queuedCase()) }
func BenchmarkEventWakeup(b *testing.B) { benchmark(b, wakeupCase()) }
func BenchmarkEventTaken(b *testing.B)  { benchmark(b, takenCase()) }
func BenchmarkBatchAdd(b *testing.B)    { benchmark(b, addCase()) }
func BenchmarkBatchDelete(b *testing.B) { benchmark(b, deleteCase()) }

func BenchmarkDump10k(b *testing.B)  { benchmarkDump(b, 10_000) }
func BenchmarkDump100k(b *testing.B) { benchmarkDump(b, 100_000) }

func benchmarkDump(b *testing.B, routes int) {
	needNamespace(b)
	var f filler
	defer func() {
		if err := f.empty(); err != nil {
			b.Error(err)
		}
	}()
	benchmark(b, dumpCase(&f, routes))
}
