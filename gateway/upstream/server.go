package upstream

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/experimental"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"dataservice/gateway/calls"
	"dataservice/gateway/limits"
)

// server is the connection to one server. It is safe for concurrent use.
type server struct {
	endpoint
	conn  *grpc.ClientConn
	calls *calls.Conn
	log   *slog.Logger
	// refuses reports that the server says it is not serving, or does not answer that
	// question in time.
	refuses atomic.Bool
	ctx     context.Context // done when the server is closed
	stop    context.CancelFunc
}

// dial returns the connection to a server. While the server is unreachable, calls fail at once,
// and the connection is tried again at least every second.
func dial(e endpoint, transport credentials.TransportCredentials, log *slog.Logger) (*server, error) {
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(limits.AnswerBytes)),
		grpc.WithDisableServiceConfig(),
		grpc.WithIdleTimeout(0),
		experimental.WithBufferPool(calls.Buffers),
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
	}
	// gRPC refuses an authority beside the name of the credentials, which has priority.
	if secure, ok := transport.(*TLS); e.authority != "" && (!ok || secure.ServerName == "") {
		options = append(options, grpc.WithAuthority(e.authority))
	}
	conn, err := grpc.NewClient(e.target, options...)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &server{endpoint: e, conn: conn, calls: calls.New(conn, limits.CallStreams), log: log.With("server", conn.Target()), ctx: ctx, stop: stop}
	return s, nil
}

// close closes the connection. Calls under way fail.
func (s *server) close() {
	s.stop()
	s.calls.Close()
	_ = s.conn.Close()
}

// keepConnected connects to the server before the first request, and again after
// each loss of the connection, and logs both.
func (s *server) keepConnected() {
	lost := false
	for state := s.conn.GetState(); ; state = s.conn.GetState() {
		switch {
		case state == connectivity.Idle:
			s.conn.Connect()
		case state == connectivity.Ready:
			s.log.Info("server_reached")
			lost = false
		case state == connectivity.TransientFailure && !lost:
			s.log.Warn("server_unreachable")
			lost = true
		}
		if !s.conn.WaitForStateChange(s.ctx, state) {
			return
		}
	}
}

// check asks the server whether it is serving.
func (s *server) check(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, limits.HealthTime)
	defer cancel()
	answer, err := healthpb.NewHealthClient(s.conn).Check(ctx, &healthpb.HealthCheckRequest{})
	serves := answer.GetStatus() == healthpb.HealthCheckResponse_SERVING || status.Code(err) == codes.Unimplemented
	if changed := s.refuses.Swap(!serves) == serves; !changed || s.conn.GetState() != connectivity.Ready {
		return
	} else if serves {
		s.log.Info("server_serving")
	} else {
		s.log.Warn("server_not_serving")
	}
}

// rank is the higher the better the server is for a call: it is serving, it is connected, or
// neither.
func (s *server) rank() int {
	switch {
	case s.conn.GetState() != connectivity.Ready:
		return 0
	case s.refuses.Load():
		return 1
	}
	return bestRank
}

const bestRank = 2

// retire closes the connection to a server that the target does not name any more, after it has
// ended or a time in which its calls can finish.
func (s *server) retire(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, limits.RetireTime)
	defer cancel()
	s.log.Info("server_left")
	for s.conn.GetState() == connectivity.Ready && s.conn.WaitForStateChange(ctx, connectivity.Ready) {
	}
	s.close()
}
