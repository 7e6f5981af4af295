package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/ynl/client"
)

// watchFlags are the flags of watch.
type watchFlags struct {
	count messageCount
	end   duration
}

// messageCount is the value of --count: 1 or more; 0 where it is not given.
type messageCount uint64

func (n *messageCount) String() string {
	if *n == 0 {
		return ""
	}
	return fmt.Sprint(uint64(*n))
}

// Type is what the usage calls the value.
func (n *messageCount) Type() string { return "N" }

func (n *messageCount) Set(s string) error {
	var v uint64
	if _, err := fmt.Sscanf(s+"\n", "%d\n", &v); err != nil || v == 0 {
		return errors.New("must be a number from 1 on")
	}
	*n = messageCount(v)
	return nil
}

// duration is the value of --for: above zero; 0 where it is not given.
type duration time.Duration

func (d *duration) String() string {
	if *d == 0 {
		return ""
	}
	return time.Duration(*d).String()
}

// Type is what the usage calls the value.
func (d *duration) Type() string { return "DURATION" }

func (d *duration) Set(s string) error {
	v, err := time.ParseDuration(s)
	if err != nil || v <= 0 {
		return errors.New("must be a duration such as 5s or 500ms")
	}
	*d = duration(v)
	return nil
}

func newWatch(a *app) *cobra.Command {
	f := &watchFlags{}
	cmd := &cobra.Command{
		Use:   "watch FAMILY [GROUP ...] [flags]",
		Short: "Print what a family multicasts, decoded",
		Long: "Joins multicast groups of a family, all there are if none is named, and prints\n" +
			"what is sent to them, until it is interrupted (Ctrl-C) or --count or --for is\n" +
			"reached. Messages that came faster than they were read are lost: the place and\n" +
			"the number are shown.\n\n" +
			"A group is given by its name, of a raw family also by its number.",
		Example: "  nlkit watch rt-link\n" +
			"  nlkit watch rt-link --for 5s -o jsonl\n" +
			"  nlkit watch rt-addr rtnlgrp-ipv4-ifaddr --count 1\n" +
			"  nlkit watch nlctrl notify",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cli.Usagef("give a family; \"nlkit list\" names them")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     a.completeGroups,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := a.context(cmd)
			defer cancel()
			c, err := a.open(ctx, cmd, args[0], anyNumber)
			if err != nil {
				return err
			}
			defer c.close()
			return c.watch(f, args[1:])
		},
	}
	cmd.Flags().Var(&f.count, "count", "end after that many messages")
	cmd.Flags().Var(&f.end, "for", "end after that time")
	_ = cmd.RegisterFlagCompletionFunc("count", cobra.NoFileCompletions)
	_ = cmd.RegisterFlagCompletionFunc("for", cobra.NoFileCompletions)
	return cmd
}

// anyNumber stands for an operation where none is asked for: a family without a
// spec will do.
const anyNumber = "0"

func (c *call) watch(f *watchFlags, groups []string) error {
	sub, err := c.client.Subscribe(c.ctx, groups...)
	if err != nil {
		return c.explainJoin(err)
	}
	defer sub.Close()
	// The time limit was for joining.
	ctx := c.cmd.Context()
	if f.end > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(f.end))
		defer cancel()
	}
	c.app.ctx, c.ctx = nil, c.cmd.Context()
	c.names.Keep(c.ctx, time.Duration(c.app.timeout))
	c.listening(groups, f)
	out := c.newSink(events)
	seen := uint64(0) // notifications
	for ev, err := range sub.Events(ctx) {
		switch {
		case err != nil && f.end > 0 && errors.Is(err, context.DeadlineExceeded):
			return c.end(out, nil)
		case err != nil:
			return c.end(out, err)
		}
		if err := c.show(out, ev); err != nil {
			return c.end(out, err)
		}
		if ev.Kind != genetlink.Notification {
			continue // tells of the socket or the family: nobody sent it
		}
		if seen++; seen == uint64(f.count) {
			return c.end(out, nil)
		}
	}
	return c.end(out, nil)
}

func (c *call) show(out sink, ev client.Event) error {
	if ev.Err != nil {
		c.warn("%v", ev.Err)
	}
	return out.event(ev)
}

// listening says on the standard error what is listened to.
func (c *call) listening(groups []string, f *watchFlags) {
	if len(groups) == 0 {
		groups = c.groups()
	}
	until := "Ctrl-C ends"
	switch {
	case f.count > 0 && f.end > 0:
		until = fmt.Sprintf("for %v or %d messages", time.Duration(f.end), f.count)
	case f.count == 1:
		until = "for 1 message"
	case f.count > 0:
		until = fmt.Sprintf("for %d messages", f.count)
	case f.end > 0:
		until = fmt.Sprintf("for %v", time.Duration(f.end))
	}
	c.warn("listening to %s: %s (%s)", c.spec.Name, strings.Join(groups, ", "), until)
}

// groups are the names of all groups of the family.
func (c *call) groups() []string {
	var names []string
	if g := c.client.Genetlink(); g != nil {
		family, err := g.Family(c.ctx, c.spec.Name)
		if err != nil {
			return []string{"all groups"}
		}
		for _, group := range family.Groups {
			names = append(names, printable(group.Name))
		}
		return names
	}
	for _, group := range c.spec.Groups {
		if group.ID != 0 {
			names = append(names, group.Name)
		}
	}
	return names
}

// explainJoin names what a family's groups are called.
func (c *call) explainJoin(err error) error {
	if group, ok := errors.AsType[*client.GroupError](err); ok {
		if like := near.Names(group.Group, group.Groups); len(like) > 0 {
			return cli.Usagef("%w; did you mean %s?", group, orList(like))
		}
		return cli.Usagef("%w", group)
	}
	if group, ok := errors.AsType[*genetlink.UnknownGroupError](err); ok {
		return group
	}
	return c.absent(err)
}
