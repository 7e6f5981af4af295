// Package uapi reads the C headers that the kernel offers to programs: the values
// of enums and defines, and the layout of structs, each with the line that says
// so. It needs no compiler.
//
// It knows as much of C as such headers use: conditions, macros with and without
// parameters, constant expressions, enums, typedefs, structs and unions with
// arrays, bit-fields, packing and alignment. What it does not understand it skips:
// then a name is not there, which is no error. Layouts are those of a 64-bit
// little-endian machine (LP64), where the kernel's own headers for both ends of
// Netlink agree.
//
// Only the kernel's folders are followed by #include (linux, asm-generic and so
// on), never the C library's. Texts from anywhere are read safely: depth,
// sizes and the work done for one unit are bounded.
package uapi
