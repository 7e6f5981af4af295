// Package text writes messages for people: what was decoded by a spec, with
// names, addresses as people write them, sizes and times that can be read at a
// glance, and nests indented.
//
// It is for reading. What is to be put in again, or read by a program, is
// written as JSON by package codec.
package text
