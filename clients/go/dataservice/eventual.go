package dataservice

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// readConsistencyHeader says what a read must see.
const readConsistencyHeader = "read-consistency"

// maxMaxStaleness is longer than a standby is ever used, and short enough for any reader of
// durations.
const maxMaxStaleness = 24 * time.Hour

// eventualKey is the key of a context whose reads may be eventual. Its value is the
// maxStaleness, a time.Duration, or nil.
type eventualKey struct{}

// EventualReads returns a context whose reads (get, batch get, list with all its pages,
// export) a standby of the database may answer. Such a read sees every write that was made
// with the same connection and had ended, successfully or not, before the read began. It may
// not see what other clients wrote in the last maxStaleness, rounded down to whole
// milliseconds; 0 means that only the service bounds it (--max_reader_lag). If no standby is
// recent enough, the database itself answers.
//
// Writes, methods that are no standard ones, and the read of Modify are as with any other
// context. A read with a negative maxStaleness is not sent: it fails with InvalidArgument.
func EventualReads(ctx context.Context, maxStaleness time.Duration) context.Context {
	return context.WithValue(ctx, eventualKey{}, maxStaleness)
}

// withoutEventualReads returns a context whose reads the database itself answers.
func withoutEventualReads(ctx context.Context) context.Context {
	return context.WithValue(ctx, eventualKey{}, nil)
}

// consistency is what the read of a call must see. The zero value is everything, as for
// writes.
type consistency struct {
	eventual     bool
	maxStaleness time.Duration
	writes       *lastWrite
}

// consistencyOf returns the consistency of a call, or an error if its context has a negative
// maxStaleness.
func (c *caller) consistencyOf(ctx context.Context, m Method) (consistency, error) {
	if m.Effect != Read {
		return consistency{}, nil
	}
	limit, eventual := ctx.Value(eventualKey{}).(time.Duration)
	if limit < 0 {
		return consistency{}, status.Error(codes.InvalidArgument, fmt.Sprintf("the maxStaleness of EventualReads is negative: %v", limit))
	}
	return consistency{eventual, limit, &c.writes}, nil
}

// attempt returns the context of an attempt that is sent now. Each one has its own: the time
// since the last write grows, and another write may have ended.
func (c consistency) attempt(ctx context.Context) context.Context {
	if !c.eventual {
		return ctx
	}
	value := "eventual"
	// The service answers with a state of the database that is at most so old. It had
	// acknowledged the write before that.
	limit, wrote := c.writes.age()
	if c.maxStaleness > 0 && (!wrote || c.maxStaleness < limit) {
		limit = c.maxStaleness
	}
	if wrote || c.maxStaleness > 0 {
		value = fmt.Sprintf("eventual; max-staleness=%dms", min(limit, maxMaxStaleness).Milliseconds())
	}
	return metadata.AppendToOutgoingContext(ctx, readConsistencyHeader, value)
}

// lastWrite is when the last write of a connection has ended. It is safe for concurrent use.
type lastWrite struct{ at atomic.Pointer[time.Time] }

// end notes that a write has ended. Of several the latest counts, in whichever order they
// arrive here.
func (w *lastWrite) end(now time.Time) {
	for {
		last := w.at.Load()
		if last != nil && !now.After(*last) || w.at.CompareAndSwap(last, &now) {
			return
		}
	}
}

// age returns the time since the last write, and whether there was one.
func (w *lastWrite) age() (time.Duration, bool) {
	last := w.at.Load()
	if last == nil {
		return 0, false
	}
	return max(0, time.Since(*last)), true
}
