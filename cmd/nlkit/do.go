package main

import (
	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/complete"
	"github.com/nlkit/nlkit/netlink"
	"github.com/nlkit/nlkit/wire"
	"github.com/nlkit/nlkit/ynl/client"
)

func newDo(a *app) *cobra.Command {
	f := &requestFlags{}
	cmd := &cobra.Command{
		Use:   "do FAMILY OP [ATTR=VALUE ...] [flags]",
		Short: "Make one request by name",
		Long: "Makes one request and prints what is answered. Names are those of the family's\n" +
			"spec: \"nlkit show FAMILY OP\" explains them, and completion knows them.\n\n" +
			assignHelp + "\n\n" +
			"A family without a spec is called by numbers: its operation's in the place of\n" +
			"OP, the attributes as 1:hex=0a0b, or all of them as bytes with --raw. What is\n" +
			"answered is printed by number as well.\n\n" +
			"nf_tables takes changes in a batch only: one is put around each.",
		Example: "  nlkit do rt-link getlink dev=lo\n" +
			"  nlkit do rt-link getlink ifname=lo -o json\n" +
			"  nlkit do nlctrl getfamily family-name=nlctrl\n" +
			"  nlkit do nlctrl getfamily --json '{\"family-id\": 16}'\n" +
			"  nlkit do ethtool linkstate-get dev=lo\n" +
			"  nlkit do rt-route getroute rtm-family=inet rtm-dst-len=32 dst=127.0.0.1\n" +
			"  nlkit do nlctrl 3 --raw 0600010010000000\n" +
			"  nlkit do rt-link newlink --create --excl ifname=v0 linkinfo.kind=dummy   # root",
		Args:                  requestArgs,
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     a.completeRequest(complete.Do),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := a.context(cmd)
			defer cancel()
			c, err := a.open(ctx, cmd, args[0], args[1])
			if err != nil {
				return err
			}
			defer c.close()
			return c.do(f, args[1], args[2:])
		},
	}
	f.add(cmd, false)
	return cmd
}

// assignHelp explains assignments, for do and dump.
const assignHelp = `Attributes and members of the fixed header are assigned one by one:
  mtu=1500            a value: decimal, 0x.., a name where there are names
  linkinfo.kind=vlan  one in a nest
  flag                one that is there or not; also flag=true, flag=false
  flags=up,running    bits by name; repetition does the same
  list=a list=b       several of a list
  list[+].x=1         one more element of a list; list[2].x=1 the element 2
  dev=lo              the interface it is about; names do for any index
  key:hex=0a0b        bytes, whatever the spec says; 60:hex=.. by number`

func requestArgs(_ *cobra.Command, args []string) error {
	switch {
	case len(args) == 0:
		return cli.Usagef("give a family and an operation; \"nlkit list\" names the families")
	case len(args) == 1:
		return cli.Usagef("give an operation of %s; \"nlkit show %s\" names them", args[0], args[0])
	}
	return nil
}

func (c *call) do(f *requestFlags, op string, args []string) error {
	if err := c.refuseDump(f, op); err != nil {
		return err
	}
	r, assigned, err := c.request(f, op, args, false)
	if err != nil {
		return err
	}
	out := c.newSink(singleMessage)
	do := func(r client.Request, each func(client.Message) error) (netlink.Ack, error) {
		return c.client.Do(c.ctx, r, each)
	}
	if c.batched(op) {
		do = c.doBatched
	}
	replies := 0
	ack, err := do(r, func(m client.Message) error {
		replies++
		return out.message(m)
	})
	if err := c.end(out, err); err != nil {
		return c.explain(err, r, assigned, false)
	}
	if ack.Text != "" {
		c.warn("the kernel did it, and warns: %s", ack.Text)
	}
	if o := c.spec.Op(op); replies == 0 && o != nil && o.Do != nil && o.Do.Reply != nil && r.Flags&wire.Echo == 0 {
		// Traffic control answers a get in this way alone.
		c.warn("the kernel did it without the reply the spec tells of; --flag 0x8 (echo) asks for it")
	}
	return nil
}
