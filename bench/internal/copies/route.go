//go:build linux

package copies

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Key is what routes have in common that stand beside each other, as far as every
// candidate tells it.
type Key struct {
	Dst      netip.Prefix
	Table    uint32
	Priority uint32
	TOS      uint8
}

// Leg is one way of a route. Gateway is the zero Addr where the destination is on the
// link.
type Leg struct {
	Gateway netip.Addr
	Link    uint32
}

// Route is a route of a copy. Its attributes are those that all candidates have.
type Route struct {
	Key
	Type uint8 // RTN_UNICAST, ...
	Legs []Leg
}

// Copy is a table of routes: what tells those of a key apart, each as a word. The order
// of IPv4 routes of a key is not compared.
type Copy map[Key][]string

// Add adds a route.
func (c Copy) Add(r Route) {
	c[r.Key] = append(c[r.Key], r.way())
}

// way is where a route leads: its type and its legs, in order.
func (r Route) way() string {
	var legs []string
	for _, l := range r.Legs {
		legs = append(legs, l.String())
	}
	slices.Sort(legs)
	return fmt.Sprintf("%d %s", r.Type, strings.Join(legs, ","))
}

// String is the gateway and the link: "10.1.0.2@50", "-@50".
func (l Leg) String() string {
	if !l.Gateway.IsValid() {
		return fmt.Sprintf("-@%d", l.Link)
	}
	return fmt.Sprintf("%s@%d", l.Gateway, l.Link)
}

// write writes a route as a line of words: destination, table, priority, type of
// service, type, and the legs.
func (r Route) write(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s %d %d %d %s\n", r.Dst, r.Table, r.Priority, r.TOS, r.way())
	return err
}

// parseRoute reads what write, and the program of libnl, has written. It takes the
// words apart no further than they are compared.
func parseRoute(line string) (k Key, way string, err error) {
	words := strings.Fields(line)
	if len(words) < 5 || len(words) > 6 {
		return k, "", fmt.Errorf("%q is not a route: %d words, want 5 or 6", line, len(words))
	}
	if k.Dst, err = netip.ParsePrefix(words[0]); err != nil {
		return k, "", fmt.Errorf("%q: %w", line, err)
	}
	var numbers [4]uint64
	for i, bits := range []int{32, 32, 8, 8} {
		if numbers[i], err = strconv.ParseUint(words[1+i], 10, bits); err != nil {
			return k, "", fmt.Errorf("%q: %w", line, err)
		}
	}
	k.Table, k.Priority, k.TOS = uint32(numbers[0]), uint32(numbers[1]), uint8(numbers[2])
	var legs []string
	if len(words) == 6 {
		legs = strings.Split(words[5], ",")
	}
	slices.Sort(legs)
	return k, fmt.Sprintf("%d %s", numbers[3], strings.Join(legs, ",")), nil
}

// Standing is what a candidate says of itself. A number it does not know is -1.
type Standing struct {
	Overruns int  // times that it was told of a loss
	Lost     int  // messages, as the kernel counts them
	Resyncs  int  // times that it has read everything anew, the first reading not among them
	Behind   bool // it knows that its copy is not what the kernel has
}

// An answer is a standing, the routes, and an end.
const (
	standingForm = "# overruns %d lost %d resyncs %d behind %t\n"
	endOfCopy    = "."
)

// readCopy reads a candidate's answer.
func readCopy(r *bufio.Reader) (c Copy, s Standing, err error) {
	head, err := r.ReadString('\n')
	if err != nil {
		return nil, s, err
	}
	if _, err := fmt.Sscanf(head, standingForm, &s.Overruns, &s.Lost, &s.Resyncs, &s.Behind); err != nil {
		return nil, s, fmt.Errorf("%q is not a standing: %w", head, err)
	}
	c = Copy{}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return nil, s, err
		}
		if line = strings.TrimSuffix(line, "\n"); line == endOfCopy {
			return c, s, nil
		}
		k, way, err := parseRoute(line)
		if err != nil {
			return nil, s, err
		}
		c[k] = append(c[k], way)
	}
}
