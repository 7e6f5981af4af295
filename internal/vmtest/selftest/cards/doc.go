// Package cards has tests alone: of the network cards that a virtual machine can
// be given.
package cards
