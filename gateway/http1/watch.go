package http1

import (
	"crypto/tls"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"dataservice/gateway/limits"
)

// watch cancels the context of requests whose clients have closed the connection,
// while connections exist. One goroutine looks at all of them, which costs a short
// request nothing.
func (s *Server) watch() {
	tick := time.NewTicker(limits.WatchInterval)
	defer tick.Stop()
	var slow []*conn
	for now := range tick.C {
		s.mutex.Lock()
		if len(s.conns) == 0 {
			s.watching = false
			s.mutex.Unlock()
			return
		}
		slow = slow[:0]
		for c := range s.conns {
			if began := c.began.Load(); began > idle && now.UnixNano()-began > int64(limits.WatchInterval) {
				slow = append(slow, c)
			}
		}
		s.mutex.Unlock()
		for _, c := range slow {
			if isClosedByPeer(c.socket) {
				c.cancel()
			}
		}
	}
}

// isClosedByPeer reports whether the peer has closed its side of a connection, even
// if data that was received before is still unread.
func isClosedByPeer(socket net.Conn) bool {
	if secure, ok := socket.(*tls.Conn); ok {
		socket = secure.NetConn()
	}
	owner, ok := socket.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := owner.SyscallConn()
	if err != nil {
		return true
	}
	closed := false
	err = raw.Control(func(descriptor uintptr) {
		list := []unix.PollFd{{Fd: int32(descriptor), Events: unix.POLLRDHUP}}
		n, err := unix.Poll(list, 0)
		closed = err == nil && n > 0
	})
	return closed || err != nil
}
