// Package selftest has tests alone: they run in a virtual machine, and show that
// it is what other packages rely on.
package selftest
