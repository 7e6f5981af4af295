package demo

import (
	"context"
	"time"

	"github.com/nlkit/nlkit/netlink"
)

// simSide is the simulated kernel in this process.
type simSide struct{ service *service }

// NewSim returns a kernel side in memory. It needs no rights and works on every
// operating system.
func NewSim() (Side, error) {
	s, err := newService()
	if err != nil {
		return nil, err
	}
	return simSide{s}, nil
}

func (s simSide) Opener() netlink.Opener { return s.service.kernel }

func (s simSide) About() string {
	return "The kernel side of these demos is simulated, in this process and without root. The bytes are those a Linux " +
		"kernel sends and receives."
}

func (s simSide) Check(context.Context, Demo) error { return nil }
func (s simSide) Trigger(context.Context) error     { return s.service.trigger() }
func (s simSide) Unload(context.Context, func(string)) (time.Duration, error) {
	return patience, s.service.unload()
}
func (s simSide) Load(context.Context, func(string)) (time.Duration, error) {
	return patience, s.service.load()
}
func (s simSide) Settle(context.Context) error { return nil }
func (s simSide) HidesESRCH() bool             { return false }
func (s simSide) Logger(f func(string))        { s.service.setLogger(f) }
func (s simSide) Close() error                 { return s.service.kernel.Close() }
