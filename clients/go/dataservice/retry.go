package dataservice

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc/codes"
)

// Retry bounds the repetitions of a call. The pause before repetition n is random between
// 0 and Base*2^n, at most Cap ("full jitter"), and starts after the RetryInfo of the service
// if it sent one. A call is not repeated after its deadline, nor if its deadline would pass
// in the pause.
type Retry struct {
	// Attempts is how often a call is sent at most; 1 never repeats. Default: 30.
	Attempts int
	// Base is the longest pause before the first repetition. Default: 50 ms.
	Base time.Duration
	// Cap is the longest pause. Default: 3 s.
	Cap time.Duration
}

func (r Retry) withDefaults() Retry {
	if r.Attempts <= 0 {
		r.Attempts = 30
	}
	if r.Base <= 0 {
		r.Base = 50 * time.Millisecond
	}
	if r.Cap <= 0 {
		r.Cap = 3 * time.Second
	}
	return r
}

// pause returns how long to wait after attempt n (from 1).
func (r Retry) pause(n int, after time.Duration) time.Duration {
	longest := r.Cap
	if shift := n - 1; shift < 32 && r.Base<<shift < r.Cap {
		longest = r.Base << shift
	}
	return after + rand.N(longest+1)
}

// wait waits before attempt n+1. It returns false, at once, if the attempts are used up or
// the deadline would pass, and if the context ends.
func (r Retry) wait(ctx context.Context, n int, after time.Duration) bool {
	if n >= r.Attempts {
		return false
	}
	pause := r.pause(n, after)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= pause {
		return false
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// mayRepeat reports whether the call can be sent again. identified: its request has a
// request_id. sent: it may have reached the service.
func (m Method) mayRepeat(f *failure, identified, sent bool) bool {
	switch {
	case f.canRetry:
		return true
	case f.Code != codes.Unavailable:
		return false
	default:
		return !sent || m.Effect == Read || identified
	}
}
