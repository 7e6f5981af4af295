// Package kmod writes Linux kernel modules of YNL specs: all of the C that a
// generic netlink family needs but the bodies of its handlers.
//
//	spec, err := ynl.ParseFile("lamps.yaml")
//	...
//	mod, err := kmod.Generate(spec, kmod.Options{})
//	...
//	result, err := mod.Write("lamps")
//
// A module is a folder: the uapi header, policies, readers that give handlers a
// typed request, helpers that fill replies and notifications, the table of
// operations, init and exit, and what builds it. All of that is written anew each
// time; the author's file is written once, as stubs, and then left alone.
//
// What is written depends on the spec alone: the same spec gives the same bytes.
// It compiles on kernels from 5.10 on; docs/kmod.md says what differs where.
//
// A spec with something that has no form in a kernel module is refused with an
// [*Error], which says where and what; there is never half a module.
package kmod
