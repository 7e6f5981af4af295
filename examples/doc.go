// Package examples holds programs, one to a folder: go run ./examples/links. The
// README lists them. What is here tests that they do what they say.
package examples
