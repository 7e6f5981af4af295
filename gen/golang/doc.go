// Package golang writes Go packages of YNL specs: the structs of a family's
// messages with their encoders and decoders, its enums, a client with a method
// for each operation, its notifications, and the interface of its server.
//
//	spec, err := ynl.ParseFile("netdev.yaml")
//	...
//	pkg, err := golang.Generate(spec, golang.Options{})
//	...
//	err = pkg.Write("family/netdev")
//
// What is written depends on the spec alone: the same spec gives the same bytes.
// The package that is written rests on package nl; packages wire, netlink and
// genetlink stand below that, and nothing that reads specs is linked.
//
// A spec with something that has no form in Go is refused with an [*Error], which
// says where and what; there is never half a package.
package golang
