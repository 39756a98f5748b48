// Package admission decides how much memory the requests of clients may hold, and
// whose call is next: one client must not take what the others need.
package admission

import (
	"sync"
	"time"

	"dataservice/gateway/limits"
)

// Limits are what clients may hold together.
type Limits struct {
	// Bytes is the memory that requests may hold in all. One client may hold half of it.
	Bytes int64 `json:"bytes"`
	// Calls is the number of calls that may be under way in all. One client may have
	// three quarters of them, and less while other clients call, too.
	Calls int `json:"calls"`
}

// Control has what each client holds. It is safe for concurrent use.
type Control struct {
	limits Limits

	mutex   sync.Mutex
	bytes   int64
	calls   int
	refused uint64 // takes for which no memory was free
	clients map[Client]*share
	// turns has the clients with calls that wait, in the order of their turns.
	turns []*share
	swept time.Time
}

// share is what one client holds. The mutex of the Control protects it.
type share struct {
	client  Client
	bytes   int64
	calls   int
	waiting []*waiter
	used    time.Time
}

// New returns a Control with nothing held.
func New(l Limits) *Control {
	return &Control{limits: l, clients: map[Client]*share{}}
}

// Take takes bytes for a client, and reports whether they were free. Give returns them.
func (c *Control) Take(client Client, bytes int64) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.take(c.share(client), bytes)
}

// Give returns bytes of Take.
func (c *Control) Give(client Client, bytes int64) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.give(c.share(client), bytes)
}

// Held returns the bytes that all clients hold.
func (c *Control) Held() int64 {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.bytes
}

// take takes bytes if they are free in all, and for the client. The mutex is held.
func (c *Control) take(s *share, bytes int64) bool {
	if c.bytes+bytes > c.limits.Bytes || (s.client.isKnown() && s.bytes+bytes > c.limits.Bytes/2) {
		c.refused++
		return false
	}
	c.bytes += bytes
	s.bytes += bytes
	return true
}

func (c *Control) give(s *share, bytes int64) {
	c.bytes -= bytes
	s.bytes -= bytes
}

// share returns what a client holds. The mutex is held.
func (c *Control) share(client Client) *share {
	s := c.clients[client]
	if s == nil {
		c.sweep(time.Now())
		s = &share{client: client}
		c.clients[client] = s
	}
	return s
}

// sweep forgets the clients that hold nothing and have not called for a while.
func (c *Control) sweep(now time.Time) {
	if now.Sub(c.swept) < limits.ClientTime {
		return
	}
	c.swept = now
	for client, s := range c.clients {
		if s.bytes == 0 && s.calls == 0 && len(s.waiting) == 0 && now.Sub(s.used) > limits.ClientTime {
			delete(c.clients, client)
		}
	}
}
