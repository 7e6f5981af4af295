// Package mirrors holds tests of package mirror that need more of a kernel than the
// machine has that builds it: VRFs, WireGuard, flow tables, links of many kinds. There
// is no code in it.
package mirrors
