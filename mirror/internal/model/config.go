package model

import "strings"

// Model is a world to explore. Its zero value has no queue: at least Slots and
// Changes have to be set.
type Model struct {
	Slots   int // messages that the queue holds: 1 to maxSlots
	Changes int // that the writer makes: up to maxChanges
	Audits  int // that the mirror makes, at any time when it has nothing else to do
	Kills   int // how often the events socket is lost, with everything queued

	// Empty begins with no objects; else there are both.
	Empty bool
	// NoLink leaves the link alone, so that there is room for more changes.
	NoLink bool
	// EventFirst is a table whose deletes are announced before they are done, as
	// those of IPv4 routes are. Else it is afterwards, as with IPv6 routes.
	EventFirst bool
	// Index is a dump that finds its place by counting objects.
	Index bool
	// Lockless is a table that is changed without rtnl, but for what a link takes
	// along: a fence does not wait for it.
	Lockless bool
	// Atomic is a table whose changes and their announcements are one step for a
	// dump, because both hold the table's own lock, as with IPv6 routes.
	Atomic bool
	// Level has the rule apply whenever an event shows the link down, not only when
	// it was up before, or not known.
	Level bool
	// Attempts is how often at most a doubtful dump is made before what it has found
	// is taken, and looked at again later; 0 is for ever.
	Attempts int

	// LinkTakes are the objects that a link takes along, RuleTakes those of which
	// the rule says so: bit masks.
	LinkTakes, RuleTakes uint8

	// MaxStates is how many states are explored at most; 0 is some millions.
	MaxStates int

	Shortcuts Shortcut
}

const (
	objects    = 2
	link       = objects // its place behind the objects
	keys       = objects + 1
	maxSlots   = 4
	maxChanges = 8
	all        = 1<<objects - 1
)

// Shortcut is a set of things that a simpler mirror would do without, each of which
// makes it wrong somewhere.
type Shortcut uint32

const (
	// OneSocket has dump and events on one socket, applied in its order.
	OneSocket Shortcut = 1 << iota
	// DumpBeforeJoin joins the groups when the first dumps are over.
	DumpBeforeJoin
	// NoDrain begins to read anew when a loss is reported, not where it lies.
	NoDrain
	// NoMark merges at the end of the dump.
	NoMark
	// AnyMark takes the mark of a refresh that was given up for that of the next.
	AnyMark
	// NoTombstones forgets which keys events have deleted during a dump.
	NoTombstones
	// NoTouch forgets which records events have changed during a dump.
	NoTouch
	// RulesSkipStaged applies rules to the records that are there, not to the rows
	// that a dump has found.
	RulesSkipStaged
	// NoConfirm relies on rules alone.
	NoConfirm
	// ConfirmUnfenced reads what a rule has inferred without waiting for the kernel
	// to be done.
	ConfirmUnfenced
	// RefreshUnfenced begins refreshes other than those that confirm without a fence.
	RefreshUnfenced
	// AgainUnfenced makes another attempt at a doubtful dump without a fence.
	AgainUnfenced
	// EndUnfenced sends the mark without waiting for what is being changed when the
	// dump ends.
	EndUnfenced
	// IndexSweptAtOnce deletes what a dump by index has not shown although others
	// were deleted meanwhile.
	IndexSweptAtOnce
	// RuleNoChurn counts a rule as a delete that disturbs a dump by index only if it
	// has deleted a record of the mirror.
	RuleNoChurn
	// AnyOrder refreshes objects and link in any order; else the link, which the rule
	// watches, is first.
	AnyOrder
	// RuleNeedsOld infers nothing from a link that was not known before.
	RuleNeedsOld
	// DoubtfulSwept deletes what the last of several doubtful dumps, and those before
	// it, have not shown.
	DoubtfulSwept
	// EventsLostInDump throws away events that come during a dump.
	EventsLostInDump
	// OverrunIgnored goes on with a dump when messages are lost meanwhile.
	OverrunIgnored
)

var shortcutNames = []string{
	"one-socket", "dump-before-join", "no-drain", "no-mark", "any-mark", "no-tombstones", "no-touch",
	"rules-skip-staged", "no-confirm", "confirm-unfenced", "refresh-unfenced", "again-unfenced", "end-unfenced",
	"index-swept-at-once", "rule-no-churn", "any-order", "rule-needs-old", "doubtful-swept", "events-lost-in-dump",
	"overrun-ignored",
}

// String names the shortcuts.
func (s Shortcut) String() string {
	if s == 0 {
		return "none"
	}
	var names []string
	for i, name := range shortcutNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

func (m *Model) takes(s Shortcut) bool { return m.Shortcuts&s != 0 }
