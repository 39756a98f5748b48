package serve

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"dataservice/gateway/limits"
)

// settings are the program's flags. The environment can set each of them, such as
// --grpc_target by GRPC_TARGET.
type settings struct {
	httpAddress    string
	grpcTarget     string
	maxBodyBytes   int64
	requestTimeout time.Duration
	readTimeout    time.Duration
	idleTimeout    time.Duration
	streamIdle     time.Duration
	drainDelay     time.Duration
	drainTimeout   time.Duration
	basePath       string
	cacheControl   string
	compressAbove  int
	problemDocs    string
	accessLog      bool
	page, docs     bool
	logSample      float64
	slowRequest    time.Duration

	metricsAddress string
	otlpEndpoint   string
	traceSample    float64
	printConfig    bool
	flags          *flag.FlagSet // the flags with their values

	maxMemory                            int64
	maxCalls                             int
	maxConnections, maxClientConnections int

	tlsCertificate, tlsKey string
	allowCleartext         bool

	grpcCA, grpcCertificate, grpcKey, grpcServerName string

	requireAuthorization bool
	trustedProxies       networks
	forwardedHeader      string
	corsOrigins          origins
	corsCredentials      bool
	corsMaxAge           time.Duration
}

// secure reports whether the gateway serves HTTPS.
func (s *settings) secure() bool { return s.tlsCertificate != "" }

var errUsage = errors.New("usage")

func parseSettings(arguments []string, environment func(string) (string, bool), output io.Writer) (*settings, error) {
	flags := flag.NewFlagSet("gateway", flag.ContinueOnError)
	s := &settings{flags: flags}
	flags.SetOutput(output)
	flags.StringVar(&s.httpAddress, "http_address", "127.0.0.1:8080",
		"`address` to serve HTTP on; an empty host is every interface, port 0 a free one")
	flags.StringVar(&s.grpcTarget, "grpc_target", "127.0.0.1:50051",
		"gRPC servers: `host:port`, several separated by commas, or unix:PATH; all addresses of a host are servers")
	flags.Int64Var(&s.maxBodyBytes, "max_body_bytes", 4<<20,
		"largest request body; keep it below the server's limit for a message")
	flags.DurationVar(&s.requestTimeout, "request_timeout", 30*time.Second,
		"how long a request may take; keep it below that of a proxy in front")
	flags.DurationVar(&s.readTimeout, "read_timeout", 30*time.Second,
		"how long a client may take to send a request, headers and body")
	flags.DurationVar(&s.idleTimeout, "idle_timeout", 2*time.Minute,
		"how long a connection is kept without a request; keep it above that of a proxy in front")
	flags.DurationVar(&s.streamIdle, "stream_idle_timeout", time.Minute,
		"how long the client of an import may send nothing, and the client of an export receive nothing")
	flags.DurationVar(&s.drainDelay, "drain_delay", 0,
		"how long requests are still accepted after SIGTERM while /readyz fails, so that load balancers notice")
	flags.DurationVar(&s.drainTimeout, "drain_timeout", 20*time.Second,
		"how long requests may take to finish after that, before they are aborted")
	flags.Int64Var(&s.maxMemory, "max_bytes_in_flight", 192<<20,
		"memory for requests and answers; a request beyond it is answered with 503, and one client may use half of it")
	flags.IntVar(&s.maxCalls, "max_calls", 256,
		"unary calls to the server at a time; further ones wait, and the clients take turns")
	flags.IntVar(&s.maxConnections, "max_connections", 5000,
		"open connections of clients, and at most what the limit of file descriptors permits; further ones are closed")
	flags.IntVar(&s.maxClientConnections, "max_client_connections", 0,
		"open connections of one client address that is no --trusted_proxy; 0 is half of --max_connections")
	flags.BoolVar(&s.page, "page", true, "serve the web page of the contract at /, if it has one")
	flags.BoolVar(&s.docs, "docs", true, "serve the interactive API reference at /docs")
	addMonitoringFlags(flags, s)
	flags.StringVar(&s.basePath, "base_path", "",
		"`path` below which clients see the gateway, such as /prod: the stage of an API Gateway, or the prefix of a proxy")
	flags.StringVar(&s.cacheControl, "cache_control", "private, no-cache",
		"Cache-Control of answers to reads; empty sends none")
	flags.StringVar(&s.problemDocs, "problem_docs", "",
		"`URL` of the page docs/errors.md, where it is published: the type of a problem is this URL with the reason as fragment; by default it leads to /docs")
	flags.IntVar(&s.compressAbove, "compress_above", 1024,
		"number of bytes above which answers are compressed with gzip or zstd for clients that accept it; 0 is never")
	addSecurityFlags(flags, s)
	if err := flags.Parse(arguments); err != nil {
		return nil, errors.Join(errUsage, err)
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("%w: unexpected argument %q", errUsage, flags.Arg(0))
	}
	if err := fromEnvironment(flags, environment); err != nil {
		return nil, err
	}
	switch {
	case s.maxBodyBytes < 1:
		return nil, fmt.Errorf("%w: --max_body_bytes must be above 0", errUsage)
	case s.maxMemory < limits.RequestBytes || s.maxCalls < 1 || s.maxConnections < 1 || s.maxClientConnections < 0:
		return nil, fmt.Errorf("%w: --max_bytes_in_flight must be %d at least, --max_calls and --max_connections must be above 0, "+
			"and --max_client_connections must not be negative", errUsage, limits.RequestBytes)
	case s.basePath != "" && (s.basePath[0] != '/' || strings.HasSuffix(s.basePath, "/") || (&url.URL{Path: s.basePath}).EscapedPath() != s.basePath):
		return nil, fmt.Errorf("%w: --base_path must begin with a slash, not end with one, and be URL-encoded", errUsage)
	case strings.ContainsAny(s.problemDocs, "#\"\\ ") || !isFieldValue(s.problemDocs):
		return nil, fmt.Errorf("%w: --problem_docs must be a URL without a fragment", errUsage)
	case !isFieldValue(s.cacheControl):
		return nil, fmt.Errorf("%w: --cache_control must have printable ASCII characters only", errUsage)
	case s.compressAbove < 0:
		return nil, fmt.Errorf("%w: --compress_above must not be negative", errUsage)
	case s.requestTimeout <= 0 || s.readTimeout <= 0 || s.idleTimeout <= 0 || s.streamIdle <= 0:
		return nil, fmt.Errorf("%w: the time-outs must be above 0", errUsage)
	}
	if err := errors.Join(s.checkSecurity(), s.checkMonitoring()); err != nil {
		return nil, fmt.Errorf("%w: %w", errUsage, err)
	}
	return s, nil
}

// isFieldValue reports whether a text can be the value of a header.
func isFieldValue(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' })
}

// fromEnvironment sets the flags that the command line does not have.
func fromEnvironment(flags *flag.FlagSet, environment func(string) (string, bool)) error {
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var err error
	flags.VisitAll(func(f *flag.Flag) {
		name := strings.ToUpper(f.Name)
		if value, ok := environment(name); ok && !given[f.Name] && err == nil {
			if set := f.Value.Set(value); set != nil {
				err = fmt.Errorf("%w: %s=%q in the environment: %w", errUsage, name, value, set)
			}
		}
	})
	return err
}

func osEnvironment(name string) (string, bool) { return os.LookupEnv(name) }
