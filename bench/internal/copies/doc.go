// Package copies compares those who keep a copy of the kernel's routes while they
// change: how far each copy is from the kernel, and what it costs.
//
// Every candidate is a process of its own in a network namespace of its own, in which
// the same changes are made: see [Run]. After each phase of them there is a pause; then
// the candidate is asked for its copy, which is compared with a dump.
package copies
