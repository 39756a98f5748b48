package dataservice

import (
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health" // round_robin leaves out a server that is not healthy
	"google.golang.org/grpc/keepalive"
)

// Options say how to connect. Their zero value connects with TLS and the authorities of
// the operating system.
type Options struct {
	// TLS is used unless Cleartext is set.
	TLS TLS
	// Cleartext connects without TLS.
	Cleartext bool
	// Token returns the bearer token of the calls. Without TLS it is sent to addresses of
	// this machine only.
	Token TokenSource
	// Deadline is that of a call, with all its repetitions, whose context has none.
	// Imports and exports have none. Default: 30 s.
	Deadline time.Duration
	// Retry bounds repetitions.
	Retry Retry
	// GRPC are more options of the connection; they override those of Dial.
	GRPC []grpc.DialOption
}

const (
	defaultDeadline = 30 * time.Second
	// The server permits a ping each second, also without a call.
	pingAfter   = 20 * time.Second
	pingTimeout = 10 * time.Second
	// Messages of the server are smaller than 4 MiB, the default, except for single rows.
	maxMessage = 64 << 20
)

// Dial returns a connection for the stubs of a contract. The address is a gRPC target,
// such as "dns:///books.example.com:443" or "127.0.0.1:50051"; calls are distributed over
// all addresses that it resolves to. Dial does not wait for the service. Close the
// connection after use. It is safe for concurrent use.
//
// Calls are traced and measured with the global providers of OpenTelemetry, if the program
// has set some.
func Dial(address string, contract Contract, options Options) (*grpc.ClientConn, error) {
	telemetry, err := newTelemetry()
	if err != nil {
		return nil, fmt.Errorf("telemetry: %w", err)
	}
	c := &caller{contract: contract, retry: options.Retry.withDefaults(), deadline: options.Deadline, telemetry: telemetry}
	if c.deadline <= 0 {
		c.deadline = defaultDeadline
	}
	transport := insecure.NewCredentials()
	if !options.Cleartext {
		config, err := options.TLS.config()
		if err != nil {
			return nil, fmt.Errorf("TLS: %w", err)
		}
		transport = credentials.NewTLS(config)
	}
	reconnect := backoff.Config{BaseDelay: 100 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 5 * time.Second}
	dial := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultServiceConfig(ServiceConfig(contract)),
		grpc.WithDisableRetry(), // the interceptor repeats calls, and honours RetryInfo
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: 5 * time.Second}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingAfter, Timeout: pingTimeout, PermitWithoutStream: true}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage)),
		grpc.WithChainUnaryInterceptor(c.unary),
		grpc.WithChainStreamInterceptor(c.stream),
	}
	if options.Token != nil {
		c.token = newTokenCache(options.Token, !options.Cleartext || !isLoopback(address))
		dial = append(dial, grpc.WithPerRPCCredentials(c.token))
	}
	return grpc.NewClient(address, append(dial, options.GRPC...)...)
}
