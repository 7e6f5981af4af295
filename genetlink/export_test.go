package genetlink

import "time"

// Hooks for the tests on the simulated kernel.

const Trust = trust

// SetClock replaces the resolver's clock.
func SetClock(c *Conn, now func() time.Time) { c.resolver.now = now }

// CheckNow makes the next check of a subscription due.
func CheckNow(s *Subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nextCheck = time.Now()
}

// BreakNotify closes the resolver's notify socket behind its back.
func BreakNotify(c *Conn) error {
	c.resolver.mu.Lock()
	defer c.resolver.mu.Unlock()
	return c.resolver.notify.Close()
}

// Poison makes the resolver believe in a wrong number.
func Poison(c *Conn, f Family) {
	c.resolver.mu.Lock()
	defer c.resolver.mu.Unlock()
	c.resolver.byName[f.Name] = known{f: &f}
}

// LeaveNotify makes a subscription deaf to the controller, JoinNotify undoes it.
func LeaveNotify(s *Subscription) error { return s.nl.Leave(s.notify) }
func JoinNotify(s *Subscription) error  { return s.nl.Join(s.notify) }
