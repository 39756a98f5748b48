// Package upstream calls the data service over gRPC: the connections to its servers, the calls,
// and the problems of calls that fail.
package upstream

import (
	"context"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"dataservice/gateway/limits"
)

// Conn has the connections to the servers of a target. Calls go to the servers in turn, except
// those that are away, stop or hang while others serve. It is safe for concurrent use.
type Conn struct {
	names     []name
	transport credentials.TransportCredentials
	lookup    lookup
	log       *slog.Logger
	servers   atomic.Pointer[[]*server]
	next      atomic.Uint32
	ctx       context.Context // done when the connections are closed
	stop      context.CancelFunc
	// unresolved has the names whose last resolution failed.
	unresolved map[name]bool
	// isStarted reports that the servers are kept connected.
	isStarted bool
	running   sync.WaitGroup
}

// Connect returns the connections to the servers of a target, without sending anything but DNS
// queries yet: hosts with ports, separated by
// commas, or what grpc.NewClient accepts. All addresses that a host has in the DNS are
// servers; they are looked up again every few seconds. transport is how connections are
// secured, such as TLS; nil is not at all.
func Connect(target string, transport credentials.TransportCredentials, log *slog.Logger) (*Conn, error) {
	return connect(target, transport, log, net.DefaultResolver.LookupHost)
}

func connect(target string, transport credentials.TransportCredentials, log *slog.Logger, lookup lookup) (*Conn, error) {
	if transport == nil {
		transport = insecure.NewCredentials()
	}
	ctx, stop := context.WithCancel(context.Background())
	c := &Conn{
		names: names(target), transport: transport, lookup: lookup, log: log, ctx: ctx, stop: stop,
		unresolved: map[name]bool{},
	}
	c.servers.Store(new([]*server))
	if err := c.resolve(); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// Start keeps the servers connected from now on, finds new ones, and finds out which of them
// serve.
func (c *Conn) Start() {
	c.isStarted = true
	for _, s := range *c.servers.Load() {
		go s.keepConnected()
	}
	c.running.Go(func() {
		for c.wait(limits.HealthInterval) {
			c.checkServers()
		}
	})
	if slices.ContainsFunc(c.names, func(n name) bool { return !n.isFixed() }) {
		c.running.Go(func() {
			for c.wait(c.resolvePause()) {
				_ = c.resolve()
			}
		})
	}
}

// wait returns false when the connections are closed.
func (c *Conn) wait(pause time.Duration) bool {
	select {
	case <-c.ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}

func (c *Conn) resolvePause() time.Duration {
	if len(*c.servers.Load()) == 0 {
		return limits.FirstResolvePause
	}
	return limits.ResolveInterval
}

// Close closes the connections. Calls under way fail.
func (c *Conn) Close() error {
	c.stop()
	c.running.Wait()
	for _, s := range *c.servers.Load() {
		s.close()
	}
	return nil
}

// resolve finds the servers of the target, and connects those that are new. While a name cannot
// be resolved, all servers that are known stay. Only one goroutine calls it at a time.
func (c *Conn) resolve() error {
	known := *c.servers.Load()
	var list []*server
	isComplete := true
	for _, n := range c.names {
		limited, cancel := context.WithTimeout(c.ctx, limits.ResolveTime)
		endpoints, err := n.endpoints(limited, c.lookup)
		cancel()
		if err != nil {
			isComplete = false
			if !c.unresolved[n] {
				c.log.Warn("servers_unresolved", "name", n.host, "error", err.Error())
			}
		}
		c.unresolved[n] = err != nil
		for _, e := range endpoints {
			if slices.ContainsFunc(list, func(s *server) bool { return s.endpoint == e }) {
				continue
			}
			s, err := c.find(known, e)
			if err != nil {
				return err
			}
			list = append(list, s)
		}
	}
	for _, s := range known {
		if slices.Contains(list, s) {
			continue
		} else if isComplete {
			c.running.Go(func() { s.retire(c.ctx) })
		} else {
			list = append(list, s)
		}
	}
	c.servers.Store(&list)
	return nil
}

// find returns the known server of an endpoint, or connects it.
func (c *Conn) find(known []*server, e endpoint) (*server, error) {
	for _, s := range known {
		if s.endpoint == e {
			return s, nil
		}
	}
	s, err := dial(e, c.transport, c.log)
	if err == nil && c.isStarted {
		go s.keepConnected()
	}
	return s, err
}

// checkServers asks all servers whether they are serving, if there is a choice.
func (c *Conn) checkServers() {
	servers := *c.servers.Load()
	if len(servers) == 1 {
		servers[0].refuses.Store(false)
		return
	}
	var checks sync.WaitGroup
	for _, s := range servers {
		checks.Go(func() { s.check(c.ctx) })
	}
	checks.Wait()
}

// pick returns the server for a call, none of those that were tried; nil if there is none.
// Of those that are equally good the servers take turns.
func (c *Conn) pick(tried []*server) *server {
	servers := *c.servers.Load()
	if len(servers) == 1 && len(tried) == 0 {
		return servers[0]
	}
	var best *server
	rank := -1
	first := int(c.next.Add(1))
	for i := range servers {
		s := servers[(first+i)%len(servers)]
		if r := s.rank(); r > rank && !slices.Contains(tried, s) {
			best, rank = s, r
		}
		if rank == bestRank {
			break
		}
	}
	return best
}

var errNoServer = status.Error(codes.Unavailable, "the name of the server cannot be resolved")

// Invoke implements grpc.ClientConnInterface.
func (c *Conn) Invoke(ctx context.Context, method string, request, response any, options ...grpc.CallOption) error {
	s := c.pick(nil)
	if s == nil {
		return errNoServer
	}
	return s.conn.Invoke(ctx, method, request, response, options...)
}

// NewStream implements grpc.ClientConnInterface.
func (c *Conn) NewStream(ctx context.Context, description *grpc.StreamDesc, method string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	s := c.pick(nil)
	if s == nil {
		return nil, errNoServer
	}
	return s.conn.NewStream(ctx, description, method, options...)
}

// GetState returns the state of the best connection.
func (c *Conn) GetState() connectivity.State {
	for _, state := range []connectivity.State{connectivity.Ready, connectivity.Connecting, connectivity.Idle} {
		for _, s := range *c.servers.Load() {
			if s.conn.GetState() == state {
				return state
			}
		}
	}
	return connectivity.TransientFailure
}
