//go:build !race

package model

// fewer is by how many changes the worlds are made smaller.
const fewer = 0
