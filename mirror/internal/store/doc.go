// Package store keeps ordered records that one goroutine changes and any number of
// others read at the same time, without locks: what a mirrored table is made of.
//
// A record is a key and a value. Their bytes lie in slabs without pointers, which
// the garbage collector does not look into, and are found by B+trees whose nodes
// are copied when they are changed after a snapshot was taken. A snapshot costs
// nothing to take; what it shares with the present is there once. Two snapshots
// are compared in the time of what differs.
package store
