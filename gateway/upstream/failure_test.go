package upstream

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/route"
)

// gRPC reports a stream that broke with several codes, and without metadata of the server.
func TestABrokenStreamIsALostConnection(t *testing.T) {
	service := depot.File_depot_v1_depot_proto.Services().ByName("ItemService")
	served := &contract.Route{Binding: route.Binding{Method: service.Methods().ByName("ImportItems"), Verb: "POST"}}
	for _, code := range []codes.Code{codes.Unavailable, codes.Internal, codes.Unknown, codes.Canceled} {
		call := NewCall(context.Background(), nil, served)
		call.reply.Peer.Addr = &net.TCPAddr{}
		p := call.Problem(status.Error(code, "the stream broke"), slog.New(slog.DiscardHandler))
		if p.Status != 503 || !strings.Contains(p.Detail, "not known") || p.RetryAfter != 0 {
			t.Errorf("%s: %d %s", code, p.Status, p.Detail)
		}
	}
	// gRPC answers so when the server stops.
	call := NewCall(context.Background(), nil, served)
	call.reply.Peer.Addr, call.reply.Answered = &net.TCPAddr{}, true
	if p := call.Problem(status.Error(codes.Canceled, "CANCELLED"), slog.New(slog.DiscardHandler)); p.Status != 503 {
		t.Errorf("%d %s", p.Status, p.Detail)
	}
	// Without a connection nothing was sent.
	call = NewCall(context.Background(), nil, served)
	if p := call.Problem(status.Error(codes.Internal, "it failed"), slog.New(slog.DiscardHandler)); p.Status != 500 {
		t.Errorf("%d %s", p.Status, p.Detail)
	}
}
