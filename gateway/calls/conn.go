// Package calls sends many unary calls in the messages of one stream
// (dataservice/v1/calls.proto), which costs both sides a part of what as many gRPC
// calls cost.
package calls

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"dataservice/gateway/limits"
)

// Conn sends unary calls over streams of a connection while it has them, and as
// gRPC calls of their own otherwise: before the first stream is open, while the
// server is away, for requests that are large, and where the server does not
// know the service.
//
// Calls behave as those of grpc.ClientConn do: deadline, cancellation, status
// with details, header metadata and peer. All methods are safe for concurrent
// use.
type Conn struct {
	conn    *grpc.ClientConn
	streams []slot
	next    atomic.Uint32
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// slot has the stream that is open; nil while there is none.
type slot struct{ open atomic.Pointer[stream] }

// New opens streams on a connection, and opens them again when they end. Close
// ends them; it does not close the connection.
func New(conn *grpc.ClientConn, streams int) *Conn {
	ctx, stop := context.WithCancel(context.Background())
	c := &Conn{conn: conn, streams: make([]slot, streams), stop: stop}
	for i := range c.streams {
		c.stopped.Add(1)
		go func() {
			defer c.stopped.Done()
			c.keepOpen(ctx, &c.streams[i])
		}()
	}
	return c
}

// Close ends the streams. Calls under way fail with UNAVAILABLE.
func (c *Conn) Close() {
	c.stop()
	c.stopped.Wait()
}

// Reply is the answer to a call. One goroutine uses it.
type Reply struct {
	// Peer is the server that answered; zero where no connection was reached.
	Peer peer.Peer
	// Metadata are the keys and values of the answer's header, in turn.
	Metadata []string
	// Answered reports that the server answered, with a response or an error. An
	// error without an answer is one of the connection, or of the context.
	Answered bool
	// Incomplete reports that the answer began and did not end, as an answer does that
	// is larger than the connection accepts.
	Incomplete bool
	// Message is the response; empty for an error.
	Message
}

// Call makes a unary call whose request and response are in Protobuf's binary
// form. The context is of any kind, also that of WithDeadline. The metadata are keys, in
// lower case, and values in turn. An error is a gRPC status; the reply has peer and
// metadata then, too, as far as there are any.
func (c *Conn) Call(ctx context.Context, method string, request []byte, pairs []string) (Reply, error) {
	if s := c.pick(); s != nil && len(request) <= limits.LoneRequestBytes {
		reply, err := s.call(ctx, method, request, pairs)
		if err != errNotSent {
			return reply, err
		}
	}
	return c.callAlone(ctx, method, request, pairs)
}

// callAlone makes a gRPC call of its own.
func (c *Conn) callAlone(ctx context.Context, method string, request []byte, pairs []string) (Reply, error) {
	if own, ok := ctx.(*deadlineContext); ok {
		limited, cancel := context.WithDeadline(own.Context, own.deadline)
		defer cancel()
		ctx = limited
	}
	var reply Reply
	var header, trailer metadata.MD
	ctx = metadata.AppendToOutgoingContext(ctx, pairs...)
	err := c.conn.Invoke(ctx, method, request, &reply.Message, grpc.ForceCodecV2(Codec),
		grpc.Header(&header), grpc.Trailer(&trailer), grpc.Peer(&reply.Peer))
	reply.Answered = err == nil || len(header)+len(trailer) > 0
	reply.Incomplete = err != nil && len(header) > 0 && len(trailer) == 0
	for key, values := range header {
		for _, value := range values {
			reply.Metadata = append(reply.Metadata, key, value)
		}
	}
	return reply, err
}

// pick returns an open stream with room for a call, or nil. Streams take turns.
func (c *Conn) pick() *stream {
	for range c.streams {
		s := c.streams[int(c.next.Add(1))%len(c.streams)].open.Load()
		if s != nil && s.hasRoom() {
			return s
		}
	}
	return nil
}

// keepOpen opens the slot's stream, and again whenever it has ended.
func (c *Conn) keepOpen(ctx context.Context, slot *slot) {
	pause := limits.FirstReopenPause
	for ctx.Err() == nil {
		s, err := open(ctx, c.conn)
		if err == nil {
			slot.open.Store(s)
			answered := s.serve()
			slot.open.Store(nil)
			s.fail()
			if answered {
				pause = limits.FirstReopenPause
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, limits.LongestReopenPause)
	}
}
