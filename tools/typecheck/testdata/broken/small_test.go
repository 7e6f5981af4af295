//go:build !arm64

package broken

var small int
