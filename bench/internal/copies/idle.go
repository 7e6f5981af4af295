//go:build linux

package copies

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	// idleLooks is how often in a row a candidate has to be found idle in a pause.
	idleLooks = 3
	// idleLimit is when it is taken as it is: it will never be.
	idleLimit = 30 * time.Second
)

// settle waits for a pause in which the candidate has nothing to do: all of its threads
// sleep, and nothing waits in its queues. On a machine that is busy it takes longer: who
// is given no processor is late, and not wrong.
func (p *process) settle(pause time.Duration) error {
	deadline := time.Now().Add(idleLimit)
	for looks := 0; looks < idleLooks && time.Now().Before(deadline); {
		time.Sleep(pause / idleLooks)
		idle, err := p.idle()
		if err != nil {
			return err
		}
		if looks++; !idle {
			looks = 0
		}
	}
	return nil
}

func (p *process) idle() (bool, error) {
	dir := fmt.Sprintf("/proc/%d", p.cmd.Process.Pid)
	sockets, err := os.ReadFile(dir + "/net/netlink")
	if err != nil {
		return false, err
	}
	queued, err := queuedBytes(string(sockets))
	if err != nil || queued > 0 {
		return false, err
	}
	threads, err := filepath.Glob(dir + "/task/*/stat")
	if err != nil {
		return false, err
	}
	for _, path := range threads {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue // a thread that has ended
		}
		if s := threadState(string(stat)); s != 'S' {
			return false, nil
		}
	}
	return len(threads) > 0, nil
}

// queuedBytes adds up what waits in the sockets of /proc/PID/net/netlink that listen to
// groups. The writer's is none of them: what it is refused it never reads.
func queuedBytes(table string) (n uint64, err error) {
	for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
		words := strings.Fields(line)
		if len(words) < 5 || i == 0 && words[4] != "Rmem" {
			return 0, errors.New("/proc/net/netlink has other columns")
		}
		if i == 0 || strings.Trim(words[3], "0") == "" {
			continue
		}
		v, err := strconv.ParseUint(words[4], 10, 64)
		if err != nil {
			return 0, err
		}
		n += v
	}
	return n, nil
}

// threadState is the letter behind the name, which may hold anything; 0 if there is
// none.
func threadState(stat string) byte {
	i := strings.LastIndex(stat, ") ")
	if i < 0 || i+2 >= len(stat) {
		return 0
	}
	return stat[i+2]
}
