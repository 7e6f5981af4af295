//go:build race

package model

// fewer is by how many changes the worlds are made smaller under the race detector,
// which has nothing to find in one goroutine.
const fewer = 1
