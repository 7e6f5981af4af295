// Package testtwin is the family nlkit_test on the simulated kernel: what the
// module kmod/nlkit_test does in a real one, written once more in Go. The tests of
// internal/vmtest/modules ask both the same and compare what they answer.
package testtwin
