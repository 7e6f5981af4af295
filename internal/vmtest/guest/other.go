//go:build !linux

package guest

import "errors"

var errSystem = errors.New("vmtest: virtual machines run Linux, and nothing of this system is one")

// Init does nothing: no virtual machine runs this system.
func Init() {}

// Insmod fails with an error.
func (*Plan) Insmod(string, ...string) error { return errSystem }

// Rmmod fails with an error.
func Rmmod(string) error { return errSystem }

// Log fails with an error.
func Log(uint64) ([]Record, bool, error) { return nil, false, errSystem }

// LogEnd fails with an error.
func LogEnd() (uint64, error) { return 0, errSystem }

// Complaints fails with an error.
func Complaints(uint64) (complaints, log []string, err error) { return nil, nil, errSystem }

// ExpectWarnings fails with an error.
func ExpectWarnings() error { return errSystem }

// Slab fails with an error.
func Slab() (int64, error) { return 0, errSystem }

// Keep fails with an error.
func Keep(string, []byte) error { return errSystem }
