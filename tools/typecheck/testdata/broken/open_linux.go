package broken

import "syscall"

var open = syscall.Openat
