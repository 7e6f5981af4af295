// Package empty has nothing for other systems.
package empty
