// Package demo holds the five demonstrations of nlkit: one-way and two-way
// messages and broadcasts on a protocol of their own, a generic netlink
// request, notifications to several listeners, a receive queue that overflows, and
// a module that is unloaded and loaded again.
//
// The client side is ordinary code on packages netlink and genetlink. What it
// talks to is a [Side]: handlers on the simulated kernel ([NewSim]), the same
// handlers in another process behind real sockets ([NewUserSock]), or modules
// in the kernel this runs on ([NewLive]).
//
// A demonstration emits [Event] values in a fixed order as it goes along; the
// printers make text for people or JSON lines of them.
package demo
