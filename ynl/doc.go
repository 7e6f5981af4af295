// Package ynl reads the kernel's own descriptions of Netlink families: specs in
// YNL, the YAML Netlink language, at its four levels (genetlink, genetlink-c,
// genetlink-legacy, netlink-raw).
//
// [Parse] turns a spec's text into a [Spec], a model in which every reference is
// a pointer and every number is worked out: attributes, operations by direction,
// enum entries, the offsets of struct members. It checks the schema's rules on
// the way and reports all that is wrong with the line it is wrong at. A spec may
// come from anywhere: work and memory are bounded. What the kernel's own tools
// let pass, some of the kernel's specs have; [Spec.Findings] tells of that.
//
// A Spec does not change after Parse has returned it: any number of goroutines
// may read it.
//
// The packages below this one make use of a model: specs has the catalogue of
// Linux's families, codec encodes and decodes messages by name, client makes
// requests by name.
package ynl
