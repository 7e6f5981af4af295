package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nlkit/nlkit/genetlink"
	"github.com/nlkit/nlkit/internal/cli"
	"github.com/nlkit/nlkit/internal/near"
	"github.com/nlkit/nlkit/internal/sockets"
	"github.com/nlkit/nlkit/wire"
)

// topFlags are the flags of top.
type topFlags struct {
	once      bool
	noKernel  bool
	allSpaces bool
	count     messageCount
	interval  duration
	order     topOrder
	protocols protocolSet
	pids      pidSet
}

// wants reports whether a socket is to be shown.
func (f *topFlags) wants(r *topRow) bool {
	if f.noKernel && r.kernel {
		return false
	}
	if len(f.protocols) > 0 && !slices.Contains(f.protocols, r.Protocol) {
		return false
	}
	return len(f.pids) == 0 || slices.ContainsFunc(r.owners, func(o sockets.Owner) bool { return slices.Contains(f.pids, o.PID) })
}

// protocolSet is the value of --protocol.
type protocolSet []wire.Protocol

func (s *protocolSet) String() string {
	var names []string
	for _, p := range *s {
		names = append(names, protocolName(p))
	}
	return strings.Join(names, ",")
}

// Type is what the usage calls the value.
func (s *protocolSet) Type() string { return "PROTOCOL" }

func (s *protocolSet) Set(text string) error {
	for name := range strings.SplitSeq(text, ",") {
		p, ok := wire.ParseProtocol(name)
		if n, err := strconv.ParseUint(name, 0, 8); !ok && err == nil && n < wire.MaxProtocols {
			p, ok = wire.Protocol(n), true
		}
		if !ok {
			why := "must be a protocol such as route, or its number up to 31"
			if like := near.Names(name, protocolNames()); len(like) > 0 {
				why += " (did you mean " + orList(like) + "?)"
			}
			return errors.New(why)
		}
		*s = append(*s, p)
	}
	return nil
}

// protocolName is a protocol's C name without what all have in common.
func protocolName(p wire.Protocol) string {
	name, ok := strings.CutPrefix(p.String(), "NETLINK_")
	if !ok {
		return strconv.Itoa(int(p))
	}
	return strings.ToLower(name)
}

// protocolNames are those that have a name.
func protocolNames() []string {
	var names []string
	for p := range wire.Protocol(wire.MaxProtocols) {
		if strings.HasPrefix(p.String(), "NETLINK_") {
			names = append(names, protocolName(p))
		}
	}
	return names
}

// pidSet is the value of --pid.
type pidSet []int

func (s *pidSet) String() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(*s), " ", ","), "[]")
}

// Type is what the usage calls the value.
func (s *pidSet) Type() string { return "PID" }

func (s *pidSet) Set(text string) error {
	for number := range strings.SplitSeq(text, ",") {
		pid, err := strconv.ParseUint(number, 10, 31)
		if err != nil || pid == 0 {
			return errors.New("must be the number of a process")
		}
		*s = append(*s, int(pid))
	}
	return nil
}

