// Package edgetest is shared by the gateway's tests: a fake server of the contract
// in testdata/proto, and the comparison of responses with golden files.
package edgetest

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"dataservice/gateway/calls"
)

// Call is a request that the server received.
type Call struct {
	Method   string
	Request  proto.Message
	Metadata metadata.MD
}

// Fake is a gRPC server whose methods do what a test decides.
type Fake struct {
	Address string
	Health  *health.Server

	mu     sync.Mutex
	answer func(context.Context, *Call) (proto.Message, error)
	calls  []*Call
	serve  func(grpc.ServerStream) error
	server *grpc.Server
}

// NewFake starts a fake server on an address; port 0 is a free one. options are those of
// gRPC, such as its credentials.
func NewFake(t testing.TB, address string, options ...grpc.ServerOption) *Fake {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	f := &Fake{Address: listener.Addr().String(), Health: health.NewServer()}
	f.server = grpc.NewServer(append(options, grpc.UnknownServiceHandler(f.handle), grpc.ForceServerCodecV2(calls.Codec))...)
	healthpb.RegisterHealthServer(f.server, f.Health)
	go f.server.Serve(listener)
	t.Cleanup(f.Stop)
	return f
}

// Stop ends the server and all its calls at once.
func (f *Fake) Stop() { f.server.Stop() }

// Answer makes every call return what answer returns, from now on.
func (f *Fake) Answer(answer func(context.Context, *Call) (proto.Message, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

// AnswerWith makes every call return a message or an error.
func (f *Fake) AnswerWith(message proto.Message, err error) {
	f.Answer(func(context.Context, *Call) (proto.Message, error) { return message, err })
}

// AnswerCreated makes every call return a resource that it created.
func (f *Fake) AnswerCreated(message proto.Message) {
	f.Answer(func(ctx context.Context, _ *Call) (proto.Message, error) {
		return message, grpc.SetHeader(ctx, metadata.Pairs("resource-created", "true"))
	})
}

// Serve makes every stream call serve from now on.
func (f *Fake) Serve(serve func(grpc.ServerStream) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serve = serve
}

// Last returns the latest call, and forgets all calls. It returns nil if there was
// none since the last Last.
func (f *Fake) Last() *Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.calls) == 0 {
		return nil
	}
	last := f.calls[len(f.calls)-1]
	f.calls = nil
	return last
}

// handle serves every method of every service but health. It does not know
// CallService, so the gateway makes each call as a gRPC call of its own.
func (f *Fake) handle(_ any, stream grpc.ServerStream) error {
	name, _ := grpc.MethodFromServerStream(stream)
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(
		protoreflect.FullName(strings.ReplaceAll(strings.TrimPrefix(name, "/"), "/", ".")))
	if err != nil {
		return status.Error(codes.Unimplemented, name)
	}
	method := found.(protoreflect.MethodDescriptor)
	stream = formatted(stream, method)
	f.mu.Lock()
	serve := f.serve
	f.mu.Unlock()
	if serve != nil && (method.IsStreamingClient() || method.IsStreamingServer()) {
		return serve(stream)
	}
	return f.call(stream, name, method)
}

// call serves one request with one answer.
func (f *Fake) call(stream grpc.ServerStream, name string, method protoreflect.MethodDescriptor) error {
	input, err := protoregistry.GlobalTypes.FindMessageByName(method.Input().FullName())
	if err != nil {
		return err
	}
	request := input.New().Interface()
	if err := stream.RecvMsg(request); err != nil {
		return err
	}
	md, _ := metadata.FromIncomingContext(stream.Context())
	call := &Call{Method: name, Request: request, Metadata: md}
	f.mu.Lock()
	f.calls = append(f.calls, call)
	answer := f.answer
	f.mu.Unlock()
	message, err := answer(stream.Context(), call)
	if err != nil {
		return err
	}
	return stream.SendMsg(message)
}
