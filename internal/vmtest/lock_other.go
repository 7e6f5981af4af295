//go:build !linux

package vmtest

import (
	"errors"
	"os"
)

// tryLock fails: where there is no Linux, nothing is fetched.
func tryLock(*os.File, bool) error { return errors.ErrUnsupported }
