package netlink
import "github.com/nlkit/nlkit/wire"
func openSocket(p wire.Protocol, o *Options) (Transport, error) { return nil, ErrNotLinux }
