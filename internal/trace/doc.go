// Package trace shows the messages of a socket, byte by byte and layer by layer,
// with the names of a spec. The layers are those of package layers.
package trace
