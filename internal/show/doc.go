// Package show explains families to people and to programs: what a spec says of
// operations, attributes, enums and structs, beside what the running kernel
// says.
package show
