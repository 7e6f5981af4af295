package mirror

import "fmt"

// ResyncKind is the kind of thing that made a resync necessary: a word for what
// [Resync.Cause] says in full.
type ResyncKind uint8

// The kinds.
const (
	// ResyncOpened is the first reading.
	ResyncOpened ResyncKind = iota
	// ResyncOverrun: the kernel has dropped messages.
	ResyncOverrun
	// ResyncSocket: the events socket has failed and was opened anew.
	ResyncSocket
	// ResyncAsked: by [Mirror.Resync].
	ResyncAsked
	// ResyncLoaded: a generic netlink family has gone and come again.
	ResyncLoaded
	// ResyncNamespace: a namespace has come.
	ResyncNamespace

	resyncKinds = int(ResyncNamespace) + 1
)

var resyncKindNames = [resyncKinds]string{"opened", "overrun", "socket", "asked", "loaded", "namespace"}

// String returns the kind in lower case.
func (k ResyncKind) String() string {
	if int(k) < resyncKinds {
		return resyncKindNames[k]
	}
	return fmt.Sprintf("resync kind %d", uint8(k))
}

// MarshalText writes the kind as String does.
func (k ResyncKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
