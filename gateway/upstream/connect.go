// Package upstream calls the data service over gRPC: the connection, the calls, and
// the problems of calls that fail.
package upstream

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"dataservice/gateway/calls"
	"dataservice/gateway/limits"
)

// Conn is the connection to the server. It is safe for concurrent use.
type Conn struct {
	*grpc.ClientConn
	calls *calls.Conn
}

// Close closes the connection. Calls under way fail.
func (c *Conn) Close() error {
	c.calls.Close()
	return c.ClientConn.Close()
}

// Connect returns the connection to the server, without sending anything yet.
// While the server is unreachable, calls fail at once, and the connection is
// tried again at least every second. transport is how connections are secured, such as
// TLS; nil is not at all.
func Connect(target string, transport credentials.TransportCredentials) (*Conn, error) {
	if transport == nil {
		transport = insecure.NewCredentials()
	}
	conn, err := grpc.NewClient(target,
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(limits.AnswerBytes)),
		grpc.WithDisableServiceConfig(),
		grpc.WithIdleTimeout(0),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: time.Second},
			MinConnectTimeout: 3 * time.Second,
		}),
		// A fixed window that is larger than a usual answer. gRPC would adjust a
		// window by pings, one for every few answers.
		grpc.WithStaticStreamWindowSize(limits.AnswerWindow),
		grpc.WithStaticConnWindowSize(limits.ConnectionWindow),
		// Detects a network failure within 40 s. Pings are only sent while calls
		// are open: gRPC C++ closes the connection if there are others.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second, Timeout: 10 * time.Second}),
	)
	if err != nil {
		return nil, err
	}
	return &Conn{conn, calls.New(conn, limits.CallStreams)}, nil
}
