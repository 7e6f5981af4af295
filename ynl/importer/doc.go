// Package importer makes the catalogue of ynl/specs from the kernel's own specs:
// it takes over what is fact (names, numbers, types, structure, checks), leaves
// out all prose, writes one canonical form, and then applies an overlay: the
// corrections and additions of this project, each with the header that proves
// it.
//
// An overlay says what it expects to find as well as what to make of it. Where
// upstream no longer says that, the import fails, so that a correction made
// there is noticed here.
package importer
