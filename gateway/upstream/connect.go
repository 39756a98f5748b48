package edge

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/protobuf/proto"
)

// Connect prepares the one connection to the server; nothing is sent yet.
// While the server is away calls fail at once, and it is tried again at least
// every second.
func Connect(target string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithUnaryInterceptor(sendUnary),
		grpc.WithStreamInterceptor(sendStream),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswerBytes)),
		grpc.WithDisableServiceConfig(),
		grpc.WithIdleTimeout(0),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second},
			MinConnectTimeout: 3 * time.Second,
		}),
		// A fixed window, larger than any usual answer, instead of one that gRPC
		// adjusts by pings: they would be sent with every few answers.
		grpc.WithStaticStreamWindowSize(answerWindow),
		grpc.WithStaticConnWindowSize(connectionWindow),
		// Finds out about a dead network within 10 s. Pings only go out while
		// calls are open: gRPC C++ takes others for an attack.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
	)
}

// sendUnary is where a request that grpc-gateway has put together leaves.
func sendUnary(ctx context.Context, method string, request, reply any, conn *grpc.ClientConn,
	invoke grpc.UnaryInvoker, options ...grpc.CallOption,
) error {
	if c := callFrom(ctx); c != nil && !c.sent {
		c.complete(request)
		options = append(options, grpc.Peer(&c.peer))
	}
	return invoke(ctx, method, request, reply, conn, options...)
}

func sendStream(ctx context.Context, description *grpc.StreamDesc, conn *grpc.ClientConn, method string,
	open grpc.Streamer, options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	c := callFrom(ctx)
	if c == nil {
		return open(ctx, description, conn, method, options...)
	}
	c.sent = true
	stream, err := open(ctx, description, conn, method, append(options, grpc.Peer(&c.peer))...)
	return &requestStream{stream, c}, err
}

type requestStream struct {
	grpc.ClientStream
	call *call
}

func (s *requestStream) SendMsg(request any) error {
	s.call.complete(request)
	return s.ClientStream.SendMsg(request)
}

// complete gives a request what grpc-gateway left out.
func (c *call) complete(request any) {
	c.sent = true
	message := request.(proto.Message).ProtoReflect()
	for i := range c.settings {
		c.settings[i].apply(message)
	}
	c.selection = c.binding.selects(message)
}
