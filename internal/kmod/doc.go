// Package kmod has what talks to the modules of ../../kmod: a generated package
// for each family, of the same specs the modules are generated from.
//
// "go generate" writes both sides anew, and the tests find a side that is not what
// the spec and today's generators give.
package kmod

//go:generate go run ../../cmd/nlkit gen kmod --output ../../kmod/doc_exmpl ../../kmod/doc_exmpl/doc_exmpl.yaml
//go:generate go run ../../cmd/nlkit gen go --output docexmpl ../../kmod/doc_exmpl/doc_exmpl.yaml
//go:generate go run ../../cmd/nlkit gen kmod --output ../../kmod/nlkit_test ../../kmod/nlkit_test/nlkit_test.yaml
//go:generate go run ../../cmd/nlkit gen go --output nlkittest ../../kmod/nlkit_test/nlkit_test.yaml
