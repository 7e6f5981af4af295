// Package catalogue lists all generated packages and the messages they have, for
// what treats all of them alike: the tests that compare them with package codec.
// It links every family there is, so nothing but tests and tools may import it.
package catalogue
