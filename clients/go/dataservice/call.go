package dataservice

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// caller is what the interceptors of a connection share.
type caller struct {
	contract Contract
	retry    Retry
	deadline time.Duration
	token    *tokenCache
	// telemetry makes a span of each logical call.
	telemetry *telemetry
	// writes is for eventual reads, which see what was written before.
	writes lastWrite
}

// unary is the interceptor of calls with one request and one response.
func (c *caller) unary(ctx context.Context, method string, request, response any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if _, ok := ctx.Deadline(); !ok {
		limited, cancel := context.WithTimeout(ctx, c.deadline)
		defer cancel()
		ctx = limited
	}
	ctx, id := withRequestID(ctx)
	ctx, span := c.telemetry.begin(ctx, method, id)
	err := c.repeat(ctx, method, id, request, response, conn, invoke, options)
	c.ended(c.contract[method])
	span.end(ctx, err)
	return err
}

// repeat sends a call until it succeeds or must not be repeated.
func (c *caller) repeat(ctx context.Context, method, id string, request, response any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options []grpc.CallOption,
) error {
	m := c.contract[method]
	sees, err := c.consistencyOf(ctx, m)
	if err != nil {
		return newFailure(method, id, status.Convert(err)).typed(false)
	}
	request, identified := identify(request, m.RequestID, id)
	var server peer.Peer
	options = append(options[:len(options):len(options)], grpc.Peer(&server))
	inDoubt, renewed := false, false
	for attempt := 1; ; attempt++ {
		server = peer.Peer{}
		err := invoke(sees.attempt(ctx), method, request, response, conn, options...)
		if err == nil {
			return nil
		}
		// A call without a peer was never sent: there was no connection for it.
		sent := server.Addr != nil && isEncodable(request)
		f := newFailure(method, id, status.Convert(err))
		if sent {
			f = transportFailure(method, id, status.Convert(err))
		}
		f.Attempts = attempt
		inDoubt = inDoubt || m.Effect != Read && sent && f.inDoubt()
		if f.Code == codes.Unauthenticated && c.token != nil && !renewed {
			renewed = true
			c.token.drop()
			continue
		}
		if !m.mayRepeat(f, identified, sent) || !c.retry.wait(ctx, attempt, f.RetryAfter) {
			return f.typed(inDoubt)
		}
	}
}

// ended notes the end of a call, if it may have written.
func (c *caller) ended(m Method) {
	if m.Effect != Read {
		c.writes.end(time.Now())
	}
}

// isEncodable reports whether a request can be sent: gRPC assigns a call to a connection
// before it encodes the request.
func isEncodable(request any) bool {
	message, ok := request.(proto.Message)
	if !ok {
		return true
	}
	_, err := proto.Marshal(message)
	return err == nil
}

// stream is the interceptor of imports and exports. It gives their errors types.
func (c *caller) stream(ctx context.Context, description *grpc.StreamDesc, conn *grpc.ClientConn, method string,
	open grpc.Streamer, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	outer := ctx
	ctx, id := withRequestID(ctx)
	ctx, span := c.telemetry.begin(ctx, method, id)
	m := c.contract[method]
	end := func(err error) {
		c.ended(m)
		span.end(outer, err)
	}
	var stream grpc.ClientStream
	sees, err := c.consistencyOf(ctx, m)
	if err == nil {
		stream, err = open(sees.attempt(ctx), description, conn, method, options...)
	}
	if err != nil {
		err = newFailure(method, id, status.Convert(err)).typed(false)
		end(err)
		return nil, err
	}
	return &typedStream{
		ClientStream: stream, method: method, id: id, writes: m.Effect != Read,
		hasOneResponse: !description.ServerStreams, ended: untilDone(outer, end),
	}, nil
}
