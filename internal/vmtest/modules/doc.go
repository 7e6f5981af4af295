// Package modules has tests alone: they run in a virtual machine, against the
// modules in kmod/. They show that the demos pass there, that none of the defects
// of the notes' programs is in the modules or in the library, that both stand
// load and the module's unloading under load, and that the simulated kernel does
// what the module nlkit_test does.
//
//	go run ./internal/vmtest/... -v ./internal/vmtest/modules
package modules
