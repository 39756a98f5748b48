// Package edge is the HTTP side of the gateway: around the handlers that
// grpc-gateway generates from a contract it makes routes, status codes,
// headers, errors and limits what REST clients expect. It knows no resource.
package edge

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// Settings are what the operator decides.
type Settings struct {
	// MaxBodyBytes is the largest body that is read; larger is 413. Memory for
	// as many is needed by every request at work.
	MaxBodyBytes int64
	// RequestTimeout is how long a request may take, from its headers to its
	// answer. A client may ask for less with Grpc-Timeout.
	RequestTimeout time.Duration
	// StreamIdle is how long an import's client may send nothing, and an export's
	// take nothing. RequestTimeout does not hold for either.
	StreamIdle time.Duration
	// AccessLog gets a line for every request, if there is one.
	AccessLog *slog.Logger
	// Log gets what an operator must look at.
	Log *slog.Logger
}

// Edge serves a contract over HTTP. It is safe for concurrent use.
type Edge struct {
	settings Settings
	log      *slog.Logger
	mux      *runtime.ServeMux
	conn     *grpc.ClientConn
	bindings map[string]*binding
	shortcut shortcut
	system   map[string]http.HandlerFunc
	health   healthpb.HealthClient
	draining atomic.Bool
}

// New makes the edge of a contract. The connection is one that Connect made.
func New(contract Contract, settings Settings, conn *grpc.ClientConn) (*Edge, error) {
	bindings, err := newBindings(contract.Services)
	if err != nil {
		return nil, err
	}
	e := &Edge{settings: settings, log: settings.Log, bindings: bindings, shortcut: newShortcut(bindings), conn: conn, health: healthpb.NewHealthClient(conn)}
	e.system = e.systemPaths(contract.OpenAPI)
	e.mux = runtime.NewServeMux(
		runtime.WithMarshalerOption(runtime.MIMEWildcard, newCodec()),
		runtime.WithMiddlewares(e.admit),
		runtime.WithForwardResponseOption(answer),
		runtime.WithForwardResponseRewriter(selectFields),
		runtime.WithErrorHandler(e.handleError),
		runtime.WithRoutingErrorHandler(e.handleRouting),
		runtime.WithMetadata(requestMetadata),
		runtime.WithIncomingHeaderMatcher(passNone),
		runtime.WithOutgoingHeaderMatcher(passNone),
		runtime.WithOutgoingTrailerMatcher(passNone),
		runtime.WithUnescapingMode(runtime.UnescapingModeAllExceptSlash),
		runtime.WithDisablePathLengthFallback(),
		runtime.WithDisableHTTPMethodOverride(),
		runtime.WithStrictDeepWildcardMatching(),
		runtime.WithWriteContentLength(),
	)
	for _, service := range contract.Services {
		if err := service.Register(context.Background(), e.mux, conn); err != nil {
			return nil, fmt.Errorf("registering %s: %w", service.Descriptor.FullName(), err)
		}
	}
	return e, nil
}

// Drain makes /readyz say no; all else goes on.
func (e *Edge) Drain() { e.draining.Store(true) }

// ServeHTTP answers one request.
func (e *Edge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{writer: responseWriter{ResponseWriter: w}, header: r.Header}
	if e.settings.AccessLog != nil {
		defer e.logAccess(c, r, time.Now())
	}
	defer e.recover(c)
	if problem := checkTarget(r); problem != nil {
		problem.write(&c.writer)
		return
	}
	if handler := e.system[r.URL.Path]; handler != nil {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			refuseMethod(&c.writer, r, http.MethodGet)
			return
		}
		handler(&c.writer, r)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), e.settings.RequestTimeout)
	defer cancel()
	defer c.release()
	c.Context, c.client = ctx, r.Context()
	if b, parameters := e.shortcut.find(r); b != nil {
		c.binding = b
		e.carryOut(c, r, parameters)
		return
	}
	request := r.WithContext(c)
	if c.head = r.Method == http.MethodHead; c.head {
		request.Method = http.MethodGet // net/http sends no body
	}
	e.mux.ServeHTTP(&c.writer, request)
}

// checkTarget refuses requests for what stands before their body, and brings the
// path into its normal form.
func checkTarget(r *http.Request) *Problem {
	if len(r.RequestURI) > maxTargetBytes {
		return newProblem(http.StatusRequestURITooLong, codes.InvalidArgument, "TARGET_TOO_LONG",
			fmt.Sprintf("The request target is longer than %d bytes.", maxTargetBytes))
	}
	size := len("Host") + len(r.Host) + fieldOverhead
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + fieldOverhead
		}
	}
	if size > maxHeaderBytes {
		return newProblem(http.StatusRequestHeaderFieldsTooLarge, codes.InvalidArgument, "HEADERS_TOO_LARGE",
			fmt.Sprintf("The header fields are larger than %d bytes.", maxHeaderBytes))
	}
	normalizePath(r.URL)
	if path := r.URL.Path; !strings.HasPrefix(path, "/") || strings.IndexByte(path, 0) >= 0 || !utf8.ValidString(path) {
		return badPath()
	}
	return nil
}
