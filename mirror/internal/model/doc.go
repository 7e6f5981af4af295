// Package model is the protocol between the kernel and a mirror as a small state
// machine, and a search through everything it can do.
//
// A mirror is right or wrong by the order in which things happen: an event against
// a row of a dump, a loss against a mark, a delete against the event that announces
// it. Tests on a real kernel see the orders that occur; this package sees all of
// them, for a world that is as small as the mistakes allow:
//
//   - a table of two objects, and a link that they depend on;
//   - a writer that makes a few changes: it puts or deletes an object, or sets the
//     link down or up. Every change of an object is two steps, the deed and its
//     announcement, in the order that the kernel's code has for that table. A link
//     set down is announced first, and then takes the objects along one by one,
//     without a word;
//   - the kernel's lock (rtnl), which the writer holds from the first step of a
//     change to the last, and which a fence waits for. A dump of the table takes no
//     lock: it reads object by object, with the writer's steps in between, and finds
//     its place by key or by index;
//   - a receive queue of a few messages. When it is full it drops, reports so once,
//     ahead of what is queued, and drops everything until it has been read empty. The
//     acknowledgement that serves as a mark goes the same way, and may be dropped;
//   - the mirror: one that takes in events at any time, and refreshes its tables as
//     package mirror does, with touched records, tombstones, rules, fences, staged
//     rows, a mark, and restarts after a loss.
//
// [Model] says what the world is like, and [Shortcut] what of the algorithm is left
// out. [Model.Explore] makes every step from every state, breadth first, so that the
// first counterexample is a shortest one; the Trace of a [Result] tells it in words.
//
// # What is checked
//
// In every state, whether or not the writer is done:
//
//   - History: what a consumer sees of one key, from the first version on, is a
//     subsequence of what the kernel has made of that key: no object that is gone
//     comes back, no version follows a later one, nothing is shown as deleted that
//     was not. A delete counts from when the kernel has begun it: a rule may be ahead
//     of the kernel, within the same section of its lock. Every step that changes the
//     mirror is shown, so that what holds here holds for consumers that see fewer.
//   - Replay: the changes that are reported, applied to what the consumer had, give
//     what the mirror has; what they say was there was there.
//   - Drift: an audit of a mirror that is right finds nothing.
//
// When nothing is left to do but for new changes: the mirror is equal to the kernel,
// and was so declared. And it always comes to that: without new changes every run is
// finite, and its longest is told.
//
// # What holds
//
// All of that, for tables that are changed under rtnl, whichever way their dumps find
// their place and whether their deletes are announced before or after they are done,
// if the mirror does all of the following. Each has a counterexample without it, in
// testdata.
//
//   - Events have a socket of their own, whose groups are joined before the first
//     dump, and are taken in during dumps as well.
//   - A loss has everything read anew, from the place where it lies, which is behind
//     what was queued when it was reported; one during a refresh ends that refresh.
//   - A refresh, whatever it is for, and each repetition of its dump, begins with a
//     fence: the kernel may have announced what it has not done yet. It ends with
//     another one before the mark: the kernel may have done what it has not announced
//     yet, of which an index suffers, and an audit would call it drift.
//   - Rows are merged at the mark, its own and no older one, but for those whose key
//     an event has touched or deleted, or that a rule applies to.
//   - A dump by index is doubtful if an event or a rule told of anything that came or
//     went, whether or not the mirror knew it. It is made again, and nothing is deleted
//     for its sake.
//   - A table that a rule watches is refreshed before those that the rule changes.
//     Else it has to apply to everything that shows the cause, also to what was not
//     known before.
//   - What a rule infers is confirmed by reading, unless the rule is known to say all.
//
// A rule that says too little is made good by the confirmation. One that says too much
// is as well, but what it has deleted is seen to come back: Equal holds, History does
// not.
//
// Without rtnl everything holds where a change and its announcement are one step for
// the dump. Where they are two, and the announcement is the second, all but Drift
// holds for dumps by key, and Equal fails for dumps by index: only an audit makes that
// good. Where the announcement is the first, Equal fails.
//
// # What is left out
//
// That a snapshot's records belong to one moment is not looked at, only each by itself.
// One writer stands for all, because rtnl puts them in a row. Tables whose writers
// do not hold it are modelled by fences that do not wait ([Model.Lockless]), but not
// announcements that overtake each other: a kernel that says two things in the wrong
// order cannot be mirrored from what it says. Time, and how often a refresh may fail
// for other reasons, are left out too.
package model
