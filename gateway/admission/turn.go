package admission

import (
	"context"
	"errors"
	"time"

	"dataservice/gateway/limits"
)

// ErrNoTurn reports that a call waited until its deadline.
var ErrNoTurn = errors.New("the deadline has passed before the call could begin")

// waiter is a call that waits for its turn.
type waiter struct {
	share *share
	// begin is closed when the call may begin.
	begin chan struct{}
}

// Call waits until the request may call the server. Clients take turns, however many
// calls one of them has waiting. It fails with ErrNoTurn at the deadline, and with the
// error of ctx if that ends. Called ends the call.
func (r *Request) Call(ctx context.Context, deadline time.Time) error {
	if r.control == nil {
		return nil
	}
	w := r.control.enter(r.share)
	if w == nil {
		r.calling = true
		return nil
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	var err error
	select {
	case <-w.begin:
	case <-timer.C:
		err = ErrNoTurn
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil && r.control.leave(w) {
		return err
	}
	r.calling = true
	return nil
}

// Called ends the call of the request, and lets the next one begin.
func (r *Request) Called() {
	if !r.calling {
		return
	}
	r.calling = false
	c := r.control
	c.mutex.Lock()
	defer c.mutex.Unlock()
	r.share.calls--
	c.calls--
	c.next()
}

// enter begins a call, or returns what waits for it.
func (c *Control) enter(s *share) *waiter {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	s.used = time.Now()
	c.sweep(s.used)
	if len(s.waiting) == 0 && c.mayCall(s) {
		c.begin(s)
		return nil
	}
	w := &waiter{s, make(chan struct{})}
	if len(s.waiting) == 0 {
		c.turns = append(c.turns, s)
	}
	s.waiting = append(s.waiting, w)
	return w
}

// mayCall reports whether a client may begin a call. All clients that called a short time
// ago have the same part of the calls; a quarter is left for one that has not called yet.
func (c *Control) mayCall(s *share) bool {
	if c.calls >= c.limits.Calls {
		return false
	}
	part := min(c.limits.Calls/len(c.clients), c.limits.Calls*3/4)
	return !s.client.isKnown() || s.calls < max(part, limits.ClientCalls)
}

func (c *Control) begin(s *share) {
	s.calls++
	c.calls++
}

// next begins the calls that may begin: each client with calls that wait has one turn.
func (c *Control) next() {
	for range len(c.turns) {
		if c.calls >= c.limits.Calls {
			return
		}
		s := c.turns[0]
		c.turns = c.turns[1:]
		if c.mayCall(s) {
			c.begin(s)
			close(s.waiting[0].begin)
			s.waiting = s.waiting[1:]
		}
		if len(s.waiting) > 0 {
			c.turns = append(c.turns, s)
		}
	}
}

// leave removes a call that waits; false if it has begun this moment.
func (c *Control) leave(w *waiter) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	s := w.share
	for i, other := range s.waiting {
		if other != w {
			continue
		}
		s.waiting = append(s.waiting[:i:i], s.waiting[i+1:]...)
		if len(s.waiting) == 0 {
			c.forgetTurn(s)
		}
		return true
	}
	return false
}

func (c *Control) forgetTurn(s *share) {
	for i, other := range c.turns {
		if other == s {
			c.turns = append(c.turns[:i:i], c.turns[i+1:]...)
			return
		}
	}
}
