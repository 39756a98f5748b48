package calls

import (
	"context"
	"time"

	"google.golang.org/grpc/status"

	"dataservice/gateway/limits"
)

// deadlineContext has a deadline that it does not observe: it is never done because of it.
type deadlineContext struct {
	context.Context
	deadline time.Time
}

func (c *deadlineContext) Deadline() (time.Time, bool) { return c.deadline, true }

// WithDeadline returns a context for Conn.Call, which ends calls at the deadline. Unlike
// context.WithDeadline it costs no timer for each call: calls on a stream are looked at
// every 20 ms, because the server, which knows the deadline too, answers before that.
func WithDeadline(parent context.Context, deadline time.Time) context.Context {
	if earlier, ok := parent.Deadline(); ok && earlier.Before(deadline) {
		deadline = earlier
	}
	return &deadlineContext{parent, deadline}
}

// watchDeadlines fails calls whose deadline has passed, until the stream has ended.
func (s *stream) watchDeadlines(ended <-chan struct{}) {
	tick := time.NewTicker(limits.ExpireInterval)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case now := <-tick.C:
			s.expire(now)
		}
	}
}

func (s *stream) expire(now time.Time) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for id, p := range s.waiting {
		if p.deadline.IsZero() || now.Before(p.deadline) {
			continue
		}
		s.abandon(id)
		p.failure = errExpired
		p.done <- struct{}{} // has room for one
	}
}

var errExpired = status.FromContextError(context.DeadlineExceeded).Err()
