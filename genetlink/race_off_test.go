//go:build !race

package genetlink_test

// raceDetector says that sync.Pool forgets at random, on purpose.
const raceDetector = false
