// Package broken is well on Linux with 64 bits.
package broken

const big int = 1 << 40

var call = open
