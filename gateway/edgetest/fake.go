// Package edgetest is what the gateway's tests share: a fake server of the
// contract in testdata/proto, and a client that asks for golden answers.
package edgetest

import (
	"context"
	"net"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// Call is a request as it came to the server.
type Call struct {
	Method   string
	Request  proto.Message
	Metadata metadata.MD
}

// Fake is a gRPC server whose every method does what the test says.
type Fake struct {
	Address string
	Health  *health.Server

	mu     sync.Mutex
	answer func(context.Context, *Call) (proto.Message, error)
	calls  []*Call
	serve  func(grpc.ServerStream) error
	server *grpc.Server
}

// NewFake starts a fake server on a free port, or on the one given.
func NewFake(t testing.TB, address string) *Fake {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	f := &Fake{Address: listener.Addr().String(), Health: health.NewServer()}
	f.server = grpc.NewServer(grpc.UnaryInterceptor(f.intercept), grpc.StreamInterceptor(f.stream))
	depot.RegisterItemServiceServer(f.server, depot.UnimplementedItemServiceServer{})
	depot.RegisterPartServiceServer(f.server, depot.UnimplementedPartServiceServer{})
	healthpb.RegisterHealthServer(f.server, f.Health)
	go f.server.Serve(listener)
	t.Cleanup(f.Stop)
	return f
}

// Stop ends the server at once, and every call with it.
func (f *Fake) Stop() { f.server.Stop() }

// Answer makes every call answer so from now on.
func (f *Fake) Answer(answer func(context.Context, *Call) (proto.Message, error)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answer = answer
}

// AnswerWith makes every call answer with a message, or with an error.
func (f *Fake) AnswerWith(message proto.Message, err error) {
	f.Answer(func(context.Context, *Call) (proto.Message, error) { return message, err })
}

// AnswerCreated makes every call answer with a new resource.
func (f *Fake) AnswerCreated(message proto.Message) {
	f.Answer(func(ctx context.Context, _ *Call) (proto.Message, error) {
		return message, grpc.SetHeader(ctx, metadata.Pairs("resource-created", "true"))
	})
}

// Serve makes every stream do so from now on.
func (f *Fake) Serve(serve func(grpc.ServerStream) error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serve = serve
}

// Last is the latest call; nil if there was none since the last Last.
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

func (f *Fake) intercept(ctx context.Context, request any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	if info.FullMethod == healthpb.Health_Check_FullMethodName {
		return next(ctx, request)
	}
	return f.call(ctx, info.FullMethod, request.(proto.Message))
}

func (f *Fake) call(ctx context.Context, method string, request proto.Message) (proto.Message, error) {
	md, _ := metadata.FromIncomingContext(ctx)
	call := &Call{Method: method, Request: request, Metadata: md}
	f.mu.Lock()
	f.calls = append(f.calls, call)
	answer := f.answer
	f.mu.Unlock()
	return answer(ctx, call)
}

// stream serves what Serve says; without it ExportItems, with one answer.
func (f *Fake) stream(_ any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
	f.mu.Lock()
	serve := f.serve
	f.mu.Unlock()
	if serve != nil {
		return serve(stream)
	}
	if info.FullMethod != depot.ItemService_ExportItems_FullMethodName {
		return next(nil, stream)
	}
	request := &depot.ExportItemsRequest{}
	if err := stream.RecvMsg(request); err != nil {
		return err
	}
	message, err := f.call(stream.Context(), info.FullMethod, request)
	if err != nil {
		return err
	}
	return stream.SendMsg(message)
}