func newTop(a *app) *cobra.Command {
	f := &topFlags{interval: duration(time.Second)}
	cmd := &cobra.Command{
		Use:   "top [flags]",
		Short: "Show the netlink sockets: owners, queues, drops, groups",
		Long: "Shows the netlink sockets of a network namespace, or of all of the system that\n" +
			"can be found (--all-netns): protocol, owner, port, what is\n" +
			"queued of what fits, messages dropped so far and per second, multicast groups\n" +
			"and options. On a terminal the list is refreshed in place until q or Ctrl-C is\n" +
			"pressed; elsewhere, and with -o json or jsonl, it is printed once, unless\n" +
			"--interval or --count is given. Drops per second need two readings.\n\n" +
			"Owners are looked for among the processes that may be looked at: root sees\n" +
			"all. The kernel's own sockets have port 0. It does not tell whether a socket has\n" +
			"strict checking or extended ACKs on. A kernel without netlink_diag tells less:\n" +
			"neither limits nor flags, and of the groups the first 32.",
		Example: "  nlkit top\n" +
			"  nlkit top --once --no-kernel\n" +
			"  nlkit top --protocol route,generic --sort queue\n" +
			"  nlkit top --pid 1 --interval 5s\n" +
			"  nlkit top --all-netns --sort total   # root\n" +
			"  nlkit top -o jsonl --count 2 | jq 'select(.drops > 0)'",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return cli.Usagef("top takes no arguments; --protocol and --pid narrow the list")
			}
			return nil
		},
		DisableFlagsInUseLine: true,
		ValidArgsFunction:     cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			t := &top{app: a, cmd: cmd, flags: f, owners: sockets.NewOwners()}
			return t.run()
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.once, "once", false, "print the list once and end")
	flags.Var(&f.count, "count", "end after that many readings")
	flags.Var(&f.interval, "interval", "time between two readings")
	flags.Var(&f.order, "sort", "what comes first: drops, total, queue, protocol,\npid, process or port (default: drops per second,\nthen queue, then protocol)")
	flags.Var(&f.protocols, "protocol", "show these only, by name or number (repeatable)")
	flags.Var(&f.pids, "pid", "show the sockets of these processes only\n(repeatable)")
	flags.BoolVar(&f.allSpaces, "all-netns", false, "of all network namespaces that can be found")
	flags.BoolVar(&f.noKernel, "no-kernel", false, "leave the kernel's own sockets out")
	_ = cmd.RegisterFlagCompletionFunc("count", cobra.NoFileCompletions)
	_ = cmd.RegisterFlagCompletionFunc("interval", cobra.NoFileCompletions)
	_ = cmd.RegisterFlagCompletionFunc("pid", cobra.NoFileCompletions)
	_ = cmd.RegisterFlagCompletionFunc("sort", cobra.FixedCompletions(topOrders(), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("protocol", cobra.FixedCompletions(protocolNames(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// top is a run of the command.
type top struct {
	app    *app
	cmd    *cobra.Command
	flags  *topFlags
	reader *sockets.Reader
	names  *genetlink.Conn // of groups; nil where there is no generic netlink
	owners *sockets.Owners
	groups sockets.GroupNames
	last   *topList // the reading before
}

func (t *top) run() error {
	if t.flags.once && (t.flags.count > 0 || t.cmd.Flags().Changed("interval")) {
		return cli.Usagef("--once prints one list: give it without --count and --interval")
	}
	if t.flags.allSpaces && t.app.netns != "" {
		return cli.Usagef("--all-netns shows all network namespaces: give it without --netns")
	}
	for _, pid := range t.flags.pids {
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); errors.Is(err, os.ErrNotExist) {
			return cli.Usagef("--pid %d: there is no such process", pid)
		}
	}
	var err error
	if t.reader, err = sockets.Open(t.app.options()); err != nil {
		return err
	}
	defer t.reader.Close()
	if t.names, err = genetlink.Dial(t.app.options()); err == nil {
		defer t.names.Close()
	} else {
		t.names = nil // groups have numbers as well
	}
	out := t.cmd.OutOrStdout()
	if file, ok := out.(*os.File); ok && !t.flags.once && t.app.format == cli.Text && isScreen(file) {
		return t.live(file)
	}
	if t.app.format == cli.Text {
		return t.repeat(func(n uint64, l *topList) error { return t.print(out, n, l) })
	}
	array := cli.NewArray(out, t.app.format)
	err = t.repeat(func(_ uint64, l *topList) error { return l.json(array, &t.groups) })
	return errors.Join(err, array.Close())
}

// repeat reads as often as asked for, and shows each list.
func (t *top) repeat(show func(n uint64, l *topList) error) error {
	times := uint64(t.flags.count)
	if times == 0 && !t.cmd.Flags().Changed("interval") {
		times = 1
	}
	for n := uint64(1); ; n++ {
		l, err := t.read(t.cmd.Context())
		if err == nil {
			err = show(n, l)
		}
		if err != nil || n == times {
			return err
		}
		wait := time.NewTimer(time.Duration(t.flags.interval))
		select {
		case <-t.cmd.Context().Done():
			wait.Stop()
			return t.cmd.Context().Err()
		case <-wait.C:
		}
	}
}

// print writes a list as text: several ones are headed by their time.
func (t *top) print(w io.Writer, n uint64, l *topList) error {
	for _, note := range l.notes() {
		if n == 1 {
			fmt.Fprintf(t.cmd.ErrOrStderr(), "nlkit: %s\n", note)
		}
	}
	lines := l.table(&t.groups, 0)
	if n > 1 {
		lines = append([]string{""}, lines...)
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// read reads the list, and what its numbers stand for.
func (t *top) read(ctx context.Context) (*topList, error) {
	if limit := time.Duration(t.app.timeout); limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	t.app.ctx = ctx
	at := time.Now()
	all, err := t.reader.Read(ctx)
	if err != nil {
		return nil, err
	}
	if t.names != nil {
		if families, err := t.names.Families(ctx); err == nil {
			t.groups.SetFamilies(families)
		}
	}
	spaces := []spaceSockets{{"", all}}
	note := ""
	if t.flags.allSpaces {
		var others []spaceSockets
		others, note = t.others(ctx)
		spaces = append(spaces, others...)
	}
	var inodes []uint32
	for _, space := range spaces {
		for i := range space.sockets {
			inodes = append(inodes, space.sockets[i].Inode)
		}
	}
	t.owners.Update(inodes)
	l := newTopList(at, t.reader.Source(), spaces, t.owners)
	l.allSpaces, l.spacesNote = t.flags.allSpaces, note
	l.since(t.last)
	t.last = l
	return l.only(t.flags), nil
}
