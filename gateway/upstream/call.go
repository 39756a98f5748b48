package upstream

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
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
	created  bool
	// answered reports that the server answered, with a response or an error.
	answered bool
	// incomplete reports that an answer began and did not end.
	incomplete bool
	// peer has an address after the call was assigned to a connection.
	peer peer.Peer
}

// NewCall prepares a call. The metadata that the server receives are keys, in lower
// case, and values in turn.
func NewCall(ctx context.Context, metadata []string, route *contract.Route) *Call {
	return &Call{ctx: ctx, metadata: metadata, route: route}
}

// Invoke calls a unary method. It returns the error of the call; Problem
// describes it.
func (c *Call) Invoke(conn *Conn, request proto.Message, reply *Reply) error {
	text, err := proto.Marshal(request)
	if err != nil {
		return err
	}
	answer, err := conn.calls.Call(c.ctx, c.route.Call, text, c.metadata)
	c.peer, c.answered, c.incomplete = answer.Peer, answer.Answered, answer.Incomplete
	for i := 0; i+1 < len(answer.Metadata); i += 2 {
		if answer.Metadata[i] == "resource-created" {
			c.created = answer.Metadata[i+1] == "true"
		}
	}
	reply.Message = answer.Message
	return err
}

// Created reports whether the server says, in its header metadata, that the call
// created a resource.
func (c *Call) Created() bool { return c.created }

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
	}, c.route.Call, grpc.ForceCodecV2(calls.Codec), grpc.Peer(&c.peer))
	if err != nil {
		return nil, err
	}
	return &Stream{stream, c}, nil
}

// End reads the metadata of a stream that has failed. Call.Problem requires it.
func (s *Stream) End() {
	header, _ := s.Header()
	trailer := s.Trailer()
	s.call.answered = len(header)+len(trailer) > 0
	s.call.incomplete = len(header) > 0 && len(trailer) == 0
}
