package serve

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"dataservice/gateway/admission"
	"dataservice/gateway/limits"
)

// listenTCP listens on an address. The system holds limits.UnsentBytes of each answer that
// a client does not receive.
func listenTCP(address string) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, socket syscall.RawConn) error {
		var failed error
		err := socket.Control(func(descriptor uintptr) {
			failed = unix.SetsockoptInt(int(descriptor), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, limits.UnsentBytes)
		})
		if err != nil {
			return err
		}
		return failed
	}}
	return config.Listen(context.Background(), "tcp", address)
}

// limitedListener accepts a limited number of connections, in all and from each client,
// and closes the others. It is safe for concurrent use.
type limitedListener struct {
	net.Listener
	// most and mostEach are the numbers of open connections in all and of one client.
	most, mostEach int
	// exempt reports the addresses that mostEach does not limit.
	exempt func(netip.Addr) bool
	// refusal is sent to a client whose connection is closed; nil under TLS.
	refusal func() []byte
	log     *slog.Logger

	mutex   sync.Mutex
	total   int
	refused uint64
	clients map[admission.Client]int
	logged  time.Time
}

// newLimitedListener returns a listener with the limits of the settings.
func newLimitedListener(socket net.Listener, s *settings, log *slog.Logger) *limitedListener {
	proxies := s.proxies()
	l := &limitedListener{
		Listener: socket, most: s.maxConnections, mostEach: s.maxClientConnections, exempt: proxies.Trust,
		log: log, clients: map[admission.Client]int{},
	}
	if descriptors := descriptorLimit() - limits.OwnDescriptors; l.most > descriptors {
		log.Warn("descriptors_limit_connections",
			"max_connections", l.most, "permitted", descriptors)
		l.most = max(descriptors, 1)
	}
	if l.mostEach == 0 {
		l.mostEach = max(l.most/2, 1)
	}
	return l
}

// descriptorLimit returns the number of file descriptors that the process may have.
func descriptorLimit() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return limits.OwnDescriptors + 1
	}
	return int(min(limit.Cur, 1<<30))
}

// Accept returns the next connection within the limits.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		socket, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := socket.(*net.TCPConn)
		if !ok {
			return socket, nil
		}
		client := admission.Peer(tcp.RemoteAddr())
		if l.enter(client) {
			return &limitedConn{TCPConn: tcp, leave: sync.OnceFunc(func() { l.leave(client) })}, nil
		}
		l.refuse(tcp)
	}
}

// enter counts a connection, and reports whether it is within the limits.
func (l *limitedListener) enter(client admission.Client) bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.total >= l.most || (l.clients[client] >= l.mostEach && !l.exempt(client.Address())) {
		l.refused++
		return false
	}
	l.total++
	l.clients[client]++
	return true
}

func (l *limitedListener) leave(client admission.Client) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.total--
	if l.clients[client]--; l.clients[client] == 0 {
		delete(l.clients, client)
	}
}

// refuse closes a connection, and reports that to the client and, from time to time, in
// the log.
func (l *limitedListener) refuse(socket *net.TCPConn) {
	if now := time.Now(); now.Sub(l.logged) > limits.RefusalInterval {
		l.logged = now
		l.log.Warn("connections_refused", "client", socket.RemoteAddr().String(),
			"max_connections", l.most, "max_client_connections", l.mostEach)
	}
	if l.refusal != nil {
		_ = socket.SetWriteDeadline(time.Now().Add(time.Millisecond)) // an empty buffer takes it at once
		_, _ = socket.Write(l.refusal())
	}
	socket.Close()
}

// limitedConn is a connection that is counted until it is closed.
type limitedConn struct {
	*net.TCPConn
	leave func()
}

// Close closes the connection.
func (c *limitedConn) Close() error {
	c.leave()
	return c.TCPConn.Close()
}
