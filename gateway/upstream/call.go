package upstream

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/calls"
	"dataservice/gateway/contract"
)

// Call is one call of a method of the server. One goroutine uses it.
type Call struct {
	// Note is added to the detail of the problem of a status of the server.
	Note string

	ctx      context.Context
	metadata []string
	route    *contract.Route
	// reply has what is known of the answer. Its peer has an address after the call
	// was assigned to a connection.
	reply Reply
}

// NewCall prepares a call. The metadata that the server receives are keys, in lower
// case, and values in turn.
func NewCall(ctx context.Context, metadata []string, route *contract.Route) *Call {
	return &Call{ctx: ctx, metadata: metadata, route: route}
}

// Invoke calls a unary method. It returns the error of the call; Problem
// describes it. The caller frees the reply in either case.
func (c *Call) Invoke(conn *Conn, request proto.Message) (*Reply, error) {
	text, err := proto.Marshal(request)
	if err == nil {
		c.reply.Reply, err = conn.call(c.ctx, c.route.Call, text, c.metadata, c.route.IsRead())
	}
	return &c.reply, err
}

// Stream is an open stream of a Call. One goroutine may send and another one
// receive.
type Stream struct {
	grpc.ClientStream
	call *Call
}

// Open opens the stream of a streaming method.
func (c *Call) Open(conn *Conn) (*Stream, error) {
	ctx := metadata.AppendToOutgoingContext(c.ctx, c.metadata...)
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{
		ClientStreams: c.route.Method.IsStreamingClient(), ServerStreams: c.route.Method.IsStreamingServer(),
	}, c.route.Call, grpc.ForceCodecV2(calls.Codec), grpc.Peer(&c.reply.Peer))
	if err != nil {
		return nil, err
	}
	return &Stream{stream, c}, nil
}

// End reads the metadata of a stream that has failed. Call.Problem requires it.
func (s *Stream) End() {
	header, _ := s.Header()
	trailer := s.Trailer()
	s.call.reply.Answered = len(header)+len(trailer) > 0
	s.call.reply.Incomplete = len(header) > 0 && len(trailer) == 0
}
