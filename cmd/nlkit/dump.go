package main

import (
	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/complete"
)

func newDump(a *app) *cobra.Command {
	f := &requestFlags{}
	cmd := &cobra.Command{
		Use:   "dump FAMILY OP [ATTR=VALUE ...] [flags]",
		Short: "Print a whole table by name",
		Long: "Asks for a table and prints its entries as they come, however many. Attributes\n" +
			"are the kernel's filters: which it honours is its business. The time limit\n" +
			"(--timeout) is for the pauses in between.\n\n" +
			assignHelp,
		Example: "  nlkit dump rt-link getlink\n" +
			"  nlkit dump rt-route getroute rtm-family=inet\n" +
			"  nlkit dump rt-addr getaddr dev=lo\n" +
			"  nlkit dump nlctrl getfamily -o json | jq '.[].\"family-name\"'\n" +
			"  nlkit dump netdev dev-get -o jsonl\n" +
			"  nlkit dump ethtool rings-get",
		Args:                  requestArgs,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     a.completeRequest(complete.Dump),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := a.unhurried(cmd)
			defer cancel()
			c, err := a.open(ctx, cmd, args[0], args[1])
			if err != nil {
				return err
			}
			defer c.close()
			return c.dump(f, args[1], args[2:])
		},
	}
	f.add(cmd, true)
	return cmd
}

func (c *call) dump(f *requestFlags, op string, args []string) error {
	r, assigned, err := c.request(f, op, args, true)
	if err != nil {
		return err
	}
	out := c.newSink(manyMessages)
	for m, err := range c.client.Dump(c.ctx, r) {
		if err == nil {
			c.app.pace.steps.Add(1)
			err = out.message(m)
		}
		if err != nil {
			return c.explain(c.end(out, err), r, assigned, true)
		}
	}
	return c.end(out, nil)
}
