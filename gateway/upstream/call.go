package upstream

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/contract"
)

// Call is one call of a method of the server. One goroutine uses it.
type Call struct {
	// Note is added to the detail of the problem of a status of the server.
	Note string

	ctx   context.Context
	route *contract.Route
	// header and trailer are the metadata of the answer.
	header, trailer metadata.MD
	// peer has an address after the call was assigned to a connection.
	peer peer.Peer
}

// NewCall prepares a call. ctx has the metadata that the server receives.
func NewCall(ctx context.Context, route *contract.Route) *Call {
	return &Call{ctx: ctx, route: route}
}

// Invoke calls a unary method. It returns the error of the call; Problem
// describes it.
func (c *Call) Invoke(conn *grpc.ClientConn, request proto.Message, reply *Reply) error {
	return conn.Invoke(c.ctx, c.route.Call, request, reply, grpc.ForceCodecV2(replyCodec),
		grpc.Header(&c.header), grpc.Trailer(&c.trailer), grpc.Peer(&c.peer))
}

// Created reports whether the server says, in its header metadata, that the call
// created a resource.
func (c *Call) Created() bool {
	created := c.header["resource-created"]
	return len(created) > 0 && created[0] == "true"
}

// Stream is an open stream of a Call. One goroutine may send and another one
// receive.
type Stream struct {
	grpc.ClientStream
	call *Call
}

// Open opens the stream of a streaming method.
func (c *Call) Open(conn *grpc.ClientConn) (*Stream, error) {
	stream, err := conn.NewStream(c.ctx, &grpc.StreamDesc{
		ClientStreams: c.route.Method.IsStreamingClient(), ServerStreams: c.route.Method.IsStreamingServer(),
	}, c.route.Call, grpc.ForceCodecV2(replyCodec), grpc.Peer(&c.peer))
	if err != nil {
		return nil, err
	}
	return &Stream{stream, c}, nil
}

// End reads the metadata of a stream that has failed. Call.Problem requires it.
func (s *Stream) End() {
	s.call.header, _ = s.Header()
	s.call.trailer = s.Trailer()
}
