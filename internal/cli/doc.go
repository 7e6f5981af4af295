// Package cli is what the commands of nlkit share: exit statuses, output
// formats, colours, tables and JSON streams.
package cli
