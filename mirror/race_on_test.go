//go:build race

package mirror

// raceDetector tells that what is measured does not count.
const raceDetector = true
