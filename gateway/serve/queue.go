package serve

import (
	"net"
	"sync"
)

// queue is a listener of connections that another one has accepted. It is safe for concurrent
// use.
type queue struct {
	address net.Addr // set before Accept
	conns   chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newQueue() *queue { return &queue{conns: make(chan net.Conn), closed: make(chan struct{})} }

// add gives a connection to Accept, or closes it if the queue is closed.
func (q *queue) add(c net.Conn) {
	select {
	case q.conns <- c:
	case <-q.closed:
		c.Close()
	}
}

// Accept returns the next connection.
func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.closed:
		return nil, net.ErrClosed
	}
}

// Close makes Accept fail.
func (q *queue) Close() error {
	q.once.Do(func() { close(q.closed) })
	return nil
}

// Addr returns the address of the listener that has accepted the connections.
func (q *queue) Addr() net.Addr { return q.address }
