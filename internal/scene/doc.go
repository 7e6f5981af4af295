// Package scene gives tests a network namespace with something in it for every
// family that looks at namespaces, and the requests that read all of it.
//
// What the machine's kernel lacks is logged. It takes root and the usual tools;
// tests without them are skipped.
package scene
