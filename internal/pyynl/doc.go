// Package pyynl is "nlkit ynl": a command that takes the options of the kernel's
// own Python client (tools/net/ynl/pyynl/cli.py of Linux 7.2), prints what that
// prints, and exits as that does, so that scripts written for it go on working.
//
// It differs where the Python client fails: link types, expressions and other
// formats that its specs lack are shown by the names of nlkit's catalogue, or
// else by number; a text that is no UTF-8, an unknown enum value or attribute
// does not lose a whole dump; what the Python client ends in a traceback for is
// one line on the standard error, with the same exit status.
package pyynl
