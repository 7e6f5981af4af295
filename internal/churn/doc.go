// Package churn changes tables of rtnetlink as fast as the kernel can: what tests of
// package mirror, and whoever compares it with others, run it under.
//
// A [Writer] sends many requests in a datagram and has none of them acknowledged. A
// [Plan] draws changes at random, the same ones for the same seed.
package churn
